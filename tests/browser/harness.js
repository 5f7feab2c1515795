// What browser tests share: two servers, one browser, and the checks every page has to pass.
//
//   import { page, dev, screenshot, accessible } from "./harness.js";
//   page("Tables can be made", dev, async (page) => {
//     await page.goto("/console/tables");
//     ...
//     await screenshot(page, "tables");
//     await accessible(page);
//   });
//
// A test fails when its page throws, logs an error, breaks the content policy, asks another host for anything, or gets a
// 5xx. ARMATURE_BINARY names the server; HEADFUL=1 shows the browser; screenshots go to build/screenshots.
import assert from "node:assert/strict";
import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";
import { credentials, startServer } from "../js/server.js";

export { credentials };

const root = resolve(dirname(fileURLToPath(import.meta.url)), "../..");
const screenshots = join(root, "build/screenshots");
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const timeoutMs = 30_000; // Of one step; a machine that has much else to do needs long for a page.

let browser;
const servers = new Map();

// The servers a test may ask for: one that takes anybody for root, and one that asks for credentials.
export const dev = { name: "dev", options: ["--dev"], signIn: signInAsRoot };
export const secured = { name: "secured", options: [], signIn: signInWithKey };

async function start(kind) {
  if (!servers.has(kind.name)) servers.set(kind.name, startServer(...kind.options));
  return servers.get(kind.name);
}

export async function endpointOf(kind) {
  return (await start(kind)).endpoint;
}

