// SPDX-License-Identifier: Apache-2.0
// Projects and repositories, the clone panel, and the bell.
import assert from "node:assert/strict";

export default {
  async "a project and a repository are made, renamed and deleted"(visit) {
    const { page, server } = visit;
    await visit.signIn();
    await visit.go(`/${server.organization}`);
    await visit.button("New project").first().click();
    await visit.dialog.getByLabel("Name").fill("Edge platform");
    await visit.button("Create project").click();
    await page.getByRole("heading", { name: "Repositories" }).waitFor();
    await page.getByRole("link", { name: "Edge platform", exact: true }).last().waitFor();
    await visit.button("New repository").first().click();
    await visit.dialog.getByLabel("Name").fill("firmware");
    await visit.button("Create repository").click();
    await page.getByRole("link", { name: "firmware" }).waitFor();

    await visit.button("New repository").first().click();
    visit.expect(/status of 409/);
    await visit.dialog.getByLabel("Name").fill("firmware");
    await visit.button("Create repository").click();
    await visit.dialog.getByRole("alert").waitFor();
    assert.equal(await visit.dialog.getByLabel("Name").inputValue(), "firmware", "what was typed is kept");
    await visit.button("Cancel").click();

    await visit.button("Actions for firmware").click();
    await page.getByRole("menuitem", { name: "Rename" }).click();
    await visit.dialog.getByLabel("Name").fill("boot");
    await visit.button("Rename repository").click();
    await page.getByRole("link", { name: "boot" }).waitFor();

    await visit.button("Actions for boot").click();
    await page.getByRole("menuitem", { name: "Delete" }).click();
    assert.ok(await visit.button("Delete repository").isDisabled(), "nothing is deleted before the name is typed");
    await visit.dialog.getByLabel("Type boot to go on").fill("boot");
    await visit.button("Delete repository").click();
    await page.getByRole("link", { name: "boot" }).waitFor({ state: "detached" });
  },

  async "a repository's address in a browser shows how to clone it, and makes the token for it"(visit) {
    const { page, server } = visit;
    await visit.signIn();
    await visit.createProject("Website");
    const remote = `${server.url}/${server.organization}/Website/_git/Website`;
    await visit.go(`/${server.organization}/Website/_git/Website`);
    await page.getByRole("heading", { name: "Clone Website" }).waitFor();
    assert.equal(await page.getByLabel("HTTPS address").inputValue(), remote);
    await page.getByText("Makes a token with").waitFor();
    await visit.button("Generate Git credentials").click();
    await page.getByRole("heading", { name: "Git credentials made" }).waitFor();
    await visit.button("Copy token").click();
    await visit.button("Done").click();
    const secret = await page.evaluate(() => navigator.clipboard.readText());
    const folder = visit.folder();
    await visit.git(secret, "clone", remote, folder);
    await visit.git(secret, "-C", folder, "commit", "--allow-empty", "-m", "first");
    await visit.git(secret, "-C", folder, "push", "origin", "HEAD:main");
    assert.match((await visit.git(secret, "ls-remote", remote)).stdout, /refs\/heads\/main/);
    // Git itself gets what it always got there.
    assert.match(await visit.refusedByGit(undefined, "ls-remote", remote), /could not read Username|Authentication failed/);
  },

  async "the bell tells of tokens, and is read"(visit) {
    const { page, server } = visit;
    await visit.signIn();
    const token = await visit.createToken("Rung for");
    await visit.go(`/${server.organization}/_usersSettings/tokens`);
    await page.getByRole("button", { name: /^Notifications, \d+\+? unread$/ }).click();
    const notice = page.locator(".notices li", { hasText: "Rung for" });
    await notice.waitFor();
    await notice.getByRole("link", { name: "It wasn’t me" }).click();
    await page.getByRole("heading", { name: "Revoke this token?" }).waitFor();
    assert.ok(page.url().includes(token.authorizationId));
    await visit.button("Keep token").click();
    await visit.go(`/${server.organization}/_usersSettings/notifications`);
    await visit.button("Mark all as read").click();
    await page.locator("[data-read=false]").first().waitFor({ state: "detached" });
    await visit.button("Notifications").waitFor();
  },
};
