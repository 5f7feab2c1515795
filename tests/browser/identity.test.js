import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { button, choose, chooseAll, dialog, textbox, told, whyOff, write } from "./controls.js";
import { accessible, api, createTable, iam, page, screenshot, secured, signInWithKey, signInWithPassword } from "./harness.js";

const account = "000000000000";

page("A user gets a key, shown once, and may do what its policies say", secured, async (page, { endpoint }) => {
  await createTable(page, "allowed");
  await createTable(page, "forbidden");
  await page.goto("/console/users");
  await page.getByRole("button", { name: "Create user" }).first().click();
  const form = dialog(page, "Create user");
  await textbox(form, "User name").fill("not a name");
  await form.getByText("Letters, digits and _ + = , . @ - only.").waitFor();
  await textbox(form, "User name").fill("ann");
  await form.getByRole("checkbox", { name: "Console access" }).check();
  await form.getByLabel("Password", { exact: true }).fill("short");
  await form.getByText("At least 8 characters.").waitFor();
  await form.getByLabel("Password", { exact: true }).fill("only small letters");
  await form.getByText("At least three of: small letters, capital letters, digits, symbols.").waitFor();
  await form.getByLabel("Password", { exact: true }).fill("Ann's long password 1");
  await screenshot(page, "users-create");
  await accessible(page);
  await button(form, "Create user").click();
  const secret = dialog(page, "Access key of ann");
  await secret.getByText("The secret is shown only now.").waitFor();
  const [csv] = await Promise.all([page.waitForEvent("download"), button(secret, "Download CSV").click()]);
  const [, accessKeyId, secretAccessKey] = readFileSync(await csv.path(), "utf8").split("\r\n")[1].split(",");
  assert.equal((await secret.innerText()).includes(secretAccessKey), false, "hidden until asked for");
  await button(secret, "Show").click();
  await secret.getByText(secretAccessKey).waitFor();
  await screenshot(page, "users-secret");
  await button(secret, "I have kept it").click();
  await page.getByRole("heading", { name: "ann", level: 1 }).waitFor();
  await page.getByText(accessKeyId).first().waitFor();
  assert.equal((await page.content()).includes(secretAccessKey), false, "the secret is gone from the page");

  // An inline policy, checked while it is written.
  await button(page, "Write inline policy").click();
  const inline = dialog(page, "Inline policy of ann");
  await textbox(inline, "Name").fill("one-table");
  await write(inline, "Policy document", '{"Version": "2012-10-17", "Statement": [{"Effect": "Alow", "Action": "dynamodb:*", "Resource": "*"}]}');
  await inline.getByText(/1 error/).waitFor();
  await screenshot(page, "policy-linter");
  assert.equal(await button(inline, "Save").isDisabled(), true);
  const table = `arn:aws:dynamodb:us-east-1:${account}:table/allowed`;
  await write(
    inline,
    "Policy document",
    JSON.stringify({
      Version: "2012-10-17",
      Statement: [
        { Effect: "Allow", Action: ["dynamodb:Scan", "dynamodb:Query", "dynamodb:DescribeTable", "dynamodb:PutItem"], Resource: table },
        { Effect: "Allow", Action: "dynamodb:ListTables", Resource: "*" },
      ],
    }),
  );
  await button(inline, "Save").click();
  await told(page, "Saved.");
  await button(page, "one-table").waitFor();
  await screenshot(page, "users-user");
  await accessible(page);

  // The key is deactivated and activated again.
  await button(page, `Deactivate ${accessKeyId}`).click();
  await page.getByText("Inactive").waitFor();
  await button(page, `Activate ${accessKeyId}`).click();
  await button(page, `Deactivate ${accessKeyId}`).waitFor();

  // As ann: what may not be done is off, and says why.
  await api(page, "DELETE", "session");
  await signInWithPassword(page, "ann", "Ann's long password 1");
  await page.goto("/console/tables");
  await whyOff(page, button(page, "Create table"), /not authorized to perform: dynamodb:CreateTable/);
  await screenshot(page, "signed-in-as-user");
  await page.goto("/console/explore/allowed");
  await page.getByText("The table is empty").waitFor();
  await button(page, "Create item").click();
  const item = dialog(page, "Create item");
  await item.getByLabel("Value of id").fill("from ann");
  await button(item, "Create item").click();
  await item.waitFor({ state: "detached" });
  await page.goto("/console/explore/forbidden");
  await page.getByText(/not authorized to perform: dynamodb:DescribeTable/).first().waitFor();
  await screenshot(page, "denied");

  // From the denial to its reason; ann may not ask, root may.
  const message = await page.getByText(/User: arn:aws:iam/).first().innerText();
  await api(page, "DELETE", "session");
  await signInWithKey(page);
  await page.goto("/console/access");
  await page.getByLabel("Error message").fill(message);
  await button(page, "Find out").click();
  await page.getByText("Denied: nothing allows it").waitFor();
  await screenshot(page, "access-denied");
  await accessible(page);
  await textbox(page, "On the resource").fill(table);
  await chooseAll(page, "Actions", "dynamodb:PutItem");
  await button(page, "Find out").click();
  await page.getByText("Allowed", { exact: true }).first().waitFor();
  await page.getByText(/one-table/).first().waitFor();

  // Deleted with all that hangs on it; its key stops working.
  await page.goto("/console/users/ann");
  await button(page, "Delete").first().click();
  const confirm = dialog(page, "Delete ann?");
  await confirm.getByLabel("Type ann to confirm").first().fill("ann");
  await button(confirm, "Delete user").click();
  await page.waitForURL("**/console/users");
  const refused = await fetch(`${endpoint}/console/api/session`, {
    method: "POST",
    headers: { "Content-Type": "application/json", Origin: endpoint },
    body: JSON.stringify({ accessKeyId, secretAccessKey }),
  });
  assert.equal(refused.status, 401);
}, { timeoutMs: 300_000 });

