/** Hostile text in every field: shown as text, never run, and nothing is refused by the policy. */
import assert from "node:assert/strict";
import { it } from "node:test";
import { Browser } from "./lib/browser.mjs";
import { comesToWork, opensFirst, says, sees, starts } from "./lib/people.mjs";
import { Server } from "./lib/server.mjs";

const HOSTILE = [
  `<img src=x onerror="alert('img')">`,
  `"><script>alert('script')</script>`,
  `</textarea></span><svg onload=alert('svg')>`,
  `javascript:alert('url')`,
  `{{constructor.constructor('alert(1)')()}} \${alert(1)} {@html '<b>x</b>'}`,
  `' OR 1=1; DROP TABLE entries; --`,
  "\u202Eright to left override\u202C and \u0007 bell",
  "Z\u0351\u036B\u0343a\u0363\u0368l\u0348\u033Bg\u0321o",
  "👩‍👩‍👧‍👦 𝕬𝖑𝖑 עברית العربية",
];

it("shows hostile text as text", { timeout: 180_000 }, async (test) => {
  const server = await Server.start(test);
  const browser = await Browser.start(test);
  const { page: visitor } = await browser.window();
  const { page: agent } = await browser.window({ viewport: { width: 1280, height: 800 } });
  await visitor.goto(server.url);
  await visitor.getByRole("button", { name: /^Leave a message/ }).click();
  await visitor.getByRole("textbox", { name: "Message" }).fill(HOSTILE[0]);
  await visitor.getByRole("textbox", { name: /Your name/ }).fill(HOSTILE[1]);
  const email = visitor.getByRole("textbox", { name: /E-mail/ });
  await email.fill(`"<svg/onload=alert(1)>"@example.com`);
  await visitor.getByRole("button", { name: "Send message" }).click();
  await visitor.locator("[aria-invalid=true]").waitFor();
  await email.fill(`"'&{{x}}\${y}"@example.com`);
  await visitor.getByRole("button", { name: "Send message" }).click();
  await visitor.getByRole("log").waitFor();
  await sees(visitor, HOSTILE[0]);

  await comesToWork(agent, server.url, server.people.agent);
  await opensFirst(agent);
  for (const text of HOSTILE.slice(1)) {
    await says(visitor, text);
    await sees(visitor, text);
    await sees(agent, text);
  }
  for (const text of HOSTILE) {
    await says(agent, `${text} `.repeat(2).trim());
    await sees(visitor, `${text} `.repeat(2).trim());
  }
  await agent.getByText(HOSTILE[1], { exact: true }).first().waitFor();
  for (const page of [visitor, agent]) {
    assert.equal(await page.locator("[role=log] :is(img, script, [onerror], [onload])").count(), 0);
  }

  await says(visitor, "see https://example.com/a?b=<c>&d=(e), and javascript:alert(2)");
  const links = agent.getByRole("log").getByRole("link");
  await links.first().waitFor();
  for (const link of await links.all()) {
    assert.match(await link.getAttribute("href"), /^(https?|mailto):/);
    assert.equal(await link.getAttribute("rel"), "noopener noreferrer nofollow");
  }
  for (const page of [visitor, agent]) await page.reload();
  await sees(visitor, HOSTILE[2]);
  await sees(agent, HOSTILE[2]);
  browser.assertQuiet();
});

it(
  "takes a text of the full length and refuses a longer one before it is sent",
  { timeout: 60_000 },
  async (test) => {
    const server = await Server.start(test);
    const browser = await Browser.start(test);
    const { page } = await browser.window();
    await starts(page, server.url, /^Mat/);
    const longest = "🦀".repeat(8_000);
    await says(page, longest);
    await page.getByText("Sent", { exact: true }).waitFor();
    await page.getByRole("textbox").fill(`${longest}x`);
    await page.getByText("1 character too many").waitFor();
    assert.equal(await page.getByRole("button", { name: "Send" }).isDisabled(), true);
    browser.assertQuiet();
  },
);

it("says that a foreign or invented conversation is not here", { timeout: 60_000 }, async (test) => {
  const server = await Server.start(test);
  const browser = await Browser.start(test);
  const { page: owner } = await browser.window();
  const { page: other } = await browser.window();
  await starts(owner, server.url, /^Mat/);
  for (const address of [owner.url(), `${server.url}/chat?c=..%2F..%2Fadmins`, `${server.url}/chat?c=%00`]) {
    await other.goto(address);
    await other.getByText("This conversation is not here").waitFor();
  }
  browser.assertQuiet();
});
