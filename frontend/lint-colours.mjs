/** Colours live in the tokens. A raw hex colour anywhere else fails the check. */
import { readdir, readFile } from "node:fs/promises";
import { extname, join } from "node:path";

const FOLDERS = ["src", "apps"];
/** The loader runs on other people's pages, where the tokens' style sheet is not. */
const ALLOWED = [join("src", "lib", "styles", "tokens.css"), join("apps", "loader")];
const HEX = /#(?:[0-9a-f]{3,4}|[0-9a-f]{6}|[0-9a-f]{8})\b/gi;

let bad = 0;
for (const folder of FOLDERS) {
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (!entry.isFile() || ![".svelte", ".ts", ".css"].includes(extname(path))) continue;
    if (ALLOWED.some((allowed) => path.startsWith(allowed))) continue;
    const lines = (await readFile(path, "utf8")).split("\n");
    lines.forEach((line, index) => {
      for (const [colour] of line.matchAll(HEX)) {
        console.error(`${path}:${index + 1}: ${colour}: use a token of src/lib/styles/tokens.css`);
        bad += 1;
      }
    });
  }
}
process.exitCode = bad > 0 ? 1 : 0;
