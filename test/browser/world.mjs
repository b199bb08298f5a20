// SPDX-License-Identifier: Apache-2.0
// What a flow works with: a browser context whose console is listened to, the server's API, and stock git.
import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, readdirSync } from "node:fs";
import { createInterface } from "node:readline";
import { promisify } from "node:util";
import { chromium } from "playwright-core";

const run = promisify(execFile);
const quiet = [
  "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage",
];
// Sanitized binaries on busy machines are slow; nothing waits this long for what is there.
const patience = 30_000;

// SLOWNESS=4: as on a processor four times slower, to find what depends on timing.
const slowness = Number(process.env.SLOWNESS ?? 1);

async function slow(page) {
  const session = await page.context().newCDPSession(page);
  await session.send("Emulation.setCPUThrottlingRate", { rate: slowness });
}

export async function open(server) {
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: quiet });
  const begin = async () => {
    const visit = new Visit(browser, server);
    await visit.begin();
    return visit;
  };
  return { begin, close: () => browser.close() };
}

export class Visit {
  /** What the console said that no flow expects. */
  told = [];
  /** The answers that refused something: whoever reads a failure wants to know what was asked. */
  #refused = [];
  #expected = [];
  #contexts = [];

  constructor(browser, server) {
    this.browser = browser;
    this.server = server;
  }

  async begin() {
    this.context = await this.another();
    this.page = await this.context.newPage();
  }

