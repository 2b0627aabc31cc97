/** Canned replies: an admin makes one for everybody, an agent one of its own, and both are sent by a few letters. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Browser } from "./lib/browser.mjs";
import { comesToWork, opensFirst, sees, signsIn, starts } from "./lib/people.mjs";
import { Server } from "./lib/server.mjs";

async function makes(page, shortcut, text) {
  await page.getByRole("button", { name: "Add canned reply" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("textbox", { name: "Shortcut" }).fill(shortcut);
  await dialog.getByRole("textbox", { name: "Text" }).fill(text);
  await dialog.getByRole("button", { name: "Add canned reply" }).click();
}

describe("canned replies", { timeout: 120_000 }, () => {
  it("are made, found behind a slash, filled with names, sent, and deleted", async (test) => {
    const server = await Server.start(test);
    const browser = await Browser.start(test);
    const { page: admin } = await browser.window({ viewport: { width: 1280, height: 800 } });
    const { page: agent } = await browser.window({ viewport: { width: 1280, height: 800 } });
    const { page: visitor } = await browser.window();

    await signsIn(admin, server.url, server.people.admin);
    await admin.getByRole("link", { name: "Canned replies" }).click();
    await makes(admin, "Hello!", "x");
    await admin.getByText("Use 1 to 32 of a–z, 0–9, dot, hyphen and underscore.", { exact: true }).waitFor();
    await admin.getByRole("dialog").getByRole("textbox", { name: "Shortcut" }).fill("hello");
    const text = admin.getByRole("dialog").getByRole("textbox", { name: "Text" });
    await text.fill("Hello {{visitor.nmae}}");
    await admin.getByRole("dialog").getByRole("button", { name: "Add canned reply" }).click();
    await admin.getByText(/nothing is called {{visitor.nmae}}/).waitFor();
    await text.fill("Hello ");
    await admin.getByRole("button", { name: "Insert visitor.first_name|there" }).click();
    await text.press("End");
    await text.pressSequentially(", how can I help?");
    await admin.getByRole("dialog").getByRole("button", { name: "Add canned reply" }).click();
    await admin.getByRole("cell", { name: "Hello {{visitor.first_name|there}}, how can I help?" }).waitFor();

    await comesToWork(agent, server.url, server.people.agent);
    await agent.getByRole("link", { name: "Canned replies" }).click();
    await agent.getByText("Admins keep it").waitFor();
    await makes(agent, "help.bye", "Good bye, {{agent.name}} was here.");
    await agent.getByRole("cell", { name: "/help.bye" }).waitFor();
    assert.equal(await agent.getByRole("button", { name: /^(Edit|Delete) hello/ }).count(), 0);
    await makes(agent, "help.bye", "Another one");
    await agent.getByText("There is one with this shortcut already.").waitFor();
    await agent.getByRole("button", { name: "Cancel" }).click();

    await starts(visitor, server.url, /^Talk to a person/);
    await visitor.getByText("Is with you now").waitFor();
    await agent.getByRole("link", { name: "Inbox" }).click();
    await opensFirst(agent);
    const field = agent.getByRole("textbox", { name: /^Reply to/ });
    await field.pressSequentially("/hel");
    const options = agent.getByRole("listbox", { name: "Canned replies" }).getByRole("option");
    await options.first().waitFor();
    // By the beginning of the shortcut, in the order of the alphabet.
    assert.match((await options.allTextContents()).join("|"), /^\/hello.*\|\/help\.bye/s);
    assert.equal(await options.first().getAttribute("aria-selected"), "true");
    await field.press("ArrowDown");
    assert.equal(await options.nth(1).getAttribute("aria-selected"), "true");
    await field.press("Escape");
    await options.first().waitFor({ state: "detached" });
    assert.equal(await field.inputValue(), "/hel");
    await field.pressSequentially("lo");
    await field.press("Backspace");
    await field.fill("");
    await field.pressSequentially("/hello");
    await options.first().waitFor();
    await field.press("Enter");
    assert.equal(await field.inputValue(), "Hello there, how can I help?");
    await field.press("Enter");
    await sees(visitor, "Hello there, how can I help?");

    await field.pressSequentially("All done. /help");
    await options.first().click();
    await field.press("Enter");
    await visitor.getByText(/^All done\. Good bye, .+ was here\.$/).waitFor();

    await admin.getByRole("button", { name: "Delete hello" }).click();
    await admin.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
    await admin.getByText("No canned replies yet").waitFor();
    browser.assertQuiet();
  });
});
