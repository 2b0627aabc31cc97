/** A rule: made in the console, tried, ordered, met by a visitor, and its history says why. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Browser } from "./lib/browser.mjs";
import { look, WIDE } from "./lib/look.mjs";
import { comesToWork, opensFirst, says, sees, signsIn, starts } from "./lib/people.mjs";
import { Server } from "./lib/server.mjs";

const DESK = { viewport: WIDE };

describe("rules", { timeout: 240_000 }, () => {
  it("are made, tried, ordered, fire, and say why", async (test) => {
    const server = await Server.start(test);
    const browser = await Browser.start(test);
    const desk = await browser.window(DESK);
    const { page: admin } = desk;
    await signsIn(admin, server.url, server.people.admin);
    await admin.getByRole("link", { name: "Rules" }).click();
    await admin.getByText("No rules yet").waitFor();

    // When a message matches, then a tag and a message, made by keyboard; what is missing is said where it is.
    await admin.getByRole("button", { name: "Add rule" }).click();
    await admin.getByRole("heading", { name: "New rule" }).waitFor();
    await admin.getByRole("textbox", { name: "Name", exact: true }).fill("Refunds");
    await admin.getByRole("combobox", { name: "What happens" }).selectOption("A visitor's message matches");
    await admin.getByRole("textbox", { name: "Tag", exact: true }).fill("refund");
    await admin.getByRole("button", { name: "Add action" }).press("Enter");
    await admin.getByRole("menuitem", { name: "Send a message" }).press("Enter");
    await admin.getByRole("textbox", { name: "Message", exact: true }).waitFor();
    await admin.waitForFunction(() => document.activeElement?.tagName === "TEXTAREA");
    await admin.keyboard.type("Hi {{visitor.age}}, we look at it.");
    await admin.getByRole("button", { name: "Save" }).click();
    await admin.getByText("give 1 to 50 words", { exact: false }).waitFor();
    await admin.getByRole("textbox", { name: "Words" }).fill("refund, money");
    await admin.getByRole("button", { name: "Save" }).click();
    await admin.getByText("nothing is called {{visitor.age}}", { exact: false }).waitFor();
    await look(desk, "rule-problem");
    await admin
      .getByRole("textbox", { name: "Message", exact: true })
      .fill("Hi {{visitor.first_name|there}}, we look at your refund.");

    // A condition, and the dry run of what is not even saved.
    await admin.getByRole("button", { name: "Add condition" }).click();
    await admin.getByRole("menuitem", { name: "It has a tag, or not" }).click();
    const condition = admin.getByRole("region", { name: "If" });
    await condition.getByRole("combobox", { name: "It", exact: true }).selectOption("does not have this tag");
    await condition.getByRole("textbox", { name: "Tag" }).fill("refund");
    const dry = admin.getByRole("region", { name: "Dry run" });
    await dry.getByRole("textbox", { name: "The visitor's message" }).fill("My money back!");
    await dry.getByRole("textbox", { name: "Visitor's name" }).fill("Ada Lovelace");
    await dry.getByRole("button", { name: "Try" }).click();
    await dry.getByText("It would fire").waitFor();
    await dry.getByText("send “Hi Ada, we look at your refund.”").waitFor();
    await look(desk, "rule-editor");
    await dry.getByRole("textbox", { name: "Tags" }).fill("refund");
    await dry.getByRole("button", { name: "Try" }).click();
    await dry.getByText("It would not fire").waitFor();
    await admin.getByRole("button", { name: "Save" }).click();
    const first = admin.getByRole("row", { name: /Refunds/ });
    await first.getByText("When a message has “refund” or “money”").waitFor();

    // Another one, for every start; moved in front by keyboard, the focus stays with it.
    await admin.getByRole("button", { name: "Add rule" }).click();
    await admin.getByRole("textbox", { name: "Name", exact: true }).fill("New ones");
    await admin.getByRole("textbox", { name: "Tag", exact: true }).fill("new");
    await admin.getByRole("button", { name: "Save" }).click();
    await admin.getByRole("button", { name: "Move New ones up" }).press("Enter");
    await admin.getByText("New ones is number 1 now.").waitFor({ state: "attached" });
    const rows = admin.getByRole("table", { name: "Rules" }).getByRole("row");
    await rows.nth(1).getByText("New ones").waitFor();
    const focused = await admin.evaluate(() => document.activeElement?.ariaLabel);
    assert.equal(focused, "Move New ones down");
    await look(desk, "rules");

    // A visitor meets both.
    const { page: agent } = await browser.window(DESK);
    await comesToWork(agent, server.url, server.people.agent);
    const people = await browser.window();
    await starts(people.page, server.url, /^Talk to a person/);
    await says(people.page, "I want a refund");
    await sees(people.page, "Hi there, we look at your refund.");
    await says(people.page, "a refund, please");
    await opensFirst(agent);
    await sees(agent, "Hi there, we look at your refund.");
    await agent
      .getByRole("listitem")
      .filter({ hasText: /^refund/ })
      .first()
      .waitFor();
    await agent.getByRole("listitem").filter({ hasText: /^new/ }).first().waitFor();

    // The history says why, and why not.
    await first.getByRole("button", { name: "History of Refunds" }).click();
    const history = admin.getByRole("dialog", { name: "History of Refunds" });
    const runs = history.getByRole("table").getByRole("row");
    await runs.nth(2).waitFor();
    await runs.nth(1).getByText("Did not fire").waitFor();
    await runs.nth(1).getByText("it has the tag refund", { exact: false }).waitFor();
    await runs.nth(2).getByText("Fired").waitFor();
    await look(desk, "rule-history");
    await runs.nth(2).getByRole("link", { name: "Open the conversation" }).click();
    await sees(admin, "I want a refund");
    await admin.getByRole("link", { name: "Rules" }).click();

    // Off, and gone.
    await first.getByRole("switch", { name: "Refunds is on" }).click();
    await admin.getByText("Refunds is off.").waitFor();
    await admin.getByRole("button", { name: "Delete New ones" }).click();
    await admin.getByRole("button", { name: "Delete rule" }).click();
    await admin.getByText("Deleted.").waitFor();
    assert.equal(await rows.count(), 2);
    await admin.getByRole("link", { name: "Audit log" }).click();
    await admin.getByText("Turned off a rule").first().waitFor();
  });
});
