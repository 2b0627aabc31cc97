/** Colleagues, supervisors, and visitors who are one person: what staff do together around a conversation. */
import assert from "node:assert/strict";
import { it } from "node:test";
import { Browser } from "./lib/browser.mjs";
import { look, WIDE } from "./lib/look.mjs";
import { comesToWork, opensFirst, says, sees, signsIn, starts } from "./lib/people.mjs";
import { Server } from "./lib/server.mjs";

const PASSWORD = "vier stille Kuehe am Fluss";
const DESK = { viewport: { width: 1400, height: 860 } };
/** Milliseconds after which whoever is not there has lost what they had, and some more. */
const LAPSED_MS = 80_000;

async function hires(admin, name, username) {
  await admin.getByRole("link", { name: "Agents" }).first().click();
  await admin.getByRole("button", { name: "Add agent" }).click();
  const dialog = admin.getByRole("dialog");
  await dialog.getByRole("textbox", { name: "Display name" }).fill(name);
  await dialog.getByRole("textbox", { name: "User name" }).fill(username);
  await dialog.getByRole("button", { name: "Add agent" }).click();
  const code = admin.getByRole("group", { name: "One-time password" }).locator("code");
  const password = ((await code.textContent()) ?? "").trim();
  await admin.getByRole("button", { name: "I have noted it" }).click();
  return password;
}

it(
  "colleagues are called, supervisors watch and whisper, two visitors become one",
  { timeout: 240_000 },
  async (test) => {
    const server = await Server.start(test);
    const browser = await Browser.start(test);
    const agentWindow = await browser.window(DESK);
    const adminWindow = await browser.window(DESK);
    const agent = agentWindow.page;
    const admin = adminWindow.page;
    const { page: noor } = await browser.window(DESK);
    const { page: visitor } = await browser.window();
    const { page: phone } = await browser.window();

    await signsIn(admin, server.url, server.people.admin);
    const password = await hires(admin, "Noor Haddad", "noor");
    await admin.getByRole("link", { name: "Settings" }).click();
    await admin.getByRole("checkbox", { name: "Show agents what visitors type" }).check();
    await admin.getByRole("button", { name: "Save settings" }).click();
    await admin.getByText("Saved.", { exact: true }).waitFor();

    await comesToWork(agent, server.url, server.people.agent);
    await starts(visitor, server.url, /^Talk to a person/);
    await says(visitor, "hello there");
    await opensFirst(agent);
    await sees(agent, "hello there");

    // What is typed is shown, and whoever types is told.
    await visitor.getByText("The agent sees what you type").waitFor();
    const field = visitor.getByRole("textbox", { name: /^Message to/ });
    await field.pressSequentially("my order is late, and", { delay: 150 });
    await agent.getByText("my order is late, and").waitFor();
    await field.fill("");
    await agent.getByText("my order is late, and").waitFor({ state: "detached" });

    await signsIn(noor, server.url, { name: "noor", password });
    await noor.getByLabel("One-time password").fill(password);
    await noor.getByLabel("New password", { exact: true }).fill(PASSWORD);
    await noor.getByLabel("New password again").fill(PASSWORD);
    await noor.getByRole("button", { name: "Change password" }).click();
    await noor.getByRole("link", { name: "Mentions" }).waitFor();

    // By keyboard alone: the picker offers, Enter takes, Enter sends.
    await agent.getByRole("radio", { name: "Note" }).check({ force: true });
    const note = agent.getByRole("textbox", { name: "Note" });
    await note.pressSequentially("can you help, @no");
    await agent.getByRole("option", { name: /Noor Haddad/ }).waitFor();
    await look(agentWindow, "mention-picker", [WIDE]);
    await note.press("Enter");
    assert.equal(await note.inputValue(), "can you help, @noor ");
    await note.press("Enter");
    const chip = agent.getByRole("log").locator("mark");
    await chip.getByText("@noor").waitFor();
    await noor.getByText(/called you in a note/).waitFor();
    await noor.getByRole("link", { name: /^Mentions, 1 mention not read/ }).click();
    await noor.getByText("can you help, @noor").waitFor();
    await noor.getByRole("link", { name: /can you help/ }).click();
    await noor.getByRole("log").locator("mark").waitFor();
    await noor.getByRole("link", { name: "Mentions", exact: true }).waitFor();

    // The supervisor.
    await admin.getByRole("link", { name: "Now", exact: true }).click();
    await admin.getByRole("button", { name: /^1 of \d+: Show the conversations of/ }).click();
    await admin.getByRole("dialog").getByRole("link", { name: "Watch" }).click();
    await sees(admin, "hello there");
    await agent.getByText(/\(supervisor\)/).waitFor();
    await says(visitor, "is anybody there?");
    await sees(admin, "is anybody there?");
    const whisper = admin.getByRole("textbox", { name: "Note to the agent" });
    await whisper.fill("offer a refund");
    await whisper.press("Enter");
    await sees(agent, "offer a refund");
    await agent.getByText(/^Supervisor’s note/).waitFor();
    assert.equal(await whisper.inputValue(), "");
    assert.equal(await visitor.getByText("offer a refund").count(), 0);
    await look(adminWindow, "watching");

    // The same person from a telephone.
    await starts(phone, server.url, /^Talk to a person/);
    await says(phone, "it is me again");
    await agent.locator("[data-conversation]").filter({ hasText: "it is me again" }).click();
    await sees(agent, "it is me again");
    const number = await agent.evaluate(() => location.pathname.split("/").at(-1));
    await agent.locator("[data-conversation]").filter({ hasText: "is anybody there?" }).click();
    await sees(agent, "is anybody there?");
    await agent.getByRole("button", { name: "More actions" }).click();
    await agent.getByRole("menuitem", { name: "Same person as…" }).click();
    const dialog = agent.getByRole("dialog");
    await dialog.getByRole("searchbox").fill(number);
    await dialog.getByRole("button", { name: "Find" }).click();
    await dialog.getByRole("radio").waitFor();
    await look(agentWindow, "merge");
    await dialog.getByRole("button", { name: "Merge" }).click();
    await agent.getByText("Merged.").waitFor();
    // The telephone was here last: it has both now, the other browser begins anew.
    await phone.getByRole("link", { name: "All conversations" }).click();
    await phone.getByText("is anybody there?").waitFor();
    await visitor.goto(server.url);
    await visitor.getByRole("button", { name: /^Talk to a person/ }).waitFor();
    assert.equal(await visitor.getByText("is anybody there?").count(), 0);
    await admin.getByRole("link", { name: "Audit" }).click();
    await admin.getByText("Watched a conversation").first().waitFor();
    browser.assertQuiet();
  },
);

it("who comes back after the computer slept is told what went back", { timeout: 240_000 }, async (test) => {
  const server = await Server.start(test);
  const browser = await Browser.start(test);
  const { page: agent } = await browser.window(DESK);
  const { page: visitor } = await browser.window();
  await comesToWork(agent, server.url, server.people.agent);
  await starts(visitor, server.url, /^Talk to a person/);
  await says(visitor, "hello there");
  await opensFirst(agent);
  // The page is put away as by a computer that sleeps for long.
  await agent.goto("about:blank");
  await agent.waitForTimeout(LAPSED_MS);
  await agent.goBack();
  const told = agent.getByRole("alert").filter({ hasText: "went back to the queue" });
  await told.waitFor();
  await told.getByRole("button", { name: "Go online" }).click();
  await told.waitFor({ state: "detached" });
  await agent.getByText("Your presence: Online").waitFor({ state: "attached" });
  browser.assertQuiet();
});
