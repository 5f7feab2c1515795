// The streams client: what a consumer written in JavaScript does.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, before, test } from "node:test";

import * as sdk from "@aws-sdk/client-dynamodb";
import * as streams from "@aws-sdk/client-dynamodb-streams";

import { credentials, region, startServer } from "./server.js";

let server, client, consumer, arn;
const table = `armature_js_${randomUUID().slice(0, 8)}`;

before(async () => {
  server = await startServer();
  client = new sdk.DynamoDBClient({ endpoint: server.endpoint, region, credentials, maxAttempts: 1 });
  consumer = new streams.DynamoDBStreamsClient({ endpoint: server.endpoint, region, credentials, maxAttempts: 1 });
  await client.send(
    new sdk.CreateTableCommand({
      TableName: table,
      BillingMode: "PAY_PER_REQUEST",
      KeySchema: [{ AttributeName: "p", KeyType: "HASH" }],
      AttributeDefinitions: [{ AttributeName: "p", AttributeType: "S" }],
      StreamSpecification: { StreamEnabled: true, StreamViewType: "NEW_AND_OLD_IMAGES" },
    }),
  );
  await sdk.waitUntilTableExists({ client, maxWaitTime: 60, minDelay: 1, maxDelay: 1 }, { TableName: table });
  arn = (await client.send(new sdk.DescribeTableCommand({ TableName: table }))).Table.LatestStreamArn;
});

after(async () => {
  await client.send(new sdk.DeleteTableCommand({ TableName: table }));
  client.destroy();
  consumer.destroy();
  await server.stop();
});

async function readShard(ShardId, ShardIteratorType, more = {}) {
  const request = { StreamArn: arn, ShardId, ShardIteratorType, ...more };
  let iterator = (await consumer.send(new streams.GetShardIteratorCommand(request))).ShardIterator;
  const records = [];
  while (iterator) {
    const page = await consumer.send(new streams.GetRecordsCommand({ ShardIterator: iterator, Limit: 2 }));
    records.push(...page.Records);
    iterator = page.Records.length > 0 ? page.NextShardIterator : undefined;
  }
  return records;
}

test("the stream of a table is listed and described", async () => {
  const listed = await consumer.send(new streams.ListStreamsCommand({ TableName: table }));
  assert.deepEqual(
    listed.Streams.map((stream) => stream.StreamArn),
    [arn],
  );
  const { StreamDescription } = await consumer.send(new streams.DescribeStreamCommand({ StreamArn: arn }));
  assert.equal(StreamDescription.StreamStatus, "ENABLED");
  assert.ok(StreamDescription.CreationRequestDateTime instanceof Date);
  assert.equal(StreamDescription.Shards.length, 1);
});

test("records tell what was written", async () => {
  const Key = { p: { S: "a" } };
  await client.send(new sdk.PutItemCommand({ TableName: table, Item: { ...Key, bytes: { B: new Uint8Array([0, 255]) } } }));
  await client.send(
    new sdk.UpdateItemCommand({
      TableName: table,
      Key,
      UpdateExpression: "SET n = :n",
      ExpressionAttributeValues: { ":n": { N: "12345678901234567890.5" } },
    }),
  );
  await client.send(new sdk.DeleteItemCommand({ TableName: table, Key }));
  const { StreamDescription } = await consumer.send(new streams.DescribeStreamCommand({ StreamArn: arn }));
  const shard = StreamDescription.Shards[0].ShardId;
  const records = await readShard(shard, "TRIM_HORIZON");
  assert.deepEqual(
    records.map((record) => record.eventName),
    ["INSERT", "MODIFY", "REMOVE"],
  );
  assert.deepEqual(records[0].dynamodb.NewImage.bytes.B, new Uint8Array([0, 255]));
  assert.equal(records[2].dynamodb.OldImage.n.N, "12345678901234567890.5");
  assert.ok(records[0].dynamodb.ApproximateCreationDateTime instanceof Date);
  const rest = await readShard(shard, "AFTER_SEQUENCE_NUMBER", { SequenceNumber: records[0].dynamodb.SequenceNumber });
  assert.deepEqual(rest, records.slice(1));
});

test("errors are the SDK's own classes", async () => {
  await assert.rejects(
    consumer.send(new streams.DescribeStreamCommand({ StreamArn: arn.slice(0, -3) + "999" })),
    streams.ResourceNotFoundException,
  );
});
