// Runs the browser tests: node run.js [PART OF A FILE'S NAME...]
//
// One process, one browser, two servers (harness.js) for all files, one test after the other: starting them takes longer
// than most tests.
import { readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const wanted = process.argv.slice(2);
const files = readdirSync(here)
  .filter((name) => name.endsWith(".test.js"))
  .filter((name) => wanted.length === 0 || wanted.some((part) => name.includes(part)))
  .sort();
if (files.length === 0) {
  console.error(`no test file has any of these in its name: ${wanted.join(", ")}`);
  process.exit(2);
}
for (const file of files) await import(pathToFileURL(join(here, file)));
