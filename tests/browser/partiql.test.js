import assert from "node:assert/strict";
import { button, choose, dialog, gridHas, gridRow, tab, textbox, told, write } from "./controls.js";
import { accessible, call, createTable, dev, page, putItems, screenshot } from "./harness.js";

const editor = "PartiQL statements";

page("Statements are completed, explained, run and remembered", dev, async (page) => {
  await createTable(page, "planets");
  await putItems(page, "planets", 8, (n) => ({ id: { S: `planet-${n}` }, moons: { N: String(n * n) }, kind: { S: n % 2 ? "rock" : "gas" } }));
  await page.goto("/console/partiql");
  await page.getByText("Nothing was run yet").waitFor();
  await page.getByRole("textbox", { name: editor, exact: true }).click();
  await page.keyboard.type('SELECT * FROM "pla');
  await page.getByRole("option", { name: /planets/ }).first().waitFor();
  await screenshot(page, "partiql-completion");
  await write(page, editor, 'SELECT * FROM "planets"');
  await page.getByText(/scan|every item/i).first().waitFor();
  await page.keyboard.press("Control+Enter");
  await gridHas(page, "Result", 8);
  await screenshot(page, "partiql-result");
  await accessible(page);

  // As JSON and as a chart.
  await button(page, "DynamoDB JSON").click();
  await page.getByLabel("result", { exact: true }).getByText('"moons"').first().waitFor();
  await button(page, "Chart").click();
  await choose(page, "Along", "kind");
  await page.getByRole("application").or(page.locator("svg[aria-label], [role='img']")).first().waitFor();
  await screenshot(page, "partiql-chart");
  await accessible(page);
  await button(page, "Table").click();

  // With parameters.
  await write(page, editor, 'SELECT * FROM "planets" WHERE id = ?');
  await textbox(page, "Parameter 1").fill("planet-3");
  await button(page, "Run").click();
  await gridHas(page, "Result", 1);
  assert.equal((await gridRow(page, "Result", 0)).moons, "9");

  // Several statements; a wrong one is told.
  await write(page, editor, `INSERT INTO "planets" VALUE {'id': 'new', 'moons': 0}; UPDATE "planets" SET moons = 1 WHERE id = 'new';`);
  await button(page, "Run 2 statements").click();
  await page.getByText(/^UPDATE .*items?$/).waitFor();
  assert.deepEqual((await call(page, "GetItem", { TableName: "planets", Key: { id: { S: "new" } } })).Item.moons, { N: "1" });
  await write(page, editor, "SELEC * FROM planets");
  await button(page, "Run").click();
  await page.getByText("ValidationException").first().waitFor();
  await screenshot(page, "partiql-error");

  // What was run can be taken up again, after a reload too.
  await page.reload();
  await tab(page, /^History/);
  await screenshot(page, "partiql-history");
  await page.getByRole("button", { name: 'SELECT * FROM "planets" WHERE id = ?' }).click();
  assert.match(await page.getByRole("textbox", { name: editor, exact: true }).innerText(), /WHERE id = \?/);
});

page("A statement with variables is saved, and run again with other values", dev, async (page) => {
  await createTable(page, "crew");
  await putItems(page, "crew", 5, (n) => ({ id: { S: `crew-${n}` }, age: { N: String(20 + n) } }));
  await page.goto("/console/partiql");
  await write(page, editor, 'SELECT * FROM "crew" WHERE id = {{who}}');
  await button(page, "Run").click();
  await page.getByText(/need a value: who|A value is needed/).first().waitFor();
  await textbox(page, "Value of who").fill("crew-2");
  await button(page, "Run").click();
  await gridHas(page, "Result", 1);
  // A value is bound, not pasted.
  await textbox(page, "Value of who").fill("x' OR id > 'a");
  await button(page, "Run").click();
  await page.getByText("No items").waitFor();
  await page.getByRole("textbox", { name: editor, exact: true }).click();
  await page.keyboard.press("Control+S");
  const save = dialog(page, "Save query");
  await textbox(save, "Name").fill("one of the crew");
  await textbox(save, "Folder").fill("ships");
  await button(save, "Save").click();
  await told(page, '"one of the crew" is saved.');

  await page.goto("/console/queries");
  await screenshot(page, "queries-list");
  await accessible(page);
  await page.getByRole("link", { name: "one of the crew" }).click();
  await textbox(page, "Value of who").fill("crew-4");
  await page.keyboard.press("Control+Enter");
  await gridHas(page, "Result", 1);
  assert.equal((await gridRow(page, "Result", 0)).age, "24");
  await screenshot(page, "queries-run");
  await button(page, "Show as code").click();
  await dialog(page, "As code").getByText("execute-statement").waitFor();
});

page("A request with variables is saved, exported, deleted and imported", dev, async (page) => {
  await createTable(page, "cargo");
  await putItems(page, "cargo", 3, (n) => ({ id: { S: `box-${n}` }, weight: { N: `9007199254740993.${n + 1}` } }));
  await page.goto("/console/queries/new");
  await write(page, "Query", '{"TableName": "cargo", "KeyConditionExpression": "id = {{box}}", "FilterExpression": "weight > {{least}}"}');
  await choose(page, "Type of least", "Number");
  await textbox(page, "Value of box").fill("box-1");
  await textbox(page, "Value of least").fill("9007199254740993.1");
  await button(page, "Run Query").click();
  await gridHas(page, "Result", 1);
  await button(page, "Save").click();
  const save = dialog(page, "Save query");
  await textbox(save, "Name").fill("heavy boxes");
  await button(save, "Save").click();
  await told(page, '"heavy boxes" is saved.');
  await page.goto("/console/queries");
  const [file] = await Promise.all([page.waitForEvent("download"), button(page, "Export").click()]);
  await button(page, "Delete heavy boxes").click();
  await button(dialog(page, 'Delete "heavy boxes"?'), "Delete query").click();
  await page.getByRole("link", { name: "heavy boxes" }).waitFor({ state: "detached" });
  await page.locator('input[type="file"]').setInputFiles(await file.path());
  await told(page, /imported\.$/);
  await page.getByRole("link", { name: "heavy boxes" }).first().click();
  await textbox(page, "Value of box").waitFor();
});

page("Numbers in a saved request keep their digits", dev, async (page) => {
  await page.goto("/console/queries/new");
  await choose(page, "Operation", "PutItem");
  await write(page, "Query", '{"TableName": "any", "Item": {"id": "x", "n": 12345678901234567890123456789012345678}}');
  await button(page, "Save").click();
  const save = dialog(page, "Save query");
  await textbox(save, "Name").fill("long number");
  await button(save, "Save").click();
  await told(page, '"long number" is saved.');
  await page.reload();
  const text = page.getByRole("textbox", { name: "Query", exact: true });
  await text.getByText("12345678901234567890123456789012345678").waitFor();
});
