// dynamoose: models that make, wait for and change their own tables, as its guide uses them.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, before, test } from "node:test";

import * as sdk from "@aws-sdk/client-dynamodb";
import dynamoose from "dynamoose";

import { startServer } from "./server.js";
import { uniqueName } from "./table.js";

let server, client, Cat, Owner;
const prefix = `${uniqueName()}_`;

// Tables here are ACTIVE at once, so looking often costs little.
const options = {
  prefix,
  throughput: "ON_DEMAND",
  waitForActive: { enabled: true, check: { timeout: 60_000, frequency: 50 } },
};

const catSchema = () =>
  new dynamoose.Schema(
    {
      owner: { type: String, hashKey: true },
      name: { type: String, rangeKey: true },
      breed: { type: String, index: { name: "byBreed", type: "global", rangeKey: "born" } },
      born: { type: Number, index: { name: "byAge", type: "local" } },
      likes: { type: Set, schema: [String] },
      toys: { type: Array, schema: [String] },
      home: { type: Object, schema: { city: String, floor: Number } },
      chipped: { type: Boolean, default: false },
      picture: Buffer,
      vaccinated: Date,
    },
    { timestamps: true, saveUnknown: ["notes.*"] },
  );

before(async () => {
  server = await startServer();
  client = new dynamoose.aws.ddb.DynamoDB(server.settings());
  dynamoose.aws.ddb.set(client);
  Cat = dynamoose.model("Cat", catSchema(), {
    ...options,
    expires: { ttl: 24 * 3600 * 1000, attribute: "forget" },
    tags: { team: "cats" },
    streamOptions: { enabled: true, type: "NEW_IMAGE" },
  });
  Owner = dynamoose.model("Owner", { id: String, cats: { type: Number, default: 0 } }, { ...options, throughput: 5 });
});

after(async () => {
  for (const TableName of (await client.listTables({})).TableNames) {
    if (TableName.startsWith(prefix)) await client.deleteTable({ TableName });
  }
  client.destroy();
  await server.stop();
});

test("a model makes its table, with indexes, expiry, tags and a stream", async () => {
  await Cat.create({ owner: randomUUID(), name: "first" }); // Waits for the table.
  const TableName = `${prefix}Cat`;
  const { Table } = await client.describeTable({ TableName });
  assert.equal(Table.TableStatus, "ACTIVE");
  assert.equal(Table.BillingModeSummary.BillingMode, "PAY_PER_REQUEST");
  assert.equal(Table.GlobalSecondaryIndexes[0].IndexName, "byBreed");
  assert.equal(Table.LocalSecondaryIndexes[0].IndexName, "byAge");
  assert.deepEqual(Table.StreamSpecification, { StreamEnabled: true, StreamViewType: "NEW_IMAGE" });
  const { TimeToLiveDescription } = await client.describeTimeToLive({ TableName });
  assert.equal(TimeToLiveDescription.AttributeName, "forget");
  assert.match(TimeToLiveDescription.TimeToLiveStatus, /^ENABL(ED|ING)$/);
  const { Tags } = await client.listTagsOfResource({ ResourceArn: Table.TableArn });
  assert.deepEqual(Tags, [{ Key: "team", Value: "cats" }]);
});

test("every type of attribute comes back", async () => {
  const cat = {
    owner: randomUUID(),
    name: "Will",
    breed: "tabby",
    born: 2020,
    likes: new Set(["fish", "sun"]),
    toys: ["mouse", "string"],
    home: { city: "Berlin", floor: 3 },
    picture: Buffer.from([0, 255]),
    vaccinated: new Date(1_700_000_000_000),
  };
  await Cat.create(cat);
  const { createdAt, updatedAt, forget, ...found } = await Cat.get({ owner: cat.owner, name: cat.name }, { consistent: true });
  assert.deepEqual(found, { ...cat, chipped: false });
  assert.ok(createdAt instanceof Date && updatedAt instanceof Date && forget > createdAt);
});

test("an item is created once, and updated under conditions", async () => {
  const cat = { owner: randomUUID(), name: "Tom", born: 2019, toys: ["mouse"], likes: new Set(["fish"]), breed: "tabby" };
  await Cat.create(cat);
  await assert.rejects(Cat.create(cat), (error) => error instanceof sdk.ConditionalCheckFailedException);

  const key = { owner: cat.owner, name: cat.name };
  const updated = await Cat.update(
    key,
    { $ADD: { born: 1, toys: ["ball"] }, $SET: { chipped: true }, $REMOVE: ["breed"] },
    { condition: new dynamoose.Condition().where("born").between(2018, 2020).and().attribute("breed").exists() },
  );
  assert.equal(updated.born, 2020);
  assert.deepEqual(updated.toys, ["mouse", "ball"]);
  assert.equal(updated.chipped, true);
  assert.equal(updated.breed, undefined);
  await assert.rejects(
    Cat.update(key, { born: 1 }, { condition: new dynamoose.Condition("breed").exists() }),
    sdk.ConditionalCheckFailedException,
  );
  await Cat.delete(key, { condition: new dynamoose.Condition("born").eq(2020) });
  assert.equal(await Cat.get(key), undefined);
});

