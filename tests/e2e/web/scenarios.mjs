// What operators do with the page, and what others try. Each has a session of its own, not logged in.

import {check} from "./session.mjs";

export async function text(page, selector = "main") {
  return (await page.locator(selector).innerText()).replace(/\s+/g, " ");
}

export async function pages(session) {
  const {facts, page} = session;
  await session.goto("/login");
  await session.photograph("login");
  await session.logIn();
  for (const [name, where] of Object.entries(facts.pages)) {
    const answer = await session.goto(where);
    check(answer.status() === 200, `${where}: ${answer.status()}`);
    if (name === "ca") await page.locator("details").evaluateAll((all) => all.forEach((one) => (one.open = true)));
    await session.photograph(name);
  }
  const missing = await session.goto("/nowhere");
  check(missing.status() === 404, `a page that is not there: ${missing.status()}`);
  await session.photograph("error");
}

export async function login(session) {
  const {facts, page} = session;
  await session.goto("/requests");
  check(new URL(page.url()).pathname === "/login", "who is not logged in got further than the login");
  await session.logIn(facts.login, "not the password");
  check((await text(page)).includes("The login or the password is wrong."), "a wrong password was not told");
  await page.getByLabel("Password").fill(facts.password);
  await page.keyboard.press("Enter");
  await page.waitForURL(facts.origin + "/");
  const cookie = (await session.context.cookies()).find((one) => one.name === "__Host-certifier-session");
  check(cookie.httpOnly && cookie.secure && cookie.sameSite === "Strict" && cookie.expires === -1, "the cookie is lax");
  check(!(await page.evaluate(() => document.cookie)), "a script sees a cookie");
  await session.goto("/login");
  await session.logIn();
  const second = (await session.context.cookies()).find((one) => one.name === "__Host-certifier-session");
  check(second.value !== cookie.value, "the session was not renewed by the login");
  await page.getByRole("button", {name: "Log out"}).click();
  await page.waitForURL(/\/login/);
  await session.context.addCookies([second]);
  await session.goto("/");
  check(new URL(page.url()).pathname === "/login", "a session outlived its end");
}

export async function certificateLogin(session) {
  const {facts, page} = session;
  await session.goto("/audit");
  check((await text(page)).includes("Your browser shows the certificate admin."), "the certificate is not told");
  await session.photograph("login-certificate");
  await page.getByRole("button", {name: "Log in with this certificate"}).click();
  await page.waitForURL(facts.origin + "/audit");
  const cookies = await session.context.cookies();
  const cookie = cookies.find((one) => one.name === "__Host-certifier-session");
  check(cookie.httpOnly && cookie.secure && cookie.sameSite === "Strict" && cookie.expires === -1, "the cookie is lax");
  await page.getByRole("button", {name: "Log out"}).click();
  await page.waitForURL(/\/login/);
  await session.goto("/audit");
  check(new URL(page.url()).pathname === "/login", "the certificate let in who had logged out");
}

// Times stand in the operator's zone, and remain as they were recorded in the title.
export async function times(session) {
  await session.logIn();
  await session.goto(session.facts.pages.request);
  const time = session.page.locator("dl time").first();
  const recorded = await time.getAttribute("datetime");
  check(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(recorded), `recorded as ${recorded}`);
  check((await time.getAttribute("title")) === recorded, "the title is not what was recorded");
  const hour = new Intl.DateTimeFormat("en-GB", {hour: "2-digit", hourCycle: "h23", timeZone: "Europe/Helsinki"})
                   .format(new Date(recorded));
  check((await time.innerText()).includes(` ${hour}:`), `${await time.innerText()} is not Helsinki's ${recorded}`);
}

