import assert from "node:assert/strict";
import { button, tab } from "./controls.js";
import { accessible, api, createTable, page, screenshot, secured } from "./harness.js";

// A server that nothing else is asked of, so that what it counts is what was sent here.
const measured = { ...secured, name: "measured" };

const item = (id, bytes) => ({ id: { S: id }, filling: { S: "x".repeat(bytes) } });

// The error's type, or undefined.
async function send(page, operation, input) {
  const { body } = await api(page, "POST", "call", { service: "dynamodb", operation, input });
  return body.ok ? undefined : body.error.type;
}

async function times(count, action) {
  for (let at = 0; at < count; at++) await action(at);
}

// The counters that a scraper sees of one table, summed over reads and writes.
async function counted(endpoint, table) {
  const sums = {};
  for (const line of (await (await fetch(`${endpoint}/metrics`)).text()).split("\n")) {
    const found = line.match(/^armature_table_(\w+?)_total\{.*table="([^"]+)".*\} (\d+)/);
    if (found?.[2] === table) sums[found[1]] = (sums[found[1]] ?? 0) + Number(found[3]);
  }
  return sums;
}

// A row of the table called `title` as { column: text }.
const row = (page, title, name) =>
  page.evaluate(
    ([title, name]) => {
      const table = [...document.querySelectorAll("table")].find((one) =>
        one.getAttribute("aria-labelledby")?.split(" ").some((id) => document.getElementById(id)?.textContent.includes(title)),
      );
      const names = [...(table?.querySelectorAll("thead th") ?? [])].map((cell) => cell.textContent.trim());
      const found = [...(table?.querySelectorAll("tbody tr") ?? [])].find((one) => one.children[0]?.textContent.trim() === name);
      return found && Object.fromEntries([...found.children].map((cell, at) => [names[at], cell.textContent.trim()]));
    },
    [title, name],
  );

// What is under the label of a figure.
const figure = (page, label) =>
  page.locator("div:has(> .stat)").filter({ hasText: label }).locator(".stat").first().textContent();

async function until(found, read, seconds = 30) {
  let seen;
  for (const end = Date.now() + seconds * 1000; Date.now() < end; await new Promise((done) => setTimeout(done, 250))) {
    seen = await read();
    try {
      assert.deepEqual(seen, found);
      return;
    } catch {
      // Measurements come every five seconds.
    }
  }
  assert.deepEqual(seen, found);
}

page("The dashboard and a table's metrics show what was sent", measured, async (page, { endpoint }) => {
  await page.getByText("No requests to any table").waitFor();
  await createTable(page, "Busy");
  await createTable(page, "Limited", { BillingMode: "PROVISIONED", ProvisionedThroughput: { ReadCapacityUnits: 1, WriteCapacityUnits: 1 } });
  await times(40, (at) => send(page, "PutItem", { TableName: "Busy", Item: item(`${at}`, 1500) }));
  await times(30, (at) => send(page, "GetItem", { TableName: "Busy", Key: { id: { S: `${at}` } }, ConsistentRead: true }));
  await times(3, async () =>
    assert.equal(
      await send(page, "PutItem", { TableName: "Busy", Item: item("1", 10), ConditionExpression: "attribute_not_exists(id)" }),
      "ConditionalCheckFailedException",
    ),
  );
  await times(2, async () => assert.equal(await send(page, "GetItem", { TableName: "Busy", Key: { no: { S: "1" } } }), "ValidationException"));
  // The 300 units that were saved up are soon gone.
  let throttled = 0;
  let sent = 0;
  for (; throttled < 4; sent++) {
    const error = await send(page, "PutItem", { TableName: "Limited", Item: item("1", 100_000) });
    if (error) assert.equal(error, "ProvisionedThroughputExceededException");
    if (error) throttled++;
  }

  const busy = { Table: "Busy", Region: "us-east-1", Requests: "75", "Read units": "30", "Write units": "86", Errors: "5", Throttled: "0" };
  await until(busy, () => row(page, "Hottest tables", "Busy"));
  await until([`${sent}`, "4", "4"], async () => {
    const limited = await row(page, "Hottest tables", "Limited");
    return [limited?.Requests, limited?.Errors, limited?.Throttled];
  });
  const limited = await row(page, "Hottest tables", "Limited");
  assert.deepEqual(await counted(endpoint, "Busy"), { requests: 75, errors: 5, throttles: 0, read_half_units: 60, write_half_units: 172 });
  const scraped = await counted(endpoint, "Limited");
  assert.equal(Number(limited["Write units"].replace(/\D/g, "")) * 2, scraped.write_half_units);
  for (const [name, count] of [["ConditionalCheckFailedException", "3"], ["ValidationException", "2"], ["ProvisionedThroughputExceededException", "4"]]) {
    await until(count, async () => (await row(page, "Errors", name))?.Requests);
  }
  await accessible(page);
  await screenshot(page, "dashboard-load");

  // What needs attention leads to where it is seen.
  await page.reload();
  await page.getByText("4 requests throttled in the last 5 minutes").waitFor();
  await button(page, "Metrics of Limited").click();
  await page.getByRole("heading", { name: "Limited", level: 1 }).waitFor();
  await until("4", () => figure(page, "Throttled in 15 min"));
  assert.equal(await figure(page, "Requests in 15 min"), `${sent}`);
  await page.getByRole("img", { name: /^Write units per second\. Latest: Consumed .*, Provisioned 1$/ }).waitFor();
  await accessible(page);
  await screenshot(page, "table-metrics");

  // And it moves while one looks.
  await page.getByRole("link", { name: "Tables", exact: true }).first().click();
  await page.getByRole("link", { name: "Busy", exact: true }).click();
  await tab(page, "Metrics");
  await until("75", () => figure(page, "Requests in 15 min"));
  assert.equal(await figure(page, "Read · write units in 15 min"), "30 · 86");
  await times(25, () => send(page, "GetItem", { TableName: "Busy", Key: { id: { S: "1" } } }));
  await until("100", () => figure(page, "Requests in 15 min"));
  assert.equal(await figure(page, "Read · write units in 15 min"), "42.5 · 86");
});

page("A table that was deleted is still among the hottest, and says so", measured, async (page) => {
  await createTable(page, "Gone");
  await times(3, () => send(page, "PutItem", { TableName: "Gone", Item: item("1", 1) }));
  await until("3", async () => (await row(page, "Hottest tables", "Gone"))?.Requests);
  await send(page, "DeleteTable", { TableName: "Gone" });
  await until("3", async () => (await row(page, "Hottest tables", "Gone (deleted)"))?.Requests);
});