  /** A further browser of its own cookies; also listened to. */
  async another(options = {}) {
    const context = await this.browser.newContext({
      viewport: { width: 1440, height: 900 }, locale: "en-GB", timezoneId: "Europe/Oslo", reducedMotion: "reduce",
      permissions: ["clipboard-read", "clipboard-write"], ...options,
    });
    context.setDefaultTimeout(patience);
    context.on("page", attend);
    if (slowness > 1) context.on("page", (page) => { void slow(page); });
    // A violation of the page's policy is an error like those of the console.
    await context.addInitScript(() => {
      document.addEventListener("securitypolicyviolation", (event) => console.error(`policy: ${event.violatedDirective} ${event.blockedURI}`));
    });
    context.on("console", (message) => { if (message.type() === "error") this.#tell(message.text()); });
    context.on("response", (response) => { if (response.status() >= 400) this.#refused.push(response); });
    context.on("weberror", (error) => this.#tell(`thrown: ${error.error().stack}`));
    this.#contexts.push(context);
    return context;
  }

  #tell(text) {
    if (!this.#expected.some((pattern) => pattern.test(text))) this.told.push(text);
  }

  /** Names what a flow provokes: the browser writes refused requests into the console by itself. */
  expect(...patterns) {
    this.#expected.push(...patterns);
  }

  check() {
    assert.deepEqual(this.told, [], "the console should have nothing to say");
  }

  /** Each refused request with its answer, in order. */
  refusals() {
    return Promise.all(this.#refused.map(async (response) => {
      const answer = await response.text().catch(() => "(gone)");
      return `${response.request().method()} ${response.url()}: ${response.status()} ${answer.slice(0, 300)}`;
    }));
  }

  async end() {
    await Promise.all(this.#contexts.map((context) => context.close()));
  }

  // ---- pages ----
  async go(path, page = this.page) {
    const answer = await page.goto(new URL(path, this.server.url).href);
    await settled(page);
    return answer;
  }

  /** Signs the browser in without the page, for flows that are about something else. */
  async signIn(context = this.context, user = this.server.user, password = this.server.password) {
    const answer = await context.request.post(`${this.server.url}/_session`, { data: { user, password } });
    assert.equal(answer.status(), 200, await answer.text());
  }

  button(name, within = this.page) {
    return within.getByRole("button", { name, exact: true });
  }

  get dialog() {
    return this.page.locator("[role=dialog], [role=alertdialog]").last();
  }

  /** Waits until a dialog is gone, the focus is back on the page, and nothing hides the page any more. */
  async closed() {
    await this.page.waitForFunction(() => !document.querySelector("[role=dialog], [role=alertdialog], [aria-hidden=true] #content")
      && document.activeElement !== document.body);
  }

  // ---- the API, as the signed-in browser ----
  async api(method, path, data) {
    const answer = await this.context.request.fetch(this.server.url + path, { method, ...(data && { data }) });
    const text = await answer.text();
    assert.ok(answer.ok(), `${method} ${path}: ${answer.status()} ${text}`);
    return text === "" ? undefined : JSON.parse(text);
  }

  async createToken(displayName, scope = "vso.code", more = {}) {
    const { patToken } = await this.api("POST", `/${this.server.organization}/_apis/tokens/pats?api-version=7.1-preview.1`, { displayName, scope, ...more });
    return { ...patToken, path: `/${this.server.organization}/_usersSettings/tokens/${patToken.authorizationId}` };
  }

  // ---- mail ----
  /** Has the server send mail to a sink that keeps it. */
  async sendMail() {
    await this.api("PUT", "/_apis/latchkey/mail/settings", { host: "127.0.0.1", port: this.server.mailPort, tls: "never", from: "latchkey@example.com" });
  }

  /** Waits for a mail whose text matches; what the pattern holds of it. */
  async mailed(pattern) {
    const until = Date.now() + patience;
    for (;;) {
      for (const name of readdirSync(this.server.mails).filter((one) => one.endsWith(".txt"))) {
        const found = pattern.exec(readFileSync(`${this.server.mails}/${name}`, "utf8"));
        if (found) return found[1] ?? found[0];
      }
      if (Date.now() > until) throw new Error(`no mail came that matches ${pattern}`);
      await this.page.waitForTimeout(50);
    }
  }

  async createProject(name) {
    const { value } = await this.api("GET", `/${this.server.organization}/_apis/projects`);
    if (value.some((project) => project.name === name)) return;
    await this.api("POST", `/${this.server.organization}/_apis/projects?api-version=7.1`, { name, visibility: "private" });
  }

  // ---- stock git, in a home without anything in it ----
  async git(token, ...command) {
    const identity = ["-c", "user.name=Test", "-c", "user.email=test@example.com", "-c", "init.defaultBranch=main"];
    // By the environment: a command's line is seen by others, and is shown when it fails.
    const header = token !== undefined && {
      GIT_CONFIG_COUNT: "1",
      GIT_CONFIG_KEY_0: "http.extraHeader",
      GIT_CONFIG_VALUE_0: `Authorization: Basic ${Buffer.from(`:${token}`).toString("base64")}`,
    };
    const env = { PATH: process.env.PATH, HOME: this.server.home, GIT_TERMINAL_PROMPT: "0", GIT_CONFIG_NOSYSTEM: "1", ...header };
    return run("git", [...identity, ...command], { env, cwd: this.server.home });
  }

  async refusedByGit(token, ...command) {
    const failure = await this.git(token, ...command).then(() => undefined, (error) => error);
    assert.ok(failure, `git ${command.join(" ")} should have been refused`);
    return failure.stderr;
  }

  folder() {
    return mkdtempSync(`${this.server.home}/git-`);
  }
}

/** A server that a flow kills and starts again, at the same address. */
export class OwnServer {
  #command;

  constructor(command) {
    this.#command = command;
  }

  /** Another command of the same program, while the server stands still. */
  run(...words) {
    return run(this.#command[0], words);
  }

  async start() {
    const [program, ...words] = this.#command.map((word) => (word === "localhost:0" && this.url ? new URL(this.url).host : word));
    this.process = spawn(program, words, { stdio: ["ignore", "pipe", "inherit"] });
    const [line] = await once(createInterface({ input: this.process.stdout }), "line");
    this.url = /^listening on (\S+)/.exec(line)?.[1];
    assert.ok(this.url, line);
  }

  async kill() {
    if (this.process.exitCode !== null || this.process.signalCode !== null) return;
    const gone = once(this.process, "exit");
    this.process.kill("SIGKILL");
    await gone;
  }
}

/** The requests of a page that have no answer yet. */
const underWay = new WeakMap();

/** Keeps count of a page's requests; before it is led anywhere. */
export function attend(page) {
  const requests = new Set();
  underWay.set(page, requests);
  page.on("request", (request) => requests.add(request));
  for (const end of ["requestfinished", "requestfailed"]) page.on(end, (request) => requests.delete(request));
}

/** In the page: true once it has nothing left to do, and shows something that is no skeleton. */
const rested = () => new Promise((done) => {
  // What an answer sets off (queries tell their readers in a task of their own) comes before the browser is idle. Where no
  // frame is asked for, a browser may not call itself idle at all.
  setTimeout(() => setTimeout(() => requestIdleCallback(() => {
    done(Boolean(document.querySelector("h1, [role=dialog], [role=alertdialog]")) && !document.querySelector(".skeleton-rows"));
  }, { timeout: 500 })));
});

/** Waits until a page shows what it has fetched: no request is under way, nothing is left to be drawn, no skeleton stands. */
export async function settled(page) {
  const requests = underWay.get(page);
  const until = Date.now() + patience;
  for (;;) {
    const quiet = requests.size === 0;
    // A page that is just being left has nobody to ask.
    const shown = await Promise.race([page.evaluate(rested).catch(() => false), page.waitForTimeout(patience)]);
    if (quiet && shown && requests.size === 0) return;
    if (Date.now() > until) throw new Error(`${page.url()} does not come to rest; under way: ${[...requests].map((request) => request.url()).join(" ") || "nothing"}`);
  }
}
