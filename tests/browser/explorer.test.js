import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { act, button, choose, dialog, gridHas, gridRow, textbox, told } from "./controls.js";
import { accessible, call, createTable, dev, page, putItems, screenshot } from "./harness.js";

const songs = {
  AttributeDefinitions: [
    { AttributeName: "artist", AttributeType: "S" },
    { AttributeName: "number", AttributeType: "N" },
    { AttributeName: "genre", AttributeType: "S" },
  ],
  KeySchema: [
    { AttributeName: "artist", KeyType: "HASH" },
    { AttributeName: "number", KeyType: "RANGE" },
  ],
  GlobalSecondaryIndexes: [
    { IndexName: "by-genre", KeySchema: [{ AttributeName: "genre", KeyType: "HASH" }], Projection: { ProjectionType: "KEYS_ONLY" } },
  ],
};

const song = (n) => ({
  artist: { S: `artist ${n % 4}` },
  number: { N: String(n) },
  genre: { S: n % 2 ? "jazz" : "folk" },
  title: { S: `Song number ${n}` },
  ...(n % 10 === 0 ? { award: { SS: ["gold", "platinum"] } } : {}),
});

async function open(page, table) {
  await page.goto(`/console/explore/${table}`);
  await page.getByRole("grid", { name: `Items of ${table}` }).waitFor();
}

page("The builder queries tables and indexes and scans with filters", dev, async (page) => {
  await createTable(page, "songs", songs);
  await putItems(page, "songs", 240, song);
  await open(page, "songs");
  const grid = "Items of songs";
  await gridHas(page, grid, 100);
  await screenshot(page, "explorer-scan");
  await accessible(page);

  // More comes when the end is in sight.
  await page.getByRole("grid", { name: grid }).evaluate((element) => element.scrollTo(0, element.scrollHeight));
  await gridHas(page, grid, 200);
  await page.getByRole("grid", { name: grid }).evaluate((element) => element.scrollTo(0, element.scrollHeight));
  await gridHas(page, grid, 240);
  await page.getByText("That is all.").waitFor();

  // A query with a sort key condition, backwards.
  await textbox(page, "artist (partition key, S)").fill("artist 1");
  await choose(page, "Comparison of number (sort key, N)", "between");
  await textbox(page, "number (sort key, N)").fill("100");
  await textbox(page, "Upper value of number (sort key, N)").fill("150");
  await page.getByRole("button", { name: "Options" }).click();
  await page.getByRole("checkbox", { name: "Descending order of the sort key" }).check();
  await button(page, "Query table").click();
  await gridHas(page, grid, 13);
  assert.equal((await gridRow(page, grid, 0)).number, "149");
  await screenshot(page, "explorer-query");

  // A filter: a condition is added without anything being read.
  await button(page, "Reset").click();
  let reads = 0;
  page.on("request", (request) => {
    if (request.url().endsWith("/api/call")) reads++;
  });
  await page.getByRole("button", { name: "Filter" }).click();
  await button(page, "Add condition").click();
  await page.getByLabel("Attribute", { exact: true }).waitFor();
  assert.equal(reads, 0, "adding a condition reads nothing");
  await page.getByLabel("Attribute", { exact: true }).fill("award");
  await page.getByLabel("Comparison", { exact: true }).selectOption({ label: "contains" });
  await page.getByLabel("Value", { exact: true }).fill("gold");
  await button(page, "Add group").click();
  await page.getByLabel("Attribute", { exact: true }).nth(1).fill("number");
  await page.getByLabel("Comparison", { exact: true }).nth(1).selectOption({ label: "< less" });
  await page.getByLabel("Type", { exact: true }).nth(1).selectOption({ label: "Number" });
  await page.getByLabel("Value", { exact: true }).nth(1).fill("50");
  await screenshot(page, "explorer-filter");
  await page.keyboard.press("Control+Enter");
  await gridHas(page, grid, 5);

  // An index that holds keys only; opening an item reads all of it.
  await button(page, "Reset").click();
  await choose(page, "Read from", "by-genre");
  await textbox(page, "genre (partition key, S)").fill("jazz");
  await button(page, "Query index by-genre").click();
  await gridHas(page, grid, 100);
  assert.equal((await gridRow(page, grid, 0)).title, undefined);
  await page.getByRole("grid", { name: grid }).getByRole("button").first().click();
  const editor = dialog(page, "Edit item");
  assert.match(await editor.getByLabel("Value of title").inputValue(), /^Song number/);
  await button(editor, "Cancel").click();

  // What cannot be asked says why.
  await button(page, "Reset").click();
  await choose(page, "Read from", "Table");
  await textbox(page, "number (sort key, N)").fill("7");
  await page.getByText("a sort key condition needs a partition key value").first().waitFor();
  assert.equal(await button(page, "Scan table").getAttribute("aria-disabled"), "true");
});

