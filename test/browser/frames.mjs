// SPDX-License-Identifier: Apache-2.0
// How long the frames of the list of tokens take while somebody works with it.
//
// usage: frames.mjs COOKIE URL     prints {act: {longest, frames, tasks}, …}: the longest frame in milliseconds, how many
// there were, and the tasks that the browser itself calls long
import { chromium } from "playwright-core";
import { attend, settled } from "./world.mjs";

const [cookie, url] = process.argv.slice(2);
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"] });
const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, extraHTTPHeaders: { Cookie: cookie } });
context.setDefaultTimeout(180_000);
const page = await context.newPage();
attend(page);
await page.goto(url);
await settled(page);

/** Watches the frames from before an act until a second after its rows are there. */
async function watch(act) {
  await page.evaluate(() => {
    const seen = (globalThis.seen = { longest: 0, frames: 0, tasks: [], on: true });
    seen.observer = new PerformanceObserver((list) => seen.tasks.push(...list.getEntries().map(({ duration }) => Math.round(duration))));
    seen.observer.observe({ type: "longtask" });
    let last = performance.now();
    const frame = (now) => {
      seen.longest = Math.max(seen.longest, now - last);
      seen.frames += 1;
      last = now;
      if (seen.on) requestAnimationFrame(frame);
    };
    requestAnimationFrame((now) => { last = now; requestAnimationFrame(frame); });
  });
  // A page that was seen a moment ago is shown without asking.
  const answered = page.waitForResponse((response) => /\/_apis\/latchkey\/tokens\?/.test(response.url())).catch(() => undefined);
  await act();
  await Promise.race([answered, page.waitForTimeout(2000)]);
  await page.waitForTimeout(1000);
  return page.evaluate(() => {
    const { seen } = globalThis;
    seen.on = false;
    seen.observer.disconnect();
    return { longest: Math.round(seen.longest * 10) / 10, frames: seen.frames, tasks: seen.tasks };
  });
}

const press = (name) => () => page.getByRole("button", { name }).first().click();
const acts = {
  "filter by status": press(/^Active/),
  "sort by name": press("Name"),
  "sort by last use": press("Last used"),
  "next page": press("Next"),
  "page back": press("Previous"),
  "filter by scope": () => page.getByLabel("Scope", { exact: true }).selectOption("vso.code"),
  search: () => page.getByRole("searchbox", { name: "Name or fingerprint" }).pressSequentially("runner 4", { delay: 60 }),
};
const told = {};
for (const [name, act] of Object.entries(acts)) told[name] = await watch(act);
console.log(JSON.stringify(told));
await browser.close();
