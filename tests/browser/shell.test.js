// What is around every page: the palette, the session, the places to work at.
import assert from "node:assert/strict";
import { button, dialog, textbox } from "./controls.js";
import { accessible, createTable, credentials, dev, page, screenshot, secured } from "./harness.js";

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
