// Runs one scenario against the operators' page: run.mjs SCENARIO FACTS.json; exits with 0 if all of it held.

import {readFileSync} from "node:fs";
import {Session} from "./session.mjs";
import * as live from "./live.mjs";
import * as reports from "./reports.mjs";
import * as others from "./scenarios.mjs";

const [name, file] = process.argv.slice(2);
const session = await Session.open(JSON.parse(readFileSync(file, "utf8")));
try {
  await {...others, ...live, ...reports}[name](session);
  await session.close();
} catch (error) {
  console.error(error.message);
  if (session.problems.length) console.error(session.problems.join("\n"));
  await session.browser.close();
  process.exitCode = 1;
}
