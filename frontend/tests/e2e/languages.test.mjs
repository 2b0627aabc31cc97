/** The chat in the visitor's language: of the browser, or as the page around it says. */
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { it } from "node:test";
import { Browser } from "./lib/browser.mjs";
import { look, NARROW } from "./lib/look.mjs";
import { comesToWork, opensFirst, says, sees } from "./lib/people.mjs";
import { Server } from "./lib/server.mjs";

const PHONE = { width: 390, height: 844 };
const SMALL = [NARROW, PHONE];

/** What is German at home: nothing of the page's own English is left, only what the server calls its automations. */
async function speaksGerman(page) {
  const text = await page.locator("body").innerText();
  assert.doesNotMatch(text, /\b(the|you|your|conversation|again|message)\b/i, text);
}

it("is German from the first screen to the rating", { timeout: 240_000 }, async (test) => {
  const server = await Server.start(test);
  const browser = await Browser.start(test);
  const window = await browser.window({ locale: "de-DE", viewport: PHONE });
  const { page } = window;
  const { page: agent } = await browser.window({ viewport: { width: 1280, height: 800 } });
  await page.goto(server.url);
  await page.getByRole("heading", { name: "Wie können wir Ihnen helfen?" }).waitFor();
  assert.equal(await page.evaluate(() => document.documentElement.lang), "de-DE");
  await page.getByText("Zurzeit ist niemand erreichbar").first().waitFor();
  await look(window, "de-home", SMALL);

  await page.getByRole("button", { name: /^Mat/ }).click();
  const field = page.getByRole("textbox", { name: "Nachricht an Mat" });
  await field.fill("wie geht es?");
  await field.press("Enter");
  await sees(page, "mat mat mat?");
  await page.getByText("Heute", { exact: true }).waitFor();
  await look(window, "de-conversation", SMALL);

  await page.getByRole("button", { name: "Mit einem Menschen sprechen" }).click();
  await page.getByRole("heading", { name: "In der Warteschlange" }).waitFor();
  await page.getByText("Zurzeit ist niemand erreichbar", { exact: true }).waitFor();
  await look(window, "de-queue", SMALL);
  await speaksGerman(page);

  await page.getByRole("link", { name: "Alle Gespräche" }).click();
  await page.getByRole("heading", { name: "Ihre Gespräche" }).waitFor();
  await page.getByRole("button", { name: /^Nachricht hinterlassen/ }).click();
  await page.getByRole("button", { name: "Nachricht senden" }).click();
  await page.getByText("Schreiben Sie zuerst Ihre Nachricht.").waitFor();
  await look(window, "de-leave", SMALL);
  await speaksGerman(page);
  await page.getByRole("link", { name: "Alle Gespräche" }).click();
  await page.getByRole("link", { name: /mat mat mat\?/ }).click();

  await comesToWork(agent, server.url, server.people.agent);
  await page.getByText("Ist jetzt für Sie da").waitFor();
  await opensFirst(agent);
  await says(agent, "Guten Tag, was kann ich tun?");
  await sees(page, "Guten Tag, was kann ich tun?");
  await look(window, "de-person", SMALL);
  await page.getByRole("button", { name: "Beenden", exact: true }).click();
  await page.getByRole("dialog", { name: "Gespräch beenden?" }).waitFor();
  await look(window, "de-end", SMALL);
  await page.getByRole("button", { name: "Gespräch beenden" }).click();
  await page.getByText("Dieses Gespräch ist beendet.").waitFor();
  await page.getByRole("radio", { name: "5 Sterne" }).check({ force: true });
  await look(window, "de-rating", SMALL);
  await speaksGerman(page);
  await page.getByRole("button", { name: "Bewertung senden" }).click();
  await page.getByText("Vielen Dank für Ihre Bewertung.").waitFor();
  browser.assertQuiet();
});

