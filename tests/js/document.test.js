// The document client: plain JavaScript values in and out.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { test } from "node:test";

import * as sdk from "@aws-sdk/client-dynamodb";
import * as document from "@aws-sdk/lib-dynamodb";

import { openTable } from "./table.js";

const { client, settings, table: TableName } = await openTable("id:HASH", "id:S");
const documents = document.DynamoDBDocumentClient.from(client);

test("plain values come back", async () => {
  const Item = {
    id: randomUUID(),
    text: "é🎉",
    number: -1.5,
    yes: false,
    nothing: null,
    list: [1, "two", [3], {}],
    map: { nested: { empty: "" } },
    set: new Set(["a", "b"]),
    numbers: new Set([1, 2]),
    bytes: new Uint8Array([1, 2, 255]),
  };
  await documents.send(new document.PutCommand({ TableName, Item }));
  const reply = await documents.send(new document.GetCommand({ TableName, Key: { id: Item.id }, ConsistentRead: true }));
  assert.deepEqual(reply.Item, Item);
});

test("numbers beyond a double keep their digits", async () => {
  // A client of its own: what a document client is told changes the client below it.
  const below = new sdk.DynamoDBClient(settings());
  const exact = document.DynamoDBDocumentClient.from(below, { unmarshallOptions: { wrapNumbers: true } });
  const digits = "12345678901234567890123456789012345678";
  const id = randomUUID();
  await exact.send(
    new document.PutCommand({ TableName, Item: { id, n: document.NumberValue.from(digits), big: 2n ** 100n } }),
  );
  const { Item } = await exact.send(new document.GetCommand({ TableName, Key: { id }, ConsistentRead: true }));
  assert.equal(Item.n.toString(), digits);
  assert.equal(Item.big.toString(), (2n ** 100n).toString());
  below.destroy();
});

test("updates, queries, scans and deletes", async () => {
  const Key = { id: randomUUID() };
  const updated = await documents.send(
    new document.UpdateCommand({
      TableName,
      Key,
      UpdateExpression: "SET tags = list_append(if_not_exists(tags, :none), :tag)",
      ExpressionAttributeValues: { ":none": [], ":tag": ["new"] },
      ReturnValues: "UPDATED_NEW",
    }),
  );
  assert.deepEqual(updated.Attributes, { tags: ["new"] });
  const queried = await documents.send(
    new document.QueryCommand({ TableName, KeyConditionExpression: "id = :id", ExpressionAttributeValues: { ":id": Key.id } }),
  );
  assert.deepEqual(queried.Items, [{ ...Key, tags: ["new"] }]);
  const scanned = await documents.send(
    new document.ScanCommand({ TableName, FilterExpression: "contains(tags, :tag)", ExpressionAttributeValues: { ":tag": "new" } }),
  );
  assert.equal(scanned.Count, 1);
  await documents.send(new document.DeleteCommand({ TableName, Key }));
  assert.equal((await documents.send(new document.GetCommand({ TableName, Key, ConsistentRead: true }))).Item, undefined);
});

test("batches", async () => {
  const items = Array.from({ length: 10 }, (_, i) => ({ id: `${randomUUID()}`, i }));
  await documents.send(
    new document.BatchWriteCommand({ RequestItems: { [TableName]: items.map((Item) => ({ PutRequest: { Item } })) } }),
  );
  const reply = await documents.send(
    new document.BatchGetCommand({ RequestItems: { [TableName]: { Keys: items.map(({ id }) => ({ id })), ConsistentRead: true } } }),
  );
  const byNumber = (a, b) => a.i - b.i;
  assert.deepEqual(reply.Responses[TableName].sort(byNumber), items);
});

test("a paginator walks the table", async () => {
  const prefix = randomUUID();
  for (let i = 0; i < 7; ++i) await documents.send(new document.PutCommand({ TableName, Item: { id: `${prefix}-${i}` } }));
  const found = new Set();
  for await (const page of document.paginateScan({ client: documents, pageSize: 3 }, { TableName })) {
    for (const item of page.Items) if (item.id.startsWith(prefix)) found.add(item.id);
  }
  assert.equal(found.size, 7);
});
