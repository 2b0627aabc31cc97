/** Looking at what a window shows, in both themes, wide and narrow: by axe, by width, and by eye. */
import assert from "node:assert/strict";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";

/** Pixels; 320 is where WCAG 2.2 (1.4.10) wants everything to fit. */
export const WIDE = { width: 1280, height: 800 };
export const NARROW = { width: 320, height: 640 };
export const THEMES = ["light", "dark"];

/** Where pictures are kept, for `tests/screens.mjs`; none are made without it. */
const folder = process.env.PICTURES;

/** As a file is called. */
export const plain = (name) => name.replace(/\W+/g, "-").replace(/^-|-$/g, "");

/** No violation of accessibility, nothing wider than the window; a picture of each way when there is a folder for them. */
export async function look(window, name, sizes = [WIDE, NARROW]) {
  const { page } = window;
  const before = page.viewportSize();
  if (folder) await mkdir(folder, { recursive: true });
  for (const size of sizes) {
    for (const colorScheme of THEMES) {
      await page.setViewportSize(size);
      await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      await window.settled();
      if (folder)
        await page.screenshot({ path: join(folder, `${plain(name)}-${size.width}-${colorScheme}.png`) });
      assert.deepEqual(await window.axe(), [], `${name}, ${size.width} px, ${colorScheme}`);
      assert.equal(await window.overflow(), 0, `${name} fits ${size.width} px`);
    }
  }
  await page.setViewportSize(before);
}
