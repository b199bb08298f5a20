// SPDX-License-Identifier: Apache-2.0
// Every screen, panel and dialog: nothing for axe to find, light and dark; no page scrolls sideways at any width. A screen is
// opened once for the tables and once for the phone's cards; its widths and themes are looked at one after another.
import assert from "node:assert/strict";
import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { settled } from "../world.mjs";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const pictures = process.env.SCREENSHOTS;

/** Name, address, and what is pressed to get there. */
function screens({ organization, user, empty }, token, link, reset) {
  const home = `/${organization}`;
  const press = (...names) => async (page) => { for (const name of names) await page.getByRole("button", { name, exact: true }).first().click(); };
  const pick = (button, item) => async (page) => {
    await page.getByRole("button", { name: button }).first().click();
    await page.getByRole("menuitem", { name: item }).click();
  };
  const opened = (button, what) => async (page) => {
    await page.getByRole("button", { name: button }).first().click();
    await page.locator(what).first().waitFor();
  };
  return [
    ["sign-in", "/_signin"],
    ["set-up", readFileSync(`${empty.data}/set-up-link`, "utf8").trim()],
    ["invitation", link],
    ["forgot", "/_forgot"],
    ["forgot-asked", "/_forgot", async (page) => {
      await page.getByLabel("Email").fill("nobody@example.com");
      await page.keyboard.press("Enter");
      await page.getByRole("heading", { name: "Look into your mail" }).waitFor();
    }],
    ["reset-password", reset],
    ["tokens", `${home}/_usersSettings/tokens`],
    ["token-menu", `${home}/_usersSettings/tokens`, opened(/^Actions for/, "[role=menu]")],
    ["account-menu", `${home}/_usersSettings/tokens`, opened(/account of/, "[role=menu]")],
    ["organization-menu", `${home}/_usersSettings/tokens`, opened(/^Organization /, "[role=menu]")],
    ["revoke-several", `${home}/_usersSettings/tokens?status=active`, async (page, phone) => {
      if (phone) return; // rows are chosen in the table alone
      for (const row of [0, 1]) await page.getByRole("checkbox", { name: /^Select (?!all)/ }).nth(row).check();
      await page.getByRole("button", { name: "Revoke", exact: true }).click();
      await page.getByRole("heading", { name: "Revoke 2 tokens?" }).waitFor();
    }],
    ["created", `${home}/_usersSettings/tokens/new`, async (page) => {
      await page.getByRole("textbox", { name: /^Name/ }).fill("Made to be looked at");
      await page.getByRole("radio", { name: /^Full access/ }).check();
      await page.getByRole("button", { name: "Create", exact: true }).click();
      await page.getByRole("heading", { name: "Token created" }).waitFor();
    }],
    ["tokens-none-found", `${home}/_usersSettings/tokens?q=nothing-is-called-so`],
    ["create", `${home}/_usersSettings/tokens/new`],
    ["detail", token.path],
    ["edit", `${token.path}/edit`],
    ["regenerate", `${token.path}/regenerate`],
    ["revoke", `${token.path}/revoke`],
    ["sessions", `${home}/_usersSettings/sessions`],
    ["appearance", `${home}/_usersSettings/appearance`],
    ["notifications", `${home}/_usersSettings/notifications`],
    ["bell", `${home}/_usersSettings/tokens`, async (page) => {
      await page.getByRole("button", { name: /^Notifications/ }).click();
      await page.locator(".bell-popover").waitFor();
    }],
    ["projects", home],
    ["project-new", home, press(/^New/)],
    ["repositories", `${home}/Website/_git`],
    ["repository-delete", `${home}/Website/_git`, pick("Actions for Website", "Delete")],
    ["clone", `${home}/Website/_git/Website`],
    ["members", `${home}/_settings/members`],
    ["member-add", `${home}/_settings/members`, press(/^Add/)],
    ["users", `${home}/_settings/users`],
    ["user-new", `${home}/_settings/users`, press(/^New/)],
    ["user-link", `${home}/_settings/users?q=${encodeURIComponent("Looked-at")}`, async (page) => {
      await page.getByRole("button", { name: /^Actions for Looked-at/ }).first().click();
      await page.getByRole("menuitem", { name: "New invitation link" }).click();
      await page.getByRole("heading", { name: "Invitation link" }).waitFor();
    }],
    ["user-menu", `${home}/_settings/users?q=${user}`, opened(/^Actions for/, "[role=menu]")],
    ["organizations", `${home}/_settings/organizations`],
    ["mail", `${home}/_settings/mail`],
    ["organization-notices", `${home}/_settings/notifications`, async (page) => { await page.getByText("It said:").first().waitFor(); }],
    ["webhook-change", `${home}/_settings/notifications`, async (page) => { await page.getByRole("group", { name: /^Slack/ }).getByRole("button", { name: "Change" }).click(); }],
    ["webhook-remove", `${home}/_settings/notifications`, press("Remove the webhook")],
    ["mailbox-change", `${home}/_settings/notifications`, async (page) => { await page.getByRole("group", { name: "security@example.com" }).getByRole("button", { name: "Change" }).click(); }],
    ["user-groups", `${home}/_settings/users/groups`],
    ["groups", `${home}/_settings/groups`],
    ["group-new", `${home}/_settings/groups`, press(/^New/)],
    ["access", `${home}/Website/_settings`],
    ["policies", `${home}/_settings/policies`],
    ["policy", `${home}/_settings/policies/maximum-lifespan-days`, async (page) => { await page.getByRole("switch").click(); }],
    ["policy-exceptions", `${home}/_settings/policies/restrict-full-scope`, async (page) => {
      await page.getByRole("switch").click();
      await page.getByRole("button", { name: "Manage" }).click();
    }],
    ["allow-list", `${home}/_settings/policies/allow-list`, async (page) => { await page.getByRole("radio", { name: "All routes" }).click(); }],
    ["inventory", `${home}/_settings/tokens`],
    ["check-token", `${home}/_settings/tokens`, press(/^Check a/)],
    ["inventory-server", `${home}/_settings/tokens?of=server&full=true`],
    ["audit", `${home}/_settings/audit`, press(/^Details of/)],
    ["audit-custom", `${home}/_settings/audit`, async (page) => { await page.getByRole("radio", { name: "Custom" }).click(); }],
    ["streams", `${home}/_settings/streams`],
    ["stream-new", `${home}/_settings/streams/new`],
    ["not-found", `${home}/_usersSettings/nothing`],
  ];
}

