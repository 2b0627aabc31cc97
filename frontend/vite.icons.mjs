import { readFile } from "node:fs/promises";

const ICON = /@lucide\/svelte\/dist\/icons\/([\w-]+)\.svelte$/;
const DATA = /const iconData = (\{.*\});/;

/**
 * Compiles each icon to a fixed drawing. The package draws every icon at run time from data, with spread
 * attributes and dynamic elements: machinery that the visitor's page would load for nothing else.
 * An icon takes `size` (pixels), `strokeWidth` and `fill`; its name stands beside it, so it is never read.
 *
 * @returns {import("vite").Plugin}
 */
export function icons() {
  return {
    name: "switchboard-icons",
    enforce: "pre",
    async load(id) {
      const name = ICON.exec(id)?.[1];
      if (!name) return null;
      const data = DATA.exec(await readFile(id, "utf8"))?.[1];
      if (!data) this.error(`the icon ${name} is not written as it was: look at ${id}`);
      return drawing(name, JSON.parse(data).node);
    },
  };
}

/** @param {string} name @param {[string, Record<string, string>][]} node */
function drawing(name, node) {
  const shapes = node.map(([tag, attributes]) => {
    const pairs = Object.entries(attributes).map(([key, value]) => `${key}="${value}"`);
    return `<${tag} ${pairs.join(" ")} />`;
  });
  return `<script>let { size = 24, strokeWidth = 2, fill = "none" } = $props();</script>
<svg width={size} height={size} viewBox="0 0 24 24" {fill} stroke="currentColor" stroke-width={strokeWidth}
  stroke-linecap="round" stroke-linejoin="round" aria-hidden="true" data-icon="${name}">${shapes.join("")}</svg>`;
}
