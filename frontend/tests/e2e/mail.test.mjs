/** A visitor leaves before the answer, gets it by e-mail, and comes back by its link in another browser. */
import assert from "node:assert/strict";
import { it } from "node:test";
import { Browser } from "./lib/browser.mjs";
import { comesToWork, opensFirst, says, sees, signsIn } from "./lib/people.mjs";
import { Server } from "./lib/server.mjs";
import { Smtp } from "./lib/smtp.mjs";

const DESK = { viewport: { width: 1280, height: 800 } };
const PERSON = /^Talk to a person.*Available now/s;
const PICTURES = process.env.PICTURES;

async function picture(page, name) {
  if (!PICTURES) return;
  for (const colorScheme of ["light", "dark"]) {
    await page.emulateMedia({ colorScheme });
    await page.screenshot({ path: `${PICTURES}/${name}-${colorScheme}.png`, fullPage: true });
  }
}

it("follows a visitor who has left, once, and leads back", { timeout: 300_000 }, async (test) => {
  const smtp = await Smtp.start(test);
  const server = await Server.start(test);
  await server.kill();
  const flags = [
    "--smtp-url",
    smtp.url,
    "--smtp-from",
    "Support <help@example.org>",
    "--public-url",
    server.url,
  ];
  await server.restart(flags);
  const browser = await Browser.start(test);
  const office = await browser.window(DESK);
  const admin = office.page;
  const { page: agent } = await browser.window(DESK);
  const { page: visitor } = await browser.window();

  await signsIn(admin, server.url, server.people.admin);
  await admin.getByRole("link", { name: "Settings" }).click();
  await admin.getByLabel("After minutes").fill("1");
  await admin.getByRole("button", { name: "Save settings" }).click();
  await admin.getByText("Saved.").waitFor();

  await comesToWork(agent, server.url, server.people.agent);
  await visitor.goto(server.url);
  await visitor.getByRole("button", { name: PERSON }).click();
  await visitor.getByRole("log").waitFor();
  await says(visitor, "Is my order on its way?");
  await visitor.evaluate(async () => {
    const { token } = JSON.parse(localStorage.getItem("switchboard.visitor"));
    await fetch("/api/v1/visitor/session", {
      method: "POST",
      headers: { "content-type": "application/json", authorization: `Bearer ${token}` },
      body: JSON.stringify({ email: "ann@example.com" }),
    });
  });
  await opensFirst(agent);
  await sees(agent, "Is my order on its way?");
  await visitor.close();
  await says(agent, "It is, since this morning.");
  const mail = await smtp.first(120_000);
  assert.match(mail, /It is, since this morning\./);
  const link = /http:\/\/127\.0\.0\.1:\d+\/chat#mail=\w+/.exec(mail)[0];
  const stop = /http:\/\/127\.0\.0\.1:\d+\/chat#stop-mail=\w+/.exec(mail)[0];

  const { page: phone } = await browser.window();
  await phone.goto(link);
  await phone.getByRole("log").waitFor();
  await sees(phone, "It is, since this morning.");
  assert.ok(!phone.url().includes("#"), "the secret does not stay in the address");
  await says(phone, "Thank you!");
  await sees(agent, "Thank you!");

  const { page: other } = await browser.window();
  await other.goto(stop);
  await other.getByRole("heading", { name: "No more e-mails" }).waitFor();
  await picture(other, "stopped");
  await other.goto(`${server.url}/chat#mail=guess`);
  await other.reload();
  await other.getByRole("heading", { name: "This link has ended" }).waitFor();
  await other.getByRole("button", { name: "Go to the chat" }).click();
  await other.getByRole("button", { name: /^Mat/ }).waitFor();

  await admin.reload();
  await admin.getByRole("cell", { name: "ann@example.com" }).waitFor();
  await admin.getByText("Sent", { exact: true }).waitFor();
  await picture(admin, "settings-mail");
  assert.deepEqual(await office.axe(), []);
});
