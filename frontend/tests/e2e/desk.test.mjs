/** An agent's day: what is written stays where it belongs, several conversations at once, colleagues who look at the same, and what calls to the desk. */
import assert from "node:assert/strict";
import { it } from "node:test";
import { Browser } from "./lib/browser.mjs";
import { look, WIDE } from "./lib/look.mjs";
import { attaches, comesToWork, messages, opensFirst, says, sees, signsIn, starts } from "./lib/people.mjs";
import { Server } from "./lib/server.mjs";

const PASSWORD = "vier stille Kuehe am Fluss";

it("several conversations are tagged and resolved at once", { timeout: 120_000 }, async (test) => {
  const server = await Server.start(test);
  const browser = await Browser.start(test);
  const desk = await browser.window({ viewport: WIDE });
  const { page: agent } = desk;
  const visitors = [await browser.window(), await browser.window()];
  await comesToWork(agent, server.url, server.people.agent);
  // Under the pointer nothing would move.
  await agent.mouse.move(1_000, 400);
  for (const [n, { page }] of visitors.entries()) {
    await starts(page, server.url, /^Talk to a person/);
    await says(page, `number ${n}`);
  }
  await agent.getByText("number 1").waitFor();
  await agent.getByRole("button", { name: "Choose several" }).click();
  const bar = agent.getByRole("toolbar", { name: "With the chosen conversations" });
  await bar.getByRole("button", { name: "All", exact: true }).click();
  await bar.getByText("2 chosen").waitFor();
  await look(desk, "several-chosen", [WIDE]);
  await bar.getByRole("button", { name: "Add a tag" }).click();
  await agent.getByRole("dialog").getByRole("combobox", { name: "Add a tag" }).fill("refund");
  await agent.getByRole("dialog").getByRole("button", { name: "Add a tag" }).click();
  await agent.getByText("2 conversations are done.").waitFor();
  await agent.getByRole("listitem").filter({ hasText: "number 0" }).getByText("refund").waitFor();

  await agent.getByRole("button", { name: "Choose several" }).click();
  await agent.getByRole("checkbox").first().check();
  await agent.getByRole("checkbox").nth(1).check();
  await bar.getByRole("button", { name: "Resolve" }).click();
  const sure = agent.getByRole("dialog", { name: "Resolve 2 conversations?" });
  await sure.waitFor();
  await look(desk, "several-resolved", [WIDE]);
  await sure.getByRole("button", { name: "Resolve" }).click();
  await agent.getByText("2 conversations are done.").first().waitFor();
  for (const { page } of visitors) await page.getByText("This conversation has ended.").waitFor();
  browser.assertQuiet();
});

it("agents see who else is looking, and choose what calls them", { timeout: 120_000 }, async (test) => {
  const server = await Server.start(test);
  const browser = await Browser.start(test);
  const { page: agent } = await browser.window({ viewport: { width: 1400, height: 900 } });
  const { page: other } = await browser.window({ viewport: { width: 1400, height: 900 } });
  const { page: admin } = await browser.window({ viewport: { width: 1280, height: 800 } });
  const { page: visitor } = await browser.window();
  await signsIn(admin, server.url, server.people.admin);
  await admin.getByRole("link", { name: "Agents" }).first().click();
  await admin.getByRole("button", { name: "Add agent" }).click();
  const dialog = admin.getByRole("dialog");
  await dialog.getByRole("textbox", { name: "Display name" }).fill("Noor");
  await dialog.getByRole("textbox", { name: "User name" }).fill("noor");
  await dialog.getByRole("button", { name: "Add agent" }).click();
  const password =
    (await admin.getByRole("group", { name: "One-time password" }).locator("code").textContent()) ?? "";

  await comesToWork(agent, server.url, server.people.agent);
  await starts(visitor, server.url, /^Talk to a person/);
  await says(visitor, "hello there");
  await opensFirst(agent);
  await sees(agent, "hello there");
  const address = agent.url();

  await signsIn(other, server.url, { name: "noor", password: password.trim() });
  await other.getByLabel("One-time password").fill(password.trim());
  await other.getByLabel("New password", { exact: true }).fill(PASSWORD);
  await other.getByLabel("New password again").fill(PASSWORD);
  await other.getByRole("button", { name: "Change password" }).click();
  await other.getByRole("heading", { name: "Inbox" }).waitFor();
  await other.goto(address);
  await sees(other, "hello there");
  await agent.getByText("Noor is looking at this too").waitFor();
  await other.getByText(/ is looking at this too$/).waitFor();

  await agent.goto(`${server.url}/console/profile`);
  await agent.getByRole("switch", { name: "Sound" }).click();
  await agent.getByRole("switch", { name: "Quiet hours" }).click();
  await agent.getByLabel("Quiet from").fill("21:30");
  await agent.reload();
  await agent.getByRole("switch", { name: "Sound", checked: false }).waitFor();
  if ((await agent.getByLabel("Quiet from").inputValue()) !== "21:30")
    throw new Error("quiet hours are forgotten");
  browser.assertQuiet();
});

