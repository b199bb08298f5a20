// SPDX-License-Identifier: Apache-2.0
// Every screen, panel and dialog: nothing for axe to find, light and dark; no page scrolls sideways at any width.
import assert from "node:assert/strict";
import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { settled } from "../world.mjs";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const pictures = process.env.SCREENSHOTS;

/** Name, address, and what is pressed to get there. */
function screens({ organization, user, waiting }, token, link) {
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
    ["set-up", readFileSync(`${waiting.data}/set-up-link`, "utf8").trim()],
    ["invitation", link],
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

async function violations(page) {
  await page.evaluate(axe);
  return page.evaluate(async () => {
    // Fluent's focus guards are empty, hidden, and pass the focus on at once: not something that anybody lands on.
    const found = await globalThis.axe.run({ exclude: ["[data-tabster-dummy]"] }, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] });
    // A menu lies over the page, is named by itself and has the focus: no landmark would lead to it.
    const counts = (id, { target }) => id !== "region" || !document.querySelector(target[0])?.querySelector("[role=menu]");
    return found.violations.flatMap(({ id, nodes }) => {
      const left = nodes.filter((node) => counts(id, node));
      return left.length > 0 ? [`${id}: ${left.map(({ html }) => html.slice(0, 160)).join(" | ")}`] : [];
    });
  });
}

async function look(visit, width, colorScheme) {
  const { server } = visit;
  const phone = width < 640;
  const context = await visit.another({ viewport: { width, height: phone ? 844 : 900 }, colorScheme });
  await visit.signIn();
  await visit.createProject("Website");
  const token = await visit.createToken(`Seen at ${width} ${colorScheme}`, "vso.code_write vso.build");
  await visit.createToken(`Beside it at ${width} ${colorScheme}`);  // so that several can be chosen
  await context.addCookies(await visit.context.cookies());
  const { invitation } = await visit.api("POST", "/_apis/latchkey/users", { email: `seen-${width}-${colorScheme}@example.com`, displayName: `Looked-at ${width} ${colorScheme}` });
  const faults = [];
  for (const [name, path, act] of screens(server, token, invitation.url)) {
    const page = await context.newPage();
    const what = `${name}-${width}-${colorScheme}`;
    try {
      await visit.go(path, page);
      if (act) await act(page, phone);
      await settled(page);
      if (await page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth)) faults.push(`${what}: scrolls sideways`);
      for (const fault of await violations(page)) faults.push(`${what}: ${fault}`);
      if (pictures) {
        mkdirSync(pictures, { recursive: true });
        await page.screenshot({ path: `${pictures}/${what}.png` });
      }
    } catch (error) {
      faults.push(`${what}: ${error.message}`);
    }
    await page.close();
  }
  assert.deepEqual(faults, []);
}

export default Object.fromEntries(
  [[1440, "light"], [1440, "dark"], [768, "light"], [390, "light"], [390, "dark"]].map(([width, theme]) => [
    `screens at ${width} pixels, ${theme}`,
    (visit) => look(visit, width, theme),
  ]),
);
