// SPDX-License-Identifier: Apache-2.0
// Passwords, sign-ins and their links: what ends what.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { OwnServer } from "../world.mjs";

const own = "a password of my own";
const next = "another of my own choice";

/** Makes an account, and signs the browser in with it. */
async function person(visit, email, displayName) {
  await visit.signIn();
  await visit.api("POST", "/_apis/latchkey/users", { email, displayName, password: own, organization: visit.server.organization, role: "contributor" });
  await visit.context.clearCookies();
  await visit.signIn(visit.context, email, own);
}

const sessions = (visit) => `/${visit.server.organization}/_usersSettings/sessions`;

/** Whether a browser is still signed in. */
async function signedIn(visit, context) {
  return (await context.request.get(`${visit.server.url}/_session`)).status() === 200;
}

export default {
  async "a password that the command line made is replaced at the first sign-in"(visit) {
    const { page } = visit;
    const { user, password, stopped } = visit.server;
    const server = new OwnServer(stopped.command);
    await server.run("reset-password", "--data", stopped.data, "--user", user);
    const first = readFileSync(`${stopped.data}/initial-password`, "utf8").trim();
    await server.start();
    try {
      visit.server = { ...visit.server, url: server.url };
      visit.expect(/status of 40[13]/);
      await visit.go(`/_signin?to=${encodeURIComponent(sessions(visit))}`);
      await page.getByLabel("Email").fill(user);
      await page.getByLabel(/^Password/).fill(first);
      await visit.button("Sign in").click();
      await page.getByRole("heading", { name: "Choose your own password" }).waitFor();
      const field = page.getByLabel(/^New password/);
      for (const [typed, fault] of [["short", "Use at least 12 characters."], [first, "Choose another password than the one you have."]]) {
        await field.fill(typed);
        await visit.button("Save and sign in").click();
        await page.getByText(fault).waitFor();
      }
      await field.fill(password);
      await visit.button("Save and sign in").click();
      await page.getByRole("heading", { name: "Sign-in and sessions" }).waitFor();

      const theirs = await visit.another();
      const refused = await theirs.request.post(`${server.url}/_session`, { data: { user, password: first } });
      assert.equal(refused.status(), 401, "it was good for replacing it alone");
      await visit.signIn(theirs);
    } finally {
      await server.kill();
    }
  },

  async "a new password ends every other sign-in, and the old one"(visit) {
    const { page, server } = visit;
    await person(visit, "changes@example.com", "Changes Password");
    const laptop = await visit.another();
    await visit.signIn(laptop, "changes@example.com", own);
    const token = await visit.createToken("Outlives the password");
    await visit.go(sessions(visit));
    visit.expect(/status of 400/);
    await page.getByLabel(/^Current password/).fill("not this one at all");
    await page.getByLabel(/^New password/).fill(next);
    await visit.button("Change password").click();
    await page.getByText("The current password is not right.").waitFor();
    assert.equal(await page.getByLabel(/^New password/).inputValue(), next, "what was typed is kept");
    assert.ok(await signedIn(visit, laptop), "nothing has ended yet");

    await page.getByLabel(/^Current password/).fill(own);
    await visit.button("Change password").click();
    await page.getByText("Your password is changed. All other sign-ins have ended.").waitFor();
    await page.getByRole("button", { name: /^End the sign-in of/ }).waitFor({ state: "detached" });
    assert.ok(!(await signedIn(visit, laptop)));
    assert.ok(await signedIn(visit, visit.context), "this browser stays signed in");
    const again = await laptop.request.post(`${server.url}/_session`, { data: { user: "changes@example.com", password: own } });
    assert.equal(again.status(), 401);
    const { value } = await visit.api("GET", `/${server.organization}/_apis/latchkey/tokens?q=Outlives`);
    assert.deepEqual(value.map(({ id, status }) => [id, status]), [[token.authorizationId, "active"]]);
  },

  async "one sign-in of the list is ended, and then all others"(visit) {
    const { page } = visit;
    await person(visit, "ends@example.com", "Ends Sign-ins");
    const agents = ["git/2.39.5", "curl/7.88.1", "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Mobile Safari/604.1"];
    const others = [];
    for (const userAgent of agents) {
      const context = await visit.another({ userAgent });
      await visit.signIn(context, "ends@example.com", own);
      others.push(context);
    }
    await visit.go(sessions(visit));
    const ends = page.getByRole("button", { name: /^End the sign-in of/ });
    assert.equal(await ends.count(), 3);
    await page.getByRole("button", { name: /^End the sign-in of curl/ }).click();
    await page.waitForFunction(() => document.querySelectorAll("[aria-label^='End the sign-in of']").length === 2);
    assert.deepEqual(await Promise.all(others.map((other) => signedIn(visit, other))), [true, false, true]);
    await visit.button("End all others").click();
    await visit.button("End all others").waitFor({ state: "detached" });
    assert.deepEqual(await Promise.all(others.map((other) => signedIn(visit, other))), [false, false, false]);
    assert.ok(await signedIn(visit, visit.context));
  },

  async "a new invitation link takes the place of the one before"(visit) {
    const { page, server } = visit;
    await visit.signIn();
    const { invitation } = await visit.api("POST", "/_apis/latchkey/users", { email: "late@example.com", displayName: "Late Comer", organization: server.organization, role: "reader" });
    await visit.go(`/${server.organization}/_settings/users?q=late@`);
    await visit.button("Actions for Late Comer").click();
    await page.getByRole("menuitem", { name: "New invitation link" }).click();
    await page.getByText("A link that was made before no longer works.").waitFor();
    const link = (await page.locator(".link-box").textContent()).trim();
    assert.notEqual(link, invitation.url);
    await visit.button("Done").click();
    await visit.closed();
    assert.ok(!(await page.content()).includes(link.split("#")[1]), "the code is shown only once");

    const theirs = await visit.another();
    const their = await theirs.newPage();
    visit.expect(/status of 404/);
    await their.goto(invitation.url);
    await their.getByText("This link cannot be used.").waitFor();
    await their.goto("about:blank");
    await their.goto(link);
    await their.getByRole("heading", { name: "Welcome, Late Comer" }).waitFor();
    await their.getByLabel(/password/i).first().fill(own);
    await their.keyboard.press("Enter");
    await their.getByRole("heading", { name: "Personal access tokens" }).waitFor();
  },
};