export async function ceremony(session) {
  const {facts, page} = session;
  await session.logIn();
  await session.goto(`/requests/${facts.request}`);
  const typed = page.getByLabel("Fingerprint that the device shows");
  const approve = page.getByRole("button", {name: `Approve request ${facts.request}`});
  const verdict = page.locator("#verdict");
  check(await approve.count() === 0, "a bare click could approve");
  await typed.fill(facts.fingerprint.replace(/[0-9A-F]/, (digit) => (digit === "0" ? "1" : "0")));
  await verdict.getByText("No match.").waitFor();
  check(await approve.count() === 0, "what does not match could be approved");
  await session.photograph("ceremony-no-match");
  await typed.fill(facts.fingerprint.slice(0, 20));
  await verdict.getByText("Not a whole fingerprint.").waitFor();
  check(await approve.count() === 0, "a part of a fingerprint could approve");
  await typed.fill(facts.fingerprint);
  await verdict.getByText(`Match: ${facts.hash ?? "SHA-256"} of the request.`).waitFor();
  check(await approve.count() === 1, "what matches could not be approved");
  await session.photograph("ceremony-match");
  await typed.press("End");
  await typed.pressSequentially("0");
  check(await approve.count() === 0, "the button outlived the fingerprint that it was for");
  await typed.press("Backspace");
  await approve.click();
  await page.getByRole("status").waitFor();
  check((await text(page)).includes("Approved."), "the approval was not told");
  await session.photograph("approved");
}

// The same without a script.
export async function plain(session) {
  const {facts} = session;
  const context = await session.browser.newContext({ignoreHTTPSErrors: true, javaScriptEnabled: false});
  session.page = await context.newPage();
  session.watch(session.page);
  await session.logIn();
  await session.goto(`/requests/${facts.request}`);
  await session.page.getByLabel("Fingerprint that the device shows").fill(facts.fingerprint);
  await session.page.getByRole("button", {name: "Compare"}).click();
  await session.page.getByText("Match: SHA-256 of the request.").waitFor();
  await session.page.getByRole("button", {name: `Approve request ${facts.request}`}).click();
  await session.page.getByText("Approved.").waitFor();
}

export async function keyboard(session) {
  const {facts, page} = session;
  await session.logIn();
  await page.keyboard.press("Tab");
  check(await page.evaluate(() => document.activeElement.className === "skip"), "the first tab is no way past the head");
  await page.keyboard.press("/");
  await page.keyboard.type(facts.fingerprint);
  await page.keyboard.press("Enter");
  await page.waitForURL(/q=/);
  const link = page.getByRole("link", {name: facts.request, exact: true});
  await link.waitFor();
  await link.focus();
  await page.keyboard.press("Enter");
  await page.waitForURL(`**/requests/${facts.request}`);
  await page.getByLabel("Fingerprint that the device shows").focus();
  await page.keyboard.type(facts.fingerprint);
  await page.getByText("Match:").waitFor();
}

export async function rejecting(session) {
  const {facts, page} = session;
  await session.logIn();
  await session.goto("/requests");
  for (const request of facts.rejected) await page.getByLabel(`Select request ${request}`).check();
  await page.getByLabel("Reason, for the record").fill("unknown <b>devices</b>");
  await page.getByRole("button", {name: "Reject what is ticked"}).click();
  await page.getByRole("heading", {name: "Rejected"}).waitFor();
  await session.photograph("requests-rejected");
  check((await text(page)).includes(`Request ${facts.rejected[0]}: rejected`), "what became of each is not told");
  for (const request of facts.rejected) {
    await session.goto(`/requests/${request}`);
    const shown = await text(page);
    check(shown.includes("rejected") && shown.includes("unknown <b>devices</b>"), `request ${request}: ${shown}`);
  }
}

// Who may only read is offered nothing, and gets nothing by asking for it.
export async function reader(session) {
  const {facts, page} = session;
  await session.logIn(facts.reader, facts.reader_password);
  await session.goto(`/requests/${facts.request}`);
  check(await page.locator("main form").count() === 0, "a form is offered to who may only read");
  await session.goto("/requests");
  check(await page.locator("main input[type=checkbox]").count() === 0, "requests can be ticked by who may only read");
  const status = await page.evaluate(async ([request, fingerprint]) => {
    const csrf = document.querySelector("input[name=csrf]").value;
    const body = new URLSearchParams({csrf, fingerprint, template_version: "1"});
    return (await fetch(`/requests/${request}/approve`, {method: "POST", body, redirect: "manual"})).status;
  }, [facts.request, facts.fingerprint]);
  check(status === 403, `who may only read approved: ${status}`);
}

