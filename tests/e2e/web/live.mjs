// Pages that are kept current while somebody works in them, and what strangers send. As scenarios.mjs.

import https from "node:https";

import {check} from "./session.mjs";
import {text} from "./scenarios.mjs";

// A row comes and another goes; what was ticked, typed and focused stays, and nothing is loaded anew.
export async function liveList(session) {
  const {facts, page} = session;
  await session.logIn();
  await session.goto(`/requests?words=%2B${facts.word}`);
  const tick = page.getByLabel(`Select request ${facts.kept}`);
  await page.getByLabel("Reason, for the record").fill("half a rea");
  await tick.check();
  await page.setViewportSize({width: 1280, height: 200});
  await page.evaluate(() => window.scrollTo(0, document.documentElement.scrollHeight));
  await page.evaluate(() => (window.isTheSame = true));
  const where = () => page.locator(`#request-${facts.kept}`).evaluate((row) => row.getBoundingClientRect().top);
  const before = await where();
  session.say("listed");
  await page.getByText("1 new request.").waitFor();
  check(await page.locator("#rows tr").count() === 2, "the new request is not listed");
  check(await tick.isChecked(), "what was ticked is so no more");
  check(await tick.evaluate((one) => one === document.activeElement), "the focus went elsewhere");
  check(await page.getByLabel("Reason, for the record").inputValue() === "half a rea", "what was typed is gone");
  check(Math.abs(await where() - before) < 2, `the row moved from ${before} to ${await where()}`);
  check(await page.evaluate(() => window.isTheSame), "the page was loaded anew");
  check((await page.locator("#rows time").first().getAttribute("title")).endsWith("Z"), "times are not the operator's");
  await page.setViewportSize({width: 1280, height: 900});
  await session.photograph("requests-live");
  session.say("came");
  await page.locator(`#request-${facts.kept}`).waitFor({state: "detached"});
  check(await page.locator("#rows tr").count() === 1, "more than what was decided has gone");
}

// The home page counts, and a request's page ends as the request does.
export async function liveRequest(session) {
  const {facts, page} = session;
  await session.logIn();
  const home = await session.context.newPage();
  session.watch(home);
  await home.goto(facts.origin + "/");
  await session.goto(`/requests/${facts.request}`);
  await page.getByLabel("Fingerprint that the device shows").fill(facts.fingerprint.slice(0, 10));
  await page.getByText("Not a whole fingerprint.").waitFor();
  session.say("shown");
  await page.locator("#told .state").getByText("issued").waitFor();
  await page.getByText("This has changed.").waitFor();
  check(await page.locator("#deciding form").count() === 0, "what is decided can be decided");
  check((await text(page, "#why")).includes("issued"), "the newest record is not shown");
  await home.locator(`#request-${facts.request}`).waitFor({state: "detached"});
}

// What somebody has chosen and not yet sent stays, while another changes the same settings.
export async function liveSettings(session) {
  const {facts, page} = session;
  await session.logIn();
  await session.goto("/scep-service");
  await page.getByLabel("Status").selectOption("disabled");
  session.say("chosen");
  await page.locator("#settings").getByText(facts.description).waitFor();
  await page.getByText("Reload the page to see all of it").waitFor();
  check(await page.getByLabel("Status").inputValue() === "disabled", "what was chosen is so no more");
  check(await page.getByLabel("Description").inputValue() === "", "the form is another's");
}

// Who is shut out is told so, where he looks.
export async function liveEnd(session) {
  const {facts, page} = session;
  await session.logIn(facts.operator, facts.operator_password);
  await session.goto("/requests");
  session.say("watching");
  await page.getByText("You are no longer logged in.").waitFor();
  await page.getByRole("link", {name: "Log in again"}).click();
  await page.getByRole("button", {name: "Log in"}).waitFor();
}

