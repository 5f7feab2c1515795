import assert from "node:assert/strict";
import { accessible, api, credentials, dev, page, screenshot, secured, signInWithKey } from "./harness.js";

page(
  "Signing in takes a key pair, and a wrong secret is refused",
  secured,
  async (page) => {
    await page.goto("/console/");
    await page.getByLabel("Access key ID").fill(credentials.accessKeyId);
    await page.getByLabel("Secret access key").fill("not the secret");
    await screenshot(page, "sign-in");
    await accessible(page);
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.getByText("These credentials do not sign in here.").first().waitFor();

    await signInWithKey(page);
    const session = await api(page, "GET", "session");
    assert.equal(session.body.principal.kind, "root");
  },
  { signedIn: false },
);

page("The dashboard shows the server's state", secured, async (page) => {
  await page.goto("/console/");
  await page.getByRole("heading", { level: 1 }).first().waitFor();
  await screenshot(page, "dashboard");
  await accessible(page);
});

page("Scripts cannot read the session cookie", secured, async (page) => {
  assert.equal(await page.evaluate(() => document.cookie), "");
  const cookies = await page.context().cookies();
  assert.deepEqual(
    cookies.map(({ name, httpOnly, sameSite, path }) => ({ name, httpOnly, sameSite, path })),
    [{ name: "armature_session", httpOnly: true, sameSite: "Strict", path: "/console" }],
  );
});

page("After signing out the console asks for credentials again", secured, async (page, { endpoint }) => {
  const cookie = (await page.context().cookies())[0];
  assert.equal((await api(page, "DELETE", "session")).status, 204);
  await page.goto("/console/");
  await page.getByLabel("Access key ID").waitFor();
  const replayed = await fetch(`${endpoint}/console/api/session`, { headers: { Cookie: `armature_session=${cookie.value}` } });
  assert.equal(replayed.status, 401, "the cookie of an ended session still works");
});

page("A development server lets everybody in", dev, async (page) => {
  const session = await api(page, "GET", "session");
  assert.equal(session.body.consoleRole, "admin");
});
