/** Visitors: asked before they talk to people, banned and back, found, exported and erased. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Browser } from "./lib/browser.mjs";
import { answers, asksBefore, comesToWork, finds, says, sees, signsIn } from "./lib/people.mjs";
import { Server } from "./lib/server.mjs";

const DESK = { viewport: { width: 1280, height: 800 } };
const PERSON = /^Talk to a person.*Available now/s;

describe("visitors", { timeout: 180_000 }, () => {
  it("answer once what is asked, are banned and come back, and are erased", async (test) => {
    const server = await Server.start(test);
    const browser = await Browser.start(test);
    const { page: admin } = await browser.window(DESK);
    const { page: agent } = await browser.window(DESK);
    const { page: visitor } = await browser.window();

    await signsIn(admin, server.url, server.people.admin);
    await asksBefore(admin);
    // What is wrong is said where it is, and nothing is lost.
    await admin.getByRole("button", { name: "Add question" }).click();
    const third = admin.getByRole("group", { name: "Question 3" });
    await third.getByRole("textbox", { name: "What visitors read" }).fill("Your plan");
    await third.getByRole("textbox", { name: "Key" }).fill("Your Plan");
    await admin.getByRole("button", { name: "Save settings" }).click();
    await third.getByText(/^a key is 1 to 32 characters/).waitFor();
    await third.getByRole("button", { name: "Remove question 3" }).click();

    await comesToWork(agent, server.url, server.people.agent);
    await visitor.goto(server.url);
    await visitor.getByRole("button", { name: /^Mat/ }).click();
    await visitor.getByRole("log").waitFor();
    await visitor.getByRole("link", { name: "All conversations" }).click();
    await visitor.getByRole("button", { name: PERSON }).click();
    await visitor.getByText("Tell us who you are.").waitFor();
    // By keyboard alone: the first mistake has the focus.
    await visitor.getByRole("button", { name: "Start conversation" }).press("Enter");
    await visitor.getByText("Please answer this.").first().waitFor();
    const email = visitor.getByRole("textbox", { name: /^E-mail/ });
    assert.ok(await email.evaluate((field) => field === document.activeElement));
    assert.equal(await email.getAttribute("aria-invalid"), "true");
    await email.fill("nowhere");
    await email.press("Enter");
    await visitor.getByText("Enter an address such as name@example.com.").waitFor();
    await answers(visitor);
    await says(visitor, "hello");
    // A second time nothing is asked.
    await visitor.getByRole("link", { name: "All conversations" }).click();
    await visitor.getByRole("button", { name: PERSON }).click();
    await visitor.getByRole("log").waitFor();
    await says(visitor, "once more");

    await agent.getByRole("button", { name: "1 new" }).click();
    await agent.locator("[data-conversation]").filter({ hasText: "once more" }).click();
    await sees(agent, "once more");
    const details = agent.getByRole("complementary", { name: "Details" });
    await details.getByText("Paid", { exact: true }).waitFor();
    // With the questions as they were asked, and a tick in words.
    await details.getByText("Your plan", { exact: true }).waitFor();
    await details.getByText("I agree to the terms", { exact: true }).waitFor();
    await details.getByText("Yes", { exact: true }).waitFor();
    await details.getByRole("link", { name: "ada@example.org" }).waitFor();

    await agent.getByRole("button", { name: "More actions" }).click();
    await agent.getByRole("menuitem", { name: "Ban visitor…" }).click();
    const dialog = agent.getByRole("dialog");
    await dialog.getByRole("combobox", { name: "For how long" }).selectOption("Seven days");
    await dialog.getByRole("textbox", { name: /^Reason/ }).fill("rude");
    await dialog.getByRole("button", { name: "Ban", exact: true }).click();
    await visitor.getByText("This chat is closed to you").waitFor();
    await visitor.getByText(/You can write here again from/).waitFor();
    await visitor.reload();
    await visitor.getByText(/You can write here again from/).waitFor();
    assert.equal(await visitor.getByText("rude").count(), 0);

    await admin.getByRole("link", { name: "Bans" }).click();
    await admin.getByRole("cell", { name: "rude" }).waitFor();
    await admin.getByRole("button", { name: /^Lift the ban of/ }).click();
    await admin.getByRole("dialog").getByRole("button", { name: "Lift ban" }).click();
    await admin.getByText("Nobody is banned").waitFor();
    await visitor.goto(server.url);
    await visitor.getByRole("button", { name: PERSON }).waitFor();

    await finds(admin, "ADA@");
    const download = admin.waitForEvent("download");
    await admin.getByRole("button", { name: /^Export all about/ }).click();
    assert.match((await download).suggestedFilename(), /^visitor-.+\.json$/);
    await admin.getByRole("button", { name: /^Erase all about/ }).click();
    const sure = admin.getByRole("dialog");
    await sure.getByRole("textbox").fill("ada@example.org");
    await sure.getByRole("button", { name: "Erase", exact: true }).click();
    await admin.getByText(/^Nobody found/).waitFor();
    await sees(agent, "[erased]");
    // Who comes again is somebody new, who is asked anew.
    await visitor.getByRole("button", { name: PERSON }).click();
    await visitor.getByText("Tell us who you are.").waitFor();
    browser.assertQuiet();
  });
});
