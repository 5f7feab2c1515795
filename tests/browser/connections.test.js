import assert from "node:assert/strict";
import { button, choose, dialog, gridHas, textbox, told, whyOff } from "./controls.js";
import { accessible, api, credentials, dev, endpointOf, iam, page, screenshot, secured } from "./harness.js";

async function fillIn(page, { name, endpoint, key = credentials.accessKeyId, secret = credentials.secretAccessKey, region }) {
  await textbox(page, "Name").fill(name);
  await textbox(page, "Endpoint URL").fill(endpoint);
  await textbox(page, "AWS access key").fill(key);
  await page.getByLabel("AWS secret key", { exact: true }).fill(secret);
  if (region) await page.getByLabel("AWS region", { exact: true }).fill(region);
}

page("A connection is filled in, tested step by step, saved and worked with", secured, async (page) => {
  const other = await endpointOf(dev);
  await page.goto("/console/connections");
  await page.getByText("No connections yet").waitFor();
  await screenshot(page, "connections-empty");
  await button(page, "New connection").first().click();

  // What is wrong is told at its field; nothing is tested before it is right.
  await textbox(page, "Endpoint URL").fill("localhost:8000");
  await page.getByText(/It begins with http|Write it as http/).first().waitFor();
  await textbox(page, "Role to assume (ARN)").fill("my-role");
  await page.getByText("Write it as arn:aws:iam::123456789012:role/RoleName.").waitFor();
  await textbox(page, "Role to assume (ARN)").fill("");
  await button(page, "Test connection").click();
  await page.getByText("The access key is missing.").first().waitFor();
  await screenshot(page, "connections-errors");

  await fillIn(page, { name: "other", endpoint: other, region: "eu-west-1" });
  await choose(page, "Environment", "Production");
  await choose(page, "User role", "Administrator");
  await button(page, "Add option").click();
  await page.getByLabel("Key of option 1").fill("requestTimeoutMs");
  await page.getByLabel("Value of option 1").fill("soon");
  await page.getByText("requestTimeoutMs is a whole number.").first().waitFor();
  await page.getByLabel("Value of option 1").fill("5000");
  await button(page, "Test connection").click();
  await page.getByText("Passed").first().waitFor();
  await screenshot(page, "connections-tested");
  await accessible(page);
  await button(page, "Save").click();
  await told(page, "other is saved.");
  await screenshot(page, "connections-list");
  await accessible(page);

  // The secret does not come back.
  const { body } = await api(page, "GET", "connections/other");
  assert.equal(JSON.stringify(body).includes(credentials.secretAccessKey), false);
  assert.equal(body.secretSet, true);

  // All pages work there: a table is made through it, in its region.
  await button(page, "Work on other").click();
  await page.getByText("Production: other").waitFor();
  await button(page, "Create table").first().click();
  await textbox(page, "Table name").fill("remote");
  await textbox(page, "Partition key").fill("id");
  await button(page, "Create table").click();
  await told(page, "remote was created.");
  await button(page, "Explore items").click();
  await button(page, "Create item").click();
  const editor = dialog(page, "Create item");
  await editor.getByLabel("Value of id").fill("far away");
  await button(editor, "Create item").click();
  await gridHas(page, "Items of remote", 1);
  await screenshot(page, "connections-explore");
  await accessible(page);

  // Read-only: writing is off, and says so.
  await page.goto("/console/connections/other");
  await page.getByRole("checkbox", { name: "Read-only" }).check();
  await button(page, "Save").click();
  await told(page, "other is saved.");
  await page.goto("/console/explore/remote");
  await gridHas(page, "Items of remote", 1);
  await whyOff(page, button(page, "Create item"), "The connection other is read-only.");

  // Deleted while in use: back to this server.
  await page.goto("/console/connections");
  await button(page, "Delete other").click();
  await button(dialog(page, "Delete the connection other?"), "Delete connection").click();
  await page.getByText("No connections yet").waitFor();
  await button(page, "This server").waitFor();
}, { timeoutMs: 300_000 });

page("A failing test says what failed and what to do, and the connection can be saved anyway", secured, async (page, { endpoint }) => {
  await page.goto("/console/connections/new");
  await fillIn(page, { name: "wrong-secret", endpoint, secret: "not-the-secret" });
  await button(page, "Save").click();
  await page.getByText("Failed", { exact: true }).first().waitFor();
  await screenshot(page, "connections-failed");
  await button(page, "Save anyway").click();
  await told(page, "wrong-secret is saved.");
  await button(page, "Test wrong-secret").click();
  await page.getByText("Failed", { exact: true }).first().waitFor();
  await button(page, "Delete wrong-secret").click();
  await button(page.getByRole("dialog"), "Delete connection").click();
});

page("A connection assumes a role", secured, async (page, { endpoint }) => {
  const trust = { Version: "2012-10-17", Statement: [{ Effect: "Allow", Principal: { AWS: "arn:aws:iam::000000000000:root" }, Action: "sts:AssumeRole" }] };
  await iam(page, "CreateRole", { RoleName: "visitor", AssumeRolePolicyDocument: JSON.stringify(trust) });
  await iam(page, "AttachRolePolicy", { RoleName: "visitor", PolicyArn: "arn:aws:iam::aws:policy/AmazonDynamoDBReadOnlyAccess" });
  await iam(page, "CreateUser", { UserName: "traveller" });
  const policy = { Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: "sts:AssumeRole", Resource: "*" }] };
  await iam(page, "PutUserPolicy", { UserName: "traveller", PolicyName: "assume", PolicyDocument: JSON.stringify(policy) });
  const { body } = await api(page, "POST", "query-protocol", { service: "iam", action: "CreateAccessKey", parameters: { UserName: "traveller" } });
  const key = body.xml.match(/<AccessKeyId>(.*?)</)[1];
  const secret = body.xml.match(/<SecretAccessKey>(.*?)</)[1];

  await page.goto("/console/connections/new");
  await fillIn(page, { name: "as-visitor", endpoint, key, secret });
  await textbox(page, "Role to assume (ARN)").fill("arn:aws:iam::000000000000:role/visitor");
  await choose(page, "User role", "Viewer");
  await button(page, "Test connection").click();
  await page.getByText("Passed").first().waitFor();
  await screenshot(page, "connections-role");
  await button(page, "Save").click();
  await told(page, "as-visitor is saved.");
  await button(page, "Work on as-visitor").click();
  await whyOff(page, button(page, "Create table"), "The connection as-visitor is for viewers, who may only read.");
  await iam(page, "DetachRolePolicy", { RoleName: "visitor", PolicyArn: "arn:aws:iam::aws:policy/AmazonDynamoDBReadOnlyAccess" });
  await iam(page, "DeleteRole", { RoleName: "visitor" });
  await api(page, "DELETE", "connections/as-visitor");
});
