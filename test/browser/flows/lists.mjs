// SPDX-License-Identifier: Apache-2.0
// The list of tokens: narrowed, paged, and chosen from as a whole.
import assert from "node:assert/strict";
import { settled } from "../world.mjs";

const tokensPage = (visit) => `/${visit.server.organization}/_usersSettings/tokens`;
const names = (page) => page.locator(".token-name").allTextContents();

/** Waits until the list shows just these, in any order. */
async function lists(page, wanted) {
  await page.waitForFunction((sorted) => JSON.stringify([...document.querySelectorAll(".token-name")].map(({ textContent }) => textContent).sort()) === sorted, JSON.stringify([...wanted].sort()));
}

export default {
  async "the list is narrowed by scope, and the counts with it"(visit) {
    const { page } = visit;
    await visit.signIn();
    await visit.createToken("Narrow reads", "vso.code");
    await visit.createToken("Narrow writes", "vso.code_write");
    await visit.createToken("Narrow packages", "vso.packaging");
    await visit.createToken("Narrow everything", "app_token");
    await visit.go(`${tokensPage(visit)}?q=Narrow`);
    await lists(page, ["Narrow reads", "Narrow writes", "Narrow packages", "Narrow everything"]);
    const scope = page.getByLabel("Scope", { exact: true });
    for (const [option, wanted] of [["vso.code", ["Narrow reads", "Narrow writes", "Narrow everything"]], ["vso.code_write", ["Narrow writes", "Narrow everything"]], ["app_token", ["Narrow everything"]]]) {
      await scope.selectOption(option);
      await lists(page, wanted);
      assert.equal(new URL(page.url()).searchParams.get("scope"), option);
      await page.getByRole("button", { name: new RegExp(`^All\\s*${wanted.length}$`) }).waitFor();
    }
    await page.getByRole("button", { name: /^Expired\s*0$/ }).click();
    await page.getByText("No expired token matches “Narrow”").waitFor();
    await visit.button("Clear filters").click();
    await page.locator(".token-name").first().waitFor();
    assert.equal(await scope.inputValue(), "");
    await visit.go(`${tokensPage(visit)}?q=Narrow&scope=vso.packaging`);
    await lists(page, ["Narrow packages", "Narrow everything"]);
    assert.equal(await scope.inputValue(), "vso.packaging", "the address is enough");
  },

  async "all tokens that match are revoked, also those on other pages"(visit) {
    const { page } = visit;
    await visit.signIn();
    const all = 53;
    for (let number = 1; number <= all; ++number) await visit.createToken(`Bulk ${number}`);
    await visit.createToken("Not of the bunch");
    await visit.go(`${tokensPage(visit)}?q=Bulk`);
    assert.equal((await names(page)).length, 50, "a page");
    await page.getByRole("checkbox", { name: "Select all on this page" }).check();
    await page.getByRole("status").filter({ hasText: "50 selected" }).waitFor();
    await visit.button(`Select all ${all} that match`).click();
    await page.getByRole("status").filter({ hasText: `All ${all} that match` }).waitFor();
    for (const command of ["Edit", "Regenerate"]) {
      assert.equal(await visit.button(command).getAttribute("aria-disabled"), "true", `${command} is about one token`);
    }
    await visit.button("Revoke").click();
    await page.getByRole("heading", { name: `Revoke ${all} tokens?` }).waitFor();
    await page.getByText("also those on other pages of the list").waitFor();
    assert.equal(await page.evaluate(() => document.activeElement.textContent), "Keep tokens", "the focus begins on the harmless button");
    await visit.button(`Revoke ${all} tokens`).click();
    await visit.closed();
    await page.waitForFunction(() => document.querySelectorAll(".status[data-status=revoked]").length === 50);
    await visit.button("Next").click();
    await page.waitForFunction(() => document.querySelectorAll(".status[data-status=revoked]").length === 3);
    const { counts } = await visit.api("GET", `/${visit.server.organization}/_apis/latchkey/tokens?q=Bulk`);
    assert.deepEqual([counts.all, counts.revoked], [all, all]);
    const { value } = await visit.api("GET", `/${visit.server.organization}/_apis/latchkey/tokens?q=${encodeURIComponent("Not of the bunch")}`);
    assert.equal(value[0].status, "active", "what did not match goes on");
  },

  async "an edited token has a new name and can do more, with the same secret"(visit) {
    const { page, server } = visit;
    await visit.signIn();
    await visit.createProject("Website");
    const token = await visit.createToken("Before the edit", "vso.code");
    const remote = `${server.url}/${server.organization}/Website/_git/Website`;
    const folder = visit.folder();
    await visit.git(token.token, "clone", remote, folder);
    await visit.git(undefined, "-C", folder, "commit", "--allow-empty", "-m", "by an edited token");
    await visit.refusedByGit(token.token, "-C", folder, "push", "origin", "HEAD:edited");

    await visit.go(`${tokensPage(visit)}?q=Before+the`);
    await visit.button("Actions for Before the edit").click();
    await page.getByRole("menuitem", { name: "Edit" }).click();
    const name = visit.dialog.getByRole("textbox", { name: /^Name/ });
    await name.waitFor();
    assert.equal(await name.inputValue(), "Before the edit");
    await name.fill("");
    await visit.button("Save").click();
    await page.getByText("Give the token a name.").waitFor();
    await name.fill("After the edit");
    await visit.dialog.getByRole("radio", { name: "90 days" }).click();
    await visit.dialog.getByRole("radiogroup", { name: "Code" }).getByRole("radio", { name: /^Read & write/ }).click();
    await visit.button("Save").click();
    await visit.closed();
    await visit.go(`${tokensPage(visit)}?q=After+the`);
    await lists(page, ["After the edit"]);
    await visit.git(token.token, "-C", folder, "push", "origin", "HEAD:edited");
    await visit.go(token.path);
    await page.getByRole("heading", { name: "After the edit", level: 1 }).waitFor();
    await settled(page);
    await page.locator(".history", { hasText: "was named “Before the edit”" }).waitFor();
    await page.locator(".fact-scopes", { hasText: "Code (Read & write)" }).waitFor();
  },
};
