// Pages that are kept current while somebody works in them, and what strangers send. As scenarios.mjs.

import {check} from "./session.mjs";
import {text} from "./scenarios.mjs";

// A row comes and another goes; what was ticked, typed and focused stays, and nothing is loaded anew.
export async function liveList(session) {
  const {facts, page} = session;
  await session.logIn();
  await session.goto(`/requests?words=%2B${facts.word}`);
  const tick = page.getByLabel(`Reject request ${facts.kept}`);
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
