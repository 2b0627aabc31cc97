/** The widget on another site's hostile page: a cross-site frame without storage of its own. */
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { it } from "node:test";
import { Browser } from "./lib/browser.mjs";
import { look } from "./lib/look.mjs";
import { Server } from "./lib/server.mjs";

/** A shop on a site of its own (`localhost` is another site than `127.0.0.1`), with a policy and rude styles. */
async function shop(test) {
  let chat = "";
  const server = createServer((_request, response) => {
    const policy = `default-src 'none'; style-src 'unsafe-inline'; script-src ${chat}; frame-src ${chat}`;
    response.writeHead(200, { "content-type": "text/html", "content-security-policy": policy });
    response.end(`<!doctype html><html lang="en"><title>Shop</title>
      <style>div, button, iframe, span { transform: translateX(-9999px) !important; opacity: 0.5 }</style>
      <script async src="${chat}/widget.js"></script><main><h1>Candle shop</h1></main>`);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  test.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address();
  return { origin: `http://localhost:${port}`, serves: (url) => (chat = url) };
}

it(
  "opens, remembers its visitor across pages, and counts what is unread",
  { timeout: 120_000 },
  async (test) => {
    const site = await shop(test);
    const server = await Server.start(test, { sites: [site.origin] });
    site.serves(server.url);
    const browser = await Browser.start(test);
    const window = await browser.window({ viewport: { width: 1000, height: 800 } });
    const { page } = window;
    await page.goto(site.origin);
    // The root is closed, so the launcher is reached as its users do: by the keyboard.
    const launcher = page.locator("switchboard-chat");
    await launcher.waitFor({ state: "attached" });
    assert.equal(page.frames().length, 1, "no frame before somebody wants it");
    await page.evaluate(() => globalThis.Chat("open"));
    const frame = async () => {
      while (page.frames().length < 2) await page.waitForTimeout(50);
      return page.frames()[1];
    };
    const inside = await frame();
    await inside.getByRole("button", { name: /^Mat/ }).click();
    await inside.getByRole("log").waitFor();
    assert.equal(await inside.evaluate(() => document.activeElement?.tagName), "TEXTAREA");
    await inside.getByRole("textbox", { name: /^Message to/ }).fill("how are you?");
    await page.evaluate(() => {
      globalThis.counts = [];
      addEventListener("chat:unread", (event) => globalThis.counts.push(event.detail.count));
      globalThis.Chat("close");
    });
    // Sent once the chat is closed: Mat's answer is faster than a hand that closes it.
    await inside.evaluate(() => {
      const enter = { key: "Enter", bubbles: true, cancelable: true };
      document.querySelector("textarea").dispatchEvent(new KeyboardEvent("keydown", enter));
    });
    await page.waitForFunction(() => globalThis.counts.includes(1));
    assert.deepEqual(await window.axe(), []);

    await page.reload();
    await page.evaluate(() => globalThis.Chat("open"));
    const again = await frame();
    await again.getByRole("link", { name: /Mat.*mat mat mat\?/s }).waitFor();
    browser.assertQuiet();
  },
);

it("is not framed by a site that was not allowed", { timeout: 60_000 }, async (test) => {
  const site = await shop(test);
  const server = await Server.start(test);
  site.serves(server.url);
  const browser = await Browser.start(test);
  const { page } = await browser.window();
  await page.goto(site.origin);
  await page.locator("switchboard-chat").waitFor({ state: "attached" });
  await page.evaluate(() => globalThis.Chat("open"));
  await page.waitForTimeout(2_000);
  const texts = await Promise.all(
    page.frames().map((frame) => frame.evaluate(() => document.body?.innerText ?? "")),
  );
  assert.ok(!texts.join().includes("How can we help?"));
});

/** As a telephone; the frame covers the page. */
const PHONE = { width: 390, height: 844 };

it("can be closed on a phone, whatever happens", { timeout: 120_000 }, async (test) => {
  const site = await shop(test);
  const server = await Server.start(test, { sites: [site.origin] });
  site.serves(server.url);
  const browser = await Browser.start(test);
  const window = await browser.window({ viewport: PHONE });
  const { page } = window;
  await page.addInitScript(() => {
    globalThis.closings = 0;
    addEventListener("chat:closed", () => (globalThis.closings += 1));
  });
  const opens = async () => {
    await page.goto(site.origin);
    await page.locator("switchboard-chat").waitFor({ state: "attached" });
    await page.evaluate(() => globalThis.Chat("open"));
    while (page.frames().length < 2) await page.waitForTimeout(50);
    return page.frames()[1];
  };
  const isClosed = () => page.waitForFunction(() => globalThis.closings === 1);

  // The server is away: only the loader is left, whose root is closed to tests as well.
  const frames = (url) => url.href === `${server.url}/chat`;
  await page.route(frames, (route) => route.abort());
  await opens();
  await page.waitForTimeout(500);
  // The browser's own page is in the frame, so it is looked at by eye only.
  const folder = process.env.PICTURES;
  if (folder) await page.screenshot({ path: `${folder}/widget-no-frame-390-light.png` });
  await page.mouse.click(PHONE.width - 30, 30);
  await isClosed();
  await page.unroute(frames);

  for (const [name, answer, text] of [
    ["widget-trying", { status: 503, json: {} }, "We keep trying."],
    [
      "widget-blocked",
      {
        status: 403,
        json: { type: "/problems/banned", title: "Closed" },
        headers: { "retry-after": "3600" },
      },
      "This chat is closed to you",
    ],
  ]) {
    await page.route("**/api/v1/visitor/session", (route) => route.fulfill(answer));
    const inside = await opens();
    await inside.getByText(text).waitFor();
    await look(window, name, [PHONE]);
    await inside.getByRole("button", { name: "Close" }).click();
    await isClosed();
    await page.unroute("**/api/v1/visitor/session");
  }

  const inside = await opens();
  await inside.getByRole("button", { name: /^Mat/ }).waitFor();
  await look(window, "widget-phone", [PHONE]);
  await inside.getByRole("button", { name: "Close" }).click();
  await isClosed();
  browser.assertQuiet();
});
