// How clients are pointed at this server. Keys are placeholders: secrets never reach the page.

export interface Snippet {
  id: string;
  label: string;
  text: string;
}

export function snippets(endpoint: string, region: string, dev: boolean): Snippet[] {
  const id = dev ? 'local' : 'YOUR_ACCESS_KEY_ID';
  const secret = dev ? 'local' : 'YOUR_SECRET_ACCESS_KEY';
  return [
    {
      id: 'environment',
      label: 'Environment',
      text: `export AWS_ENDPOINT_URL=${endpoint}\nexport AWS_REGION=${region}\nexport AWS_ACCESS_KEY_ID=${id}\nexport AWS_SECRET_ACCESS_KEY=${secret}`,
    },
    {
      id: 'cli',
      label: 'AWS CLI',
      text: `aws dynamodb list-tables --endpoint-url ${endpoint} --region ${region}\n\n# or once and for all, in ~/.aws/config:\n[profile armature]\nregion = ${region}\nendpoint_url = ${endpoint}`,
    },
    {
      id: 'python',
      label: 'Python',
      text: `import boto3\n\ndynamodb = boto3.resource(\n    "dynamodb",\n    endpoint_url="${endpoint}",\n    region_name="${region}",\n    aws_access_key_id="${id}",\n    aws_secret_access_key="${secret}",\n)\nprint([table.name for table in dynamodb.tables.all()])`,
    },
    {
      id: 'javascript',
      label: 'JavaScript',
      text: `import { DynamoDBClient, ListTablesCommand } from "@aws-sdk/client-dynamodb";\n\nconst client = new DynamoDBClient({\n  endpoint: "${endpoint}",\n  region: "${region}",\n  credentials: { accessKeyId: "${id}", secretAccessKey: "${secret}" },\n});\nconsole.log((await client.send(new ListTablesCommand({}))).TableNames);`,
    },
    {
      id: 'java',
      label: 'Java',
      text: `DynamoDbClient client = DynamoDbClient.builder()\n    .endpointOverride(URI.create("${endpoint}"))\n    .region(Region.of("${region}"))\n    .credentialsProvider(StaticCredentialsProvider.create(\n        AwsBasicCredentials.create("${id}", "${secret}")))\n    .build();\nSystem.out.println(client.listTables().tableNames());`,
    },
    {
      id: 'go',
      label: 'Go',
      text: `cfg, err := config.LoadDefaultConfig(ctx,\n\tconfig.WithRegion("${region}"),\n\tconfig.WithBaseEndpoint("${endpoint}"),\n\tconfig.WithCredentialsProvider(credentials.NewStaticCredentialsProvider("${id}", "${secret}", "")))\nclient := dynamodb.NewFromConfig(cfg)`,
    },
    {
      id: 'terraform',
      label: 'Terraform',
      text: `provider "aws" {\n  region     = "${region}"\n  access_key = "${id}"\n  secret_key = "${secret}"\n\n  skip_metadata_api_check = true\n\n  endpoints {\n    dynamodb = "${endpoint}"\n    iam      = "${endpoint}"\n    sts      = "${endpoint}"\n  }\n}`,
    },
  ];
}
