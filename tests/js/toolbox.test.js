// dynamodb-toolbox: entities with schemas over one table, as its guide uses them.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { test } from "node:test";

import * as sdk from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import * as toolbox from "dynamodb-toolbox";

import { index, openTable } from "./table.js";

const { $add, $append, $get, $remove, $sum, item, list, map, number, record, set, string } = toolbox;

const { client, table: name } = await openTable("pk:HASH sk:RANGE", "pk:S sk:S trainer:S level:N", {
  LocalSecondaryIndexes: [index("byLevel", "pk:HASH level:RANGE", "KEYS_ONLY")],
  GlobalSecondaryIndexes: [index("byTrainer", "trainer:HASH level:RANGE")],
});
const table = new toolbox.Table({
  documentClient: DynamoDBDocumentClient.from(client, { marshallOptions: { removeUndefinedValues: true } }),
  name,
  partitionKey: { name: "pk", type: "string" },
  sortKey: { name: "sk", type: "string" },
  indexes: {
    byLevel: { type: "local", sortKey: { name: "level", type: "number" } },
    byTrainer: {
      type: "global",
      partitionKey: { name: "trainer", type: "string" },
      sortKey: { name: "level", type: "number" },
    },
  },
});
const Pokemon = new toolbox.Entity({
  name: "Pokemon",
  table,
  schema: item({
    id: string().key().savedAs("sk"),
    kind: string().key().savedAs("pk"),
    trainer: string().optional(),
    level: number().default(1),
    types: set(string()).optional(),
    moves: list(string()).default([]),
    stats: map({ hp: number(), speed: number().optional() }).optional(),
    seen: record(string(), number()).optional(),
  }),
});
const Trainer = new toolbox.Entity({
  name: "Trainer",
  table,
  schema: item({
    name: string().key().savedAs("pk"),
    kind: string().key().const("trainer").default("trainer").savedAs("sk"),
    badges: number().default(0),
  }),
  timestamps: false,
});

const put = (value, options = {}) => Pokemon.build(toolbox.PutItemCommand).item(value).options(options).send();
const get = async (key) => (await Pokemon.build(toolbox.GetItemCommand).key(key).options({ consistent: true }).send()).Item;
const key = () => ({ kind: randomUUID(), id: "1" });

test("items come back with their defaults and time stamps", async () => {
  const pika = { ...key(), types: new Set(["electric"]), stats: { hp: 35 }, seen: { kanto: 3 } };
  const written = await put(pika, { capacity: "TOTAL", metrics: "SIZE" });
  assert.equal(written.ConsumedCapacity.CapacityUnits, 2, "the item and its entry in the local index");
  assert.equal(written.ItemCollectionMetrics.ItemCollectionKey.pk, pika.kind);
  const { created, modified, ...found } = await get(pika);
  assert.deepEqual(found, { ...pika, level: 1, moves: [] });
  // The library looks at the clock for each of them.
  assert.ok(Math.abs(Date.parse(created) - Date.parse(modified)) < 1000, `${created} and ${modified}`);
});

test("updates set, add, append and remove", async () => {
  const pika = { ...key(), level: 5, moves: ["thunder"], stats: { hp: 35, speed: 90 }, types: new Set(["electric"]) };
  await put(pika);
  const { Attributes } = await Pokemon.build(toolbox.UpdateItemCommand)
    .item({
      kind: pika.kind,
      id: pika.id,
      level: $sum($get("level"), 3),
      moves: $append(["quick"]),
      types: $add(new Set(["flying"])),
      stats: { hp: $add(5), speed: $remove() },
    })
    .options({ returnValues: "ALL_NEW" })
    .send();
  assert.equal(Attributes.level, 8);
  assert.deepEqual(Attributes.moves, ["thunder", "quick"]);
  assert.deepEqual(Attributes.types, new Set(["electric", "flying"]));
  assert.deepEqual(Attributes.stats, { hp: 40 });
});

test("attributes are replaced whole where asked for", async () => {
  const pika = { ...key(), stats: { hp: 35, speed: 90 } };
  await put(pika);
  const { Attributes } = await Pokemon.build(toolbox.UpdateAttributesCommand)
    .item({ kind: pika.kind, id: pika.id, stats: { hp: 1 }, seen: { kanto: 1 } })
    .options({ returnValues: "ALL_NEW" })
    .send();
  assert.deepEqual(Attributes.stats, { hp: 1 });
  assert.deepEqual(Attributes.seen, { kanto: 1 });
});

test("a condition that fails shows the item", async () => {
  const pika = { ...key(), level: 7 };
  await put(pika);
  await assert.rejects(
    put({ ...pika, level: 1 }, { condition: { attr: "id", exists: false }, returnValuesOnConditionFalse: "ALL_OLD" }),
    (error) => {
      assert.ok(error instanceof sdk.ConditionalCheckFailedException);
      assert.deepEqual(error.Item.level, { N: "7" });
      return true;
    },
  );
  await Pokemon.build(toolbox.DeleteItemCommand)
    .key(pika)
    .options({ condition: { and: [{ attr: "level", between: [5, 10] }, { attr: "types", exists: false }] } })
    .send();
  assert.equal(await get(pika), undefined);
});