// Another site's page, and a form without the session's token, change nothing.
export async function forgery(session) {
  const {facts, page} = session;
  await session.logIn();
  const status = await page.evaluate(async (request) => {
    const body = new URLSearchParams({reason: "forged"});
    return (await fetch(`/requests/${request}/reject`, {method: "POST", body})).status;
  }, facts.request);
  check(status === 403, `a form without a token: ${status}`);
  const other = await session.context.newPage();
  await other.route("https://evil.example/**", (route) => route.fulfill({
    contentType: "text/html",
    body: `<form method=post action="${facts.origin}/requests/${facts.request}/reject"><input name=reason value=forged>
           </form><script>document.forms[0].submit()</script>`,
  }));
  const answered = other.waitForResponse((answer) => answer.url().startsWith(facts.origin));
  await other.goto("https://evil.example/").catch(() => {});
  check((await answered).status() === 403, "another site's form was taken");
  const framed = await session.context.newPage();
  await framed.route("https://evil.example/**", (route) => route.fulfill({
    contentType: "text/html", body: `<iframe src="${facts.origin}/login"></iframe>`}));
  await framed.goto("https://evil.example/");
  const inside = await framed.frames().at(-1).locator("form").count().catch(() => 0);
  check(inside === 0, "another site framed the page");
  await session.goto(`/requests/${facts.request}`);
  check((await text(page, "dl >> nth=0")).includes("pending"), "a forged form was carried out");
}

// Markup in what a device or a link says is text.
export async function markup(session) {
  const {facts, page} = session;
  await session.logIn();
  const hostile = encodeURIComponent("\"><script>window.hit = 1</script><img src=x onerror=\"window.hit = 1\">");
  for (const where of [...facts.where, `/requests/${facts.hostile}`, `/requests?q=${hostile}`,
                       `/requests?state=all&ca=${hostile}`, `/cas/${hostile}`, `/login?login=${hostile}&next=${hostile}`,
                       `/requests/${facts.hostile}?done=${hostile}`, `/${hostile}`]) {
    await session.goto(where);
    check(!(await page.evaluate(() => window.hit)), `${where} ran a script`);
    const sent = page.locator("main :is(img, script, svg:not(figure.issuance > svg), iframe, [onload], [onerror])");
    check(await sent.count() === 0, `${where} has an element that was sent`);
  }
  await session.goto(`/requests/${facts.hostile}`);
  check((await text(page)).includes(facts.hostile_text), `the subject is not shown as it is: ${await text(page)}`);
  const all = await page.locator("main").textContent();
  for (const shown of facts.shown) check(all.includes(shown), `${shown} is not shown as it is`);
}