test("queries take the table, the local and the global index", async () => {
  const owner = randomUUID();
  const breed = randomUUID();
  for (let i = 0; i < 6; ++i) await Cat.create({ owner, name: `cat-${i}`, born: 2020 - i, breed, home: { floor: i } });
  const names = (cats) => cats.map(({ name }) => name);

  const first = await Cat.query("owner").eq(owner).where("name").beginsWith("cat-").sort("descending").limit(2).exec();
  assert.deepEqual(names(first), ["cat-5", "cat-4"]);
  const next = await Cat.query("owner").eq(owner).sort("descending").startAt(first.lastKey).limit(2).exec();
  assert.deepEqual(names(next), ["cat-3", "cat-2"]);
  assert.equal((await Cat.query("owner").eq(owner).limit(2).all().exec()).length, 6);
  assert.equal((await Cat.query("owner").eq(owner).count().exec()).count, 6);
  const byAge = await Cat.query("owner").eq(owner).where("born").ge(2018).using("byAge").exec();
  assert.deepEqual(names(byAge), ["cat-2", "cat-1", "cat-0"]);
  const byBreed = await Cat.query("breed").eq(breed).where("born").lt(2019).filter("home.floor").gt(2).attributes(["name"]).exec();
  assert.deepEqual(names(byBreed), ["cat-5", "cat-4", "cat-3"]);
  const scanned = await Cat.scan("breed").eq(breed).and().filter("name").in(["cat-1", "cat-2"]).parallel(3).exec();
  assert.deepEqual(names(scanned).sort(), ["cat-1", "cat-2"]);
});

test("batches write, read and delete", async () => {
  const owner = randomUUID();
  const cats = Array.from({ length: 20 }, (_, i) => ({ owner, name: `cat-${String(i).padStart(2, "0")}` }));
  const written = await Cat.batchPut(cats);
  assert.deepEqual(written.unprocessedItems, []);
  const read = await Cat.batchGet(cats, { consistent: true });
  assert.equal(read.length, 20);
  assert.deepEqual(read.unprocessedKeys, []);
  await Cat.batchDelete(cats);
  assert.equal((await Cat.query("owner").eq(owner).exec()).count, 0);
});

test("transactions over two tables write all or nothing", async () => {
  const id = randomUUID();
  await Owner.create({ id });
  const cat = { owner: id, name: "Tom" };
  await dynamoose.transaction([
    Cat.transaction.create(cat),
    Owner.transaction.update({ id }, { $ADD: { cats: 1 } }),
  ]);
  const [found, owner] = await dynamoose.transaction([Cat.transaction.get(cat), Owner.transaction.get({ id })]);
  assert.equal(found.name, "Tom");
  assert.equal(owner.cats, 1);
  await assert.rejects(
    dynamoose.transaction([
      Cat.transaction.delete(cat),
      Owner.transaction.condition({ id }, new dynamoose.Condition("cats").gt(1)),
    ]),
    (error) => {
      assert.ok(error instanceof sdk.TransactionCanceledException);
      assert.deepEqual(
        error.CancellationReasons.map(({ Code }) => Code),
        ["None", "ConditionalCheckFailed"],
      );
      return true;
    },
  );
  assert.ok(await Cat.get(cat));
});

test("a model changes the table it finds", async () => {
  const TableName = `${prefix}Dog`;
  const first = dynamoose.model("Dog", { id: String, breed: { type: String, index: { name: "byBreed", type: "global" } } }, { ...options, throughput: 1 });
  await first.create({ id: "a", breed: "pug" });

  const schema = {
    id: String,
    breed: String,
    age: { type: Number, index: { name: "byAge", type: "global" } },
    city: { type: String, index: { name: "byCity", type: "global", project: ["age"] } },
  };
  const model = dynamoose.model("Dog2", schema, { ...options, tableName: "Dog", initialize: false });
  const table = new dynamoose.Table(
    "Dog",
    [model],
    {
      ...options,
      throughput: { read: 2, write: 3 },
      create: false,
      update: true,
      initialize: false,
      expires: { ttl: 1000, attribute: "gone" },
      tags: { team: "dogs" },
      tableClass: "infrequentAccess",
      streamOptions: { enabled: true, type: "KEYS_ONLY" },
    },
  );
  await table.initialize();
  const { Table } = await client.describeTable({ TableName });
  assert.deepEqual(Table.GlobalSecondaryIndexes.map(({ IndexName }) => IndexName).sort(), ["byAge", "byCity"]);
  assert.ok(Table.GlobalSecondaryIndexes.every(({ IndexStatus }) => IndexStatus === "ACTIVE"));
  assert.equal(Table.ProvisionedThroughput.WriteCapacityUnits, 3);
  assert.equal(Table.TableClassSummary.TableClass, "STANDARD_INFREQUENT_ACCESS");
  assert.equal(Table.StreamSpecification.StreamViewType, "KEYS_ONLY");
  assert.deepEqual((await client.listTagsOfResource({ ResourceArn: Table.TableArn })).Tags, [{ Key: "team", Value: "dogs" }]);
  assert.equal((await client.describeTimeToLive({ TableName })).TimeToLiveDescription.AttributeName, "gone");
});
