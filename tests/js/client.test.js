// The low-level client: every data operation, errors, waiters, paginators, checksums.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { test } from "node:test";

import * as sdk from "@aws-sdk/client-dynamodb";

import { crc32 } from "./crc32.js";
import { credentials } from "./server.js";
import { index, onDemand, openTable, uniqueName } from "./table.js";

const { client, settings, table } = await openTable("p:HASH c:RANGE", "p:S c:N g:S", {
  GlobalSecondaryIndexes: [index("by_g", "g:HASH")],
});

const partition = () => randomUUID();

test("every type of value comes back", async () => {
  const Key = { p: { S: partition() }, c: { N: "1" } };
  const Item = {
    ...Key,
    s: { S: "ünï 🎉" },
    n: { N: "-12.5" },
    b: { B: new Uint8Array([0, 255, 128]) },
    yes: { BOOL: true },
    nothing: { NULL: true },
    list: { L: [{ S: "a" }, { L: [] }] },
    map: { M: { deep: { M: { b: { B: new Uint8Array() } } } } },
    ss: { SS: ["a"] },
    ns: { NS: ["1"] },
    bs: { BS: [new Uint8Array([1])] },
  };
  await client.send(new sdk.PutItemCommand({ TableName: table, Item }));
  const reply = await client.send(new sdk.GetItemCommand({ TableName: table, Key, ConsistentRead: true }));
  assert.deepEqual(reply.Item, Item);
});

test("numbers keep 38 digits", async () => {
  const Key = { p: { S: partition() }, c: { N: "12345678901234567890123456789012345678" } };
  const n = { N: "1.2345678901234567890123456789012345678" };
  await client.send(new sdk.PutItemCommand({ TableName: table, Item: { ...Key, n } }));
  const reply = await client.send(new sdk.GetItemCommand({ TableName: table, Key, ConsistentRead: true }));
  assert.deepEqual(reply.Item, { ...Key, n });
});

test("an update returns what it changed", async () => {
  const Key = { p: { S: partition() }, c: { N: "1" } };
  const reply = await client.send(
    new sdk.UpdateItemCommand({
      TableName: table,
      Key,
      UpdateExpression: "SET a = if_not_exists(a, :zero) + :one ADD s :set",
      ExpressionAttributeValues: { ":zero": { N: "0" }, ":one": { N: "1" }, ":set": { SS: ["x"] } },
      ReturnValues: "ALL_NEW",
      ReturnConsumedCapacity: "TOTAL",
    }),
  );
  assert.deepEqual(reply.Attributes, { ...Key, a: { N: "1" }, s: { SS: ["x"] } });
  assert.deepEqual(reply.ConsumedCapacity, { TableName: table, CapacityUnits: 1 });
});

test("a delete returns what it took", async () => {
  const Item = { p: { S: partition() }, c: { N: "1" }, a: { S: "x" } };
  await client.send(new sdk.PutItemCommand({ TableName: table, Item }));
  const reply = await client.send(
    new sdk.DeleteItemCommand({ TableName: table, Key: { p: Item.p, c: Item.c }, ReturnValues: "ALL_OLD" }),
  );
  assert.deepEqual(reply.Attributes, Item);
});

test("batches write and read", async () => {
  const p = { S: partition() };
  const keys = Array.from({ length: 25 }, (_, i) => ({ p, c: { N: `${i}` } }));
  const written = await client.send(
    new sdk.BatchWriteItemCommand({ RequestItems: { [table]: keys.map((Item) => ({ PutRequest: { Item } })) } }),
  );
  assert.deepEqual(written.UnprocessedItems, {});
  const read = await client.send(new sdk.BatchGetItemCommand({ RequestItems: { [table]: { Keys: keys } } }));
  assert.equal(read.Responses[table].length, 25);
  assert.deepEqual(read.UnprocessedKeys, {});
});