page("Groups have members and policies", secured, async (page) => {
  await iam(page, "CreateUser", { UserName: "bob" });
  await page.goto("/console/groups");
  await screenshot(page, "groups-empty");
  await button(page, "Create group").first().click();
  const form = dialog(page, "Create group");
  await textbox(form, "Group name").fill("readers");
  await button(form, "Create group").click();
  await page.getByRole("link", { name: "readers" }).click();
  await page.getByText("Nobody is in this group").waitFor();
  await button(page, "Add users").click();
  const add = dialog(page, "Add users to readers");
  await chooseAll(add, "Users", "bob");
  await button(add, "Add").click();
  await page.getByRole("link", { name: "bob" }).waitFor();
  await button(page, "Attach policies").click();
  const attach = dialog(page, "Attach policies to readers");
  await chooseAll(attach, "Policies", "AmazonDynamoDBReadOnlyAccess");
  await button(attach, "Attach").click();
  await told(page, "Attached.");
  await page.getByRole("link", { name: "AmazonDynamoDBReadOnlyAccess" }).waitFor();
  await screenshot(page, "groups-group");
  await accessible(page);
  await page.getByRole("link", { name: "bob" }).click();
  await page.getByRole("link", { name: "readers" }).waitFor();
  await page.goto("/console/groups/readers");
  await button(page, "Delete").first().click();
  const confirm = dialog(page, "Delete readers?");
  await confirm.getByLabel("Type readers to confirm").first().fill("readers");
  await button(confirm, "Delete group").click();
  await page.waitForURL("**/console/groups");
  await page.getByText("No groups yet").waitFor();
});