// Where there is no stream the page asks now and then.
export async function livePolling(session) {
  const {facts, page} = session;
  await session.logIn();
  let streams = 0;
  await page.route("**/requests/events*", (route) => {
    ++streams;
    route.fulfill({status: 503, headers: {"Retry-After": "30"}, body: ""});
  });
  session.problems.push = function (problem) {
    return problem.includes("status of 503") ? this.length : Array.prototype.push.call(this, problem);
  };
  await page.clock.install();
  await session.goto(`/requests?words=%2B${facts.word}`);
  session.say("listed");
  await session.heard("asked");
  for (let tries = 0; tries < 20 && (await page.locator("#rows tr").count()) < 2; ++tries) {
    await page.clock.runFor(31_000);
  }
  await page.getByText("1 new request.").waitFor();
  check(streams >= 2, "a stream was asked for once");
}

// What is put aside is out of the way, and is taken up again and approved; its device waits all the while.
export async function postponing(session) {
  const {facts, page} = session;
  await session.logIn();
  await session.goto(`/requests/${facts.request}`);
  await page.getByLabel("Note, for the audit log").fill("asks <b>the owner</b>");
  await page.getByRole("button", {name: "Postpone"}).click();
  await page.getByRole("status").getByText("Postponed.").waitFor();
  await session.photograph("request-postponed");
  await session.goto("/requests");
  check(await page.locator(`#request-${facts.request}`).count() === 0, "what is postponed is among what is pending");
  session.say("postponed");
  await session.heard("polled");
  await session.goto("/requests?state=postponed");
  await page.getByLabel(`Select request ${facts.request}`).check();
  await page.getByRole("button", {name: "Resume it"}).click();
  await page.getByRole("heading", {name: "Resumed"}).waitFor();
  check(!(await text(page)).includes("not done"), await text(page));
  await session.goto(`/audit?about=${facts.request}`);
  const told = await text(page, "table");
  check(told.includes("request_postponed") && told.includes("request_resumed"), told);
  await session.goto(`/requests/${facts.request}`);
  await page.getByLabel("Fingerprint that the device shows").fill(facts.fingerprint);
  await page.getByRole("button", {name: `Approve request ${facts.request}`}).click();
  await page.getByRole("status").getByText("Approved.").waitFor();
}

// Wrong passwords of one address: it must wait, is told how long, and is let in after that; others are at once.
export async function loginLimits(session) {
  const {facts, page} = session;
  await session.context.route("**/*", async (route) => {
    const request = route.request();
    // A stream has no end that could be waited for.
    if (request.resourceType() === "eventsource") return route.continue();
    const {status, headers, body} = await ask(request, facts.elsewhere, await request.allHeaders());
    await route.fulfill({status, headers, body});
  });
  let told = "";
  for (let tries = 0; tries < 20 && !told.includes("try again in"); ++tries) {
    await session.logIn(facts.login, `not the password ${tries}`);
    told = await text(page);
    check(new URL(page.url()).pathname === "/login", "a wrong password let somebody in");
  }
  check(/too many wrong passwords, tokens or certificates: try again in \d+ s/.test(told), `no word on how long to wait: ${told}`);
  // At once, since the wait is of seconds.
  await session.logIn();
  check((await text(page)).includes("try again in"), "the right password was taken before its time");
  await session.photograph("login-delayed");
  const here = await session.browser.newContext({ignoreHTTPSErrors: true});
  session.page = await here.newPage();
  await session.logIn();
  check(new URL(session.page.url()).pathname === "/", "who is elsewhere has to wait as well");
  session.page = page;
  const deadline = Date.now() + 60_000;
  while (new URL(page.url()).pathname !== "/") {
    check(Date.now() < deadline, `the right password is never taken: ${await text(page)}`);
    await session.logIn();
  }
}

// A browser's request, from another address of this machine.
function ask(request, localAddress, headers) {
  return new Promise((done, fail) => {
    const sent = https.request(request.url(), {method: request.method(), headers, localAddress, rejectUnauthorized: false},
                               (answer) => {
      const parts = [];
      answer.on("data", (part) => parts.push(part));
      answer.on("end", () => {
        const fields = {...answer.headers};
        if (fields["set-cookie"]) fields["set-cookie"] = fields["set-cookie"].join("\n");
        done({status: answer.statusCode, headers: fields, body: Buffer.concat(parts)});
      });
    });
    sent.on("error", fail);
    sent.end(request.postDataBuffer() ?? undefined);
  });
}