test("queries walk the table and its indexes", async () => {
  const kind = randomUUID();
  const trainer = randomUUID();
  for (let i = 0; i < 6; ++i) await put({ kind, id: `id-${i}`, level: 10 - i, ...(i % 2 ? { trainer } : {}) });

  const query = (request, options = {}) => table.build(toolbox.QueryCommand).entities(Pokemon).query(request).options(options).send();
  const ids = ({ Items }) => Items.map(({ id }) => id);
  assert.deepEqual(ids(await query({ partition: kind, range: { beginsWith: "id-" } }, { reverse: true, limit: 2 })), ["id-5", "id-4"]);
  const everyPage = await query({ partition: kind }, { limit: 2, maxPages: Infinity });
  assert.equal(everyPage.Items.length, 6);
  const byLevel = await query({ index: "byLevel", partition: kind, range: { lt: 8 } }, { consistent: true, select: "ALL_ATTRIBUTES" });
  assert.deepEqual(ids(byLevel), ["id-5", "id-4", "id-3"]);
  assert.ok(byLevel.Items.every(({ moves }) => moves.length === 0), "what the index does not project is fetched");
  const byTrainer = await query(
    { index: "byTrainer", partition: trainer, range: { gte: 5 } },
    { filters: { Pokemon: { attr: "id", ne: "id-3" } }, attributes: ["id", "level"] },
  );
  assert.deepEqual(byTrainer.Items, [
    { id: "id-5", level: 5 },
    { id: "id-1", level: 9 },
  ]);
  assert.equal(byTrainer.ScannedCount, 3);
});

test("scans take their segments and find each entity", async () => {
  const names = Array.from({ length: 8 }, () => randomUUID());
  for (const trainer of names) await Trainer.build(toolbox.PutItemCommand).item({ name: trainer }).send();
  const pages = await Promise.all(
    [0, 1, 2, 3].map((segment) =>
      table
        .build(toolbox.ScanCommand)
        .entities(Trainer)
        .options({ segment, totalSegments: 4, consistent: true, maxPages: Infinity })
        .send(),
    ),
  );
  const found = pages.flatMap(({ Items }) => Items.map((trainer) => trainer.name));
  assert.deepEqual(found.sort(), names.sort());
});

test("batches write and read several entities", async () => {
  const ash = { name: randomUUID(), badges: 3 };
  const pika = { ...key(), level: 3 };
  const old = key();
  await put(old);
  await toolbox.executeBatchWrite(
    table
      .build(toolbox.BatchWriteCommand)
      .requests(
        Trainer.build(toolbox.BatchPutRequest).item(ash),
        Pokemon.build(toolbox.BatchPutRequest).item(pika),
        Pokemon.build(toolbox.BatchDeleteRequest).key(old),
      ),
  );
  const { Responses } = await toolbox.executeBatchGet(
    table
      .build(toolbox.BatchGetCommand)
      .requests(
        Trainer.build(toolbox.BatchGetRequest).key(ash),
        Pokemon.build(toolbox.BatchGetRequest).key(pika),
        Pokemon.build(toolbox.BatchGetRequest).key(old),
      )
      .options({ consistent: true }),
  );
  const [[trainer, pokemon, gone]] = Responses;
  assert.equal(trainer.badges, 3);
  assert.equal(pokemon.level, 3);
  assert.equal(gone, undefined);
});

test("transactions write all or nothing, and say why", async () => {
  const ash = { name: randomUUID() };
  const pika = key();
  await Trainer.build(toolbox.PutItemCommand).item(ash).send();
  await toolbox.executeTransactWrite(
    { clientRequestToken: randomUUID() },
    Pokemon.build(toolbox.PutTransaction).item({ ...pika, trainer: ash.name }),
    Trainer.build(toolbox.UpdateTransaction).item({ ...ash, badges: $add(1) }),
  );
  const { Responses } = await toolbox.executeTransactGet(
    Trainer.build(toolbox.GetTransaction).key(ash),
    Pokemon.build(toolbox.GetTransaction).key(pika),
  );
  assert.equal(Responses[0].Item.badges, 1);
  assert.equal(Responses[1].Item.trainer, ash.name);

  await assert.rejects(
    toolbox.executeTransactWrite(
      Pokemon.build(toolbox.DeleteTransaction).key(pika),
      Trainer.build(toolbox.ConditionCheck).key(ash).condition({ attr: "badges", gt: 5 }),
    ),
    (error) => {
      assert.ok(error instanceof sdk.TransactionCanceledException);
      assert.deepEqual(
        error.CancellationReasons.map(({ Code }) => Code),
        ["None", "ConditionalCheckFailed"],
      );
      return true;
    },
  );
  assert.ok(await get(pika));
});

test("a partition is deleted whole", async () => {
  const kind = randomUUID();
  for (let i = 0; i < 30; ++i) await put({ kind, id: `${i}` });
  await table.build(toolbox.DeletePartitionCommand).entities(Pokemon).query({ partition: kind }).options({ consistent: true }).send();
  const left = await table.build(toolbox.QueryCommand).entities(Pokemon).query({ partition: kind }).options({ consistent: true }).send();
  assert.deepEqual(left.Items, []);
});