page("A policy has versions, and built-in ones are only shown", secured, async (page) => {
  await page.goto("/console/policies");
  await page.getByText("Built in").first().waitFor();
  await screenshot(page, "policies-list");
  await accessible(page);
  await button(page, "Create policy").first().click();
  const form = dialog(page, "Create policy");
  await textbox(form, "Policy name").fill("shop");
  await textbox(form, "Description").fill("What the shop may do");
  await choose(form, "Ready policies", "One table");
  await screenshot(page, "policies-create");
  await button(form, "Create policy").click();
  await told(page, "shop was created.");
  await page.getByRole("link", { name: "shop", exact: true }).click();
  await page.getByText("What the shop may do").waitFor();
  await write(page, "Policy document", '{"Version": "2012-10-17", "Statement": {"Effect": "Deny", "Action": "dynamodb:DeleteTable", "Resource": "*"}}');
  await button(page, "Save").click();
  await told(page, "Saved as a new version.");
  await choose(page, "Version", "v1");
  await page.getByText("dynamodb:PutItem").first().waitFor();
  await screenshot(page, "policies-policy");
  await accessible(page);
  await page.goto("/console/policies");
  await page.getByRole("link", { name: "AmazonDynamoDBFullAccess", exact: true }).click();
  await page.getByText("A built-in policy; it cannot be changed.").waitFor();
  assert.equal(await button(page, "Save").count(), 0);
});

page("A role is created with its trust policy", secured, async (page) => {
  await page.goto("/console/roles");
  await page.getByText("No roles yet").waitFor();
  await screenshot(page, "roles-empty");
  await button(page, "Create role").first().click();
  const form = dialog(page, "Create role");
  await textbox(form, "Role name").fill("auditor");
  await page.getByRole("spinbutton", { name: "Longest session, in hours" }).fill("2");
  await screenshot(page, "roles-create");
  await button(form, "Create role").click();
  await page.getByRole("heading", { name: "auditor", level: 1 }).waitFor();
  await page.getByText("2 h 0 min").waitFor();
  await button(page, "Attach policies").click();
  const attach = dialog(page, "Attach policies to auditor");
  await chooseAll(attach, "Policies", "AmazonDynamoDBReadOnlyAccess");
  await button(attach, "Attach").click();
  await told(page, "Attached.");
  await screenshot(page, "roles-role");
  await accessible(page);
  await button(page, "What may it do?").click();
  await textbox(page, "On the resource").waitFor();
  await button(page, "Find out").click();
  await page.getByText("Allowed", { exact: true }).first().waitFor();
  await page.getByText("Denied: nothing allows it").first().waitFor();
});

page("The IP allow-list takes networks, and keeps the reader's own in", secured, async (page) => {
  await page.goto("/console/allow-list");
  await page.getByText("The list is empty: every address is allowed.").waitFor();
  await textbox(page, "Add to Allowed addresses").fill("10.0.0.0/99");
  await page.getByText("the prefix length goes from 0 to 32").waitFor();
  await textbox(page, "Add to Allowed addresses").fill("10.0.0.0/8");
  await page.keyboard.press("Enter");
  await button(page, "Add my address (127.0.0.1)").click();
  await screenshot(page, "allow-list");
  await accessible(page);
  await button(page, "Save").click();
  await told(page, "The allow-list is in force.");
  await page.reload();
  await page.getByText("10.0.0.0/8").waitFor();
  await button(page, "Remove 10.0.0.0/8").click();
  await button(page, "Remove 127.0.0.1/32").click();
  await button(page, "Save").click();
  await told(page, "The allow-list is in force.");
  await page.getByText("The list is empty: every address is allowed.").waitFor();
});

page("A user's addresses are limited on its page", secured, async (page) => {
  await iam(page, "CreateUser", { UserName: "carl" });
  await page.goto("/console/users/carl");
  await page.getByText("May come from everywhere.").waitFor();
  await textbox(page, "Add to Addresses").fill("192.0.2.0/24");
  await button(page, "Add").click();
  await button(page, "Save").click();
  await told(page, "Allowed addresses saved.");
  await page.getByRole("button", { name: "armature-allowed-addresses" }).or(page.getByText(/inline policy/)).first().waitFor();
});