// An entity, a key whose value is seen once, another value, and the end of it.
export async function keys(session) {
  const {facts, page} = session;
  await session.logIn();
  await session.goto("/entities");
  const create = page.locator("form[action='/entities'][method=post]");
  await create.getByLabel("Name", {exact: true}).fill(facts.entity);
  await create.getByLabel("Description").fill("<i>made</i> in a browser");
  await create.getByRole("button", {name: "Create"}).click();
  await page.getByRole("heading", {name: `Entity ${facts.entity}`}).waitFor();
  check((await text(page)).includes("<i>made</i> in a browser"), "the description is not shown as it is");
  await page.getByLabel("Certificates", {exact: true}).fill("3");
  await page.getByRole("button", {name: "Create the key"}).click();
  await page.getByRole("heading", {name: "A pre-shared key"}).waitFor();
  const value = await page.locator("#key").innerText();
  check(/^[0-9A-Z]{5}(-[0-9A-Z]{4,5})+$/.test(value), `the key is ${value}`);
  check(!page.url().includes(value), "the key is in the address");
  check(await page.getByRole("img", {name: /^QR code/}).count() === 1, "the key has no QR code");
  await session.photograph("key-value");
  await page.emulateMedia({media: "print"});
  check(await page.locator("#key").isVisible(), "the key is not printed");
  check(!(await page.getByRole("button").first().isVisible()), "a button is printed");
  await page.emulateMedia({media: null});
  await page.locator("main dl a").first().click();
  await page.getByRole("heading", {name: /^Key /}).waitFor();
  check(!(await page.content()).includes(value), "the key is shown a second time");
  check((await text(page)).includes("0 of 3"), "the key is not good for three certificates");
  await session.photograph("key");
  await page.getByRole("button", {name: "New value"}).click();
  check((await page.locator("#key").innerText()) !== value, "the value is the old one");
  await page.goBack();
  await page.getByRole("button", {name: "Disable"}).click();
  await page.getByText("Disabled").waitFor();
  check(await page.locator("main form").count() === 0, "a key that ended can be changed");
  await session.goto(`/entities/${facts.entity}`);
  await page.getByRole("button", {name: "Deactivate"}).click();
  await page.getByText("This entity is inactive").waitFor();
  await session.photograph("entity");
  const history = page.locator("section[aria-labelledby=history] tbody tr");
  const told = await history.locator("td[data-label=What]").allInnerTexts();
  check(told.join() === "entity changed,key disabled,key replaced,key created,entity created", `history: ${told}`);
  await history.first().getByRole("link").first().click();
  await page.getByRole("heading", {name: /^Event /}).waitFor();
  await page.goBack();
  await page.getByRole("link", {name: "All of it, in the audit log"}).click();
  check(await page.locator("tbody tr").count() === 5, "the audit log has another history");
  await session.goto(`/entities/${facts.entity}`);
  await page.getByRole("link", {name: "All keys of this entity"}).click();
  await page.getByRole("heading", {name: `Keys of ${facts.entity}`}).waitFor();
  check(await page.locator("tbody tr").count() === 1, "the entity has another key");
  check(await page.locator("tbody .state.disabled").count() === 1, "the key is not said to be disabled");
  await session.photograph("keys");
}

export async function certificates(session) {
  const {facts, page} = session;
  await session.logIn();
  await session.goto("/certificates");
  await session.photograph("certificates");
  await page.getByLabel("Serial number").fill(facts.serial_number);
  await page.keyboard.press("Enter");
  await page.getByRole("heading", {name: `Certificate ${facts.serial_number}`}).waitFor();
  await session.photograph("certificate");
  await page.getByRole("button", {name: "Suspend"}).click();
  await page.getByRole("status").getByText("Suspended.").waitFor();
  await page.getByRole("button", {name: "Reactivate"}).click();
  await page.getByRole("status").getByText("Good again.").waitFor();
  await page.getByRole("combobox", {name: "Reason"}).selectOption("key_compromise");
  await page.getByRole("button", {name: "Revoke"}).click();
  check(!page.url().includes("revoked"), "one click revoked it");
  await page.getByLabel("It cannot be taken back").check();
  await page.getByRole("button", {name: "Revoke"}).click();
  await page.getByRole("status").getByText("Revoked for ever.").waitFor();
  check((await text(page)).includes("key_compromise"), "the reason is not shown");
  check(await page.locator("main form").count() === 0, "what is revoked can be changed");
}

export async function policies(session) {
  const {facts, page} = session;
  await session.logIn();
  await session.goto("/policies");
  await session.photograph("policies");
  await page.getByRole("link", {name: facts.policy, exact: true}).click();
  check((await text(page, ".chain >> nth=0")).includes("require_key"), "the chain is not shown");
  await session.photograph("policy");
  await page.getByRole("link", {name: "what version 2 changed"}).click();
  check((await text(page, ".added")).includes("days: 17"), "the change is not shown");
  await session.photograph("policy-diff");
}

