// SPDX-License-Identifier: Apache-2.0
// What must not be left behind, what the pages are served with, and what they weigh.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";

const policy = [
  "default-src 'none'", "script-src 'self'", "style-src 'self' 'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='",
  "img-src 'self'", "font-src 'self'", "connect-src 'self'", "base-uri 'none'", "form-action 'self'", "frame-ancestors 'none'",
  "require-trusted-types-for 'script'", "trusted-types 'none'",
];

/** Every place of a page in which a text could have been left. */
function traces() {
  const stores = [localStorage, sessionStorage].flatMap((store) => Object.entries(store).flat());
  const fetched = performance.getEntries().map(({ name }) => name);
  return [location.href, document.referrer, JSON.stringify(history.state), document.cookie, document.documentElement.outerHTML, ...stores, ...fetched].join("\n");
}

export default {
  async "a secret leaves no trace once its panel is closed"(visit) {
    const { page, server } = visit;
    await visit.signIn();
    await visit.go(`/${server.organization}`);
    await visit.go(`/${server.organization}/_usersSettings/tokens/new`);
    await page.getByRole("textbox", { name: /^Name/ }).fill("Traceless");
    await page.getByRole("radio", { name: /^Full access/ }).check();
    await visit.button("Create").click();
    const box = page.getByRole("group", { name: "Token", exact: true });
    const secret = (await box.textContent()).trim();
    assert.match(secret, /^[0-9A-Za-z]{84}$/);
    assert.equal(await box.getAttribute("translate"), "no");
    assert.ok(!page.url().includes(secret.slice(0, 20)));
    await page.getByRole("switch", { name: "Fill in the token" }).click();
    await page.getByLabel("I’ve saved it somewhere safe").check();
    await visit.button("Done").click();
    await box.waitFor({ state: "detached" });
    for (const part of [secret, secret.slice(0, 30), secret.slice(-30)]) {
      assert.ok(!(await page.evaluate(traces)).includes(part), "no trace in the page");
      assert.ok(!readFileSync(server.log, "utf8").includes(part), "none in the server's log");
    }
    const kept = await page.evaluate(async () => ({ databases: await indexedDB.databases(), caches: await caches.keys() }));
    assert.deepEqual(kept, { databases: [], caches: [] });
    await page.goBack();
    assert.ok(!(await page.evaluate(traces)).includes(secret.slice(0, 30)), "none after going back");
  },

  async "pages come with the policy, and nothing from any other host"(visit) {
    const { page, server } = visit;
    const hosts = new Set();
    page.on("request", (request) => hosts.add(new URL(request.url()).host));
    await visit.signIn();
    for (const path of ["/_signin", `/${server.organization}/_usersSettings/tokens`, `/${server.organization}`, `/tfs/${server.organization}/_usersSettings/tokens`]) {
      const answer = await visit.go(path);
      const headers = answer.headers();
      assert.deepEqual(headers["content-security-policy"].split(/;\s*/).filter(Boolean).sort(), [...policy].sort(), path);
      assert.equal(headers["referrer-policy"], "same-origin", path);
      assert.equal(headers["cache-control"], "no-store", path);
    }
    assert.deepEqual([...hosts], [new URL(server.url).host]);
  },

  async "the tokens page is shown with at most 200 KB of script"(visit) {
    const { page, server } = visit;
    await visit.signIn();
    let weight = 0;
    const weighed = [];
    page.on("response", (response) => {
      if (response.request().resourceType() === "script") weighed.push(response.body().then((body) => { weight += gzipSync(body, { level: 9 }).length; }));
    });
    await visit.go(`/${server.organization}/_usersSettings/tokens`);
    await Promise.all(weighed);
    console.log(`        ${(weight / 1000).toFixed(1)} KB of script, gzip`);
    assert.ok(weight > 0 && weight <= 200_000, `${weight} bytes`);
  },
};
