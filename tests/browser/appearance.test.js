// Every page in light and dark, and on a phone.
import assert from "node:assert/strict";
import { button } from "./controls.js";
import { accessible, call, createTable, dev, iam, page, putItems, screenshot } from "./harness.js";

const pages = [
  ["dashboard", "/console/"],
  ["tables", "/console/tables"],
  ["create-table", "/console/tables/new"],
  ["table", "/console/tables/looks"],
  ["table-indexes", "/console/tables/looks?tab=indexes"],
  ["table-metrics", "/console/tables/looks?tab=metrics"],
  ["table-settings", "/console/tables/looks?tab=settings"],
  ["table-stream", "/console/tables/looks?tab=stream"],
  ["table-tags", "/console/tables/looks?tab=tags"],
  ["explore", "/console/explore/looks"],
  ["partiql", "/console/partiql?table=looks"],
  ["queries", "/console/queries"],
  ["query", "/console/queries/new"],
  ["streams", "/console/streams/looks"],
  ["connections", "/console/connections"],
  ["connection", "/console/connections/new"],
  ["users", "/console/users"],
  ["user", "/console/users/looker"],
  ["groups", "/console/groups"],
  ["roles", "/console/roles"],
  ["policies", "/console/policies"],
  ["policy", `/console/policies/${encodeURIComponent("arn:aws:iam::aws:policy/AmazonDynamoDBReadOnlyAccess")}`],
  ["access", "/console/access"],
  ["allow-list", "/console/allow-list"],
];

async function stage(page) {
  const { TableNames: names } = await call(page, "ListTables", {});
  if (names.includes("looks")) return;
  await createTable(page, "looks", { StreamSpecification: { StreamEnabled: true, StreamViewType: "NEW_AND_OLD_IMAGES" } });
  await putItems(page, "looks", 40, (n) => ({
    id: { S: `item-${n}` }, price: { N: `${n}.50` }, sold: { BOOL: n % 2 === 0 }, tags: { SS: ["new", "sale"] }, size: { M: { width: { N: "3" } } }, note: { S: `Something about item ${n}` },
  }));
  await iam(page, "CreateUser", { UserName: "looker" });
}

// The page is there: its heading, and nothing loading any more.
async function settled(page) {
  await page.getByRole("heading", { level: 1 }).first().waitFor();
  await page.waitForLoadState("networkidle");
  const loading = page.getByText("Loading", { exact: true });
  while ((await loading.count()) > 0) await loading.first().waitFor({ state: "detached" });
}

for (const theme of ["light", "dark"]) {
  page(`Every page is accessible in ${theme} mode`, dev, async (page) => {
    await stage(page);
    await page.evaluate((chosen) => localStorage.setItem("armature.theme", chosen), theme);
    const found = [];
    for (const [name, path] of pages) {
      await page.goto(path);
      await settled(page);
      await screenshot(page, `${theme}-${name}`);
      await accessible(page).catch((error) => found.push(`${name}: ${error.message}`));
    }
    assert.deepEqual(found, []);
  }, { timeoutMs: 600_000 });
}

page("The appearance follows the choice, and is remembered", dev, async (page) => {
  const dark = () => page.evaluate(() => document.body.classList.contains("awsui-dark-mode"));
  await button(page, "root").click();
  await page.getByRole("menuitem", { name: "Dark" }).click();
  await page.waitForFunction(() => document.body.classList.contains("awsui-dark-mode"));
  await page.reload();
  await page.getByRole("heading", { level: 1 }).first().waitFor();
  assert.equal(await dark(), true);
});

page("On a phone no page is wider than the screen, and the navigation is at hand", dev, async (page) => {
  await stage(page);
  const wide = [];
  for (const [name, path] of pages) {
    await page.goto(path);
    await settled(page);
    const { scroll, client } = await page.evaluate(() => ({ scroll: document.documentElement.scrollWidth, client: document.documentElement.clientWidth }));
    if (scroll > client) wide.push(`${name}: ${scroll} px`);
    await screenshot(page, `phone-${name}`);
  }
  assert.deepEqual(wide, []);
  await page.goto("/console/tables");
  await settled(page);
  await page.getByRole("button", { name: /open navigation|Open navigation drawer|Navigation/i }).first().click();
  await page.getByRole("link", { name: "Streams", exact: true }).click();
  await page.waitForURL("**/console/streams");
}, { timeoutMs: 600_000, context: { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true } });