// The settings of the SCEP service, and what gateways made of them.
export async function scep(session) {
  const {facts, page} = session;
  await session.logIn();
  await session.goto("/scep-service");
  await session.photograph("scep-service");
  check(await page.locator("table .state.good").count() === 2, "not both gateways are said to have applied");
  await page.getByLabel("Description").fill("<b>until noon</b>");
  await page.getByLabel("GetCRL").uncheck();
  await page.getByRole("button", {name: "Set"}).click();
  await page.getByRole("status").getByText("Set.").waitFor();
  check((await text(page)).includes("<b>until noon</b>"), "the description is not shown as it is");
  check(!(await page.getByLabel("GetCRL").isChecked()), "what was refused is allowed");
  await page.getByLabel("GetCRL").check();
  await page.getByLabel("Description").fill("");
  await page.getByLabel("Listen on").fill(facts.taken);
  await page.getByRole("button", {name: "Set"}).click();
  await page.getByRole("status").waitFor();
  await page.evaluate(() => (window.isTheSame = true));
  await page.locator("#applied tbody tr").nth(1).getByText("the port is taken").waitFor();
  check(await page.locator("#applied .state.rejected").count() === 2, "not both gateways say that the port is taken");
  check(await page.evaluate(() => window.isTheSame), "the page was loaded anew");
  await session.photograph("scep-service-refused");
  await page.getByLabel("Listen on").fill("");
  await page.getByRole("button", {name: "Set"}).click();
  await page.getByRole("status").waitFor();
  await page.locator("#applied tbody tr .state.good").nth(1).waitFor();
}

// An operator is made, is granted more, changes his password, and is shut out at once.
export async function audit(session) {
  const {facts, page} = session;
  await session.logIn();
  await session.goto(`/audit?about=${facts.request}`);
  await session.photograph("audit");
  check((await text(page, "table")).includes("request_held"), "the log does not tell of the request");
  await page.locator("tbody tr").first().getByRole("link").first().click();
  await page.getByRole("heading", {name: /^Event /}).waitFor();
  // The engine seals every few seconds.
  for (let tries = 0; tries < 300 && !(await text(page)).includes("sealed with"); ++tries) await page.reload();
  await page.getByRole("button", {name: "Verify"}).click();
  await page.getByRole("status").getByText("as it was sealed").waitFor();
  await session.photograph("audit-event");
}

// Somebody with the database's own password changed the event, which is sealed.
export async function changedEvent(session) {
  const {facts, page} = session;
  await session.logIn();
  await session.goto(`/audit/${facts.event}/verify`);
  await page.getByRole("alert").getByText("the event is another than the one that was sealed").waitFor();
}

export async function auditFilters(session) {
  const {page} = session;
  await session.logIn();
  await session.goto("/audit?kind=nothing-of-that-kind");
  check((await text(page)).includes("No such event"), "a kind that there is not has events");
}

export async function operators(session) {
  const {facts, page} = session;
  await session.logIn();
  await session.goto("/operators");
  await session.photograph("operators");
  await page.getByLabel("Login", {exact: true}).fill(facts.operator);
  await page.getByLabel("Password").fill(facts.operator_password);
  await page.getByLabel(/^Grants/).fill("read\nrevocation:demo");
  await page.getByRole("button", {name: "Create"}).click();
  await page.getByRole("heading", {name: `Operator ${facts.operator}`}).waitFor();
  check(!(await page.content()).includes(facts.operator_password), "the password is in the page");
  await page.getByLabel("Level").selectOption("entity-write");
  await page.getByRole("button", {name: "Grant"}).click();
  await page.getByRole("status").waitFor();
  await page.getByRole("button", {name: "Take away revocation:demo"}).click();
  await page.getByRole("status").waitFor();
  check((await text(page, "section:has(#grants) ul")).includes("entity-write"), "the grant is not shown");
  await session.photograph("operator");
  const his = await session.browser.newContext({ignoreHTTPSErrors: true});
  const admin = session.page;
  session.page = await his.newPage();
  session.watch(session.page);
  await session.logIn(facts.operator, facts.operator_password);
  check(await session.page.getByRole("link", {name: "Operators"}).count() === 0, "operators are shown to a reader");
  await session.goto("/account");
  await session.photograph("account");
  await session.page.getByLabel("The password that you have").fill(facts.operator_password);
  await session.page.getByLabel(/^A new one/).fill(facts.new_password);
  await session.page.getByLabel("The new one again").fill(facts.new_password + "x");
  await session.page.getByRole("button", {name: "Change it"}).click();
  await session.page.getByRole("alert").getByText("not twice the same").waitFor();
  await session.page.getByLabel("The password that you have").fill(facts.operator_password);
  await session.page.getByLabel(/^A new one/).fill(facts.new_password);
  await session.page.getByLabel("The new one again").fill(facts.new_password);
  await session.page.getByRole("button", {name: "Change it"}).click();
  await session.page.getByRole("status").waitFor();
  const refused = await session.goto("/operators");
  check(refused.status() === 403, `a reader saw the operators: ${refused.status()}`);
  await admin.getByRole("button", {name: "Deactivate"}).click();
  await admin.getByText("This operator is inactive").waitFor();
  await session.goto("/");
  check(new URL(session.page.url()).pathname === "/login", "who is inactive is still in");
}

