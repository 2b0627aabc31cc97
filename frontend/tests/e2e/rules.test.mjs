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
    await sees(agent, "a refund, please");
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
    // Messages meet rules behind their commit.
    for (let n = 0; n < 40 && (await runs.count()) < 3; n += 1) {
      await history.getByRole("button", { name: "Refresh" }).click();
      await admin.waitForTimeout(250);
    }
    await runs.nth(2).waitFor();
    await runs.nth(1).getByText("Did not fire").waitFor();
    await runs.nth(1).getByText("it has the tag refund", { exact: false }).waitFor();
    await runs.nth(2).getByText("Fired").waitFor();
    await look(desk, "rule-history");
    await runs.nth(2).getByRole("link", { name: "Open the conversation" }).click();
    await sees(admin, "I want a refund");
    await admin.getByRole("link", { name: "Rules" }).click();

    // Two change it at the same time: the second is told, keeps what was typed, and decides.
    const { page: other } = await browser.window(DESK);
    await signsIn(other, server.url, server.people.admin);
    await other.getByRole("link", { name: "Rules" }).click();
    const edits = async (page, name) => {
      await page.getByRole("button", { name: "Edit Refunds" }).click();
      await page.getByRole("textbox", { name: "Name", exact: true }).fill(name);
    };
    await edits(admin, "Refunds, mine");
    await edits(other, "Refunds, theirs");
    await other.getByRole("button", { name: "Save" }).click();
    await other.getByRole("row", { name: /Refunds, theirs/ }).waitFor();
    await admin.getByRole("button", { name: "Save", exact: true }).click();
    const told = admin.getByRole("alert").filter({ hasText: "Somebody has changed this rule" });
    await told.getByText("Refunds, theirs: When a message has", { exact: false }).waitFor();
    await look(desk, "rule-stale");
    await told.getByRole("button", { name: "Save mine over it" }).click();
    await admin.getByRole("row", { name: /Refunds, mine/ }).waitFor();
    await edits(other, "Refunds again");
    await other.getByRole("button", { name: "Save", exact: true }).click();
    await other.getByRole("button", { name: "Take theirs" }).click();
    const taken = other.getByRole("textbox", { name: "Name", exact: true });
    await other.waitForFunction((field) => field.value === "Refunds, mine", await taken.elementHandle());
    await taken.fill("Refunds");
    await other.getByRole("button", { name: "Save", exact: true }).click();
    await other.getByRole("button", { name: "Edit Refunds", exact: true }).waitFor();

    // One for the hours of a team; that this one has none is said.
    await admin.getByRole("link", { name: "Teams" }).click();
    await admin.getByRole("button", { name: "Add team" }).click();
    const team = admin.getByRole("dialog");
    await team.getByRole("textbox", { name: "Name" }).fill("Sales");
    await team.getByRole("button", { name: "Add team" }).click();
    await admin.getByRole("cell", { name: "Sales" }).first().waitFor();
    await admin.getByRole("link", { name: "Rules" }).click();
    await admin.getByRole("button", { name: "Add rule" }).click();
    await admin.getByRole("textbox", { name: "Name", exact: true }).fill("At night");
    await admin.getByRole("combobox", { name: "What happens" }).selectOption("A team opens or closes");
    const when = admin.getByRole("region", { name: "When" });
    await when.getByRole("combobox", { name: "Team", exact: true }).selectOption("Sales");
    await when.getByRole("combobox", { name: "Moment" }).selectOption("it closes");
    await admin.getByRole("textbox", { name: "Tag", exact: true }).fill("night");
    await dry.getByRole("button", { name: "Try" }).click();
    await dry.getByText("It would fire").waitFor();
    await look(desk, "rule-hours");
    await admin.getByRole("button", { name: "Save" }).click();
    const night = admin.getByRole("row", { name: /At night/ });
    await night.getByText("When Sales closes").waitFor();
    await night.getByText("never opens or closes", { exact: false }).waitFor();
    await admin.getByRole("button", { name: "Delete At night" }).click();
    await admin.getByRole("button", { name: "Delete rule" }).click();
    await night.waitFor({ state: "detached" });

    // Off, and gone.
    await first.getByRole("switch", { name: "Refunds is on" }).click();
    await admin.getByText("Refunds is off.").waitFor();
    await admin.getByRole("button", { name: "Delete New ones" }).click();
    await admin.getByRole("button", { name: "Delete rule" }).click();
    await admin.getByRole("row", { name: /New ones/ }).waitFor({ state: "detached" });
    assert.equal(await rows.count(), 2);
    await admin.getByRole("link", { name: "Audit log" }).click();
    await admin.getByText("Turned off a rule").first().waitFor();
  });
});