/** A page of somebody's site, in a browser that is English. */
async function site(test, tag) {
  let chat = "";
  const server = createServer((_request, response) => {
    response.writeHead(200, { "content-type": "text/html" });
    response.end(`<!doctype html><html lang="fr"><title>Boutique</title>
      <script async src="${chat}/widget.js" ${tag}></script><main><h1>Bougies</h1></main>`);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  test.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return { origin: `http://localhost:${server.address().port}`, serves: (url) => (chat = url) };
}

it("is what the page around it says, also later", { timeout: 120_000 }, async (test) => {
  const shop = await site(test, 'data-locale="fr" data-open');
  const server = await Server.start(test, { sites: [shop.origin] });
  shop.serves(server.url);
  const browser = await Browser.start(test);
  const window = await browser.window({ viewport: PHONE });
  const { page } = window;
  await page.goto(shop.origin);
  while (page.frames().length < 2) await page.waitForTimeout(50);
  const inside = page.frames()[1];
  await inside.getByRole("heading", { name: /^Comment pouvons-nous vous aider/ }).waitFor();
  await inside.getByText("Personne n’est disponible pour le moment").first().waitFor();
  assert.equal(await inside.evaluate(() => document.documentElement.lang), "fr");
  await look(window, "fr-widget", SMALL);
  await inside.getByRole("button", { name: /^Mat/ }).click();
  const field = inside.getByRole("textbox", { name: "Message à Mat" });
  await field.fill("à moitié écrit");
  await page.evaluate(() => globalThis.Chat("locale", "nl-BE"));
  await inside.getByRole("button", { name: "Met een medewerker praten" }).waitFor();
  const dutch = inside.getByRole("textbox", { name: "Bericht aan Mat" });
  assert.equal(await dutch.inputValue(), "à moitié écrit", "nothing is lost when the language changes");
  await look(window, "nl-widget", SMALL);
  browser.assertQuiet();
});

it("goes on in English when a language cannot be loaded", { timeout: 60_000 }, async (test) => {
  const server = await Server.start(test);
  const browser = await Browser.start(test);
  const { page } = await browser.window({ locale: "it-IT" });
  await page.route(/\/assets\/it-[^/]*\.js/, (route) => route.abort());
  await page.goto(server.url);
  await page.getByRole("heading", { name: "How can we help?" }).waitFor();
  assert.equal(await page.evaluate(() => document.documentElement.lang), "en");
  browser.assertQuiet();
});

for (const [locale, welcome, ask, title, end] of [
  ["fr-FR", /^Comment pouvons-nous/, "Parler à une personne", "En file d’attente", "Terminer"],
  ["es-ES", "¿En qué podemos ayudarle?", "Hablar con una persona", "En la cola", "Finalizar"],
  ["nl-NL", "Waarmee kunnen we u helpen?", "Met een medewerker praten", "In de wachtrij", "Beëindigen"],
  ["it-IT", "Come possiamo aiutarla?", "Parla con una persona", "In coda", "Termina"],
  ["pt-BR", "Como podemos ajudar?", "Falar com uma pessoa", "Na fila", "Encerrar"],
])
  it(`fits a narrow window in ${locale}`, { timeout: 120_000 }, async (test) => {
    const server = await Server.start(test);
    const browser = await Browser.start(test);
    const window = await browser.window({ locale, viewport: NARROW });
    const { page } = window;
    await page.goto(server.url);
    await page.getByRole("heading", { name: welcome }).waitFor();
    await look(window, `${locale}-home`, [NARROW]);
    await page.getByRole("button", { name: /^Mat/ }).click();
    await page.getByRole("log").waitFor();
    await page.getByRole("button", { name: ask }).click();
    await page.getByRole("heading", { name: title }).waitFor();
    await look(window, `${locale}-queue`, [NARROW]);
    await page.getByRole("button", { name: end, exact: true }).click();
    const dialog = page.getByRole("dialog");
    await dialog.waitFor();
    await look(window, `${locale}-end`, [NARROW]);
    await dialog.getByRole("button").filter({ hasText: end }).last().click();
    await page.getByRole("radio").last().check({ force: true });
    await look(window, `${locale}-rating`, [NARROW]);
    browser.assertQuiet();
  });
