// SPDX-License-Identifier: Apache-2.0
// What Lighthouse says of a page, in a Chromium of its own.
//
// usage: lighthouse.mjs COOKIE URL…     prints {URL: {performance, accessibility, "best-practices"}, …}, each of 100
import { launch } from "chrome-launcher";
import lighthouse, { desktopConfig } from "lighthouse";

const flags = ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking", "--disable-dev-shm-usage"];

/** category → {score of 100, faults: the audits that cost something}. `cookie`: who asks. */
export async function judge(url, categories, cookie) {
  const chrome = await launch({ chromePath: process.env.CHROMIUM ?? "/usr/bin/chromium", chromeFlags: flags, logLevel: "silent", maxConnectionRetries: 240 });
  try {
    const { lhr } = await lighthouse(url, {
      port: chrome.port,
      logLevel: "silent",
      onlyCategories: categories,
      disableStorageReset: true,
      // A busy machine is slow, not wrong.
      maxWaitForFcp: 120_000,
      maxWaitForLoad: 180_000,
      ...(cookie && { extraHeaders: { Cookie: cookie } }),
    }, desktopConfig);
    if (lhr.runtimeError) throw new Error(`${url}: ${lhr.runtimeError.message}`);
    if (lhr.finalDisplayedUrl.split("?")[0] !== url.split("?")[0]) throw new Error(`${url} led to ${lhr.finalDisplayedUrl}`);
    return Object.fromEntries(Object.entries(lhr.categories).map(([name, { score, auditRefs }]) => {
      const faults = auditRefs.filter(({ id, weight }) => weight > 0 && lhr.audits[id].score !== null && lhr.audits[id].score < 1);
      return [name, { score: Math.round(score * 100), faults: faults.map(({ id }) => `${id}: ${lhr.audits[id].displayValue ?? lhr.audits[id].title}`) }];
    }));
  } finally {
    chrome.kill();
  }
}

if (process.argv[1] === import.meta.filename) {
  const [cookie, ...urls] = process.argv.slice(2);
  const scores = {};
  for (const url of urls) {
    const seen = await judge(url, ["performance", "accessibility", "best-practices"], cookie);
    scores[url] = Object.fromEntries(Object.entries(seen).map(([name, { score }]) => [name, score]));
  }
  console.log(JSON.stringify(scores));
}