page("An item is edited as a form, as JSON and as DynamoDB JSON", dev, async (page) => {
  await createTable(page, "edited");
  const digits = "12345678901234567890123456789012345678";
  await call(page, "PutItem", { TableName: "edited", Item: { id: { S: "one" }, big: { N: digits }, tags: { SS: ["a", "b"] }, deep: { M: { list: { L: [{ BOOL: true }] } } } } });
  await open(page, "edited");
  await page.getByRole("grid").getByRole("button", { name: "one" }).click();
  const editor = dialog(page, "Edit item");
  await textbox(editor, "Member 2 of tags").fill("c");
  await editor.getByLabel("Value of 0").selectOption("false");
  await screenshot(page, "item-form");
  await accessible(page);
  await button(editor, "JSON").click();
  const plain = editor.getByRole("textbox", { name: "Item as JSON", exact: true });
  assert.match(await plain.innerText(), new RegExp(digits));
  await screenshot(page, "item-json");
  await button(editor, "DynamoDB JSON").click();
  const typed = editor.getByRole("textbox", { name: "Item as DynamoDB JSON", exact: true });
  assert.match(await typed.innerText(), /"SS"/);
  await screenshot(page, "item-dynamodb-json");

  // What is no item is told, and cannot be saved.
  await typed.click();
  await page.keyboard.press("Control+End");
  await page.keyboard.insertText(",");
  await editor.getByText(/more text after the value/).first().waitFor();
  assert.notEqual(await button(editor, "Review changes").getAttribute("aria-disabled"), null);
  await page.keyboard.press("Backspace");
  await button(editor, "Review changes").click();
  await editor.getByText("tags", { exact: true }).waitFor();
  await screenshot(page, "item-review");
  await button(editor, "Save").click();
  await editor.waitFor({ state: "detached" });
  const { Item: item } = await call(page, "GetItem", { TableName: "edited", Key: { id: { S: "one" } } });
  assert.deepEqual(item, { id: { S: "one" }, big: { N: digits }, tags: { SS: ["a", "c"] }, deep: { M: { list: { L: [{ BOOL: false }] } } } });
});

