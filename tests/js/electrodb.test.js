// electrodb: entities of one table, joined by collections, as its guide uses them.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { test } from "node:test";

import { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import electrodb from "electrodb";

import { index, openTable } from "./table.js";

const { createConversions, Entity, Service } = electrodb;

const { client, table } = await openTable("pk:HASH sk:RANGE", "pk:S sk:S gsi1pk:S gsi1sk:S gsi2pk:S gsi2sk:S", {
  GlobalSecondaryIndexes: ["gsi1", "gsi2"].map((name) => index(name, `${name}pk:HASH ${name}sk:RANGE`)),
});
const service = "company";
const configuration = { table, client: DynamoDBDocumentClient.from(client) };
const tasks = new Entity(
  {
    model: { entity: "task", version: "1", service },
    attributes: {
      project: { type: "string", required: true },
      task: { type: "string", required: true, default: () => randomUUID() },
      employee: { type: "string", required: true },
      status: { type: ["open", "in-progress", "closed"], default: "open" },
      points: { type: "number", default: 1 },
      comments: { type: "list", items: { type: "map", properties: { by: { type: "string" }, text: { type: "string" } } } },
      labels: { type: "set", items: "string" },
      details: { type: "map", properties: { hours: { type: "number" }, notes: { type: "string" } } },
      created: { type: "number", default: () => Date.now(), readOnly: true },
    },
    indexes: {
      byProject: { pk: { field: "pk", composite: ["project"] }, sk: { field: "sk", composite: ["task"] } },
      assigned: {
        index: "gsi1",
        collection: "assignments",
        pk: { field: "gsi1pk", composite: ["employee"] },
        sk: { field: "gsi1sk", composite: ["status", "project"] },
      },
    },
  },
  configuration,
);
const employees = new Entity(
  {
    model: { entity: "employee", version: "1", service },
    attributes: {
      employee: { type: "string", required: true },
      office: { type: "string", required: true },
      salary: { type: "number", required: true },
      teams: { type: "set", items: "string" },
    },
    indexes: {
      one: { pk: { field: "pk", composite: ["employee"] }, sk: { field: "sk", composite: [] } },
      self: {
        index: "gsi1",
        collection: "assignments",
        pk: { field: "gsi1pk", composite: ["employee"] },
        sk: { field: "gsi1sk", composite: [] },
      },
      byOffice: {
        index: "gsi2",
        pk: { field: "gsi2pk", composite: ["office"] },
        sk: { field: "gsi2sk", composite: ["employee"] },
      },
    },
  },
  configuration,
);
const company = new Service({ tasks, employees }, configuration);

const some = () => ({ project: randomUUID(), employee: randomUUID() });
const hire = (more = {}) => ({ employee: randomUUID(), office: randomUUID(), salary: 100, ...more });

test("an item is created once", async () => {
  const created = (await tasks.create({ ...some(), labels: ["a", "b"], details: { hours: 2 } }).go()).data;
  assert.equal(created.status, "open");
  const found = await tasks.get({ project: created.project, task: created.task }).go({ consistent: true });
  assert.deepEqual(found.data, created);
  await assert.rejects(tasks.create(created).go(), (error) => {
    assert.equal(error.code, 4001, "electrodb's number for an error of DynamoDB");
    assert.match(error.message, /The conditional request failed/);
    assert.equal(error.cause.name, "ConditionalCheckFailedException");
    return true;
  });
});

test("a patch changes what is there, and only that", async () => {
  const { project, task, employee } = (
    await tasks
      .create({ ...some(), comments: [{ by: "ann", text: "first" }], labels: ["a", "b"], details: { hours: 2, notes: "n" } })
      .go()
  ).data;
  const patch = () =>
    tasks
      .patch({ project, task })
      .set({ status: "in-progress" })
      .composite({ employee })
      .add({ points: 4, labels: ["c"] })
      .append({ comments: [{ by: "bob", text: "second" }] })
      .data(({ details }, { remove, add }) => {
        add(details.hours, 1);
        remove(details.notes);
      })
      .where(({ status, points }, { eq, between }) => `${eq(status, "open")} AND ${between(points, 1, 3)}`)
      .go({ response: "all_new" });
  const done = await patch();
  assert.equal(done.data.points, 5);
  assert.deepEqual(done.data.labels.sort(), ["a", "b", "c"]);
  assert.deepEqual(done.data.comments.map(({ by }) => by), ["ann", "bob"]);
  assert.deepEqual(done.data.details, { hours: 3 });
  await assert.rejects(patch(), /The conditional request failed/);
  await assert.rejects(tasks.patch({ project, task: "none" }).set({ points: 1 }).go(), /The conditional request failed/);
});

test("upserts make and change", async () => {
  const ann = hire({ teams: ["red"] });
  await employees.upsert(ann).go();
  const { data } = await employees.upsert({ ...ann, salary: 120 }).go({ response: "all_new" });
  assert.equal(data.salary, 120);
  assert.deepEqual(data.teams, ["red"]);
});

test("collections bring entities together, page by page", async () => {
  const { employee } = (await employees.create(hire()).go()).data;
  const project = randomUUID();
  for (let i = 0; i < 7; ++i) await tasks.create({ project, employee, task: `${i}`, status: i % 2 ? "open" : "closed" }).go();
  await tasks.create(some()).go();

  const found = { employees: 0, tasks: 0 };
  let pages = 0;
  let cursor = null;
  do {
    const page = await company.collections.assignments({ employee }).go({ cursor, limit: 3 });
    found.employees += page.data.employees.length;
    found.tasks += page.data.tasks.length;
    cursor = page.cursor;
    ++pages;
  } while (cursor !== null);
  assert.deepEqual(found, { employees: 1, tasks: 7 });
  assert.ok(pages > 1);

  const open = await tasks.query.assigned({ employee, status: "open" }).go({ pages: "all" });
  assert.deepEqual(open.data.map(({ task }) => task).sort(), ["1", "3", "5"]);
  const filtered = await tasks.query
    .byProject({ project })
    .gte({ task: "2" })
    .where(({ status, labels }, { eq, notExists }) => `${eq(status, "closed")} AND ${notExists(labels)}`)
    .go({ order: "desc", attributes: ["task", "status"] });
  assert.deepEqual(filtered.data, [
    { task: "6", status: "closed" },
    { task: "4", status: "closed" },
    { task: "2", status: "closed" },
  ]);
  const converted = createConversions(tasks).fromComposite.toCursor((await tasks.get({ project, task: "3" }).go()).data);
  assert.deepEqual(
    (await tasks.query.byProject({ project }).go({ cursor: converted })).data.map(({ task }) => task),
    ["4", "5", "6"],
  );
});

test("a scan, and finding by what is known", async () => {
  const office = randomUUID();
  const ann = (await employees.create(hire({ office })).go()).data;
  assert.deepEqual((await employees.find({ office }).go()).data, [ann]);
  assert.deepEqual((await employees.match({ office, salary: 100 }).go()).data, [ann]);
  const all = await employees.scan.where(({ office: at }, { eq }) => eq(at, office)).go({ pages: "all" });
  assert.deepEqual(all.data, [ann]);
});

test("batches write, read and delete", async () => {
  const project = randomUUID();
  const many = Array.from({ length: 60 }, (_, i) => ({ project, employee: "ann", task: `${i}` }));
  const written = await tasks.put(many).go({ concurrency: 2 });
  assert.deepEqual(written.unprocessed, []);
  const read = await tasks.get(many.map(({ project, task }) => ({ project, task }))).go({ preserveBatchOrder: true });
  assert.deepEqual(
    read.data.map(({ task }) => task),
    many.map(({ task }) => task),
  );
  await tasks.delete(many.map(({ project, task }) => ({ project, task }))).go();
  assert.deepEqual((await tasks.query.byProject({ project }).go({ consistent: true })).data, []);
});

test("transactions write all or nothing, and say why", async () => {
  const ann = hire();
  const { project, task } = (await tasks.create({ ...some(), employee: ann.employee }).go()).data;
  const written = await company.transaction
    .write(({ tasks, employees }) => [
      employees.create(ann).commit(),
      tasks.patch({ project, task }).add({ points: 2 }).commit(),
    ])
    .go({ token: randomUUID().slice(0, 36) });
  assert.equal(written.canceled, false);
  const read = await company.transaction
    .get(({ tasks, employees }) => [
      employees.get({ employee: ann.employee }).commit(),
      tasks.get({ project, task }).commit(),
    ])
    .go();
  assert.deepEqual(read.data[0].item, ann);
  assert.equal(read.data[1].item.points, 3);

  const bob = (await employees.create(hire()).go()).data;
  const refused = await company.transaction
    .write(({ tasks, employees }) => [
      tasks.delete({ project, task }).commit(),
      employees.create(ann).commit({ response: "all_old" }),
      employees
        .check({ employee: bob.employee })
        .where(({ salary }, { gt }) => gt(salary, 1000))
        .commit(),
    ])
    .go();
  assert.equal(refused.canceled, true);
  assert.deepEqual(
    refused.data.map(({ rejected, code }) => [rejected, code]),
    [
      [false, "None"],
      [true, "ConditionalCheckFailed"],
      [true, "ConditionalCheckFailed"],
    ],
  );
  assert.deepEqual(refused.data[1].item, ann);
});

test("a delete returns what it took", async () => {
  const ann = (await employees.create(hire()).go()).data;
  const taken = await employees.delete({ employee: ann.employee }).go({ response: "all_old" });
  assert.deepEqual(taken.data, ann);
  await assert.rejects(employees.remove({ employee: ann.employee }).go(), /The conditional request failed/);
});
