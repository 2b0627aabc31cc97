/** A guide: composed from the greeter by keyboard and mouse, tried, published, met by a visitor, rolled back, copied. */
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { describe, it } from "node:test";
import { Browser } from "./lib/browser.mjs";
import { look, WIDE } from "./lib/look.mjs";
import { comesToWork, opensFirst, says, sees, signsIn } from "./lib/people.mjs";
import { Server } from "./lib/server.mjs";

const DESK = { viewport: WIDE };

/** Waits until the focus is on such an element. */
async function focused(page, wanted) {
  let found = "";
  for (let n = 0; n < 50 && found !== wanted; n += 1) {
    await page.waitForTimeout(100);
    found = await page.evaluate(() => {
      const { tagName, ariaLabel } = document.activeElement ?? {};
      return `${tagName} ${ariaLabel ?? ""}`;
    });
  }
  assert.equal(found, wanted);
}

describe("guides", { timeout: 240_000 }, () => {
  it("are composed, tried, published, and talk to visitors", async (test) => {
    const server = await Server.start(test);
    const browser = await Browser.start(test);
    const desk = await browser.window(DESK);
    const { page: admin } = desk;
    await signsIn(admin, server.url, server.people.admin);
    await admin.getByRole("link", { name: "Guides" }).click();
    await admin.getByText("No guides yet").waitFor();

    await admin.getByRole("button", { name: "Add guide" }).click();
    const dialog = admin.getByRole("dialog", { name: "Add guide" });
    await dialog.getByRole("textbox", { name: "Title" }).fill("Reception");
    assert.equal(await dialog.getByRole("textbox", { name: "Name" }).inputValue(), "reception");
    await dialog.getByRole("button", { name: "Add guide" }).click();
    const steps = admin.getByRole("region", { name: "Steps" });
    await steps.getByRole("article").nth(5).waitFor();
    assert.equal(await steps.getByRole("article").count(), 6);

    // A choice below the welcome, by keyboard; what it lacks is told where it is.
    await steps.getByRole("button", { name: "Add a step below step 1" }).press("Enter");
    await admin.getByRole("menuitem", { name: /^Offer a choice/ }).press("Enter");
    const choice = steps.getByRole("article", { name: "Step 2: Offer a choice" });
    await choice.waitFor();
    await focused(admin, "TEXTAREA ");
    await admin.keyboard.type("What is it about?");
    await admin.getByRole("button", { name: "Publish", exact: true }).click();
    await choice.getByText("an option has 1 to", { exact: false }).waitFor();
    await admin.getByText("1 problem to put right", { exact: false }).first().waitFor();
    await look(desk, "guide-problem");
    await choice.getByRole("textbox", { name: "Choice 1" }).fill("An order");
    await choice.getByRole("textbox", { name: "Choice 2" }).fill("Something else");
    await choice.getByRole("combobox", { name: /^Keep it as/ }).fill("about");

    // A condition on what was chosen, and a tag; where the steps go is chosen by their titles.
    await steps.getByRole("button", { name: "Add a step below step 2" }).click();
    await admin.getByRole("menuitem", { name: /^Add a tag/ }).click();
    const tag = steps.getByRole("article", { name: "Step 3: Add a tag" });
    await tag.getByRole("textbox", { name: "Tag" }).fill("order");
    await steps.getByRole("button", { name: "Add a step below step 2" }).click();
    await admin.getByRole("menuitem", { name: /^Decide/ }).click();
    const condition = steps.getByRole("article", { name: "Step 3: Decide" });
    await condition.getByRole("combobox", { name: "What" }).selectOption("The answer “about”");
    await condition.getByRole("combobox", { name: "How" }).selectOption("is");
    await condition.getByRole("textbox", { name: "Value" }).fill("An order");
    await condition.getByRole("combobox", { name: "If so" }).selectOption({ label: "4. Add a tag: order" });
    await condition.getByRole("combobox", { name: "If not" }).selectOption({ label: "5. Decide: name" });

    // Moved away and back, the focus stays with it.
    const down = steps.getByRole("button", { name: "Move step 3 down" });
    await down.press("Enter");
    await steps.getByRole("article", { name: "Step 4: Decide" }).waitFor();
    await focused(admin, "BUTTON Move step 4 down");
    await steps.getByRole("button", { name: "Move step 4 up" }).press("Enter");
    await steps.getByRole("article", { name: "Step 3: Decide" }).waitFor();
    // Deleted by mistake, it comes back.
    await steps.getByRole("button", { name: "Delete step 4" }).click();
    await admin.getByRole("button", { name: "Undo" }).click();
    await steps.getByRole("article", { name: "Step 4: Add a tag" }).waitFor();

    // The dry run plays what is not even saved.
    const dry = admin.getByRole("region", { name: "Dry run" });
    const say = async (text) => {
      await dry.getByRole("textbox", { name: "Say as the visitor" }).fill(text);
      await dry.getByRole("button", { name: "Send" }).click();
    };
    await say("hi");
    await dry.getByRole("button", { name: "An order" }).click();
    await dry.getByText("What is your name?").waitFor();
    await say("Ada");
    await dry.getByText("Tags: order").waitFor();
    await say("ada@example.com");
    await dry.getByText("Handed over to people: greeted by the guide").waitFor();
    await admin.getByText("Not saved").waitFor();
    await look(desk, "guide-editor");

    await admin.getByRole("button", { name: "Publish", exact: true }).click();
    await admin.getByText("Published as version 1.", { exact: false }).waitFor();
    await admin.getByRole("button", { name: "Activate" }).click();
    await admin.getByText("Active: visitors meet it now").waitFor();

    // A visitor meets it, over a restart.
    const { page: agent } = await browser.window(DESK);
    await comesToWork(agent, server.url, server.people.agent);
    const people = await browser.window();
    const { page: visitor } = people;
    await visitor.goto(server.url);
    await visitor.getByRole("button", { name: /^Reception/ }).click();
    await visitor.getByRole("log").waitFor();
    // Greeted before a word is written.
    await sees(visitor, "What is it about?");
    await look(people, "guide-greeting");
    // Picked once more before a word is said, it is the same conversation.
    await visitor.getByRole("link", { name: "All conversations" }).click();
    await visitor.getByRole("button", { name: /^Reception/ }).click();
    await sees(visitor, "What is it about?");
    await visitor.getByRole("button", { name: "An order" }).click();
    await sees(visitor, "What is your name?");
    await server.kill();
    await server.restart();
    await says(visitor, "Ada");
    await visitor.getByText("To which e-mail address", { exact: false }).waitFor();
    await look(people, "guide-chat");
    await says(visitor, "ada@example.com");
    await opensFirst(agent);
    await agent.getByText("ada@example.com").first().waitFor();
    await sees(agent, "What is it about?");

    // Another version, and back.
    await steps.getByRole("textbox", { name: "Message" }).first().fill("Good day!");
    await admin.getByRole("button", { name: "Publish", exact: true }).click();
    await admin.getByText("Published as version 2.", { exact: false }).waitFor();
    await admin.getByRole("button", { name: "Roll back to version 1" }).click();
    await admin.getByRole("button", { name: "Publish it again" }).click();
    await admin.getByText("Published as version 3.", { exact: false }).waitFor();
    const message = steps.getByRole("textbox", { name: "Message" }).first();
    assert.match(await message.inputValue(), /^Hello!/);

    // Its file makes another one.
    const [download] = await Promise.all([
      admin.waitForEvent("download"),
      admin.getByRole("button", { name: "Export" }).click(),
    ]);
    const file = await readFile(await download.path());
    await admin.getByRole("button", { name: "All guides" }).click();
    await admin
      .getByRole("row", { name: /Reception/ })
      .getByText("Version 3")
      .waitFor();
    await admin.getByRole("button", { name: "Add guide" }).click();
    await dialog.getByRole("textbox", { name: "Title" }).fill("Copy");
    await dialog.getByRole("combobox", { name: "Begin with" }).selectOption("An exported file");
    await dialog
      .locator("input[type=file]")
      .setInputFiles({ name: "reception.json", mimeType: "application/json", buffer: file });
    await dialog.getByRole("button", { name: "Add guide" }).click();
    await steps.getByRole("article").nth(8).waitFor();
    await admin.getByRole("button", { name: "All guides" }).click();
    await admin.getByRole("row", { name: /Copy/ }).getByText("Draft only").waitFor();
    await look(desk, "guides");
  });

  it("call a web hook, go to another one, are renamed and deleted", async (test) => {
    const server = await Server.start(test);
    const browser = await Browser.start(test);
    const desk = await browser.window(DESK);
    const { page: admin } = desk;
    await signsIn(admin, server.url, server.people.admin);
    await admin.getByRole("link", { name: "Web hooks" }).click();
    await admin.getByRole("button", { name: "Add web hook" }).first().click();
    const hook = admin.getByRole("dialog", { name: "Add web hook" });
    await hook.getByRole("textbox", { name: "Name" }).fill("Our shop");
    await hook.getByRole("textbox", { name: "Address" }).fill("https://shop.example.org/lookup");
    await hook.getByRole("button", { name: "Add web hook" }).click();
    await admin.getByRole("button", { name: "I have noted it" }).click();

    await admin.getByRole("link", { name: "Guides" }).click();
    const add = async (title) => {
      await admin.getByRole("button", { name: "Add guide" }).click();
      const dialog = admin.getByRole("dialog", { name: "Add guide" });
      await dialog.getByRole("textbox", { name: "Title" }).fill(title);
      await dialog.getByRole("button", { name: "Add guide" }).click();
      await admin.getByRole("region", { name: "Steps" }).getByRole("article").nth(5).waitFor();
    };
    await add("Billing");
    await admin.getByRole("button", { name: "All guides" }).click();
    await add("Reception");
    const steps = admin.getByRole("region", { name: "Steps" });
    const insert = async (kind, place) => {
      await steps.getByRole("button", { name: `Add a step below step ${place}`, exact: true }).click();
      await admin.getByRole("menuitem", { name: kind }).click();
    };
    await insert(/^Go to another automation/, 1);
    await insert(/^Call a web hook/, 1);
    const call = steps.getByRole("article", { name: "Step 2: Call a web hook" });
    const go = steps.getByRole("article", { name: "Step 3: Go to another automation" });
    // What is missing is said where it is.
    await admin.getByRole("button", { name: "Publish", exact: true }).click();
    await call.getByText("choose a web hook that there is").waitFor();
    await go.getByText("choose another automation that there is").waitFor();
    await call.getByRole("combobox", { name: "Web hook" }).selectOption("Our shop");
    await call.getByRole("textbox", { name: /^Keep of the answer/ }).fill("plan, orders");
    await call.getByRole("combobox", { name: "If it fails" }).selectOption({ label: "4. Decide: name" });
    await go.getByRole("combobox", { name: "Automation" }).selectOption("Billing");

    const dry = admin.getByRole("region", { name: "Dry run" });
    const say = async (text) => {
      await dry.getByRole("textbox", { name: "Say as the visitor" }).fill(text);
      await dry.getByRole("button", { name: "Send" }).click();
    };
    await say("hi");
    await dry.getByText("Not sent to Our shop", { exact: false }).waitFor();
    await dry.getByText("Goes on with Billing").waitFor();
    await look(desk, "guide-calls");
    await dry.getByRole("button", { name: "Start again" }).first().click();
    await dry.getByText("What is known already").click();
    await dry.getByRole("combobox", { name: "Web hooks" }).selectOption("Fail");
    await say("hi");
    await dry.getByText("What is your name?").waitFor();
    await admin.getByRole("button", { name: "Publish", exact: true }).click();
    await admin.getByText("Published as version 1.", { exact: false }).waitFor();
    await admin.getByRole("button", { name: "All guides" }).click();

    // One to which another goes stays; the other is renamed and deleted.
    await admin.getByRole("button", { name: "More for Billing" }).click();
    await admin.getByRole("menuitem", { name: "Delete…" }).click();
    const keep = admin.getByRole("dialog", { name: "Delete Billing?" });
    await keep.getByText("Other guides go to it: Reception.", { exact: false }).waitFor();
    await look(desk, "guide-in-use");
    assert.equal(await keep.getByRole("button", { name: "Delete guide" }).count(), 0);
    await keep.getByRole("button", { name: "Cancel" }).click();
    await admin.getByRole("button", { name: "More for Reception" }).click();
    await admin.getByRole("menuitem", { name: "Rename…" }).click();
    const rename = admin.getByRole("dialog", { name: "Rename Reception" });
    await rename.getByRole("textbox", { name: "Title" }).fill("Front desk");
    await rename.getByRole("button", { name: "Save" }).click();
    await admin.getByRole("row", { name: /Front desk/ }).waitFor();
    await admin.getByRole("button", { name: "More for Front desk" }).click();
    await admin.getByRole("menuitem", { name: "Delete…" }).click();
    const gone = admin.getByRole("dialog", { name: "Delete Front desk?" });
    await gone.getByRole("button", { name: "Delete guide" }).click();
    await admin.getByText("Deleted.").first().waitFor();
    assert.equal(await admin.getByRole("row", { name: /Front desk/ }).count(), 0);
  });

  it("and settings are not lost by leaving them, nor to a colleague", async (test) => {
    const server = await Server.start(test);
    const browser = await Browser.start(test);
    const desk = await browser.window(DESK);
    const { page: admin } = desk;
    const { page: other } = await browser.window(DESK);
    const texts = (page) => page.getByRole("region", { name: "Steps" }).getByRole("textbox");
    for (const page of [admin, other]) {
      await signsIn(page, server.url, server.people.admin);
      await page.getByRole("link", { name: "Guides" }).click();
      if (page === admin) {
        await page.getByRole("button", { name: "Add guide" }).click();
        const dialog = page.getByRole("dialog", { name: "Add guide" });
        await dialog.getByRole("textbox", { name: "Title" }).fill("Reception");
        await dialog.getByRole("button", { name: "Add guide" }).click();
      } else await page.getByRole("button", { name: "Edit Reception" }).click();
      await texts(page).first().waitFor();
    }

    // Both change it: who is later chooses, and loses nothing unasked.
    await texts(other).first().fill("Good day");
    await other.getByRole("button", { name: "Save draft" }).click();
    await other.getByText("Draft saved").waitFor();
    await texts(admin).first().fill("Welcome");
    await admin.getByRole("button", { name: "Save draft" }).click();
    await admin.getByText("Somebody else has changed this guide", { exact: false }).waitFor();
    await look(desk, "guide-stale");
    await admin.getByRole("button", { name: "Load theirs, drop mine" }).click();
    await admin.getByRole("dialog").getByRole("button", { name: "Cancel" }).click();
    assert.equal(await texts(admin).first().inputValue(), "Welcome");
    await admin.getByRole("button", { name: "Save mine over theirs" }).click();
    await admin.getByText("Draft saved").waitFor();

    // A link, and the browser's back, ask first.
    await texts(admin).first().fill("Welcome, welcome");
    const leave = admin.getByRole("dialog", { name: "Leave without saving?" });
    await admin.getByRole("link", { name: "Rules" }).click();
    await leave.waitFor();
    await look(desk, "leave-guide");
    await leave.getByRole("button", { name: "Cancel" }).click();
    await admin.evaluate(() => history.back());
    await leave.getByRole("button", { name: "Cancel" }).click();
    assert.match(admin.url(), /\/console\/guides$/);
    assert.equal(await texts(admin).first().inputValue(), "Welcome, welcome");
    await admin.evaluate(() => history.back());
    await leave.getByRole("button", { name: "Leave" }).click();
    await admin.getByRole("heading", { name: "Agents", level: 1 }).waitFor();

    await admin.getByRole("link", { name: "Settings" }).click();
    await admin.getByRole("textbox", { name: "Introduction" }).fill("Tell us who you are.");
    await admin.getByText("Not saved").waitFor();
    await look(desk, "settings-unsaved");
    await admin.getByRole("link", { name: "Audit log" }).click();
    await leave.getByRole("button", { name: "Cancel" }).click();
    await admin.getByRole("button", { name: "Save settings" }).click();
    await admin.getByText("Saved.", { exact: true }).waitFor();
    await admin.getByRole("link", { name: "Audit log" }).click();
    await admin.getByText("Changed the settings").first().waitFor();
    browser.assertQuiet();
  });
});
