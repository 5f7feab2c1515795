// What is around every page: the palette, the session, the places to work at.
import assert from "node:assert/strict";
import { button, dialog, gridHas, textbox } from "./controls.js";
import { startServer } from "../js/server.js";
import { accessible, call, createTable, credentials, dev, page, screenshot, secured, signInAsRoot } from "./harness.js";

page("Ctrl+K goes to a table by a few letters of its name", dev, async (page) => {
  await createTable(page, "warehouse-stock");
  await page.goto("/console/");
  await page.getByRole("heading", { name: "Dashboard" }).waitFor();
  const typeInto = async (text) => {
    await page.keyboard.press("Control+K");
    // No click: the cursor is where one types.
    await palette.locator("input:focus").waitFor();
    await page.keyboard.type(text);
  };
  const palette = dialog(page, "Go to");
  await typeInto("stock");
  await palette.getByRole("option", { name: /warehouse-stock/ }).first().waitFor();
  await screenshot(page, "palette");
  await accessible(page);
  await page.keyboard.press("Enter");
  await page.waitForURL("**/console/explore/warehouse-stock");
  await typeInto("nothing like this");
  await palette.getByText("Nothing by that name.").waitFor();
  await page.keyboard.press("Escape");
  await palette.waitFor({ state: "detached" });
  await page.waitForFunction(() => document.title.startsWith("warehouse-stock"));
});

page("With the keyboard alone one skips the navigation, runs a query and opens an item", dev, async (page) => {
  await createTable(page, "keys-only");
  await call(page, "PutItem", { TableName: "keys-only", Item: { id: { S: "first" }, note: { S: "as it was" } } });
  await page.goto("/console/explore/keys-only");
  await gridHas(page, "Items of keys-only", 1);
  await page.keyboard.press("Tab");
  await page.getByRole("link", { name: "Skip to the page" }).and(page.locator(":focus")).waitFor();
  await accessible(page);
  await page.keyboard.press("Enter");
  await page.keyboard.press("Tab");
  await button(page, "Table settings").and(page.locator(":focus")).waitFor();
  await page.keyboard.press("Control+Enter");
  // A few steps through the form, and one is in the grid.
  for (let at = 0; at < 20 && !(await page.locator('[role="grid"]:focus').count()); at++) await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await dialog(page, "Edit item").waitFor();
  await page.keyboard.press("Escape");
  await dialog(page, "Edit item").waitFor({ state: "detached" });
});

page("When the session ends the page asks to sign in, and goes on where it was", secured, async (page) => {
  await page.goto("/console/policies");
  await page.getByText("Built in").first().waitFor();
  assert.match(await page.title(), /^Policies/);
  await page.context().clearCookies();
  await page.getByRole("navigation").getByRole("link", { name: "Users", exact: true }).click();
  await page.getByText("Your session has ended. Sign in to go on.").waitFor();
  await screenshot(page, "session-ended");
  await textbox(page, "Access key ID").fill(credentials.accessKeyId);
  await page.getByLabel("Secret access key").fill(credentials.secretAccessKey);
  await button(page, "Sign in").click();
  await page.getByRole("heading", { name: /^Users/ }).waitFor();
});

page("An address that is no page leads to the dashboard, and a table that is not there is told", dev, async (page) => {
  await page.goto("/console/no/such/page");
  await page.getByRole("heading", { name: "Dashboard" }).waitFor();
  await page.goto("/console/tables/missing");
  await page.getByText("ResourceNotFoundException").first().waitFor();
  await page.getByText("a table exists in one region only").waitFor();
  await screenshot(page, "table-missing");
});

page("A server that is told to stop lets go of its open pages, and they say so", dev, async (page) => {
  const server = await startServer("--dev");
  const context = await page.context().browser().newContext({ baseURL: server.endpoint });
  try {
    // One page asks for measurements, the other for stream records, all the time.
    const dashboard = await context.newPage();
    await signInAsRoot(dashboard);
    await createTable(dashboard, "followed", { StreamSpecification: { StreamEnabled: true, StreamViewType: "NEW_IMAGE" } });
    const stream = await context.newPage();
    await stream.goto("/console/streams/followed");
    await stream.getByText("Following, 0 records").waitFor();
    const began = Date.now();
    assert.equal(await server.stop(), 0);
    // Without waiting for pages that never stop asking: requests under way get 10 s.
    assert.ok(Date.now() - began < 8000, `it took ${Date.now() - began} ms`);
    await dashboard.getByText("The server does not answer.").first().waitFor();
    await stream.getByText("The server does not answer.").first().waitFor();
  } finally {
    await context.close();
    await server.stop();
  }
});
