/** A visitor leaves before the answer, gets it by e-mail, and comes back by its link in another browser. */
import assert from "node:assert/strict";
import { it } from "node:test";
import { Browser } from "./lib/browser.mjs";
import { look, WIDE } from "./lib/look.mjs";
import { comesToWork, opensFirst, says, sees, signsIn } from "./lib/people.mjs";
import { Server } from "./lib/server.mjs";
import { Smtp } from "./lib/smtp.mjs";

const DESK = { viewport: WIDE };
const PERSON = /^Talk to a person.*Available now/s;

/** Asks for the conversation by e-mail, with an address that is none at first. */
async function keepsByMail(window, smtp) {
  const { page } = window;
  await page.getByRole("button", { name: "Download transcript" }).click();
  const dialog = page.getByRole("dialog", { name: "Keep this conversation" });
  await dialog.getByLabel("E-mail address").fill("ann");
  await dialog.getByRole("button", { name: "Send by e-mail" }).click();
  await dialog.getByText("Enter an address like").waitFor();
  await look(window, "transcript");
  await dialog.getByLabel("E-mail address").fill("ann@example.com");
  await dialog.getByRole("button", { name: "Send by e-mail" }).click();
  await dialog.getByText("It is on its way to ann@example.com.").waitFor();
  await look(window, "transcript-sent");
  await dialog.getByRole("button", { name: "Close" }).last().click();
  const mail = await smtp.nth(1, 60_000);
  assert.match(mail, /^Subject: Your conversation/m);
  assert.match(mail, /Is my order on its way\?/);
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
  const away = await browser.window();
  const { page: visitor } = away;

  await signsIn(admin, server.url, server.people.admin);
  await admin.getByRole("link", { name: "Settings" }).click();
  await admin.getByLabel("Minutes until it is sent").fill("1");
  await admin.getByRole("button", { name: "Save settings" }).click();
  await admin.getByText("Saved.").waitFor();

  await comesToWork(agent, server.url, server.people.agent);
  await visitor.goto(server.url);
  await visitor.getByRole("button", { name: PERSON }).click();
  await visitor.getByRole("log").waitFor();
  await says(visitor, "Is my order on its way?");
  await opensFirst(agent);
  await sees(agent, "Is my order on its way?");
  await says(agent, "I am looking.");
  await sees(visitor, "I am looking.");
  await keepsByMail(away, smtp);
  await visitor.close();
  await says(agent, "It is, since this morning.");
  const mail = await smtp.nth(2, 120_000);
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

  const stopping = await browser.window();
  const { page: other } = stopping;
  await other.goto(stop);
  await other.getByRole("heading", { name: "No more e-mails" }).waitFor();
  await look(stopping, "mail-stopped");
  await other.goto(`${server.url}/chat#mail=guess`);
  await other.reload();
  await other.getByRole("heading", { name: "This link has ended" }).waitFor();
  await other.getByRole("button", { name: "Go to the chat" }).click();
  await other.getByRole("button", { name: /^Mat/ }).waitFor();

  await admin.reload();
  await admin.getByRole("cell", { name: "ann@example.com" }).first().waitFor();
  await admin.getByText("Sent", { exact: true }).nth(1).waitFor();
  await look(office, "settings-mail");
});
