// SPDX-License-Identifier: Apache-2.0
// Runs the flows of some files one after another, each in a browser context of its own, and counts them.
import { mkdirSync } from "node:fs";
import { open } from "./world.mjs";

const wanted = process.argv.length > 2 ? process.argv.slice(2) : [""];
const failures = new URL("../../build/test-logs/", import.meta.url).pathname;
const given = JSON.parse(process.env.WORLD);
const files = await Promise.all(given.flows.map((name) => import(`./flows/${name}.mjs`)));
const flows = files.flatMap((file) => Object.entries(file.default)).filter(([name]) => wanted.some((part) => name.includes(part)));

const world = await open(given);
let passed = 0;
let failed = 0;
for (const [name, flow] of flows) {
  const started = Date.now();
  const visit = await world.begin();
  try {
    await flow(visit);
    visit.check();
    ++passed;
    console.log(`ok      ${name} (${((Date.now() - started) / 1000).toFixed(1)} s)`);
  } catch (error) {
    ++failed;
    console.log(`FAILED  ${name}: ${error.stack ?? error}`);
    for (const told of [...visit.told, ...await visit.refusals()]) console.log(`        ${told}`);
    mkdirSync(failures, { recursive: true });
    await visit.page.screenshot({ path: `${failures}browser-${name.replaceAll(/\W+/g, "-")}.png` }).catch(() => {});
  }
  await visit.end();
}
await world.close();
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
