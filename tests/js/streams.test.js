// The streams client: what a consumer written in JavaScript does.
import assert from "node:assert/strict";
import { after, test } from "node:test";

import * as sdk from "@aws-sdk/client-dynamodb";
import * as streams from "@aws-sdk/client-dynamodb-streams";

import { openTable } from "./table.js";

const { client, settings, table } = await openTable("p:HASH", "p:S", {
  StreamSpecification: { StreamEnabled: true, StreamViewType: "NEW_AND_OLD_IMAGES" },
});
const consumer = new streams.DynamoDBStreamsClient(settings());
const arn = (await client.send(new sdk.DescribeTableCommand({ TableName: table }))).Table.LatestStreamArn;

after(() => consumer.destroy());

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
