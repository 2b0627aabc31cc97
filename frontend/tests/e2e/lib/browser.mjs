/** System Chromium, and windows that notice everything that must not happen in them. */
import assert from "node:assert/strict";
import axe from "axe-core";
import { chromium } from "playwright-core";

const FLAGS = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];
/** Milliseconds that a test waits for something to be shown. */
const PATIENCE_MS = 30_000;
/** Milliseconds that changes of a page's looks may take. */
const SETTLED_MS = 10_000;

export class Browser {
  #chromium;
  #windows = [];

  static async start(test) {
    const browser = new Browser();
    const executablePath = process.env.CHROMIUM ?? "/usr/bin/chromium";
    browser.#chromium = await chromium.launch({ executablePath, args: FLAGS });
    test.after(async () => {
      await browser.#keepViews(test.name);
      await browser.#chromium.close();
    });
    return browser;
  }

  /** A person of their own: no cookie or storage shared with another window. */
  async window(options = {}) {
    const context = await this.#chromium.newContext({ locale: "en-GB", ...options });
    context.setDefaultTimeout(PATIENCE_MS);
    const page = await context.newPage();
    const window = new Window(context, page);
    this.#windows.push(window);
    return window;
  }

  /** What every window showed at the end, into the folder that SCREENSHOTS names. */
  async #keepViews(name) {
    const folder = process.env.SCREENSHOTS;
    if (!folder) return;
    const plain = name.replace(/\W+/g, "-").slice(0, 60);
    for (const [index, { page }] of this.#windows.entries())
      await page.screenshot({ path: `${folder}/${plain}-${index}.png` }).catch(() => undefined);
  }

  /** No script error, no refused resource, no dialog of the browser, in any window. */
  assertQuiet() {
    for (const window of this.#windows) assert.deepEqual(window.trouble, []);
  }
}

export class Window {
  page;
  context;
  /** What must stay empty. */
  trouble = [];

  constructor(context, page) {
    this.context = context;
    this.page = page;
    page.on("pageerror", (error) => this.trouble.push(`error: ${error.stack ?? error.message}`));
    page.on("dialog", (dialog) => {
      this.trouble.push(`dialog: ${dialog.message()}`);
      void dialog.dismiss();
    });
    page.on("console", (message) => {
      if (/content security policy|trusted ?type/i.test(message.text()))
        this.trouble.push(`policy: ${message.text()}`);
    });
  }

  /**
   * Waits until a change of theme or size is drawn and nothing moves. Looks again and again: the promise of an animation
   * that a change of theme takes away may stay open for ever.
   */
  async settled() {
    const moving = await this.page.evaluate(async (patience) => {
      const until = performance.now() + patience;
      const moving = () => document.getAnimations().filter(({ playState }) => playState === "running");
      // Not by frames alone: a window that is not drawn has none.
      const frame = () =>
        Promise.race([new Promise(requestAnimationFrame), new Promise((go) => setTimeout(go, 100))]);
      await frame();
      await frame();
      while (moving().length > 0 && performance.now() < until) await frame();
      return moving().map(({ effect, animationName, transitionProperty }) => {
        const { target, pseudoElement } = effect;
        return `${target?.tagName}.${target?.className}${pseudoElement ?? ""} ${animationName ?? transitionProperty}`;
      });
    }, SETTLED_MS);
    assert.deepEqual(moving, [], "still moving");
  }

  /** Violations of accessibility in this page and its frames. */
  async axe() {
    const found = [];
    for (const frame of this.page.frames()) {
      await frame.evaluate(axe.source);
      const { violations } = await frame.evaluate(() =>
        globalThis.axe.run(document, { resultTypes: ["violations"], iframes: false }),
      );
      for (const { id, nodes } of violations)
        found.push(
          ...nodes.map(({ target, failureSummary }) => `${id} ${target.join(" ")}: ${failureSummary}`),
        );
    }
    return found;
  }

  /** What the page, or a dialog in it, is too wide for its window by, in pixels; 0 when all fits. */
  overflow() {
    return this.page.evaluate(() => {
      const boxes = document.querySelectorAll("html, dialog[open], dialog[open] .body");
      return Math.max(...[...boxes].map((box) => box.scrollWidth - box.clientWidth));
    });
  }
}
