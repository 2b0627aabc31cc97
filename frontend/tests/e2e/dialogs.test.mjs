/** What an agent opens around a conversation, and pages of its own: no violation, light and dark, wide and at 320 px. */
import { it } from "node:test";
import { Browser } from "./lib/browser.mjs";
import { look, WIDE } from "./lib/look.mjs";
import { comesToWork, opensFirst, says, sees, starts } from "./lib/people.mjs";
import { Server } from "./lib/server.mjs";

it("what an agent opens around a conversation", { timeout: 180_000 }, async (test) => {
  const server = await Server.start(test);
  const browser = await Browser.start(test);
  const desk = await browser.window({ viewport: WIDE });
  const { page: agent } = desk;
  const { page: visitor } = await browser.window();
  await comesToWork(agent, server.url, server.people.agent);
  await starts(visitor, server.url, /^Talk to a person/);
  await says(visitor, "hello there");
  await opensFirst(agent);
  await sees(agent, "hello there");

  const opened = async (name, open) => {
    await open();
    await agent.getByRole("dialog").waitFor();
    await look(desk, name, [WIDE]);
    await agent.keyboard.press("Escape");
    await agent.getByRole("dialog").waitFor({ state: "detached" });
  };
  await opened("transfer", () => agent.getByRole("button", { name: "Transfer", exact: true }).click());
  await opened("snooze", () => agent.getByRole("button", { name: "Snooze" }).click());
  await opened("shortcuts", () => agent.keyboard.press("?"));
  await opened("palette", () => agent.keyboard.press("Control+k"));
  await agent.getByRole("button", { name: /^Your presence/ }).click();
  await agent.getByRole("menuitem", { name: "Sign out" }).waitFor();
  await look(desk, "presence", [WIDE]);
  await agent.keyboard.press("Escape");
  await agent.goto(`${server.url}/console/profile`);
  await agent.getByRole("heading", { level: 1 }).waitFor();
  await look(desk, "profile");
  await agent.goto(`${server.url}/console/mentions`);
  await agent.getByRole("heading", { name: "Mentions" }).waitFor();
  await look(desk, "mentions");
  browser.assertQuiet();
});
