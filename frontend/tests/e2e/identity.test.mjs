/** A site that says who its visitors are: keys made in the console, signed by the site, joined across browsers. */
import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { createServer } from "node:http";
import { it } from "node:test";
import { Browser } from "./lib/browser.mjs";
import { look } from "./lib/look.mjs";
import { signsIn } from "./lib/people.mjs";
import { Server } from "./lib/server.mjs";

const encode = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");

/** As a site's server does it. */
function signed(kid, secret, sub, name, seconds = 600) {
  const exp = Math.floor(Date.now() / 1000) + seconds;
  const message = `${encode({ alg: "HS256", kid })}.${encode({ sub, name, aud: "switchboard", exp })}`;
  return `${message}.${createHmac("sha256", secret).update(message).digest("base64url")}`;
}

async function shop(test) {
  const site = { chat: "", identity: "" };
  const server = createServer((_request, response) => {
    response.writeHead(200, { "content-type": "text/html" });
    response.end(`<!doctype html><html lang="en"><title>Shop</title><main><h1>Candle shop</h1></main>
      <script async src="${site.chat}/widget.js" ${site.identity && `data-identity="${site.identity}"`}></script>`);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  test.after(() => {
    server.closeAllConnections();
    server.close();
  });
  site.origin = `http://localhost:${server.address().port}`;
  return site;
}

async function open(window, site) {
  const { page } = window;
  await page.goto(site.origin);
  await page.locator("switchboard-chat").waitFor({ state: "attached" });
  await page.evaluate(() => globalThis.Chat("open"));
  while (page.frames().length < 2) await page.waitForTimeout(50);
  return page.frames()[1];
}

it("knows its visitor in every browser once the site has signed", { timeout: 180_000 }, async (test) => {
  const site = await shop(test);
  const server = await Server.start(test, { sites: [site.origin] });
  site.chat = server.url;
  const browser = await Browser.start(test);
  const admin = await browser.window();
  await signsIn(admin.page, server.url, server.people.admin);
  await admin.page.getByRole("link", { name: "Settings" }).click();
  await admin.page.getByLabel("Name of the new key").fill("Candle shop");
  await admin.page.getByRole("button", { name: "Make key" }).click();
  const kid = await admin.page.getByRole("group", { name: "Key id (kid)" }).locator("code").innerText();
  const secret = await admin.page
    .getByRole("group", { name: "Secret of the new key" })
    .locator("code")
    .innerText();
  assert.match(secret, /^[0-9a-f]{64}$/);
  await admin.page.getByRole("group", { name: "Secret of the new key" }).scrollIntoViewIfNeeded();
  await look(admin, "identity-keys");
  await admin.page.getByRole("button", { name: "I have kept it" }).click();
  assert.ok(!(await admin.page.content()).includes(secret), "shown once");

  // First without a name, then signed in.
  const laptop = await browser.window();
  let inside = await open(laptop, site);
  await inside.getByRole("button", { name: /^Mat/ }).click();
  await inside.getByRole("textbox", { name: /^Message to/ }).fill("how are you?");
  await inside.getByRole("textbox", { name: /^Message to/ }).press("Enter");
  await inside.getByText("mat mat mat?").waitFor();
  const token = signed(kid, secret, "user-7", "Ann Lee");
  await laptop.page.evaluate((token) => globalThis.Chat("identify", { token }), token);

  // The tag of another browser says who it is: the conversation is there.
  site.identity = signed(kid, secret, "user-7", "Ann Lee");
  const phone = await browser.window();
  inside = await open(phone, site);
  await inside.getByRole("link", { name: /Mat.*mat mat mat\?/s }).waitFor();

  // Signed out, it is nobody's browser again.
  site.identity = "";
  await phone.page.evaluate(() => globalThis.Chat("logout"));
  await inside.getByRole("link", { name: /Mat.*mat mat mat\?/s }).waitFor({ state: "detached" });

  // In two pages of one browser: one talks, the other one says who it is, and both go on.
  const tablet = await browser.window();
  const talking = await open(tablet, site);
  await talking.getByRole("button", { name: /^Mat/ }).click();
  const box = talking.getByRole("textbox", { name: /^Message to/ });
  await box.fill("and here also?");
  await box.press("Enter");
  await talking.getByText("mat mat mat?").waitFor();
  const second = await tablet.context.newPage();
  const proving = await open({ page: second }, site);
  await proving.getByRole("link", { name: /Mat.*mat mat mat\?/s }).waitFor();
  await second.evaluate((token) => globalThis.Chat("identify", { token }), token);
  await proving
    .getByRole("link", { name: /Mat.*mat mat mat\?/s })
    .nth(1)
    .waitFor();
  await tablet.page.bringToFront();
  await box.fill("still here?");
  await box.press("Enter");
  await talking.getByText("mat mat?", { exact: true }).waitFor();
  assert.equal(await talking.getByText("mat mat mat?").count(), 1, "it is the conversation from before");

  // A page that was open for an hour says who this was: nobody is kept out for it, and the page is told.
  site.identity = signed(kid, secret, "user-8", "Bea", -3_600);
  const late = await browser.window({ viewport: { width: 390, height: 844 } });
  await late.page.addInitScript(() => {
    globalThis.refused = [];
    addEventListener("chat:error", (event) => globalThis.refused.push(event.detail.detail));
  });
  inside = await open(late, site);
  await inside.getByRole("button", { name: /^Mat/ }).click();
  await inside.getByRole("textbox", { name: /^Message to/ }).fill("am I in?");
  await inside.getByRole("textbox", { name: /^Message to/ }).press("Enter");
  await inside.getByText("mat mat mat?").waitFor();
  await late.page.waitForFunction(() => globalThis.refused.length > 0);
  assert.match((await late.page.evaluate(() => globalThis.refused)).join(), /^identity: [^,]+$/);

  // What proves nothing is told to the page.
  const detail = await phone.page.evaluate(
    () =>
      new Promise((resolve) => {
        globalThis.Chat("on", "error", (error) => resolve(error.detail));
        globalThis.Chat("identify", { token: "not.a.token" });
      }),
  );
  assert.match(detail, /^identity: /);
  browser.assertQuiet();
});