/** What is there before anything was made. */
const bare = ({ organization }) => [
  ["tokens-none", `/${organization}/_usersSettings/tokens`],
  ["groups-none", `/${organization}/_settings/groups`],
  ["streams-none", `/${organization}/_settings/streams`],
  ["organization-notices-none", `/${organization}/_settings/notifications`],
  ["access-none", `/${organization}/Website/_settings`],
];

/** Something to see on every screen; made once. */
async function furnish(visit) {
  const { organization } = visit.server;
  const own = (rest) => `/${organization}/_apis/latchkey/${rest}`;
  const { value: groups } = await visit.api("GET", own("groups"));
  if (groups.length > 0) return;
  const people = [];
  for (const name of ["Ingrid Solberg", "Chidi Okafor"]) {
    people.push(await visit.api("POST", "/_apis/latchkey/users", { email: `${name.split(" ")[0].toLowerCase()}@example.com`, displayName: name, password: "a password of my own", organization, role: "contributor" }));
  }
  const group = await visit.api("POST", own("groups"), { name: "Release testers", description: "Try what is released" });
  for (const { id } of people) await visit.api("PUT", own(`groups/${group.id}/members/${id}`));
  await visit.api("PUT", own(`projects/Website/roles/group/${group.id}`), { role: "reader" });
  await visit.api("PUT", own("policies/tokens-per-user"), { value: 200, exceptions: [{ kind: "group", id: group.id }] });
  await visit.api("POST", `/${organization}/_apis/audit/streams?api-version=7.1-preview.1`, { consumerType: "WebHook", displayName: "Watch room", consumerInputs: { Url: "https://receiver.invalid/audit", Secret: "a secret of both sides" } });
  await visit.api("PUT", own("notices/webhook"), { format: "slack", url: "https://receiver.invalid/services/T0000/B0000/0123456789abcd" });
  await visit.api("PUT", own("notices/mailbox"), { address: "security@example.com" });
  const soon = new Date(Date.now() + 4 * 86_400_000).toISOString();
  await visit.createToken("Ends soon", "vso.packaging", { validTo: soon });
  const ended = await visit.createToken("Of the old runner", "app_token");
  await visit.api("DELETE", `/${organization}/_apis/tokens/pats?authorizationId=${ended.authorizationId}&api-version=7.1-preview.1`);
}