it(
  "what is written stays where it belongs, and nobody is let go by a slip",
  { timeout: 120_000 },
  async (test) => {
    const server = await Server.start(test);
    const browser = await Browser.start(test);
    const desk = await browser.window({ viewport: { width: 1400, height: 860 } });
    const { page: agent } = desk;
    const { page: visitor } = await browser.window();
    const { page: second } = await browser.window();
    await comesToWork(agent, server.url, server.people.agent);
    await starts(visitor, server.url, /^Talk to a person/);
    await says(visitor, "hello there");
    await opensFirst(agent);
    await sees(agent, "hello there");

    // What is attached to a note does not go with a reply.
    const files = agent.getByRole("list", { name: "Files to send" });
    const modes = agent.getByRole("radiogroup", { name: "What to write" });
    await modes.getByRole("radio", { name: "Note" }).check({ force: true });
    await attaches(agent, "salaries.pdf", "for colleagues");
    await modes.getByRole("radio", { name: "Reply" }).check({ force: true });
    await files.waitFor({ state: "detached" });
    await says(agent, "one moment, please");
    await sees(visitor, "one moment, please");
    await modes.getByRole("radio", { name: "Note" }).check({ force: true });
    await files.getByText("salaries.pdf").waitFor();
    await agent.getByRole("textbox", { name: "Note" }).fill("only for us");
    await agent.getByRole("button", { name: "Add note" }).click();
    await sees(agent, "only for us");
    assert.deepEqual(await messages(visitor), ["hello there", "one moment, please"]);
    assert.equal(await visitor.getByText("salaries.pdf").count(), 0);

    // Escape leaves the field, not the conversation.
    const tag = agent.getByRole("combobox", { name: "Add a tag" });
    await tag.focus();
    await agent.keyboard.press("Escape");
    assert.equal(await tag.evaluate((field) => field === document.activeElement), false);
    await agent.getByRole("log").waitFor();
    const address = agent.url();

    // Enter begins a line for who wants it so.
    await agent.goto(`${server.url}/console/profile`);
    await agent.getByRole("switch", { name: "Send with Ctrl+Enter" }).click();
    await agent.goto(address);
    await modes.getByRole("radio", { name: "Reply" }).check({ force: true });
    const field = agent.getByRole("textbox", { name: /^Reply to/ });
    await field.pressSequentially("first");
    await field.press("Enter");
    await field.pressSequentially("second");
    await field.press("Control+Enter");
    await visitor.getByText("first second", { exact: true }).waitFor();

    // Who claims goes on writing.
    await starts(second, server.url, /^Mat/);
    await says(second, "anybody?");
    await sees(second, "mat?");
    await agent.getByRole("link", { name: "All", exact: true }).click();
    await agent.locator("[data-conversation]").filter({ hasText: "mat?" }).click();
    await agent.getByRole("main").getByRole("button", { name: "Claim" }).first().click();
    await field.waitFor();
    await agent.waitForFunction(() => document.activeElement?.tagName === "TEXTAREA");

    // Where to go, by name; and a question before anybody is let go.
    await agent.keyboard.press("Control+k");
    await agent.getByRole("combobox", { name: "Type a name or an action" }).fill("Mentions");
    await agent.keyboard.press("Enter");
    await agent.getByRole("heading", { name: "Mentions" }).waitFor();
    await agent.keyboard.press("Control+k");
    await agent.getByRole("combobox", { name: "Type a name or an action" }).fill("offline");
    await agent.keyboard.press("Enter");
    const offline = agent.getByRole("dialog", { name: "Go offline?" });
    await offline.getByRole("button", { name: "Cancel" }).click();
    await agent.getByRole("button", { name: /^Your presence/ }).click();
    await agent.getByRole("menuitem", { name: "Sign out" }).click();
    const leaving = agent.getByRole("dialog", { name: "Sign out?" });
    await leaving.getByText("your 2 open conversations go back to the queue").waitFor();
    await look(desk, "signing-out");
    await leaving.getByRole("button", { name: "Sign out" }).click();
    await agent.getByLabel("User name").waitFor();
    browser.assertQuiet();
  },
);
