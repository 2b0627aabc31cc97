/** What an admin sees of who is there and who waits. */
import { it } from "node:test";
import { Browser } from "./lib/browser.mjs";
import { look, WIDE } from "./lib/look.mjs";
import { comesToWork, signsIn, starts } from "./lib/people.mjs";
import { Server } from "./lib/server.mjs";

it("an admin sees who waits, who is there, and what they have", { timeout: 120_000 }, async (test) => {
  const server = await Server.start(test);
  const browser = await Browser.start(test);
  const desk = await browser.window({ viewport: WIDE });
  const { page: admin } = desk;
  const { page: agent } = await browser.window();
  const { page: visitor } = await browser.window();
  await signsIn(admin, server.url, server.people.admin);
  await admin.getByRole("link", { name: "Now" }).click();
  const queue = admin.getByRole("row", { name: /^Any team/ });
  const person = admin.getByRole("table", { name: "Agents" }).getByRole("row").nth(1);
  await queue.getByRole("cell", { name: "0", exact: true }).first().waitFor();
  await person.getByText("Offline").waitFor();

  await visitor.goto(server.url);
  await visitor.getByRole("button", { name: /^Leave a message/ }).click();
  await visitor.getByRole("textbox", { name: "Message" }).fill("Is anybody there?");
  await visitor.getByRole("textbox", { name: /Your name/ }).fill("Ann");
  await visitor.getByRole("textbox", { name: /E-mail/ }).fill("ann@example.com");
  await visitor.getByRole("button", { name: "Send message" }).click();
  await queue.getByRole("cell", { name: "1", exact: true }).waitFor();
  await queue.getByRole("cell", { name: /^0:\d\d$/ }).waitFor();

  await comesToWork(agent, server.url, server.people.agent);
  await person.getByText("Online").waitFor();
  await person.getByRole("cell", { name: "1 of 4" }).waitFor();
  await queue.getByRole("cell", { name: "–" }).waitFor();
  await starts(visitor, server.url, /^Talk to a person/);
  await person.getByRole("cell", { name: "2 of 4" }).waitFor();
  await look(desk, "now");
  browser.assertQuiet();
});