test("paginators walk queries, scans and lists", async () => {
  const p = { S: partition() };
  for (let c = 0; c < 10; ++c) {
    await client.send(new sdk.PutItemCommand({ TableName: table, Item: { p, c: { N: `${c}` }, g: p } }));
  }
  // Paginators write into what they are given.
  const query = () => ({ TableName: table, KeyConditionExpression: "p = :p", ExpressionAttributeValues: { ":p": p } });
  const found = [];
  for await (const page of sdk.paginateQuery({ client, pageSize: 3 }, query())) found.push(...page.Items.map((item) => item.c.N));
  assert.deepEqual(found, ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"]);

  const indexed = { ...query(), IndexName: "by_g", KeyConditionExpression: "g = :p" };
  let count = 0;
  for await (const page of sdk.paginateQuery({ client, pageSize: 4 }, indexed)) count += page.Count;
  assert.equal(count, 10);

  const filter = { TableName: table, FilterExpression: "p = :p", ExpressionAttributeValues: { ":p": p } };
  count = 0;
  for await (const page of sdk.paginateScan({ client, pageSize: 7 }, filter)) count += page.Count;
  assert.equal(count, 10);

  const names = [];
  for await (const page of sdk.paginateListTables({ client, pageSize: 1 }, {})) names.push(...page.TableNames);
  assert.ok(names.includes(table));
});

test("errors are of their own classes", async () => {
  const Key = { p: { S: partition() }, c: { N: "1" } };
  await assert.rejects(client.send(new sdk.GetItemCommand({ TableName: "armature_js_no_such_table", Key })), (error) => {
    assert.ok(error instanceof sdk.ResourceNotFoundException);
    assert.equal(error.$metadata.httpStatusCode, 400);
    assert.match(error.message, /Requested resource not found/);
    return true;
  });
  await client.send(new sdk.PutItemCommand({ TableName: table, Item: { ...Key, a: { N: "1" } } }));
  await assert.rejects(
    client.send(
      new sdk.PutItemCommand({
        TableName: table,
        Item: Key,
        ConditionExpression: "attribute_not_exists(p)",
        ReturnValuesOnConditionCheckFailure: "ALL_OLD",
      }),
    ),
    (error) => {
      assert.ok(error instanceof sdk.ConditionalCheckFailedException);
      assert.deepEqual(error.Item, { ...Key, a: { N: "1" } });
      return true;
    },
  );
  await assert.rejects(client.send(new sdk.CreateTableCommand(onDemand(table, "p:HASH", "p:S"))), sdk.ResourceInUseException);
  await assert.rejects(client.send(new sdk.GetItemCommand({ TableName: table, Key: { p: Key.p } })), {
    name: "ValidationException",
    message: "The provided key element does not match the schema",
  });
});

test("a wrong secret is refused", async () => {
  const stranger = new sdk.DynamoDBClient(settings({ ...credentials, secretAccessKey: "another" }));
  await assert.rejects(stranger.send(new sdk.ListTablesCommand({})), { name: "InvalidSignatureException" });
  stranger.destroy();
});

test("replies carry the checksum of their bytes", async () => {
  const seen = [];
  const watching = new sdk.DynamoDBClient(settings());
  watching.middlewareStack.add(
    (next) => async (args) => {
      const result = await next(args);
      const chunks = [];
      for await (const chunk of result.response.body) chunks.push(chunk);
      const body = Buffer.concat(chunks);
      seen.push([result.response.headers["x-amz-crc32"], String(crc32(body))]);
      result.response.body = body;
      return result;
    },
    { step: "deserialize", priority: "low", name: "checksum" },
  );
  const Key = { p: { S: partition() }, c: { N: "1" } };
  await watching.send(new sdk.PutItemCommand({ TableName: table, Item: { ...Key, a: { S: "é".repeat(5000) } } }));
  await watching.send(new sdk.GetItemCommand({ TableName: table, Key, ConsistentRead: true }));
  assert.equal(seen.length, 2);
  for (const [told, computed] of seen) assert.equal(told, computed);
  watching.destroy();
});

test("waiters see tables come and go", async () => {
  const TableName = uniqueName();
  const patience = { client, maxWaitTime: 60, minDelay: 1, maxDelay: 1 };
  await client.send(new sdk.CreateTableCommand(onDemand(TableName, "p:HASH", "p:S")));
  assert.equal((await sdk.waitUntilTableExists(patience, { TableName })).state, "SUCCESS");
  await client.send(new sdk.DeleteTableCommand({ TableName }));
  assert.equal((await sdk.waitUntilTableNotExists(patience, { TableName })).state, "SUCCESS");
});

test("a table describes itself with dates and numbers", async () => {
  const { Table } = await client.send(new sdk.DescribeTableCommand({ TableName: table }));
  assert.ok(Table.CreationDateTime instanceof Date);
  assert.ok(Math.abs(Table.CreationDateTime - new Date()) < 600_000);
  assert.equal(typeof Table.ItemCount, "number");
  assert.equal(Table.GlobalSecondaryIndexes[0].IndexStatus, "ACTIVE");
});

test("many calls at once share connections", async () => {
  const p = { S: partition() };
  await Promise.all(
    Array.from({ length: 100 }, (_, c) => client.send(new sdk.PutItemCommand({ TableName: table, Item: { p, c: { N: `${c}` } } }))),
  );
  const reply = await client.send(
    new sdk.QueryCommand({ TableName: table, KeyConditionExpression: "p = :p", ExpressionAttributeValues: { ":p": p }, Select: "COUNT", ConsistentRead: true }),
  );
  assert.equal(reply.Count, 100);
});
