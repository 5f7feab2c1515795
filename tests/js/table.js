// A server, a client of it and a table, for all tests of a file. What they need is there when they are declared, and goes when
// the last one ends.
import { randomUUID } from "node:crypto";
import { after } from "node:test";

import * as sdk from "@aws-sdk/client-dynamodb";

import { startServer } from "./server.js";

const pairs = (text, key, value) => text.split(" ").map((pair) => pair.split(":")).map(([a, b]) => ({ [key]: a, [value]: b }));

// "p:HASH c:RANGE" as a KeySchema.
export const keySchema = (text) => pairs(text, "AttributeName", "KeyType");

export const uniqueName = () => `armature_js_${randomUUID().slice(0, 8)}`;

// The parameters of CreateTable; `types` as "p:S c:N".
export const onDemand = (TableName, keys, types, more = {}) => ({
  TableName,
  BillingMode: "PAY_PER_REQUEST",
  KeySchema: keySchema(keys),
  AttributeDefinitions: pairs(types, "AttributeName", "AttributeType"),
  ...more,
});

export const index = (IndexName, keys, ProjectionType = "ALL") => ({
  IndexName,
  KeySchema: keySchema(keys),
  Projection: { ProjectionType },
});

// Resolves to { settings, client, table }: `settings(credentials)` makes further clients, `table` is the name.
export async function openTable(keys, types, more) {
  const server = await startServer();
  const client = new sdk.DynamoDBClient(server.settings());
  const table = uniqueName();
  try {
    await client.send(new sdk.CreateTableCommand(onDemand(table, keys, types, more)));
    await sdk.waitUntilTableExists({ client, maxWaitTime: 60, minDelay: 1, maxDelay: 1 }, { TableName: table });
  } catch (error) {
    await server.stop();
    throw error;
  }
  after(async () => {
    await client.send(new sdk.DeleteTableCommand({ TableName: table }));
    client.destroy();
    await server.stop();
  });
  return { settings: server.settings, client, table };
}
