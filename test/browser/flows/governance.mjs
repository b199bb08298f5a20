// SPDX-License-Identifier: Apache-2.0
// What administrators do: policies with their dry run, groups, the inventory of tokens, the audit and its streams.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { settled } from "../world.mjs";

const own = "a password of my own";
const settings = (visit, page) => `/${visit.server.organization}/_settings/${page}`;

/** An account that works in the organization; made once for all flows. */
async function member(visit, email, displayName) {
  const { organization } = visit.server;
  const { value } = await visit.api("GET", `/_apis/latchkey/users?q=${encodeURIComponent(email)}`);
  return value[0] ?? visit.api("POST", "/_apis/latchkey/users", { email, displayName, password: own, organization, role: "contributor" });
}

/** Picks somebody in a field that finds people and groups. */
async function pick(page, label, name) {
  await page.getByRole("combobox", { name: label }).fill(name);
  await page.getByRole("option", { name: new RegExp(`^${name}`) }).first().click();
}

async function downloaded(page, press) {
  const [download] = await Promise.all([page.waitForEvent("download"), press()]);
  return { name: download.suggestedFilename(), text: readFileSync(await download.path(), "utf8") };
}

export default {
  async "a policy is dry-run, saved, and refuses at the field"(visit) {
    const { page, server } = visit;
    await visit.signIn();
    const token = await visit.createToken("Named by a dry run");
    await visit.go(settings(visit, "policies/forbidden-scopes"));
    await page.getByRole("switch").click();
    await page.getByLabel("Add a scope").selectOption("vso.code");
    // A few are shown first; whose that are is nobody's promise.
    await page.locator(".dry-run tbody tr").first().waitFor();
    const all = page.getByRole("button", { name: /^Show all/ });
    if (await all.isVisible()) await all.click();
    await page.locator(".dry-run tr", { hasText: token.displayName }).first().waitFor();
    await page.getByRole("button", { name: "Save and report" }).waitFor();
    // Refuse from now: the plan's other stages go.
    for (const stage of ["Report", "Warn owners"]) {
      await page.getByRole("button", { name: new RegExp(`^${stage}:`) }).click();
      await page.getByRole("button", { name: "Not planned", exact: true }).click();
    }
    await page.getByRole("button", { name: /^Refuse:/ }).click();
    await page.getByRole("button", { name: "Now", exact: true }).click();
    await page.getByRole("button", { name: /^Save and (refuse|stop)/ }).click();
    await page.getByRole("status").filter({ hasText: /is saved\.$/ }).waitFor({ state: "attached" });
    await page.locator(".policy-list [aria-current]", { hasText: "Refusing" }).waitFor();

    await visit.go(`/${server.organization}/_usersSettings/tokens/new`);
    const chip = page.getByRole("radiogroup", { name: "Code" }).getByRole("radio", { name: "Read", exact: true, disabled: true });
    await chip.waitFor();
    assert.match(await chip.getAttribute("title"), /Not allowed in this organization/);

    await visit.go(settings(visit, "policies/forbidden-scopes"));
    await page.getByRole("switch").click();
    await visit.button("Save and turn off").click();
    await page.locator(".policy-list [aria-current]", { hasText: "Off" }).waitFor();
  },

  async "passwords over Basic are turned on, and off again"(visit) {
    const { page, server } = visit;
    await visit.signIn();
    await member(visit, "ingrid@example.com", "Ingrid Solberg");
    const status = async () => {
      const credential = Buffer.from(`ingrid@example.com:${own}`).toString("base64");
      const answer = await fetch(`${server.url}/${server.organization}/_apis/projects?api-version=7.1`, { headers: { Authorization: `Basic ${credential}` } });
      return answer.status;
    };
    const save = async (name, then) => {
      await page.getByRole("switch", { name: "Passwords over Basic" }).click();
      await visit.button(name).click();
      await page.locator(".policy-list [aria-current]", { hasText: then }).waitFor();
    };
    await visit.go(settings(visit, "policies/basic-passwords"));
    await page.locator(".policy-list [aria-current]", { hasText: "Not accepted" }).waitFor();
    await page.getByText("Off, tokens alone are taken.").waitFor();
    assert.equal(await status(), 401);
    await save("Save and turn on", /Accepted\s*On$/);
    assert.equal(await status(), 200);
    await save("Save and turn off", /Not accepted\s*Off$/);
    assert.equal(await status(), 401);
  },

  async "what is typed into a policy is not lost by a press elsewhere"(visit) {
    const { page } = visit;
    await visit.signIn();
    await visit.go(settings(visit, "policies/tokens-per-user"));
    await page.getByRole("switch").click();
    await page.getByLabel("Tokens per person").fill("7");
    await page.getByRole("link", { name: "Members" }).click();
    await visit.button("Keep editing").click();
    assert.equal(await page.getByLabel("Tokens per person").inputValue(), "7");
    await page.getByRole("link", { name: "Members" }).click();
    await visit.button("Discard").click();
    await page.getByRole("link", { name: "Members" }).click();
    await page.getByRole("heading", { name: "Members" }).waitFor();
  },

  async "a group is made, filled, excepted, and deleted"(visit) {
    const { page } = visit;
    await visit.signIn();
    await member(visit, "ingrid@example.com", "Ingrid Solberg");
    await visit.go(settings(visit, "groups"));
    await visit.button("New group").first().click();
    await visit.dialog.getByLabel(/^Name/).fill("Release testers");
    await visit.dialog.getByLabel("Description").fill("Try what is released");
    await visit.button("Create group").click();
    await visit.closed();
    await page.getByRole("link", { name: "Release testers" }).click();
    await page.getByRole("heading", { name: "Release testers" }).waitFor();
    await pick(page, "Add a person", "Ingrid Solberg");
    await page.locator("tr", { hasText: "ingrid@example.com" }).waitFor();

    await visit.go(settings(visit, "policies/tokens-per-user"));
    await page.getByRole("switch").click();
    await visit.button("Manage").click();
    await pick(page, "Add a person or a group", "Release testers");
    await visit.button("Done").click();
    await visit.closed();
    await page.getByRole("button", { name: /^Save and/ }).click();
    await page.getByRole("status").filter({ hasText: /is saved\.$/ }).waitFor({ state: "attached" });

    await visit.go(settings(visit, "groups"));
    await visit.button("Actions for Release testers").click();
    await page.getByRole("menuitem", { name: "Delete" }).click();
    await visit.button("Delete group").click();
    await page.getByRole("link", { name: "Release testers" }).waitFor({ state: "detached" });

    // The policy goes on naming it, and says that it is gone.
    await visit.go(settings(visit, "policies/tokens-per-user"));
    await page.locator(".subject-tag[data-broken=true]", { hasText: "no longer exists" }).waitFor();
    await page.getByRole("switch").click();
    await visit.button("Save and turn off").click();
    await page.locator(".policy-list [aria-current]", { hasText: "Off" }).waitFor();
  },

  async "somebody has a role on one project alone"(visit) {
    const { page, server } = visit;
    await visit.signIn();
    await visit.createProject("Website");
    await member(visit, "ingrid@example.com", "Ingrid Solberg");
    await visit.go(`/${server.organization}/Website/_settings`);
    await visit.button("Add a role").first().click();
    await pick(page, "Who", "Ingrid Solberg");
    await visit.dialog.getByLabel("Role").selectOption("administrator");
    await visit.button("Add a role", visit.dialog).click();
    await visit.closed();
    await page.getByLabel("Role of Ingrid Solberg", { exact: true }).selectOption("reader");
    await page.getByRole("status").filter({ hasText: "Ingrid Solberg is now Reader here." }).waitFor({ state: "attached" });
    await visit.button("Remove the role of Ingrid Solberg").click();
    await page.getByText("Nobody has a role of their own here").waitFor();
  },

  async "a found token is checked, and revoked beside its name"(visit) {
    const { page } = visit;
    await visit.signIn();
    const token = await visit.createToken("Found in a paste");
    await visit.go(settings(visit, "tokens"));
    await visit.button("Check a found token").click();
    const field = visit.dialog.getByLabel("Token or fingerprint");
    visit.expect(/status of 404/);
    await field.fill("A".repeat(84));
    await visit.button("Check").click();
    await visit.dialog.getByText("No token here has this secret or fingerprint.").waitFor();
    await field.fill(`  ${token.token}\n`);
    await visit.button("Check another").click();
    await visit.dialog.getByText("Found in a paste").waitFor();
    assert.equal(await field.inputValue(), "", "what was pasted is gone once it was checked");
    assert.ok(!page.url().includes(token.token));
    await visit.button("Revoke token").click();
    await page.getByRole("heading", { name: "Revoke this token?" }).waitFor();
    await visit.dialog.getByLabel("Reason").fill("Found in a paste");
    await visit.button("Revoke token").click();
    await page.getByText("1 token is revoked.").waitFor();
    const { status } = await visit.api("GET", `/${visit.server.organization}/_apis/latchkey/tokens/${token.authorizationId}`);
    assert.equal(status, "revoked");
  },

  async "several tokens of others are revoked in the background, and listed as a file"(visit) {
    const { page } = visit;
    await visit.signIn();
    for (const name of ["Inventory one", "Inventory two", "Inventory three"]) await visit.createToken(name);
    await visit.go(settings(visit, "tokens"));
    await page.getByRole("searchbox", { name: "Owner, name or fingerprint" }).fill("Inventory");
    await page.waitForURL(/q=Inventory/);
    await page.getByRole("row", { name: /Inventory three/ }).waitFor();
    const file = await downloaded(page, () => page.getByRole("link", { name: "Export CSV" }).click());
    assert.match(file.text, /Inventory one/);
    for (const name of ["Inventory one", "Inventory two"]) await page.getByRole("checkbox", { name: `Select ${name}` }).check();
    await visit.button("Revoke").click();
    await visit.button("Revoke 2 tokens").click();
    await page.getByText("2 tokens are revoked.").waitFor();
    await page.getByRole("row", { name: /Inventory two/ }).waitFor({ state: "detached" });
    await page.getByRole("row", { name: /Inventory three/ }).waitFor();

    // A figure is a filter.
    await page.getByRole("button", { name: /never used$/ }).click();
    await page.waitForURL(/neverUsed=true/);
  },

  async "the audit log is narrowed, opened, and downloaded"(visit) {
    const { page } = visit;
    await visit.signIn();
    await visit.createToken("Seen in the audit");
    await visit.go(settings(visit, "audit"));
    await page.getByRole("img", { name: /^Entries over time: \d/ }).waitFor();
    await page.locator(".chain-line", { hasText: /^Unbroken up to entry \d/ }).waitFor();
    await page.getByRole("searchbox", { name: "Person, or what was done" }).fill("Seen in the audit");
    await page.waitForURL(/q=Seen/);
    await page.getByRole("button", { name: /^Details of: .*Seen in the audit/ }).first().click();
    await page.locator(".audit-details", { hasText: "Token.PatCreateEvent" }).waitFor();

    // By the arrow keys: the first day of two goes.
    const begin = page.getByRole("slider", { name: "Begin of the time shown" });
    await begin.focus();
    for (let press = 0; press < 4; ++press) await page.keyboard.press("PageUp");
    await page.waitForURL(/from=/);
    await page.getByRole("row", { name: /Seen in the audit/ }).first().waitFor();
    await visit.button("Show the whole time").click();

    // By the pointer: an earlier part of the time has nothing of it.
    const box = await page.locator(".brush").boundingBox();
    await page.mouse.move(box.x + 20, box.y + 20);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width / 3, box.y + 20, { steps: 5 });
    await page.mouse.up();
    await page.getByText("No entry matches").waitFor();
    await visit.button("Show the whole time").click();
    await page.getByRole("row", { name: /Seen in the audit/ }).first().waitFor();

    for (const [item, form] of [["As CSV", /Seen in the audit/], ["As JSON", /"actionId"/]]) {
      const file = await downloaded(page, async () => {
        await visit.button("Export").click();
        await page.getByRole("menuitem", { name: item }).click();
      });
      assert.match(file.text, form);
    }
  },

  async "a failed sign-in is red in the server's audit"(visit) {
    const { page, server } = visit;
    const failed = await visit.context.request.post(`${server.url}/_session`, { data: { user: server.user, password: "not it" } });
    assert.equal(failed.status(), 401);
    await visit.signIn();
    await visit.go(`${settings(visit, "audit")}?of=server`);
    await page.getByRole("img", { name: /\d refusals?\b/ }).waitFor();
    await page.locator(".activity-card header", { hasText: /entries · \d+ refusals?/ }).waitFor();
    assert.ok(await page.locator(".activity .bar-refused").count() > 0);
    await visit.go(settings(visit, "audit"));
    await page.getByRole("img", { name: /^Entries over time: \d/ }).waitFor();
    assert.equal(await page.locator(".activity .bar-refused").count(), 0, "an organization has no sign-ins of its own");
  },

  async "a stream is refused, made, disabled and deleted"(visit) {
    const { page } = visit;
    await visit.signIn();
    await visit.go(settings(visit, "streams"));
    visit.expect(/status of 400/);
    await visit.button("New stream").first().click();
    await visit.button("Create stream").click();
    await visit.dialog.getByText("Give the stream a name.").waitFor();
    await visit.dialog.getByLabel(/^Name/).fill("Watch room");
    await visit.dialog.getByLabel(/^Address/).fill("https://10.0.0.1:8443/audit");
    await visit.dialog.getByRole("textbox", { name: /^Secret/ }).fill("a secret of both sides");
    await visit.button("Create stream").click();
    await visit.dialog.getByText(/leads into a private network/).waitFor();
    assert.equal(await visit.dialog.getByLabel(/^Name/).inputValue(), "Watch room", "nothing typed is lost");
    await visit.dialog.getByLabel(/^Address/).fill("https://receiver.invalid/audit");
    await visit.button("Create stream").click();
    await visit.closed();
    const row = page.locator("tr", { hasText: "Watch room" });
    await row.getByText("Webhook · https://receiver.invalid/audit").waitFor();
    await row.getByText(/nothing delivered yet/).waitFor();
    await visit.button("Actions for Watch room").click();
    await page.getByRole("menuitem", { name: "Edit" }).click();
    assert.equal(await visit.dialog.getByRole("textbox", { name: /^Secret/ }).inputValue(), "", "a secret is never shown again");
    await visit.dialog.getByLabel(/^Name/).fill("Night watch");
    await visit.button("Save stream").click();
    await visit.closed();
    const renamed = page.locator("tr", { hasText: "Night watch" });
    await visit.button("Actions for Night watch").click();
    await page.getByRole("menuitem", { name: "Disable" }).click();
    await visit.button("Disable stream").click();
    await renamed.getByText("Disabled").waitFor();
    await visit.closed();
    await visit.button("Actions for Night watch").click();
    await page.getByRole("menuitem", { name: "Delete" }).click();
    await visit.button("Delete stream").click();
    await page.getByText("The log goes nowhere else yet").waitFor();
  },

  async "a user is removed with all tokens"(visit) {
    const { page } = visit;
    await visit.signIn();
    await member(visit, "leaver@example.com", "Lea Leaver");
    await visit.go(settings(visit, "users?q=leaver"));
    await visit.button("Actions for Lea Leaver").click();
    await page.getByRole("menuitem", { name: "Remove" }).click();
    await visit.button("Remove user").click();
    await page.locator("tr", { hasText: "leaver@example.com" }).waitFor({ state: "detached" });
    await page.getByRole("link", { name: "Groups" }).last().click();
    await settled(page);
  },
};
