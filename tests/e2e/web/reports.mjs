// What needs an operator: the home page's reports, and the doctor. As scenarios.mjs.

import {check} from "./session.mjs";
import {text} from "./scenarios.mjs";

export async function reports(session) {
  const {facts, page} = session;
  await session.logIn();
  const home = await text(page);
  check(home.includes(facts.subject), `home does not list the failing client: ${home}`);
  check(home.includes(facts.overdue), "home does not list the certificate that was not renewed");
  check(home.includes(facts.key), "home does not list the key that expires");
  const picture = page.getByRole("img", {name: /certificates issued/});
  const [issued] = (await picture.getAttribute("aria-label")).match(/\d+/);
  check(Number(issued) >= 1, `the picture has ${issued} issued`);
  const heights = await picture.locator("rect.issued").evaluateAll((all) => all.map((one) => one.getBBox().height));
  check(heights.length === 48 && heights[47] + heights[46] > 0, `the bars are ${heights}`);
  check(await picture.locator("rect.issued").first().evaluate((one) => getComputedStyle(one).fill) !== "rgb(0, 0, 0)",
        "the bars have no colour");
  await session.photograph("home");

  await page.getByRole("link", {name: "Doctor"}).click();
  await page.waitForURL(facts.origin + "/doctor");
  const row = page.locator("tr", {hasText: facts.subject});
  check((await row.innerText()).includes("no pre-shared key"), "the failure is not told in plain words");
  check((await row.innerText()).includes("127.0.0.1"), "who failed is not told");
  await session.photograph("doctor");
  await row.getByRole("link").click();
  const found = await text(page);
  check(found.includes("key_unknown") && found.includes("Look for a typing error"), `not explained: ${found}`);
  await session.photograph("doctor-decision");

  await page.getByLabel("Ask about one").fill("nothing-of-that-name");
  await page.keyboard.press("Enter");
  await page.getByText("nothing is known of it").waitFor();
  await session.goto("/doctor?ca=no-such-ca");
  check((await text(page)).includes("Nothing failed."), "another CA's failures are listed");
}
