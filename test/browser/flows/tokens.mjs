// SPDX-License-Identifier: Apache-2.0
// Tokens: made, copied, used by git, looked at, regenerated, revoked.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { settled } from "../world.mjs";

/** Presses Tab until what `wanted` says has the focus; fails rather than going round for ever. */
async function tabTo(page, wanted, most = 80) {
  for (let press = 0; press < most; ++press) {
    const name = await page.evaluate(() => {
      const element = document.activeElement;
      return element?.getAttribute("aria-label") ?? element?.labels?.[0]?.textContent ?? element?.textContent ?? "";
    });
    if (wanted.test(name.trim())) return;
    await page.keyboard.press("Tab");
  }
  assert.fail(`Tab never came to ${wanted}`);
}

const tokensPage = (visit) => `/${visit.server.organization}/_usersSettings/tokens`;

export default {
  async "create, copy, clone and revoke by keyboard alone"(visit) {
    await visit.signIn();
    await visit.createProject("Website");
    await visit.go(tokensPage(visit));
    const { page } = visit;
    await page.keyboard.press("n");
    await page.getByRole("heading", { name: "New personal access token" }).waitFor();
    await page.waitForFunction(() => document.activeElement?.tagName === "INPUT");
    await page.keyboard.type("Keyboard clone");
    await tabTo(page, /^Search scopes/);
    await page.keyboard.type("clone");
    await tabTo(page, /^Read$/);
    await page.keyboard.press("Space");
    await tabTo(page, /^Create$/);
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "Token created" }).waitFor();
    await tabTo(page, /^Copy token$/);
    await page.keyboard.press("Enter");
    await page.getByRole("status").filter({ hasText: "Copied" }).waitFor();
    const secret = await page.evaluate(() => navigator.clipboard.readText());
    assert.match(secret, /^[0-9A-Za-z]{84}$/);
    await page.keyboard.press("Escape");
    await page.getByRole("heading", { name: "Token created" }).waitFor({ state: "detached" });

    const remote = `${visit.server.url}/${visit.server.organization}/Website/_git/Website`;
    await visit.git(secret, "clone", remote, visit.folder());

    await visit.go(tokensPage(visit));
    await tabTo(page, /^Keyboard clone$/);
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "Keyboard clone", level: 1 }).waitFor();
    await settled(page);
    await tabTo(page, /^Revoke$/);
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "Revoke this token?" }).waitFor();
    assert.equal(await page.evaluate(() => document.activeElement.textContent), "Keep token", "the focus begins on the harmless button");
    await tabTo(page, /^Revoke token$/);
    await page.keyboard.press("Enter");
    await page.locator("#content .status[data-status=revoked]").waitFor();
    assert.match(await visit.refusedByGit(secret, "ls-remote", remote), /could not read Username|Authentication failed/);
  },

  async "the secret's panel does not close by mistake"(visit) {
    await visit.signIn();
    await visit.go(`${tokensPage(visit)}/new`);
    const { page } = visit;
    await page.getByRole("textbox", { name: /^Name/ }).fill("Guarded");
    await page.getByRole("radio", { name: /^Full access/ }).check();
    await visit.button("Create").click();
    await page.getByRole("heading", { name: "Token created" }).waitFor();
    await page.keyboard.press("Escape");
    await page.getByText("Close without copying? You would have to regenerate this token.").waitFor();
    await visit.button("Stay here").click();
    await page.getByLabel("I’ve saved it somewhere safe").check();
    await visit.button("Done").click();
    await page.getByRole("heading", { name: "Token created" }).waitFor({ state: "detached" });
  },

  async "what a token is used for is on its page"(visit) {
    await visit.signIn();
    await visit.createProject("Website");
    const token = await visit.createToken("Looked at", "vso.code_write");
    const remote = `${visit.server.url}/${visit.server.organization}/Website/_git/Website`;
    await visit.git(token.token, "ls-remote", remote);
    const { page } = visit;
    // Uses are written down some seconds later: the page is asked until they are there.
    await assert.doesNotReject(async () => {
      for (let tries = 0; ; ++tries) {
        await visit.go(token.path);
        if (await page.getByRole("cell", { name: /^git \d/ }).count()) return;
        assert.ok(tries < 30, "the use never came");
        await page.waitForTimeout(1000);
      }
    });
    await page.getByRole("img", { name: /Requests per day in the past 30 days: \d+ accepted/ }).waitFor();
    await page.getByRole("cell", { name: "Website/Website" }).waitFor();
    await page.getByText("This token can do more than it needs").waitFor();
    await visit.button("Shrink to what it uses").click();
    await page.getByText("Shrunk to what it uses.").first().waitFor();
    assert.equal(await page.locator(".fact-scopes").textContent(), "Code (Read)");
    await visit.git(token.token, "ls-remote", remote);
    await visit.button("Undo").click();
    await page.locator(".fact-scopes", { hasText: "Code (Read & write)" }).waitFor();
    await page.locator(".history", { hasText: "Shrinking undone" }).waitFor();
    const [file] = await Promise.all([page.waitForEvent("download"), visit.button("Save history as a file").click()]);
    assert.equal(file.suggestedFilename(), "Looked at history.csv");
    const [head, ...rows] = readFileSync(await file.path(), "utf8").trim().split("\r\n");
    assert.match(head, /^Time \(UTC\),What,By,/);
    assert.deepEqual(rows.map((row) => [row.split(",")[1], /,(vso\.\w+),/.exec(row)?.[1]]), [["undoShrink", "vso.code_write"], ["shrink", "vso.code"], ["create", "vso.code_write"]]);
  },

  async "a regeneration with grace keeps the old secret working"(visit) {
    await visit.signIn();
    await visit.createProject("Website");
    const old = await visit.createToken("Renewed");
    const remote = `${visit.server.url}/${visit.server.organization}/Website/_git/Website`;
    await visit.go(old.path);
    const { page } = visit;
    await visit.button("Regenerate").click();
    await page.getByRole("heading", { name: "Regenerate this token?" }).waitFor();
    await page.getByRole("radio", { name: "1 hour" }).click();
    await visit.button("Regenerate", visit.dialog).click();
    await page.getByRole("heading", { name: "Token regenerated" }).waitFor();
    await visit.button("Copy token").click();
    await visit.button("Done").click();
    const secret = await page.evaluate(() => navigator.clipboard.readText());
    assert.notEqual(secret, old.token);
    await visit.git(secret, "ls-remote", remote);
    await visit.git(old.token, "ls-remote", remote);
    await page.getByText(/The old secret works until/).waitFor();
    await visit.go(`${old.path}/revoke`);
    await visit.button("Revoke token").click();
    await page.getByRole("heading", { name: "Revoke this token?" }).waitFor({ state: "detached" });
    await visit.refusedByGit(secret, "ls-remote", remote);
    await visit.refusedByGit(old.token, "ls-remote", remote);
  },

  async "several tokens are revoked together"(visit) {
    await visit.signIn();
    for (const name of ["Batch one", "Batch two", "Batch three"]) await visit.createToken(name);
    await visit.go(`${tokensPage(visit)}?q=Batch`);
    const { page } = visit;
    for (const name of ["Batch one", "Batch two", "Batch three"]) await page.getByRole("checkbox", { name: `Select ${name}` }).check();
    await visit.button("Revoke").click();
    await page.getByRole("heading", { name: "Revoke 3 tokens?" }).waitFor();
    await visit.button("Revoke 3 tokens").click();
    await page.getByRole("heading", { name: "Revoke 3 tokens?" }).waitFor({ state: "detached" });
    await page.waitForFunction(() => document.querySelectorAll(".status[data-status=revoked]").length === 3);
  },

  async "a token that was revoked elsewhere says so in its open panel"(visit) {
    await visit.signIn();
    const token = await visit.createToken("Elsewhere");
    await visit.go(`${token.path}/regenerate`);
    await visit.api("DELETE", `/${visit.server.organization}/_apis/tokens/pats?authorizationId=${token.authorizationId}&api-version=7.1-preview.1`);
    await visit.button("Regenerate", visit.dialog).click();
    await visit.dialog.getByRole("alert").waitFor();
    await visit.page.reload();
    await visit.page.getByText("This token was revoked, so it cannot be regenerated.").waitFor();
  },

  async "a sign-in that ends while a form is open asks in place and loses nothing"(visit) {
    await visit.signIn();
    await visit.go(`${tokensPage(visit)}/new`);
    const { page } = visit;
    await page.getByRole("textbox", { name: /^Name/ }).fill("Typed before");
    await page.getByRole("radio", { name: /^Full access/ }).check();
    visit.expect(/status of 401/);
    await visit.context.clearCookies();
    await visit.button("Create").click();
    await page.getByRole("heading", { name: "Confirm it’s you" }).waitFor();
    await page.getByLabel(/^Password/).fill(visit.server.password);
    await visit.button("Confirm").click();
    await page.getByRole("heading", { name: "Token created" }).waitFor();
    await visit.dialog.getByText("Typed before").first().waitFor();
  },

  async "a server that cannot be reached is noticed, and recovered from"(visit) {
    await visit.signIn();
    await visit.go(tokensPage(visit));
    const { page } = visit;
    visit.expect(/net::ERR_INTERNET_DISCONNECTED/);
    await visit.context.setOffline(true);
    await page.getByRole("searchbox", { name: "Name or fingerprint" }).fill("anything");
    await page.getByText("The server cannot be reached.").first().waitFor();
    await page.getByText(/Trying again/).first().waitFor();
    await visit.context.setOffline(false);
    await page.getByText("The server cannot be reached.").first().waitFor({ state: "detached" });
  },

  async "back and reload keep the panel that was open"(visit) {
    await visit.signIn();
    const token = await visit.createToken("Back and forth");
    await visit.go(token.path);
    const { page } = visit;
    await visit.button("Revoke").click();
    await page.getByRole("heading", { name: "Revoke this token?" }).waitFor();
    await page.reload();
    await page.getByRole("heading", { name: "Revoke this token?" }).waitFor();
    await page.goBack();
    await page.getByRole("heading", { name: "Back and forth", level: 1 }).waitFor();
    await page.getByRole("heading", { name: "Revoke this token?" }).waitFor({ state: "detached" });
    await page.goForward();
    await page.getByRole("heading", { name: "Revoke this token?" }).waitFor();
    await visit.button("Keep token").click();
    await page.getByRole("heading", { name: "Revoke this token?" }).waitFor({ state: "detached" });
    assert.equal(new URL(page.url()).pathname, token.path);
  },
};