// A policy is written, tried with a request, compared and applied.
export async function policyEditing(session) {
  const {facts, page} = session;
  await session.logIn();
  await session.goto("/policies");
  await page.getByLabel("Name").fill(facts.policy);
  await page.getByLabel("Begin with").selectOption("default");
  await page.getByRole("button", {name: "Write it"}).click();
  await page.getByRole("heading", {name: `Edit policy ${facts.policy}`}).waitFor();
  await session.photograph("policy-edit");
  await page.getByLabel("Module to add to receive_request").selectOption("deny");
  await page.locator("button[value='add receive_request']").click();
  await page.getByRole("button", {name: "Move deny up"}).click();
  await page.getByRole("button", {name: "Move deny down"}).waitFor();
  const count = await page.locator("input[name='receive_request.module']").count();
  const last = page.locator("input[name='receive_request.module']").nth(count - 2);
  check(await last.inputValue() === "deny", "the module did not move");
  await page.locator("textarea[name='receive_request.parameters']").nth(count - 2).fill("nonsense: [");
  await page.getByRole("button", {name: "Review"}).last().click();
  await page.getByRole("alert").waitFor();
  check(await page.locator("textarea[name='receive_request.parameters']").nth(count - 2).inputValue() === "nonsense: [",
        "what was wrong is lost");
  await page.getByRole("button", {name: "Remove deny"}).click();
  await page.getByLabel("Description").fill("<i>for gateways</i>");
  await page.getByRole("button", {name: "Review"}).last().click();
  await page.getByRole("heading", {name: `Review policy ${facts.policy}`}).waitFor();
  await page.getByLabel(/^Request/).fill(facts.csr);
  await page.getByRole("button", {name: "Try"}).click();
  await page.getByRole("status").getByRole("heading").first().waitFor();
  const tried = await text(page, "[role=status]");
  check(tried.includes("pending") && tried.includes("require_approval"), `the trial came to: ${tried}`);
  await session.photograph("policy-review");
  await page.getByRole("button", {name: "Apply"}).click();
  await page.getByRole("status").getByText("Applied.").waitFor();
  check((await text(page)).includes("<i>for gateways</i>"), "the description is not shown as it is");
  // What another edit changes, and nothing else, is told before it is applied.
  await page.getByRole("link", {name: "Edit"}).click();
  await page.getByLabel("Description").fill("for routers");
  await page.getByRole("button", {name: "Review"}).last().click();
  const removed = await page.locator(".diff .removed").allTextContents();
  const added = await page.locator(".diff .added").allTextContents();
  check(removed.length === 1 && removed[0].includes("<i>for gateways</i>"), `removed: ${removed}`);
  check(added.length === 1 && added[0].includes("for routers"), `added: ${added}`);
  check(await page.locator(".diff span:not(.added, .removed)").count() > 0, "what stays is not shown");
}

