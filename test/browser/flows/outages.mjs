// SPDX-License-Identifier: Apache-2.0
// Bad days: the server is killed under an open page, something else answers in its place, nobody looks for long.
import assert from "node:assert/strict";
import { OwnServer, settled } from "../world.mjs";

const tokensPage = (visit) => `/${visit.server.organization}/_usersSettings/tokens`;

/** Says to the page that it is out of sight, or in sight again, as switching tabs does. */
async function show(page, visibilityState) {
  await page.evaluate((state) => {
    Object.defineProperty(document, "visibilityState", { configurable: true, value: state });
    document.dispatchEvent(new Event("visibilitychange"));
  }, visibilityState);
}

/** A page whose clock is the flow's, with a new token's secret on it. */
async function newSecret(visit, name) {
  const { page } = visit;
  await visit.signIn();
  await page.clock.install();
  await visit.go(`${tokensPage(visit)}/new`);
  await page.getByRole("textbox", { name: /^Name/ }).fill(name);
  await page.getByRole("radio", { name: /^Full access/ }).check();
  await visit.button("Create").click();
  const box = page.getByRole("group", { name: "Token", exact: true });
  const secret = (await box.textContent()).trim();
  assert.match(secret, /^[0-9A-Za-z]{84}$/);
  return { box, secret };
}

async function isGone(page, box, secret) {
  await page.getByText("The token is no longer shown, because this page was out of sight for 10 minutes.").waitFor();
  assert.equal(await box.count(), 0);
  assert.ok(!(await page.evaluate(() => document.documentElement.outerHTML)).includes(secret.slice(0, 30)));
  // Nothing is left to be lost, so nothing holds the panel open.
  await page.getByRole("button", { name: "Done" }).click();
  await page.getByRole("heading", { name: "Token created" }).waitFor({ state: "detached" });
}

export default {
  async "a server that is killed is noticed by open pages, which go on once it is back"(visit) {
    const server = new OwnServer(visit.server.stopped.command);
    await server.start();
    try {
      visit.server = { ...visit.server, url: server.url };
      visit.expect(/net::ERR_(CONNECTION_REFUSED|CONNECTION_RESET|EMPTY_RESPONSE|SOCKET_NOT_CONNECTED)/);
      await visit.signIn();
      await visit.createToken("There before");
      await visit.go(tokensPage(visit));
      const { page } = visit;
      const form = await visit.context.newPage();
      await visit.go(`${tokensPage(visit)}/new`, form);
      await form.getByRole("textbox", { name: /^Name/ }).fill("Typed before the crash");
      await form.getByRole("radio", { name: /^Full access/ }).check();
      for (const open of [page, form]) await open.evaluate(() => { globalThis.sameDocument = true; });

      await server.kill();
      await visit.button("Refresh the list").click();
      await page.getByText("The server cannot be reached.").first().waitFor();
      await page.getByText(/Trying again in \d+ seconds?\./).first().waitFor();
      await page.getByRole("link", { name: "There before" }).waitFor();
      await form.getByRole("button", { name: "Create", exact: true }).click();
      await form.getByRole("alert").filter({ hasText: "The server cannot be reached." }).waitFor();
      assert.equal(await form.getByRole("textbox", { name: /^Name/ }).inputValue(), "Typed before the crash");

      await server.start();
      // Nobody presses anything: the page counts down and asks again by itself.
      await page.getByText("The server cannot be reached.").first().waitFor({ state: "detached" });
      await page.getByRole("link", { name: "There before" }).waitFor();
      await form.getByRole("button", { name: "Create", exact: true }).click();
      await form.getByRole("heading", { name: "Token created" }).waitFor();
      for (const open of [page, form]) assert.ok(await open.evaluate(() => globalThis.sameDocument), "no page was loaded anew");
      const { value } = await visit.api("GET", `/${visit.server.organization}/_apis/latchkey/tokens?q=Typed`);
      assert.deepEqual(value.map(({ name }) => name), ["Typed before the crash"]);
    } finally {
      await server.kill();
    }
  },

  async "an answer that is no JSON is a sentence, and is asked for again"(visit) {
    const { page, server } = visit;
    await visit.signIn();
    await visit.createToken("Behind the portal");
    // A hotel's sign-in page, which answers everything with 200.
    const list = (url) => url.pathname.endsWith("/_apis/latchkey/tokens");
    await page.route(list, (route) => route.fulfill({ status: 200, contentType: "text/html", body: "<h1>Welcome to the hotel</h1>" }));
    await page.goto(server.url + tokensPage(visit));
    await page.getByText("What answered is not the server").waitFor();
    await page.getByText(/Trying again in \d+ seconds?\./).first().waitFor();
    await page.unroute(list);
    await visit.button("Try now").click();
    await page.locator(".token-name").first().waitFor();
    await settled(page);
  },

  async "ten minutes out of sight take the secret off the page"(visit) {
    const { page } = visit;
    const { box, secret } = await newSecret(visit, "Out of sight");
    await show(page, "hidden");
    await page.clock.fastForward("09:50");
    await show(page, "visible");
    await page.clock.fastForward("09:50");
    assert.equal((await box.textContent()).trim(), secret, "what is looked at stays");
    await show(page, "hidden");
    await page.clock.fastForward("09:50");
    assert.equal(await box.count(), 1, "not yet ten minutes in one go");
    await page.clock.fastForward("00:11");
    await isGone(page, box, secret);
  },

  async "a machine that slept with a secret in sight wakes up without it"(visit) {
    const { page } = visit;
    const { box, secret } = await newSecret(visit, "Slept through");
    await show(page, "hidden");
    // Time passes, and no timer fires.
    await page.clock.setSystemTime(Date.now() + 11 * 60_000);
    await show(page, "visible");
    await isGone(page, box, secret);
  },
};
