/** The main job: a stranger chats with an automation, asks for a person, and a person answers. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Browser } from "./lib/browser.mjs";
import { look } from "./lib/look.mjs";
import { comesToWork, messages, opensFirst, says, sees, signsIn, starts } from "./lib/people.mjs";
import { Server } from "./lib/server.mjs";

describe("talking", { timeout: 180_000 }, () => {
  it("with automations: answered at once, and still there after a reload", async (test) => {
    const server = await Server.start(test);
    const browser = await Browser.start(test);
    const { page } = await browser.window();
    await starts(page, server.url, /^Mat/);
    await says(page, "how are you?");
    await sees(page, "mat mat mat?");
    assert.deepEqual(await messages(page), ["how are you?", "mat mat mat?"]);
    const field = page.getByRole("textbox", { name: /^Message to/ });
    await field.fill("half a sen");
    await page.reload();
    await sees(page, "mat mat mat?");
    assert.equal(await field.inputValue(), "half a sen", "what was written is still there");
    await page.getByRole("link", { name: "All conversations" }).click();
    await page.getByRole("link", { name: /Mat.*mat mat mat\?/s }).waitFor();
    await page.getByRole("button", { name: /^Chat/ }).click();
    await says(page, "how are you");
    await sees(page, "you are how");
    browser.assertQuiet();
  });

  it("with a person: queue, assignment, both ways, notes unseen, end and again", async (test) => {
    const server = await Server.start(test);
    const browser = await Browser.start(test);
    const { page: visitor } = await browser.window();
    const { page: agent } = await browser.window({ viewport: { width: 1280, height: 800 } });
    await starts(visitor, server.url, /^Mat/);
    await says(visitor, "how are you?");
    await sees(visitor, "mat mat mat?");
    await visitor.getByRole("button", { name: "Talk to a person" }).click();
    await visitor.getByRole("heading", { name: "In the queue" }).waitFor();
    await visitor.getByText("Nobody is available right now", { exact: true }).waitFor();

    await comesToWork(agent, server.url, server.people.agent);
    await visitor.getByText("Is with you now").waitFor();
    await opensFirst(agent);
    await sees(agent, "how are you?");
    await says(agent, "Hello, I am a person.");
    await sees(visitor, "Hello, I am a person.");
    await says(visitor, "At last!");
    await sees(agent, "At last!");
    await visitor.getByText("Read", { exact: true }).waitFor();

    await agent.getByRole("radio", { name: "Note" }).click();
    await agent.getByRole("textbox", { name: "Note" }).fill("only among us");
    await agent.getByRole("textbox", { name: "Note" }).press("Enter");
    await sees(agent, "only among us");
    await says(visitor, "Are you there?");
    await sees(agent, "Are you there?");
    assert.ok(!(await visitor.getByRole("log").textContent()).includes("only among us"));

    const tag = agent.getByRole("combobox", { name: "Add a tag" });
    await tag.fill("late parcel");
    await tag.press("Enter");
    await tag.pressSequentially("vip,");
    await agent.getByRole("button", { name: "Take away the tag late parcel" }).click();
    await agent.getByRole("button", { name: "Take away the tag late parcel" }).waitFor({ state: "detached" });

    await visitor.reload();
    await agent.reload();
    await agent.getByRole("button", { name: "Take away the tag vip" }).waitFor();
    await agent.locator("[data-conversation]").first().getByText("vip").waitFor();
    for (const page of [visitor, agent]) await sees(page, "Hello, I am a person.");

    await visitor.getByRole("button", { name: "End", exact: true }).click();
    await visitor.getByRole("button", { name: "End conversation" }).click();
    await visitor.getByText("This conversation has ended.").waitFor();
    await visitor.getByRole("radio", { name: "5 stars" }).check({ force: true });
    await visitor.getByRole("button", { name: "Send rating" }).click();
    await visitor.getByText("Thank you for your rating.").waitFor();
    await visitor.getByRole("button", { name: "Write again" }).click();
    await says(visitor, "One more thing");
    await visitor.getByText("Is with you now").waitFor();
    await sees(visitor, "One more thing");
    browser.assertQuiet();
  });

  it("goes on without the agent whose account is deactivated", async (test) => {
    const server = await Server.start(test);
    const browser = await Browser.start(test);
    const { page: visitor } = await browser.window();
    const { page: agent } = await browser.window();
    const { page: admin } = await browser.window();
    await signsIn(admin, server.url, server.people.admin);
    await comesToWork(agent, server.url, server.people.agent);
    await starts(visitor, server.url, /^Talk to a person/);
    await visitor.getByText("Is with you now").waitFor();
    await opensFirst(agent);

    await admin.getByRole("link", { name: "Agents" }).click();
    await admin.getByRole("button", { name: /^Actions for/ }).click();
    await admin.getByRole("menuitem", { name: "Deactivate" }).click();
    await admin.getByRole("button", { name: "Deactivate" }).click();
    const from = Date.now();
    await agent.getByText("Your account was deactivated, deleted, or its password was changed.").waitFor();
    assert.ok(Date.now() - from < 3_000, "the console closes within seconds");
    await visitor.getByRole("heading", { name: "In the queue" }).waitFor();
    assert.ok(Date.now() - from < 6_000, "back in the queue within five seconds");
    browser.assertQuiet();
  });

  it("says when a part of the page cannot be loaded, and loads it when asked", async (test) => {
    const server = await Server.start(test);
    const browser = await Browser.start(test);
    const window = await browser.window();
    const { page } = window;
    let loads = 0;
    page.on("domcontentloaded", () => (loads += 1));
    await page.route("**/assets/LeaveMessage-*.js", (route) => route.abort());
    await page.goto(server.url);
    await page.getByRole("button", { name: /^Leave a message/ }).click();
    await page.getByRole("alert").getByText("This page could not be loaded.").waitFor();
    assert.equal(loads, 2, "loaded anew once, as after an upgrade");
    await look(window, "a part that cannot be loaded");
    await page.getByRole("link", { name: "All conversations" }).click();
    await page.getByRole("button", { name: /^Leave a message/ }).click();
    await page.unroute("**/assets/LeaveMessage-*.js");
    await page.getByRole("button", { name: "Try again" }).click();
    await page.getByRole("textbox", { name: "Message" }).waitFor();
    browser.assertQuiet();
  });

  it("leaves a message when nobody is there, which the next agent finds", async (test) => {
    const server = await Server.start(test);
    const browser = await Browser.start(test);
    const { page: visitor } = await browser.window();
    const { page: agent } = await browser.window({ viewport: { width: 1280, height: 800 } });
    await visitor.goto(server.url);
    await visitor.getByRole("button", { name: /^Leave a message/ }).click();
    await visitor.getByRole("textbox", { name: "Message" }).fill("Please call me back.");
    await visitor.getByRole("textbox", { name: /Your name/ }).fill("Ann Lee");
    await visitor.getByRole("textbox", { name: /E-mail/ }).fill("ann@example.com");
    await visitor.getByRole("button", { name: "Send message" }).click();
    await visitor.getByText(/reach you at ann@example.com/).waitFor();
    await comesToWork(agent, server.url, server.people.agent);
    await opensFirst(agent);
    await sees(agent, "Please call me back.");
    await agent.getByText("ann@example.com").first().waitFor();
    await visitor.getByText("Is with you now").waitFor();
    browser.assertQuiet();
  });
});
