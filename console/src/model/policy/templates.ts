// Policies to start from. `partition`, `region` and `account` shape the ARNs.

export interface PolicyTemplate {
  id: string;
  label: string;
  about: string;
  document: (account: string, region: string) => object;
}

const allow = (Action: string[] | string, Resource: string[] | string, Condition?: object) => ({
  Effect: 'Allow',
  Action,
  Resource,
  ...(Condition ? { Condition } : {}),
});

const policy = (...Statement: object[]) => ({ Version: '2012-10-17', Statement });

const READ = ['dynamodb:BatchGetItem', 'dynamodb:ConditionCheckItem', 'dynamodb:DescribeTable', 'dynamodb:DescribeTimeToLive', 'dynamodb:GetItem', 'dynamodb:PartiQLSelect', 'dynamodb:Query', 'dynamodb:Scan'];
const WRITE = ['dynamodb:BatchWriteItem', 'dynamodb:DeleteItem', 'dynamodb:PartiQLDelete', 'dynamodb:PartiQLInsert', 'dynamodb:PartiQLUpdate', 'dynamodb:PutItem', 'dynamodb:UpdateItem'];

export const POLICY_TEMPLATES: PolicyTemplate[] = [
  {
    id: 'read-only', label: 'Read only', about: 'Read every table, change nothing.',
    document: () => policy(allow([...READ, 'dynamodb:ListTables', 'dynamodb:ListTagsOfResource', 'dynamodb:DescribeStream', 'dynamodb:GetRecords', 'dynamodb:GetShardIterator', 'dynamodb:ListStreams'], '*')),
  },
  {
    id: 'read-write', label: 'Read and write items', about: 'Items of every table; no creating or deleting of tables.',
    document: () => policy(allow([...READ, ...WRITE, 'dynamodb:ListTables'], '*')),
  },
  {
    id: 'one-table', label: 'One table', about: 'Items of one table and its indexes.',
    document: (account, region) => {
      const table = `arn:aws:dynamodb:${region}:${account}:table/TABLE`;
      return policy(allow([...READ, ...WRITE], [table, `${table}/index/*`]), allow('dynamodb:ListTables', '*'));
    },
  },
  {
    id: 'one-partition', label: 'Own partition only', about: 'Each user reaches the items whose partition key is the own user name.',
    document: (account, region) =>
      policy(
        allow(
          ['dynamodb:BatchGetItem', 'dynamodb:BatchWriteItem', 'dynamodb:DeleteItem', 'dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:Query', 'dynamodb:UpdateItem'],
          `arn:aws:dynamodb:${region}:${account}:table/TABLE`,
          { 'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': ['${aws:username}'] } },
        ),
      ),
  },
  {
    id: 'addresses', label: 'Only from some addresses', about: 'Denies everything from elsewhere; attach it beside what allows.',
    document: () =>
      policy({ Effect: 'Deny', Action: '*', Resource: '*', Condition: { NotIpAddress: { 'aws:SourceIp': ['192.0.2.0/24'] } } }),
  },
  {
    id: 'self-service', label: 'Own keys and password', about: 'Lets a user rotate the own access keys.',
    document: (account) =>
      policy(
        allow(
          ['iam:CreateAccessKey', 'iam:DeleteAccessKey', 'iam:GetUser', 'iam:ListAccessKeys', 'iam:UpdateAccessKey', 'iam:GetAccessKeyLastUsed', 'iam:ChangePassword'],
          `arn:aws:iam::${account}:user/\${aws:username}`,
        ),
      ),
  },
  { id: 'admin', label: 'Administrator', about: 'Everything.', document: () => policy(allow('*', '*')) },
];

export function trustTemplate(account: string): object {
  return {
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${account}:root` }, Action: 'sts:AssumeRole' }],
  };
}