// Words find a request, and what must not be there leaves it out.
export async function searching(session) {
  const {facts, page} = session;
  await session.logIn();
  const link = page.getByRole("link", {name: facts.request, exact: true});
  for (const [words, match, isFound] of [[`+${facts.word} -elsewhere`, "all words", true],
                                         [`+${facts.word} nowhere-at-all`, "all words", false],
                                         [`${facts.word} nowhere-at-all`, "some words", true],
                                         [`-${facts.word}`, "all words", false]]) {
    await session.goto("/requests");
    await page.getByRole("textbox", {name: "Words"}).fill(words);
    await page.getByLabel("Match").selectOption({label: match});
    await page.getByRole("button", {name: "Show"}).click();
    await page.waitForURL(/words=/);
    check(await page.getByRole("textbox", {name: "Words"}).inputValue() === words, "what was sought is not shown");
    check((await link.count() === 1) === isFound, `${words} (${match}): ${isFound ? "not found" : "found"}`);
  }
  await session.photograph("requests-search");
  await session.goto("/");
  await page.getByRole("searchbox").fill(facts.word);
  await page.keyboard.press("Enter");
  await page.waitForURL(/words=/);
  check(await link.count() === 1, "the search in the head does not find words");
}

// What a device will get is edited before it is approved, and an approval of what was there before is none.
export async function editing(session) {
  const {facts, page} = session;
  await session.logIn();
  await session.goto(`/requests/${facts.request}`);
  await page.getByText("Edit it").click();
  await page.getByLabel("Its subject").fill("CN=edited");
  await page.getByLabel("Its alternative names, a line each").fill("dns:edited.example\nip:192.0.2.7");
  await session.photograph("request-edit");
  await page.getByRole("button", {name: "Change it"}).click();
  await page.getByRole("status").getByText("Changed.").waitFor();
  const shown = await text(page, "section:has(#template)");
  check(shown.includes("edited by") && shown.includes("ip:192.0.2.7") && shown.includes("CN=edited"), shown);
  await page.getByLabel("Fingerprint that the device shows").fill(facts.fingerprint);
  await page.getByRole("button", {name: `Approve request ${facts.request}`}).click();
  await page.getByRole("status").getByText("Approved.").waitFor();
}

export async function massRevocation(session) {
  const {facts, page} = session;
  await session.logIn();
  await session.goto("/certificates?status=good");
  const boxes = page.locator("tbody input[type=checkbox]");
  const all = page.getByLabel("Select all on this page");
  await all.check();
  check(await boxes.count() > 0, "no certificate can be ticked");
  for (const box of await boxes.all()) check(await box.isChecked(), "a certificate of the page was not ticked with all");
  await all.uncheck();
  for (const box of await boxes.all()) check(!await box.isChecked(), "a certificate of the page stayed ticked");
  for (const serial of facts.serials) await page.getByLabel(`Revoke ${serial}`).check();
  await page.getByText("Revoke what is ticked").click();
  await page.getByRole("combobox", {name: "Reason"}).selectOption("superseded");
  await page.getByLabel("It cannot be taken back").check();
  await session.photograph("certificates-revoking");
  await page.getByRole("button", {name: "Revoke them"}).click();
  await page.getByRole("heading", {name: "Revoked"}).waitFor();
  await session.photograph("certificates-revoked");
  check(!(await text(page)).includes("not revoked"), await text(page));
}

// Keys for many devices: a fault makes none, and the same form sent again brings the same keys.
export async function minting(session) {
  const {facts, page} = session;
  await session.logIn();
  await session.goto("/keys/mint");
  await page.getByLabel(/^Entities/).fill(facts.entities.join("\n"));
  await page.getByLabel("Make the entities").uncheck();
  await page.getByRole("button", {name: "Mint the keys"}).click();
  await page.getByRole("alert").first().waitFor();
  check((await text(page)).includes("Line 1"), "the fault does not name its line");
  await page.getByLabel("Make the entities").check();
  await session.photograph("key-mint");
  await page.getByRole("button", {name: "Mint the keys"}).click();
  await page.locator(".sheet svg").first().waitFor();
  check(await page.locator(".sheet svg").count() === facts.entities.length, "not every key has its code");
  const first = await page.locator(".sheet pre.strong").allInnerTexts();
  await session.photograph("key-sheets");
  // In another second, from which days would count anew.
  const second = Math.floor(Date.now() / 1000);
  await page.waitForFunction((before) => Math.floor(Date.now() / 1000) > before, second);
  await page.reload();
  await page.locator(".sheet svg").first().waitFor();
  check((await page.locator(".sheet pre.strong").allInnerTexts()).join() === first.join(), "other keys the second time");
}
