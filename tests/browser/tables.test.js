import assert from "node:assert/strict";
import { button, choose, dialog, tab, textbox, told } from "./controls.js";
import { accessible, call, createTable, dev, page, putItems, screenshot } from "./harness.js";

page("A table is created with everything a form can ask for", dev, async (page) => {
  await page.goto("/console/tables/new");
  await textbox(page, "Table name").fill("Orders.full");
  await textbox(page, "Partition key").fill("customer");
  await textbox(page, "Sort key (optional)").fill("placed");
  await choose(page, "Type of Sort key (optional)", "Number");
  await button(page, "Add local index").click();
  await textbox(page, "Index name").fill("by-state");
  await textbox(page, "Sort key").fill("state");
  await button(page, "Add global index").click();
  await textbox(page, "Index name").nth(1).fill("by-courier");
  await textbox(page, "Partition key").nth(1).fill("courier");
  await button(page, "Another attribute for the partition key").click();
  await textbox(page, "Partition key, attribute 2").fill("district");
  await choose(page, "Projected attributes", "Keys and some attributes", 1);
  await textbox(page, "Attributes").fill("weight, note");
  await page.getByRole("radio", { name: "Provisioned" }).check();
  await page.getByRole("spinbutton", { name: "Read capacity units" }).last().fill("7");
  await choose(page, "Stream", "New and old images");
  await textbox(page, "Time to live attribute").fill("gone_at");
  await page.getByRole("checkbox", { name: "Deletion protection" }).check();
  await button(page, "Add tag").click();
  await textbox(page, "Key of tag 1").fill("team");
  await textbox(page, "Value of tag 1").fill("shop");
  await screenshot(page, "tables-create");
  await accessible(page);
  await button(page, "Create table").click();
  await told(page, "Orders.full was created.");

  const { Table: table } = await call(page, "DescribeTable", { TableName: "Orders.full" });
  assert.deepEqual(table.KeySchema.map((one) => one.AttributeName), ["customer", "placed"]);
  assert.deepEqual(table.LocalSecondaryIndexes.map((one) => one.IndexName), ["by-state"]);
  const [gsi] = table.GlobalSecondaryIndexes;
  assert.deepEqual(gsi.KeySchema, [
    { AttributeName: "courier", KeyType: "HASH" },
    { AttributeName: "district", KeyType: "HASH" },
  ]);
  assert.deepEqual(gsi.Projection, { ProjectionType: "INCLUDE", NonKeyAttributes: ["weight", "note"] });
  assert.equal(table.StreamSpecification.StreamViewType, "NEW_AND_OLD_IMAGES");
  assert.equal(table.ProvisionedThroughput.ReadCapacityUnits, 7);
  assert.equal(table.DeletionProtectionEnabled, true);
  const ttl = await call(page, "DescribeTimeToLive", { TableName: "Orders.full" });
  assert.equal(ttl.TimeToLiveDescription.AttributeName, "gone_at");
  const tags = await call(page, "ListTagsOfResource", { ResourceArn: table.TableArn });
  assert.deepEqual(tags.Tags, [{ Key: "team", Value: "shop" }]);

  // Its pages say so.
  await page.getByText("By gone_at").waitFor();
  await screenshot(page, "tables-overview");
  await accessible(page);
  await tab(page, "Indexes (2)");
  await page.getByText("Keys and weight, note").waitFor();
  await screenshot(page, "tables-indexes");
  await tab(page, "Tags");
  assert.equal(await textbox(page, "Key of tag 1").inputValue(), "team");
});

page("What is wrong with a new table is told while it is typed, and nothing is sent", dev, async (page) => {
  await createTable(page, "taken");
  let sent = 0;
  page.on("request", (request) => {
    if (request.url().endsWith("/api/call") && request.postData()?.includes("CreateTable")) sent++;
  });
  await page.goto("/console/tables/new");
  await textbox(page, "Table name").fill("a!");
  await page.getByText("A table name has 3 to 255 characters.").waitFor();
  await textbox(page, "Table name").fill("spaces are bad");
  await page.getByText('A table name has letters, digits, "_", "." and "-" only.').waitFor();
  await textbox(page, "Table name").fill("taken");
  await page.getByText("A table taken exists already.").waitFor();
  await textbox(page, "Partition key").fill("id");
  await textbox(page, "Sort key (optional)").fill("id");
  await page.getByText("Partition key and sort key need different attributes.").waitFor();
  await button(page, "Create table").click();
  await screenshot(page, "tables-create-errors");
  assert.equal(sent, 0);
  assert.equal(new URL(page.url()).pathname, "/console/tables/new");
});