async function violations(page, rules) {
  if (!await page.evaluate(() => "axe" in globalThis)) await page.evaluate(axe);
  return page.evaluate(async (runOnly) => {
    // Fluent's focus guards are empty, hidden, and pass the focus on at once: not something that anybody lands on.
    const found = await globalThis.axe.run({ exclude: ["[data-tabster-dummy]"] }, { runOnly, resultTypes: ["violations"] });
    // A menu lies over the page, is named by itself and has the focus: no landmark would lead to it.
    const counts = (id, { target }) => id !== "region" || !document.querySelector(target[0])?.querySelector("[role=menu]");
    return found.violations.flatMap(({ id, nodes }) => {
      const left = nodes.filter((node) => counts(id, node));
      return left.length > 0 ? [`${id}: ${left.map(({ html }) => html.slice(0, 160)).join(" | ")}`] : [];
    });
  }, rules);
}

const everything = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
// A theme is other colours on the same elements: no other rule can find anything new.
const rulesOf = { light: everything, dark: ["color-contrast"] };

const tables = { width: 1440, height: 900, looks: [[1440, "light"], [1440, "dark"], [768, "dark"], [768, "light"]] };
const cards = { width: 390, height: 844, looks: [[390, "light"], [390, "dark"]] };

/** One look at what is open: at a width, in a theme. */
async function look(page, what, width, height, colorScheme) {
  await page.setViewportSize({ width, height });
  await page.emulateMedia({ colorScheme });
  await settled(page);
  await page.waitForFunction((theme) => document.documentElement.dataset.theme === theme, colorScheme);
  if (pictures) await page.screenshot({ path: `${pictures}/${what}.png` });
  const faults = await violations(page, rulesOf[colorScheme]);
  if (await page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth)) faults.unshift("scrolls sideways");
  return faults.map((fault) => `${what}: ${fault}`);
}

async function lookAt(visit, list, { width, height, looks }) {
  const { page } = visit;
  if (pictures) mkdirSync(pictures, { recursive: true });
  const faults = [];
  for (const [name, path, act] of list) {
    try {
      await page.setViewportSize({ width, height });
      await page.emulateMedia({ colorScheme: "light" });
      await visit.go(path);
      if (act) await act(page, width < 640);
      for (const [at, theme] of looks) faults.push(...await look(page, `${name}-${at}-${theme}`, at, height, theme));
    } catch (error) {
      faults.push(`${name}-${width}: ${error.message}`);
    }
  }
  assert.deepEqual(faults, []);
}

/** All screens, with something on them. */
async function all(visit, name, form) {
  visit.page.on("dialog", (dialog) => { void dialog.accept(); });  // a secret that nobody copied asks before it is left
  await visit.signIn();
  await visit.createProject("Website");
  await furnish(visit);
  const token = await visit.createToken(`Seen as ${name}`, "vso.code_write vso.build");
  await visit.createToken(`Beside it as ${name}`);  // so that several can be chosen
  const { invitation } = await visit.api("POST", "/_apis/latchkey/users", { email: `seen-as-${name}@example.com`, displayName: `Looked-at as ${name}` });
  await visit.sendMail();
  const email = `forgetful-as-${name}@example.com`;
  await visit.api("POST", "/_apis/latchkey/users", { email, displayName: "Forgetful", password: "a password that is lost" });
  await visit.api("POST", "/_forgot", { user: email });
  const reset = await visit.mailed(new RegExp(`${email}[^]*?(\\S+/_password#\\S+)`));
  await lookAt(visit, screens(visit.server, token, invitation.url, reset), form);
}

export default {
  async "screens that nothing is on yet, light and dark, at every width"(visit) {
    await visit.signIn();
    await visit.createProject("Website");
    for (const form of [tables, cards]) await lookAt(visit, bare(visit.server), form);
  },
  "screens with tables, light and dark, at 1440 and 768 pixels": (visit) => all(visit, "tables", tables),
  "screens with cards, light and dark, at 390 pixels": (visit) => all(visit, "cards", cards),
};
