// Identities as an application written in JavaScript makes and uses them: a user, its key, a policy, a role.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, test } from "node:test";

import * as sdk from "@aws-sdk/client-dynamodb";
import * as iam from "@aws-sdk/client-iam";
import * as sts from "@aws-sdk/client-sts";

import { openTable } from "./table.js";

const { client: root, settings, table } = await openTable("owner:HASH", "owner:S");
const admin = new iam.IAMClient(settings());
const { Account: account } = await new sts.STSClient(settings()).send(new sts.GetCallerIdentityCommand({}));
const policy = (...statements) => JSON.stringify({ Version: "2012-10-17", Statement: statements });
const denied = (text) => (error) => error.name.startsWith("AccessDenied") && error.message.includes(text);
// Items whose partition key is the caller's name.
const own = (name) => ({
  Effect: "Allow",
  Action: ["dynamodb:PutItem", "dynamodb:GetItem", "dynamodb:Query", "dynamodb:PartiQLSelect"],
  Resource: `arn:aws:dynamodb:*:*:table/${table}`,
  Condition: { "ForAllValues:StringEquals": { "dynamodb:LeadingKeys": [name] } },
});

after(() => admin.destroy());

async function makeUser() {
  const UserName = `ann-${randomUUID().slice(0, 8)}`;
  await admin.send(new iam.CreateUserCommand({ UserName }));
  const { AccessKey } = await admin.send(new iam.CreateAccessKeyCommand({ UserName }));
  return { name: UserName, keys: { accessKeyId: AccessKey.AccessKeyId, secretAccessKey: AccessKey.SecretAccessKey } };
}

async function worksWithOwnItemsAlone(client, name) {
  const item = (owner) => new sdk.PutItemCommand({ TableName: table, Item: { owner: { S: owner } } });
  const select = (owner) => new sdk.ExecuteStatementCommand({ Statement: `SELECT * FROM "${table}" WHERE owner = '${owner}'` });
  await client.send(item(name));
  assert.equal((await client.send(select(name))).Items.length, 1);
  await assert.rejects(client.send(item("bob")), denied("dynamodb:PutItem"));
  await assert.rejects(client.send(select("bob")), denied("dynamodb:PartiQLSelect"));
  await assert.rejects(client.send(new sdk.ScanCommand({ TableName: table })), denied("dynamodb:Scan"));
}

test("a user may nothing, then what a policy allows", async () => {
  const ann = await makeUser();
  const client = new sdk.DynamoDBClient(settings(ann.keys));
  const get = new sdk.GetItemCommand({ TableName: table, Key: { owner: { S: ann.name } } });
  await assert.rejects(client.send(get), denied("because no identity-based policy allows the dynamodb:GetItem action"));
  const PolicyDocument = policy(own("${aws:username}"));
  await admin.send(new iam.PutUserPolicyCommand({ UserName: ann.name, PolicyName: "own", PolicyDocument }));
  await worksWithOwnItemsAlone(client, ann.name);
  await assert.rejects(admin.send(new iam.DeleteUserCommand({ UserName: ann.name })), { name: "DeleteConflictException" });
  client.destroy();
});

test("an assumed role has the role's permissions", async () => {
  const ann = await makeUser();
  const RoleName = `role-${randomUUID().slice(0, 8)}`;
  const trusted = { Effect: "Allow", Principal: { AWS: `arn:aws:iam::${account}:user/${ann.name}` }, Action: "sts:AssumeRole" };
  const AssumeRolePolicyDocument = policy({ ...trusted, Condition: { StringEquals: { "sts:ExternalId": "e-1" } } });
  const { Role } = await admin.send(new iam.CreateRoleCommand({ RoleName, AssumeRolePolicyDocument }));
  await admin.send(new iam.PutRolePolicyCommand({ RoleName, PolicyName: "own", PolicyDocument: policy(own("team")) }));

  const caller = new sts.STSClient(settings(ann.keys));
  const assume = (ExternalId) => new sts.AssumeRoleCommand({ RoleArn: Role.Arn, RoleSessionName: "work", ExternalId });
  await assert.rejects(caller.send(assume("e-2")), denied("sts:AssumeRole"));
  const { Credentials } = await caller.send(assume("e-1"));
  const client = new sdk.DynamoDBClient(
    settings({
      accessKeyId: Credentials.AccessKeyId,
      secretAccessKey: Credentials.SecretAccessKey,
      sessionToken: Credentials.SessionToken,
    }),
  );
  await worksWithOwnItemsAlone(client, "team");
  await admin.send(new iam.DeleteRolePolicyCommand({ RoleName, PolicyName: "own" }));
  await admin.send(new iam.DeleteRoleCommand({ RoleName }));
  await assert.rejects(client.send(new sdk.ListTablesCommand({})));
  caller.destroy();
  client.destroy();
});

test("a table can allow a user itself", async () => {
  const ann = await makeUser();
  const client = new sdk.DynamoDBClient(settings(ann.keys));
  const { TableArn: ResourceArn } = (await root.send(new sdk.DescribeTableCommand({ TableName: table }))).Table;
  const Principal = { AWS: `arn:aws:iam::${account}:user/${ann.name}` };
  const Policy = policy({ Effect: "Allow", Principal, Action: "dynamodb:Scan", Resource: ResourceArn });
  const scan = new sdk.ScanCommand({ TableName: table });
  await assert.rejects(client.send(scan), denied("dynamodb:Scan"));
  const { RevisionId } = await root.send(new sdk.PutResourcePolicyCommand({ ResourceArn, Policy }));
  await client.send(scan);
  assert.equal((await root.send(new sdk.GetResourcePolicyCommand({ ResourceArn }))).Policy, Policy);
  await assert.rejects(
    root.send(new sdk.DeleteResourcePolicyCommand({ ResourceArn, ExpectedRevisionId: "1" })),
    sdk.PolicyNotFoundException,
  );
  await root.send(new sdk.DeleteResourcePolicyCommand({ ResourceArn, ExpectedRevisionId: RevisionId }));
  await assert.rejects(client.send(scan), denied("dynamodb:Scan"));
  client.destroy();
});
