/**
 * Builds the loader, the chat page and the console into `dist`, puts a brotli and a gzip copy beside every text
 * file, and fails when a page has outgrown its budget.
 */
import { readdir, readFile, rm, writeFile } from "node:fs/promises";
import { extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";
import { build } from "vite";

const ROOT = fileURLToPath(new URL(".", import.meta.url));
const DIST = join(ROOT, "dist");
/** Minified and gzipped, in KB of 1,000 bytes, of everything a page loads before it can be used. */
const BUDGETS_KB = { loader: 5, chat: 40, console: 150 };
const TEXT = new Set([".html", ".js", ".css", ".svg", ".json", ".webmanifest"]);
/** Files this small do not get smaller on the wire. */
const WORTH_COMPRESSING_BYTES = 256;

await rm(DIST, { recursive: true, force: true });
await build({ root: ROOT, configFile: "vite.loader.config.ts", mode: "production", logLevel: "warn" });
for (const page of ["chat", "console"]) {
  // Vite takes the page from the mode; the code itself must still be built for production.
  process.env.NODE_ENV = "production";
  await build({ root: ROOT, configFile: "vite.config.ts", mode: page, logLevel: "warn" });
}

const sizes = new Map();
for (const path of await files(DIST)) {
  if (!TEXT.has(extname(path))) continue;
  const content = await readFile(path);
  const gz = await promisify(gzip)(content, { level: 9 });
  sizes.set(path, gz.length);
  if (content.length < WORTH_COMPRESSING_BYTES) continue;
  const br = await promisify(brotliCompress)(content, {
    params: {
      [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
      [constants.BROTLI_PARAM_SIZE_HINT]: content.length,
    },
  });
  await writeFile(`${path}.gz`, gz);
  await writeFile(`${path}.br`, br);
}

const measured = {
  loader: sizes.get(join(DIST, "widget.js")) ?? Number.POSITIVE_INFINITY,
  chat: await initialBytes("chat.html"),
  console: await initialBytes("console.html"),
};
let over = false;
for (const [name, budget] of Object.entries(BUDGETS_KB)) {
  const kb = measured[name] / 1000;
  const fits = kb <= budget;
  over ||= !fits;
  console.log(`${fits ? "ok  " : "OVER"} ${name.padEnd(8)} ${kb.toFixed(1).padStart(6)} KB of ${budget} KB`);
}
if (over) {
  console.error("A page has outgrown its budget: import less, or load it later.");
  process.exitCode = 1;
}

/** The page and every script and style sheet that it names, gzipped. */
async function initialBytes(page) {
  const html = await readFile(join(DIST, page), "utf8");
  const named = [...html.matchAll(/(?:src|href)="\/(assets\/[^"]+\.(?:js|css))"/g)].map((match) => match[1]);
  return [page, ...named].reduce((sum, name) => sum + (sizes.get(join(DIST, name)) ?? 0), 0);
}

async function files(folder) {
  const found = await readdir(folder, { recursive: true, withFileTypes: true });
  return found.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}
