// SPDX-License-Identifier: Apache-2.0
// The way in: setting a server up, signing in and out, invitations, and an administrator's acts on people.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";

const own = "a password of my own";

export default {
  async "an empty server is set up by its link"(visit) {
    const { page, server: { empty } } = visit;
    const link = readFileSync(`${empty.data}/set-up-link`, "utf8").trim();
    await page.goto(link);
    await page.getByLabel("Email").fill("first@example.com");
    assert.ok(!page.url().includes("#"), "the code leaves the address bar");
    assert.ok(!(await page.evaluate(() => JSON.stringify(history.state))).includes(link.split("#")[1]));
    await page.getByRole("textbox", { name: /^Name/ }).fill("First Person");
    await page.getByLabel(/^Password/).fill(own);
    await visit.button("Next").click();
    await page.getByRole("textbox").first().fill("tidewater");
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "Set up Latchkey" }).waitFor();
    await page.getByRole("link", { name: /token/i }).first().waitFor();
    await page.goto(`${empty.url}/`);
    await page.getByRole("heading", { name: "Personal access tokens" }).waitFor();
    assert.match(page.url(), /\/tidewater\/_usersSettings\/tokens$/);
  },

  async "signing in by the page, and out"(visit) {
    const { page, server } = visit;
    visit.expect(/status of 401/);
    await visit.go(`/${server.organization}/_usersSettings/tokens?status=expired`);
    assert.match(page.url(), /_signin\?to=/);
    await page.getByLabel("Email").fill(server.user);
    await page.getByLabel(/^Password/).fill("wrong");
    await visit.button("Sign in").click();
    await page.getByText("The email or the password is not right.").waitFor();
    await page.getByLabel(/^Password/).fill(server.password);
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "Personal access tokens" }).waitFor();
    assert.match(page.url(), /tokens\?status=expired$/);
    await page.getByRole("button", { name: /account of/ }).click();
    await page.getByRole("menuitem", { name: "Sign out" }).click();
    await page.getByRole("heading", { name: "Sign in to Latchkey" }).waitFor();
    await visit.go(`/${server.organization}`);
    assert.match(page.url(), /_signin/);
  },

  async "somebody is invited, signs in, and is disabled"(visit) {
    const { page, server } = visit;
    await visit.signIn();
    await visit.go(`/${server.organization}/_settings/users`);
    await visit.button("New user").click();
    await visit.dialog.getByLabel("Email").fill("ada@example.com");
    await visit.dialog.getByLabel("Display name").fill("Ada Nwosu");
    await visit.button("Create invitation").click();
    const link = (await page.locator(".link-box").textContent()).trim();
    await visit.button("Copy link").click();
    assert.equal(await page.evaluate(() => navigator.clipboard.readText()), link);
    await visit.button("Done").click();
    await page.locator("tr", { hasText: "Ada Nwosu" }).getByText("Invited").waitFor();

    const theirs = await visit.another();
    const their = await theirs.newPage();
    await their.goto(link);
    await their.getByLabel(/password/i).first().fill(own);
    await their.keyboard.press("Enter");
    await their.getByRole("heading", { name: "Personal access tokens" }).waitFor();
    assert.ok(!their.url().includes(link.split("#")[1]));

    await page.reload();
    const row = page.locator("tr", { hasText: "Ada Nwosu" });
    await row.getByText("Enabled").waitFor();
    await visit.button("Actions for Ada Nwosu").click();
    await page.getByRole("menuitem", { name: "Disable", exact: true }).click();
    await visit.button("Disable user").click();
    await row.getByText("Disabled").waitFor();
    visit.expect(/status of 401/);
    await their.reload();
    await their.getByRole("heading", { name: "Sign in to Latchkey" }).waitFor();
  },

  async "the last administrator stays"(visit) {
    const { page, server } = visit;
    await visit.signIn();
    await visit.go(`/${server.organization}/_settings/users?q=${server.user}`);
    visit.expect(/status of 409/);
    await page.getByRole("button", { name: /^Actions for/ }).first().click();
    await page.getByRole("menuitem", { name: "End as server administrator" }).click();
    await visit.button("End as administrator").click();
    await visit.dialog.getByRole("alert").waitFor();
  },

  async "roles are given and taken in an organization"(visit) {
    const { page, server } = visit;
    await visit.signIn();
    await visit.api("POST", "/_apis/latchkey/users", { email: "tomas@example.com", displayName: "Tomas Lind", password: own });
    await visit.go(`/${server.organization}/_settings/members`);
    await visit.button("Add member").click();
    await visit.dialog.getByLabel("Email").fill("tomas@example.com");
    await visit.button("Add member", visit.dialog).click();
    await visit.closed();
    await page.getByLabel("Role of Tomas Lind").selectOption("reader");
    await page.getByRole("status").filter({ hasText: "Tomas Lind is now Reader." }).waitFor({ state: "attached" });
    await visit.button("Actions for Tomas Lind").click();
    await page.getByRole("menuitem", { name: "Remove" }).click();
    await visit.button("Remove member").click();
    await page.locator("tr", { hasText: "Tomas Lind" }).waitFor({ state: "detached" });
  },

  async "an organization is made, closed and opened"(visit) {
    const { page, server } = visit;
    await visit.signIn();
    await visit.go(`/${server.organization}/_settings/organizations`);
    await visit.button("New organization").click();
    await visit.dialog.getByLabel("Name").fill("northwind");
    await visit.button("Create organization").click();
    await visit.closed();
    const row = page.locator("tr", { hasText: "northwind" });
    await row.getByText("Enabled").waitFor();
    await visit.button("Actions for northwind").click();
    await page.getByRole("menuitem", { name: "Disable" }).click();
    await visit.button("Disable organization").click();
    await visit.closed();
    await row.getByText("Disabled").waitFor();
    await visit.button("Actions for northwind").click();
    await page.getByRole("menuitem", { name: "Enable" }).click();
    await row.getByText("Enabled").waitFor();
  },
};