page("A change behind the editor's back is not overwritten", dev, async (page) => {
  await createTable(page, "shared");
  const key = { id: { S: "x" } };
  await call(page, "PutItem", { TableName: "shared", Item: { ...key, mine: { S: "old" }, theirs: { S: "old" } } });
  const behind = (name, value) =>
    call(page, "UpdateItem", { TableName: "shared", Key: key, UpdateExpression: "SET #n = :v", ExpressionAttributeNames: { "#n": name }, ExpressionAttributeValues: { ":v": { S: value } } });
  const now = async () => (await call(page, "GetItem", { TableName: "shared", Key: key, ConsistentRead: true })).Item;
  await open(page, "shared");

  // Another attribute: both changes stay.
  await page.getByRole("grid").getByRole("button", { name: "x" }).click();
  const editor = dialog(page, "Edit item");
  await editor.getByLabel("Value of mine").fill("new");
  await behind("theirs", "new");
  await button(editor, "Review changes").click();
  await button(editor, "Save").click();
  await editor.waitFor({ state: "detached" });
  assert.deepEqual(await now(), { ...key, mine: { S: "new" }, theirs: { S: "new" } });

  // The same attribute: nothing is saved before the person has seen it.
  await button(page, "Scan table").click();
  await page.getByText("1 page").waitFor();
  await page.getByRole("grid").getByRole("button", { name: "x" }).click();
  await editor.getByLabel("Value of mine").fill("from the editor");
  await behind("mine", "from elsewhere");
  await button(editor, "Review changes").click();
  await button(editor, "Save").click();
  await editor.getByText("Someone changed this item since it was read").waitFor();
  await editor.getByText("from elsewhere").waitFor();
  await screenshot(page, "item-conflict");
  assert.deepEqual((await now()).mine, { S: "from elsewhere" });
  await button(editor, "Keep my changes on top").click();
  await button(editor, "Save").click();
  await editor.waitFor({ state: "detached" });
  assert.deepEqual((await now()).mine, { S: "from the editor" });

  // An item that is gone is not brought back.
  await page.getByRole("grid").getByRole("button", { name: "x" }).click();
  await editor.getByLabel("Value of mine").fill("a ghost");
  await call(page, "DeleteItem", { TableName: "shared", Key: key });
  await button(editor, "Review changes").click();
  await button(editor, "Save").click();
  await editor.getByText("Someone deleted this item since it was read").waitFor();
  await screenshot(page, "item-deleted-meanwhile");
  assert.equal(await now(), undefined);
  await button(editor, "Create it again").click();
  await button(dialog(page, "Create item"), "Create item").click();
  await page.getByRole("dialog").waitFor({ state: "detached" });
  assert.deepEqual((await now()).mine, { S: "a ghost" });
  await gridHas(page, "Items of shared", 1);
});

page("Items are created, duplicated, changed in place and deleted in bulk", dev, async (page) => {
  await createTable(page, "bulk");
  await putItems(page, "bulk", 60, (n) => ({ id: { S: `item-${String(n).padStart(3, "0")}` }, n: { N: String(n) } }));
  await open(page, "bulk");
  const grid = page.getByRole("grid");
  await gridHas(page, "Items of bulk", 60);

  // One of that key exists: nothing is overwritten.
  await button(page, "Create item").click();
  const create = dialog(page, "Create item");
  await create.getByLabel("Value of id").fill("item-001");
  await button(create, "Create item").click();
  await create.getByText("ConditionalCheckFailedException").first().waitFor();
  await create.getByLabel("Value of id").fill("fresh");
  await button(create, "Create item").click();
  await create.waitFor({ state: "detached" });
  await gridHas(page, "Items of bulk", 61);

  await grid.getByLabel("Select row 2", { exact: true }).check();
  await act(page, "Actions", "Duplicate");
  await create.getByLabel("Value of id").fill("copy");
  await button(create, "Create item").click();
  await create.waitFor({ state: "detached" });
  const { Item: copy } = await call(page, "GetItem", { TableName: "bulk", Key: { id: { S: "copy" } } });
  assert.ok(copy.n, "a duplicate has the attributes of the original");

  // In the cell.
  await grid.locator(".row .v-N").first().dblclick();
  await page.keyboard.press("Control+A");
  await page.keyboard.type("4711");
  await page.keyboard.press("Enter");
  await grid.getByText("4711").waitFor();
  const { Count: changed } = await call(page, "Scan", { TableName: "bulk", FilterExpression: "n = :n", ExpressionAttributeValues: { ":n": { N: "4711" } } });
  assert.equal(changed, 1);

  await grid.getByLabel("Select all loaded items").check();
  await act(page, "Actions", /Delete 62 items/);
  const confirm = dialog(page, "Delete 62 items?");
  await screenshot(page, "explorer-bulk-delete");
  const [copyFile] = await Promise.all([page.waitForEvent("download"), button(confirm, "Delete").click()]);
  assert.equal(readFileSync(await copyFile.path(), "utf8").trim().split("\n").length, 62);
  await told(page, "62 items deleted.");
  assert.equal((await call(page, "Scan", { TableName: "bulk" })).Count, 0);
  await page.getByText("No items").waitFor();
  await screenshot(page, "explorer-empty");
});

