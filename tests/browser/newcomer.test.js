import assert from "node:assert/strict";
import { button, choose, chooseAll, dialog, gridHas, gridRow, textbox, told } from "./controls.js";
import { accessible, page, screenshot, secured } from "./harness.js";

page("A newcomer gets from signing in to a connection of his own", secured, async (page, { endpoint }) => {
  const go = (name) => page.getByRole("navigation").getByRole("link", { name, exact: true }).click();

  // A table with an index and a stream.
  await go("Tables");
  await button(page, "Create table").first().click();
  await textbox(page, "Table name").fill("Music");
  await textbox(page, "Partition key").fill("artist");
  await textbox(page, "Sort key (optional)").fill("song");
  await button(page, "Add global index").click();
  await textbox(page, "Index name").fill("by-year");
  await textbox(page, "Partition key").nth(1).fill("year");
  await choose(page, "Type of Partition key", "Number", 1);
  await choose(page, "Stream", "New and old images");
  await screenshot(page, "newcomer-1-create-table");
  await accessible(page);
  await button(page, "Create table").click();
  await told(page, "Music was created.");
  await page.getByText("Active").first().waitFor();

  // Items.
  await button(page, "Explore items").click();
  await page.getByText("The table is empty").waitFor();
  for (const [artist, song, year] of [["Nina Simone", "Sinnerman", "1965"], ["Nina Simone", "Feeling Good", "1965"], ["Miles Davis", "So What", "1959"]]) {
    await button(page, "Create item").click();
    const editor = dialog(page, "Create item");
    await editor.getByLabel("Value of artist").fill(artist);
    await editor.getByLabel("Value of song").fill(song);
    await editor.getByLabel("Name of a new attribute").fill("year");
    await editor.getByLabel("Type of the new attribute").selectOption("N");
    await button(editor, "Add").click();
    await editor.getByLabel("Value of year").fill(year);
    await button(editor, "Create item").click();
    await editor.waitFor({ state: "detached" });
  }
  await gridHas(page, "Items of Music", 3);

  // A query by the index.
  await choose(page, "Read from", "by-year");
  await textbox(page, "year (partition key, N)").fill("1965");
  await button(page, "Query index by-year").click();
  await gridHas(page, "Items of Music", 2);
  assert.deepEqual((await gridRow(page, "Items of Music", 0)).artist, "Nina Simone");
  await screenshot(page, "newcomer-2-query-index");
  await accessible(page);

  // The stream shows a change as it happens.
  await go("Streams");
  await choose(page, "Table", "Music");
  await choose(page, "Where to begin", "From the oldest record");
  await page.getByText("INSERT").nth(2).waitFor();
  await screenshot(page, "newcomer-3-stream");
  await accessible(page);

  // A user who may read.
  await go("Users");
  await button(page, "Create user").first().click();
  const form = dialog(page, "Create user");
  await textbox(form, "User name").fill("reader");
  await chooseAll(form, "Policies", "AmazonDynamoDBReadOnlyAccess");
  await button(form, "Create user").click();
  const secret = dialog(page, "Access key of reader");
  await button(secret, "Show").click();
  const shown = await secret.innerText();
  const accessKeyId = shown.match(/AKIA\w{16}/)[0];
  const secretAccessKey = shown.match(/Secret access key\s+(\S{40})/)[1];
  await button(secret, "I have kept it").click();
  await page.getByRole("heading", { name: "reader", level: 1 }).waitFor();
  await page.getByText("AmazonDynamoDBReadOnlyAccess").waitFor();
  await screenshot(page, "newcomer-4-user");
  await accessible(page);

  // A connection with its key, tested and saved.
  await go("Connections");
  await button(page, "New connection").first().click();
  await textbox(page, "Name").fill("as-reader");
  await textbox(page, "Endpoint URL").fill(endpoint);
  await textbox(page, "AWS access key").fill(accessKeyId);
  await page.getByLabel("AWS secret key", { exact: true }).fill(secretAccessKey);
  await button(page, "Test connection").click();
  await page.getByText("Passed").first().waitFor();
  await screenshot(page, "newcomer-5-connection");
  await accessible(page);
  await button(page, "Save").click();
  await told(page, "as-reader is saved.");
  await button(page, "Work on as-reader").click();
  await page.getByRole("link", { name: "Music", exact: true }).click();
  await button(page, "Explore items").click();
  await gridHas(page, "Items of Music", 3);
  await screenshot(page, "newcomer-6-through-connection");
}, { timeoutMs: 300_000 });