async function launched() {
  browser ??= await chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    headless: !process.env.HEADFUL,
    // It ends with this process. Its own way with signals ends the browser and lets the run go on without one.
    handleSIGINT: false,
    handleSIGTERM: false,
    handleSIGHUP: false,
    args: [
      "--no-sandbox",
      "--disable-dev-shm-usage", // Containers give it 64 MB.
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
  return browser;
}

after(async () => {
  await browser?.close();
  for (const server of servers.values()) await (await server).stop();
});

// Collects what must not happen while a page is open. `expected`: patterns of messages that a test provokes.
function watch(page, endpoint) {
  const problems = [];
  const expected = [];
  const note = (problem) => {
    if (!expected.some((pattern) => pattern.test(problem))) problems.push(problem);
  };
  page.on("pageerror", (error) => note(`uncaught: ${error.stack ?? error}`));
  page.on("console", (message) => {
    // A status the page handles is written to the console by the browser, not by the page.
    if (message.type() === "error" && !message.text().startsWith("Failed to load resource")) note(message.text());
  });
  page.on("request", (request) => {
    const url = request.url();
    if (!url.startsWith(endpoint) && !url.startsWith("data:") && !url.startsWith("blob:")) note(`asked for ${url}`);
  });
  page.on("response", (response) => {
    if (response.status() >= 500) note(`${response.status()} from ${response.url()}`);
  });
  return { problems, expect: (pattern) => expected.push(pattern) };
}

// A test with a page of its own, signed in to the server of `kind` unless options.signedIn is false. `body` gets the page
// and { endpoint, expectProblem(pattern) }.
export function page(name, kind, body, options = {}) {
  test(name, { timeout: options.timeoutMs ?? 180_000 }, async () => {
    const { endpoint } = await start(kind);
    const context = await (await launched()).newContext({
      baseURL: endpoint,
      viewport: { width: 1280, height: 900 },
      acceptDownloads: true,
      permissions: ["clipboard-read", "clipboard-write"],
      ...options.context,
    });
    context.setDefaultTimeout(timeoutMs);
    const opened = await context.newPage();
    const watched = watch(opened, endpoint);
    try {
      if (options.signedIn !== false) await kind.signIn(opened);
      await body(opened, { endpoint, expectProblem: watched.expect });
      assert.deepEqual(watched.problems, [], "the page had problems");
    } catch (error) {
      const file = await screenshot(opened, `failed-${name.toLowerCase().replace(/[^a-z0-9]+/g, "-")}`).catch(() => "none");
      error.message += `\n  screenshot: ${file}\n  page: ${opened.url()}`;
      if (watched.problems.length > 0) error.message += `\n  problems: ${watched.problems.join("\n    ")}`;
      throw error;
    } finally {
      await context.close();
    }
  });
}

// The whole page as build/screenshots/NAME.png.
export async function screenshot(page, name) {
  mkdirSync(screenshots, { recursive: true });
  const file = join(screenshots, `${name}.png`);
  // The browser's own way to a full page makes it narrow for a moment, and the navigation closes.
  const { width, height } = page.viewportSize();
  const whole = await page.evaluate(() => document.documentElement.scrollHeight);
  if (whole > height) await page.setViewportSize({ width, height: Math.min(whole, 6000) });
  await page.screenshot({ path: file, animations: "disabled" });
  if (whole > height) await page.setViewportSize({ width, height });
  return file;
}

// Fails on what keeps people from using the page: axe-core's rules of WCAG 2.1, levels A and AA.
export async function accessible(page, { except = [] } = {}) {
  // The content policy forbids scripts in the page; what the debugger evaluates is not under it.
  await page.evaluate(axe);
  const violations = await page.evaluate(async (disabled) => {
    const rules = Object.fromEntries(disabled.map((rule) => [rule, { enabled: false }]));
    const result = await window.axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"], rules });
    return result.violations.map(({ id, help, nodes }) => ({ id, help, where: nodes.slice(0, 5).map((n) => n.html) }));
  }, except);
  assert.deepEqual(violations, [], "the page has accessibility violations");
}

export async function signInAsRoot(page) {
  await page.goto("/console/");
  await page.getByRole("button", { name: "Continue as root" }).click();
  await page.getByRole("button", { name: "Continue as root" }).waitFor({ state: "detached" });
}

export async function signInWithKey(page, key = credentials) {
  await page.goto("/console/");
  await page.getByLabel("Access key ID").fill(key.accessKeyId);
  await page.getByLabel("Secret access key").fill(key.secretAccessKey);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByLabel("Secret access key").waitFor({ state: "detached" });
}

// Calls the console's API as the page would, for setting a stage: api(page, "POST", "call", {...}).
export async function api(page, method, path, body) {
  return page.evaluate(
    async ({ method, path, body }) => {
      const session = await (await fetch("/console/api/session")).json();
      const response = await fetch(`/console/api/${path}`, {
        method,
        headers: { "Content-Type": "application/json", "X-CSRF-Token": session.csrfToken ?? "" },
        body: body === undefined ? undefined : JSON.stringify(body),
      });
      const text = await response.text();
      return { status: response.status, body: text === "" ? null : JSON.parse(text) };
    },
    { method, path, body },
  );
}

// A DynamoDB operation as the signed-in principal; returns its output.
export async function call(page, operation, input, more = {}) {
  const { status, body } = await api(page, "POST", "call", { service: "dynamodb", operation, input, ...more });
  assert.equal(status, 200, JSON.stringify(body));
  assert.equal(body.ok, true, JSON.stringify(body.error));
  return body.output;
}

// A table with the partition key `id` (S), and whatever `more` adds to CreateTable's input.
export async function createTable(page, name, more = {}) {
  await call(page, "CreateTable", {
    TableName: name,
    AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" }],
    KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
    BillingMode: "PAY_PER_REQUEST",
    ...more,
  });
}

// `count` items of what `make` gives for 0, 1, 2, ...
export async function putItems(page, table, count, make) {
  for (let from = 0; from < count; from += 25) {
    const requests = Array.from({ length: Math.min(25, count - from) }, (_, at) => ({ PutRequest: { Item: make(from + at) } }));
    const { UnprocessedItems: left } = await call(page, "BatchWriteItem", { RequestItems: { [table]: requests } });
    assert.deepEqual(left ?? {}, {});
  }
}

// An IAM call as the signed-in principal.
export async function iam(page, action, parameters) {
  const { status, body } = await api(page, "POST", "query-protocol", { service: "iam", action, parameters });
  assert.equal(status, 200, JSON.stringify(body));
  assert.equal(body.ok, true, body.xml);
}

export async function signInWithPassword(page, userName, password) {
  await page.goto("/console/");
  await page.getByRole("button", { name: "User and password" }).click();
  await page.getByLabel("User name").fill(userName);
  await page.getByLabel("Password", { exact: true }).fill(password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByLabel("User name").waitFor({ state: "detached" });
}

// A DynamoDB operation at a development server, which takes any signature: for many of them.
export async function rawCall(endpoint, operation, input) {
  const response = await fetch(endpoint, {
    method: "POST",
    headers: {
      "Content-Type": "application/x-amz-json-1.0",
      "X-Amz-Target": `DynamoDB_20120810.${operation}`,
      "X-Amz-Date": new Date().toISOString().replace(/[-:]|\.\d+/g, ""),
      Authorization: "AWS4-HMAC-SHA256 Credential=any/20260101/us-east-1/dynamodb/aws4_request, SignedHeaders=host, Signature=any",
    },
    body: JSON.stringify(input),
  });
  const text = await response.text();
  assert.equal(response.status, 200, text);
  return JSON.parse(text);
}
