// What has to stay quick: the first page, and a table of a hundred thousand items. Times are printed, never judged.
import assert from "node:assert/strict";
import { button, gridHas } from "./controls.js";
import { createTable, dev, page, rawCall, screenshot } from "./harness.js";

const count = Number(process.env.ARMATURE_LARGE_ITEMS ?? 100_000);

page("The first page is less than 500 KB to load", dev, async (page) => {
  const session = await page.context().newCDPSession(page);
  await session.send("Network.enable");
  await session.send("Network.setCacheDisabled", { cacheDisabled: true });
  let bytes = 0;
  session.on("Network.loadingFinished", ({ encodedDataLength }) => (bytes += encodedDataLength));
  const started = performance.now();
  await page.goto("/console/");
  await page.getByRole("heading", { name: "Dashboard" }).waitFor();
  const shown = performance.now() - started;
  await page.waitForLoadState("networkidle");
  console.log(`# the first page: ${Math.round(bytes / 1000)} KB, shown after ${Math.round(shown)} ms`);
  assert.ok(bytes > 50_000, "something was loaded");
  assert.ok(bytes < 500_000, `${bytes} bytes`);
});

page(`A table of ${count} items is scrolled with few rows in the page`, dev, async (page, { endpoint }) => {
  await createTable(page, "large");
  const batches = Array.from({ length: count / 25 }, (_, batch) => batch);
  const writer = async () => {
    for (let batch = batches.pop(); batch !== undefined; batch = batches.pop()) {
      const requests = Array.from({ length: 25 }, (_, at) => {
        const n = batch * 25 + at;
        return { PutRequest: { Item: { id: { S: `item-${n}` }, n: { N: String(n) }, name: { S: `The name of item ${n}` }, flag: { BOOL: n % 2 === 0 } } } };
      });
      await rawCall(endpoint, "BatchWriteItem", { RequestItems: { large: requests } });
    }
  };
  await Promise.all(Array.from({ length: 8 }, writer));
  await page.goto("/console/explore/large");
  await gridHas(page, "Items of large", 100);
  const started = performance.now();
  await button(page, "Load all").click();
  await page.locator(`[role="grid"][aria-rowcount="${count + 1}"]`).waitFor({ timeout: 120_000 });
  console.log(`# ${count} items loaded in ${Math.round(performance.now() - started)} ms`);

  const { frames, rows } = await page.getByRole("grid").evaluate(async (grid) => {
    const frames = [];
    let rows = 0;
    let last = await new Promise(requestAnimationFrame);
    for (let step = 0; step < 240; step++) {
      // A wheel's turn at first, then leaps.
      grid.scrollTop += step < 120 ? 240 : grid.scrollHeight / 150;
      const now = await new Promise(requestAnimationFrame);
      frames.push(now - last);
      last = now;
      rows = Math.max(rows, grid.querySelectorAll(".row").length);
    }
    return { frames: frames.sort((a, b) => a - b), rows };
  });
  const at = (share) => frames[Math.floor(frames.length * share)].toFixed(1);
  console.log(`# frames while scrolling: median ${at(0.5)} ms, 95% ${at(0.95)} ms, longest ${frames.at(-1).toFixed(1)} ms; ${rows} rows in the page`);
  assert.ok(rows > 5 && rows < 100, `${rows} rows are in the page`);
  await page.getByRole("grid").press("Control+End");
  await page.locator(`[aria-rowindex="${count + 1}"]`).waitFor();
  await screenshot(page, "large");
}, { timeoutMs: 600_000 });
