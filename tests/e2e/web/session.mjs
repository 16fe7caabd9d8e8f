// A browser on the operators' page, and what must hold of every page it sees.

import {existsSync, mkdirSync, readFileSync, writeFileSync} from "node:fs";
import {createRequire} from "node:module";
import {fileURLToPath} from "node:url";
import path from "node:path";
import {chromium} from "playwright-core";

const HERE = path.dirname(fileURLToPath(import.meta.url));
const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const SCREENSHOTS = path.join(HERE, "screenshots");
const PHONE = {width: 390, height: 844};
const DESK = {width: 1280, height: 900};

export function check(condition, message) {
  if (!condition) throw new Error(message);
}

export class Session {
  // `facts` is what the test says: "origin", "login", "password" ..., and "certificate", which the browser shows.
  static async open(facts, options = {}) {
    const session = new Session();
    session.facts = facts;
    session.problems = [];
    // Debian's Chromium has a sandbox, which root may not use. The certificate is of a test's own CA.
    session.browser = await chromium.launch({executablePath: facts.chromium, args: ["--no-sandbox"]});
    const {certificate} = facts;
    const clientCertificates = certificate ? [{origin: facts.origin, ...certificate}] : [];
    session.context = await session.browser.newContext({ignoreHTTPSErrors: true, viewport: DESK,
      timezoneId: "Europe/Helsinki", locale: "en-GB", clientCertificates, ...options});
    session.page = await session.context.newPage();
    session.watch(session.page);
    return session;
  }

  watch(page) {
    page.on("console", (message) => {
      // A refused form, or one that has to wait, is told so by its status, which Chromium notes as an error.
      const isStatus = /^Failed to load resource: the server responded with a status of (4|503)/.test(message.text());
      if (message.type() === "error" && !isStatus) this.problems.push(`console: ${message.text()}`);
    });
    page.on("pageerror", (error) => this.problems.push(`script: ${error.message}`));
    page.on("dialog", (dialog) => {
      this.problems.push(`dialog: ${dialog.message()}`);
      dialog.dismiss();
    });
    page.on("request", (request) => {
      if (new URL(request.url()).origin !== this.facts.origin) this.problems.push(`request to ${request.url()}`);
    });
  }

  goto(where) {
    return this.page.goto(this.facts.origin + where);
  }

  // Tells the test that something is so; heard waits for the test to tell.
  say(what) {
    writeFileSync(path.join(this.facts.stage, what), "");
  }

  async heard(what) {
    const deadline = Date.now() + 60_000;
    while (!existsSync(path.join(this.facts.stage, what))) {
      check(Date.now() < deadline, `the test did not say ${what}`);
      await new Promise((done) => setTimeout(done, 20));
    }
  }

  async logIn(login = this.facts.login, password = this.facts.password) {
    await this.goto("/login");
    await this.page.getByLabel("Login").fill(login);
    await this.page.getByLabel("Password").fill(password);
    await this.page.getByRole("button", {name: "Log in"}).click();
    await this.page.waitForLoadState();
  }

  // No serious fault of accessibility on the page as it stands.
  async checkAccessibility(name) {
    await this.page.evaluate(AXE);
    const {violations} = await this.page.evaluate(() => window.axe.run(document));
    for (const violation of violations) {
      if (!["serious", "critical"].includes(violation.impact)) continue;
      const where = violation.nodes.map((node) => node.target.join(" ") + ": " + node.failureSummary).join("; ");
      this.problems.push(`${name}: ${violation.id}: ${where}`);
    }
  }

  // What is drawn on the page must be there to be read, and what is touched, large enough for a finger (WCAG 2.5.8).
  async checkReach(name) {
    const found = await this.page.evaluate(() => {
      const problems = [];
      for (const one of document.querySelectorAll("button, nav a, select, input:not([type=hidden])")) {
        const {width, height} = one.getBoundingClientRect();
        if (width > 0 && Math.min(width, height) < 24) problems.push(`${one.outerHTML.slice(0, 80)} is ${width} x ${height}`);
      }
      for (const one of document.querySelectorAll(".secret, main td, main dd, main h1, main h2, main label")) {
        const isShown = one.innerText.trim() !== "";  // Unlike what is folded away.
        if (isShown && one.scrollWidth > one.clientWidth + 1 && getComputedStyle(one).display !== "inline") {
          problems.push(`${one.innerText.slice(0, 80)} is cut off`);
        }
      }
      return problems;
    });
    for (const problem of found) this.problems.push(`${name}: ${problem}`);
  }

  // Light, dark and on a phone: pictures to look at, each accessible, and none wider than the screen.
  async photograph(name) {
    mkdirSync(SCREENSHOTS, {recursive: true});
    for (const [variant, colorScheme, viewport] of [["light", "light", DESK], ["dark", "dark", DESK],
                                                     ["phone", "light", PHONE]]) {
      await this.page.emulateMedia({colorScheme});
      await this.page.setViewportSize(viewport);
      await this.checkAccessibility(`${name} (${variant})`);
      const excess = await this.page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      if (viewport === PHONE) await this.checkReach(name);
      if (excess > 0) this.problems.push(`${name} (${variant}) is ${excess} pixels too wide`);
      await this.page.screenshot({path: path.join(SCREENSHOTS, `${name}-${variant}.png`), fullPage: true});
    }
    await this.page.setViewportSize(DESK);
  }

  async close() {
    await this.browser.close();
    check(this.problems.length === 0, this.problems.join("\n"));
  }
}