const everything = {
  id: { S: "all" },
  text: { S: 'with "quotes", a\nline and, commas' },
  big: { N: "12345678901234567890123456789012345678" },
  bytes: { B: "AAECAw==" },
  yes: { BOOL: true },
  none: { NULL: true },
  texts: { SS: ["a", "b"] },
  numbers: { NS: ["1", "2.5"] },
  list: { L: [{ S: "x" }, { M: { deep: { N: "1" } } }] },
};

page("What is exported is imported again unchanged, in every format", dev, async (page) => {
  await createTable(page, "source");
  await putItems(page, "source", 30, (n) => ({ ...everything, id: { S: `all-${n}` } }));
  for (const [format, extension] of [["CSV", "csv"], ["JSON lines", "jsonl"], ["DynamoDB JSON", "ddb.json"], ["JSON list", "json"]]) {
    await open(page, "source");
    await gridHas(page, "Items of source", 30);
    await act(page, "Actions", "Export");
    const exporting = dialog(page, "Export items");
    await exporting.getByRole("radio", { name: new RegExp(`^${format}`) }).check();
    if (format === "CSV") await screenshot(page, "explorer-export");
    const [file] = await Promise.all([page.waitForEvent("download"), button(exporting, "Export").click()]);
    assert.ok(file.suggestedFilename().endsWith(extension), file.suggestedFilename());

    const table = `target-${extension}`;
    await createTable(page, table);
    await page.goto(`/console/explore/${table}`);
    await act(page, "Actions", "Import");
    const importing = dialog(page, `Import into ${table}`);
    await importing.locator('input[type="file"]').setInputFiles({ name: file.suggestedFilename(), mimeType: "text/plain", buffer: readFileSync(await file.path()) });
    if (format === "CSV") {
      await importing.getByText("30 items can be imported").waitFor();
      await screenshot(page, "explorer-import");
    }
    await button(importing, "Import 30 items").click();
    await importing.getByText("30 items imported").first().waitFor();
    await button(importing, "Close").click();
    await gridHas(page, `Items of ${table}`, 30);
    const { Item: item } = await call(page, "GetItem", { TableName: table, Key: { id: { S: "all-7" } } });
    assert.deepEqual(item, { ...everything, id: { S: "all-7" } }, `by way of ${format}`);
  }
});

page("What cannot be imported is told line by line", dev, async (page) => {
  await createTable(page, "picky");
  await page.goto("/console/explore/picky");
  await act(page, "Actions", "Import");
  const importing = dialog(page, "Import into picky");
  const lines = ['{"id": "good"}', '{"id": 7}', "{broken", '{"other": "no key"}'];
  await importing.locator('input[type="file"]').setInputFiles({ name: "some.jsonl", mimeType: "text/plain", buffer: Buffer.from(lines.join("\n")) });
  await importing.getByText("1 item can be imported, 3 cannot.").waitFor();
  await importing.getByText('the key attribute "id" is missing').waitFor();
  await screenshot(page, "explorer-import-problems");
});

page("A query is shown as code and kept", dev, async (page) => {
  await createTable(page, "coded");
  // An empty table has a grid only while it is read.
  await page.goto("/console/explore/coded");
  await page.getByText("The table is empty").waitFor();
  await textbox(page, "id (partition key, S)").fill("it's");
  await button(page, "Show as code").click();
  const code = dialog(page, "As code");
  await code.getByText("aws dynamodb query").waitFor();
  for (const [language, sign] of [["Python (boto3)", "boto3"], ["JavaScript (SDK v3)", "QueryCommand"], ["Java (SDK v2)", "QueryRequest"], ["Go (SDK v2)", "QueryInput"]]) {
    await button(code, language).click();
    await code.getByText(sign).first().waitFor();
  }
  await screenshot(page, "explorer-code");
  await button(code, "Close").click();
  await button(page, "Save query").click();
  const save = dialog(page, "Save query");
  await textbox(save, "Name").fill("one of coded");
  await button(save, "Save").click();
  await told(page, '"one of coded" is saved.');
  await page.goto("/console/queries");
  await page.getByRole("link", { name: "one of coded" }).waitFor();
});
