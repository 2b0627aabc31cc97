/** Every screen of the visitor and the main ones of staff: no violation, light and dark, wide and at 320 px. */
import assert from "node:assert/strict";
import { it } from "node:test";
import { Browser } from "./lib/browser.mjs";
import { look, WIDE } from "./lib/look.mjs";
import {
  answers,
  asksBefore,
  attaches,
  comesToWork,
  finds,
  opensFirst,
  pastes,
  says,
  sees,
  seesPicture,
  signsIn,
  starts,
} from "./lib/people.mjs";
import { Server } from "./lib/server.mjs";

it("the visitor's screens", { timeout: 180_000 }, async (test) => {
  const server = await Server.start(test);
  const browser = await Browser.start(test);
  const window = await browser.window();
  const { page } = window;
  await page.goto(server.url);
  await page.getByRole("button", { name: /^Mat/ }).waitFor();
  await look(window, "the directory");
  await page.getByRole("button", { name: /^Leave a message/ }).click();
  await page.getByRole("button", { name: "Send message" }).click();
  await page.getByText("Write your message first.").waitFor();
  await look(window, "leaving a message, with mistakes");
  await starts(page, server.url, /^Mat/);
  await look(window, "an empty conversation");
  await pastes(page, "sunset.png");
  await attaches(page, "a rather long name of a bill from last November.pdf", "%PDF");
  await look(window, "files to send");
  await page.getByRole("button", { name: "Send" }).click();
  await seesPicture(page, "sunset.png");
  await look(window, "files in a conversation");
  await says(page, "how are you? https://example.com");
  await sees(page, "mat mat mat? mat://mat.mat");
  await look(window, "a conversation");
  await page.getByRole("button", { name: "Talk to a person" }).click();
  await page.getByText("Nobody is available right now", { exact: true }).waitFor();
  await look(window, "waiting while nobody is there");
  await page.getByRole("button", { name: "End", exact: true }).click();
  await look(window, "the question before the end");
  await page.getByRole("button", { name: "End conversation" }).click();
  await page.getByRole("radio", { name: "3 stars" }).check({ force: true });
  await look(window, "the end, with a rating");
  await page.getByRole("link", { name: "All conversations" }).click();
  await page.getByRole("link", { name: /Ended/ }).waitFor();
  await look(window, "the directory with conversations");
  await server.kill();
  await page.getByRole("button", { name: "Try now" }).waitFor();
  await look(window, "no connection");
  browser.assertQuiet();
});

it("the form before a conversation, and the closed chat", { timeout: 180_000 }, async (test) => {
  const server = await Server.start(test);
  const browser = await Browser.start(test);
  const admin = await browser.window({ viewport: WIDE });
  const agent = await browser.window({ viewport: WIDE });
  const visitor = await browser.window();
  await signsIn(admin.page, server.url, server.people.admin);
  await asksBefore(admin.page);
  await look(admin, "the settings with questions");
  await comesToWork(agent.page, server.url, server.people.agent);
  await visitor.page.goto(server.url);
  await visitor.page.getByRole("button", { name: /^Talk to a person.*Available now/s }).click();
  await visitor.page.getByRole("button", { name: "Start conversation" }).click();
  await visitor.page.getByText("Please answer this.").first().waitFor();
  await look(visitor, "the form, with mistakes");
  await answers(visitor.page);
  await says(visitor.page, "hello");
  await opensFirst(agent.page);
  await sees(agent.page, "hello");
  await agent.page.getByRole("button", { name: "More actions" }).click();
  await agent.page.getByRole("menuitem", { name: "Ban visitor…" }).click();
  await look(agent, "the ban");
  await agent.page.getByRole("dialog").getByRole("button", { name: "Ban", exact: true }).click();
  await visitor.page.getByText(/You can write here again from/).waitFor();
  await look(visitor, "the closed chat");
  await admin.page.getByRole("link", { name: "Bans" }).click();
  await admin.page.getByRole("cell", { name: /^Visitor/ }).waitFor();
  await look(admin, "bans");
  await admin.page.getByRole("button", { name: "Add ban" }).click();
  await look(admin, "a new ban");
  await admin.page.getByRole("button", { name: "Cancel" }).click();
  await finds(admin.page, "ada@");
  await look(admin, "a visitor who was found");
  browser.assertQuiet();
});

it("the agent's screens", { timeout: 180_000 }, async (test) => {
  const server = await Server.start(test);
  const browser = await Browser.start(test);
  const agent = await browser.window({ viewport: WIDE });
  const { page: visitor } = await browser.window();
  await agent.page.goto(`${server.url}/console`);
  await agent.page.getByLabel("User name").waitFor();
  await look(agent, "sign-in");
  await comesToWork(agent.page, server.url, server.people.agent);
  await look(agent, "the empty inbox");
  await starts(visitor, server.url, /^Talk to a person/);
  await says(visitor, "hello");
  await opensFirst(agent.page);
  await sees(agent.page, "hello");
  await look(agent, "agent a conversation");
  await pastes(agent.page, "sunset.png");
  await look(agent, "a file to send");
  await agent.page.getByRole("button", { name: "Send" }).click();
  await (await seesPicture(agent.page, "sunset.png")).click();
  await agent.page.getByRole("dialog").getByRole("img").waitFor();
  await look(agent, "a large picture");
  await agent.page.keyboard.press("Escape");
  await agent.page.getByRole("link", { name: "Canned replies" }).click();
  await agent.page.getByText("No canned replies yet").waitFor();
  await agent.page.getByRole("button", { name: "Add canned reply" }).click();
  await agent.page.getByRole("textbox", { name: "Shortcut" }).fill("hello");
  await agent.page.getByRole("textbox", { name: "Text" }).fill("Hello {{visitor.first_name|there}}");
  await look(agent, "a new canned reply");
  await agent.page.getByRole("dialog").getByRole("button", { name: "Add canned reply" }).click();
  await agent.page.getByRole("cell", { name: "/hello" }).waitFor();
  await look(agent, "canned replies");
  await agent.page.getByRole("link", { name: "Inbox" }).click();
  await opensFirst(agent.page);
  await agent.page.getByRole("textbox", { name: /^Reply to/ }).pressSequentially("/");
  await agent.page.getByRole("listbox", { name: "Canned replies" }).getByRole("option").first().waitFor();
  await look(agent, "choosing a canned reply");
  browser.assertQuiet();
});

for (const role of ["admin", "super_admin"]) {
  it(`the screens of ${role}`, { timeout: 300_000 }, async (test) => {
    const server = await Server.start(test);
    const browser = await Browser.start(test);
    const window = await browser.window({ viewport: WIDE });
    await signsIn(window.page, server.url, server.people[role]);
    const { page: visitor } = await browser.window();
    await starts(visitor, server.url, /^Mat/);
    const links = window.page.getByRole("navigation").first().getByRole("link");
    await links.first().waitFor();
    const addresses = await links.evaluateAll((all) => all.map((link) => link.href));
    assert.ok(addresses.length > 1);
    for (const address of addresses) {
      await window.page.goto(address);
      await window.page.getByRole("heading", { level: 1 }).waitFor();
      await look(window, `${role}${new URL(address).pathname.replace("/console", "")}`);
    }
    if (role === "admin") {
      await window.page.goto(`${server.url}/console/reports?range=own&from=2020-01-01&to=2020-01-02`);
      await window.page.getByText("Nothing began on these days").waitFor();
      await look(window, "a report of nothing");
      await window.page.goto(`${server.url}/console/reports`);
      await window.page.getByText("As a table: Conversations by day").click();
      await look(window, "a report with its table");
    }
    browser.assertQuiet();
  });
}