page("A global index is built over the items that are there", dev, async (page) => {
  await createTable(page, "indexed");
  await putItems(page, "indexed", 300, (n) => ({ id: { S: `i${n}` }, colour: { S: ["red", "green", "blue"][n % 3] } }));
  await page.goto("/console/tables/indexed?tab=indexes");
  await page.getByText("No indexes").waitFor();
  await button(page, "Create global index").click();
  const form = dialog(page, "Create global index");
  await button(form, "Create index").click();
  await form.getByText("An index name has 3 to 255 characters.").waitFor();
  await textbox(form, "Index name").fill("by-colour");
  await textbox(form, "Partition key").fill("colour");
  await screenshot(page, "tables-create-index");
  await button(form, "Create index").click();
  await form.waitFor({ state: "detached" });
  await told(page, "Index by-colour is being built.");
  const row = page.getByRole("row", { name: /by-colour/ });
  await row.getByText("Active").waitFor();
  const found = await call(page, "Query", {
    TableName: "indexed", IndexName: "by-colour", KeyConditionExpression: "colour = :c", ExpressionAttributeValues: { ":c": { S: "red" } },
  });
  assert.equal(found.Count, 100);
  await button(page, "Delete by-colour").click();
  const confirm = dialog(page, "Delete index by-colour?");
  await confirm.getByLabel("Type by-colour to confirm").first().fill("by-colour");
  await button(confirm, "Delete index").click();
  await page.getByText("No indexes").waitFor();
});

page("Settings of a table are saved one by one, and protection keeps it", dev, async (page) => {
  await createTable(page, "settings");
  await page.goto("/console/tables/settings?tab=settings");
  const section = (name) => page.locator('[class*="awsui_root"]', { has: page.getByRole("heading", { name, exact: true }) }).last();
  await page.getByRole("radio", { name: "Provisioned" }).check();
  await page.getByRole("spinbutton", { name: "Read capacity units" }).fill("0");
  await page.getByText("At least 1.").waitFor();
  await page.getByRole("spinbutton", { name: "Read capacity units" }).fill("3");
  await button(section("Capacity"), "Save").click();
  await told(page, "Capacity saved.");
  await page.getByLabel("Delete expired items").check();
  await textbox(page, "Attribute").fill("until");
  await button(section("Time to live"), "Save").click();
  await told(page, "Time to live saved.");
  await page.getByRole("checkbox", { name: "Deletion protection" }).check();
  await button(section("Deletion protection"), "Save").click();
  await told(page, "Deletion protection saved.");
  await screenshot(page, "tables-settings");
  await accessible(page);
  const { Table: table } = await call(page, "DescribeTable", { TableName: "settings" });
  assert.equal(table.ProvisionedThroughput.ReadCapacityUnits, 3);
  assert.equal(table.DeletionProtectionEnabled, true);

  // The name has to be typed, and a refusal is shown where it was asked for.
  await button(page, "Delete").first().click();
  const confirm = dialog(page, "Delete settings?");
  assert.equal(await button(confirm, "Delete table").isDisabled(), true);
  await confirm.getByLabel("Type settings to confirm").first().fill("setting");
  assert.equal(await button(confirm, "Delete table").isDisabled(), true);
  await confirm.getByLabel("Type settings to confirm").first().fill("settings");
  await button(confirm, "Delete table").click();
  await confirm.getByText(/protect/i).nth(1).waitFor();
  await screenshot(page, "tables-delete-protected");
  await button(confirm, "Cancel").click();
  await page.getByRole("checkbox", { name: "Deletion protection" }).uncheck();
  await button(section("Deletion protection"), "Save").click();
  await page.getByText("Deletion protection saved.").nth(1).waitFor();
  await button(page, "Delete").first().click();
  await confirm.getByLabel("Type settings to confirm").first().fill("settings");
  await button(confirm, "Delete table").click();
  await page.waitForURL("**/console/tables");
  await page.getByRole("link", { name: "settings", exact: true }).waitFor({ state: "detached" });
});

page("Tags of a table are added, changed and removed", dev, async (page) => {
  await createTable(page, "tagged");
  await page.goto("/console/tables/tagged?tab=tags");
  await page.getByText("No tags").waitFor();
  for (const [at, [key, value]] of [["owner", "ann"], ["stage", "test"]].entries()) {
    await button(page, "Add tag").click();
    await textbox(page, `Key of tag ${at + 1}`).fill(key);
    await textbox(page, `Value of tag ${at + 1}`).fill(value);
  }
  await button(page, "Save").click();
  await told(page, "Tags saved.");
  await textbox(page, "Value of tag 2").fill("live");
  await button(page, "Remove").first().click();
  await button(page, "Save").click();
  await page.getByText("Tags saved.").nth(1).waitFor();
  const { Table: table } = await call(page, "DescribeTable", { TableName: "tagged" });
  const { Tags: tags } = await call(page, "ListTagsOfResource", { ResourceArn: table.TableArn });
  assert.deepEqual(tags, [{ Key: "stage", Value: "live" }]);
});

page("An empty region says where the tables are", dev, async (page) => {
  await createTable(page, "somewhere");
  await page.goto("/console/tables");
  await page.getByRole("link", { name: "somewhere", exact: true }).waitFor();
  await screenshot(page, "tables-list");
  await accessible(page);
  await button(page, "us-east-1").click();
  await page.getByRole("menuitem", { name: "Another region…" }).click();
  const ask = dialog(page, "Another region");
  await textbox(ask, "Region").fill("eu-central-1");
  await button(ask, "Go there").click();
  await page.getByText("No tables in eu-central-1").waitFor();
  await screenshot(page, "tables-empty-region");
  await page.getByRole("button", { name: /^us-east-1 \(/ }).click();
  await page.getByRole("link", { name: "somewhere", exact: true }).waitFor();
});
