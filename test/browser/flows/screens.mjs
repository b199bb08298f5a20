// SPDX-License-Identifier: Apache-2.0
// Every screen, panel and dialog: nothing for axe to find, light and dark; no page scrolls sideways at any width.
import assert from "node:assert/strict";
import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { settled } from "../world.mjs";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const pictures = process.env.SCREENSHOTS;

/** Name, path below the organization (or from the root, with a slash), and what is pressed to get there. */
function screens(organization, token) {
  const home = `/${organization}`;
  const press = (...names) => async (page) => { for (const name of names) await page.getByRole("button", { name, exact: true }).first().click(); };
  const pick = (button, item) => async (page) => {
    await page.getByRole("button", { name: button }).first().click();
    await page.getByRole("menuitem", { name: item }).click();
  };
  return [
    ["sign-in", "/_signin"],
    ["tokens", `${home}/_usersSettings/tokens`],
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
    ["organizations", `${home}/_settings/organizations`],
    ["not-found", `${home}/_usersSettings/nothing`],
  ];
}

async function violations(page) {
  await page.evaluate(axe);
  return page.evaluate(async () => {
    // Fluent's focus guards are empty, hidden, and pass the focus on at once: not something that anybody lands on.
    const found = await globalThis.axe.run({ exclude: ["[data-tabster-dummy]"] }, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] });
    return found.violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(" | ")}`);
  });
}

async function look(visit, width, colorScheme) {
  const { server } = visit;
  const phone = width < 640;
  const context = await visit.another({ viewport: { width, height: phone ? 844 : 900 }, colorScheme });
  await visit.signIn();
  await visit.createProject("Website");
  const token = await visit.createToken(`Seen at ${width} ${colorScheme}`, "vso.code_write vso.build");
  await context.addCookies(await visit.context.cookies());
  const faults = [];
  for (const [name, path, act] of screens(server.organization, token)) {
    const page = await context.newPage();
    const what = `${name}-${width}-${colorScheme}`;
    try {
      await visit.go(path, page);
      if (act) await act(page);
      await settled(page);
      if (await page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth)) faults.push(`${what}: scrolls sideways`);
      for (const fault of await violations(page)) faults.push(`${what}: ${fault}`);
    } catch (error) {
      faults.push(`${what}: ${error.message}`);
    }
    if (pictures) {
      mkdirSync(pictures, { recursive: true });
      await page.screenshot({ path: `${pictures}/${what}.png` });
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
