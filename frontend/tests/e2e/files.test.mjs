/** Files: pasted, chosen and dropped, seen on the other side, kept, and never run. */
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { describe, it } from "node:test";
import { Browser } from "./lib/browser.mjs";
import { look } from "./lib/look.mjs";
import { attaches, comesToWork, opensFirst, pastes, sees, seesPicture, starts } from "./lib/people.mjs";
import { Server } from "./lib/server.mjs";

/** Presses what downloads, and reads what came. */
async function kept(page, button) {
  const [download] = await Promise.all([page.waitForEvent("download"), button.click()]);
  return { name: download.suggestedFilename(), text: await readFile(await download.path(), "latin1") };
}

describe("files", { timeout: 120_000 }, () => {
  it("go both ways, pictures to look at and the rest to keep", async (test) => {
    const server = await Server.start(test);
    const browser = await Browser.start(test);
    const { page: agent } = await browser.window({ viewport: { width: 1280, height: 800 } });
    const { page: visitor } = await browser.window({ viewport: { width: 400, height: 780 } });
    await comesToWork(agent, server.url, server.people.agent);
    await starts(visitor, server.url, /^Talk to a person/);
    await visitor.getByText("Is with you now").waitFor();
    await opensFirst(agent);

    // A picture without words.
    await pastes(visitor, "sunset.png");
    await visitor.getByRole("textbox", { name: /^Message to/ }).press("Enter");
    await visitor.getByRole("list", { name: "Files to send" }).waitFor({ state: "detached" });
    await seesPicture(visitor, "sunset.png");
    const picture = await seesPicture(agent, "sunset.png");
    assert.equal(await agent.getByRole("log").getByText("sunset.png", { exact: true }).count(), 0);
    await picture.click();
    const dialog = agent.getByRole("dialog");
    await dialog.getByRole("img", { name: "sunset.png" }).waitFor();
    const copy = await kept(agent, dialog.getByRole("button", { name: "Download" }));
    assert.equal(copy.name, "sunset.png");
    assert.ok(copy.text.startsWith("\x89PNG"));
    await agent.keyboard.press("Escape");
    await dialog.waitFor({ state: "detached" });

    // Something to keep, with words, the other way.
    await attaches(agent, "offer 1.pdf", "%PDF-1.7 the offer");
    await agent.getByRole("textbox", { name: /^Reply to/ }).fill("Here is our offer.");
    await agent.getByRole("button", { name: "Send" }).click();
    await sees(visitor, "Here is our offer.");
    const chip = visitor.getByRole("button", { name: /^Download offer 1\.pdf, \d+ bytes$/ });
    assert.deepEqual(await kept(visitor, chip), { name: "offer 1.pdf", text: "%PDF-1.7 the offer" });

    // What only says that it is a picture is none.
    await attaches(
      visitor,
      "evil.png",
      "<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
      "image/png",
    );
    await visitor.getByRole("button", { name: "Send" }).click();
    await agent.getByRole("button", { name: /^Download evil\.png/ }).waitFor();
    assert.equal(await agent.getByRole("button", { name: "Show evil.png larger" }).count(), 0);

    // A note's files are for staff; what is taken away is not sent.
    await agent.getByRole("radio", { name: "Note" }).check({ force: true });
    await attaches(agent, "secret.pdf", "for us");
    await attaches(agent, "wrong.pdf", "for nobody");
    await agent.getByRole("button", { name: "Remove wrong.pdf" }).click();
    await agent.getByRole("button", { name: "Add note" }).click();
    await agent.getByRole("button", { name: /^Download secret\.pdf/ }).waitFor();
    await visitor.reload();
    await seesPicture(visitor, "sunset.png");
    assert.equal(await visitor.getByText("secret.pdf").count(), 0);
    assert.equal(await agent.getByRole("log").getByText("wrong.pdf").count(), 0);
    browser.assertQuiet();
  });

  it("go with the message that somebody leaves while nobody is there", async (test) => {
    const server = await Server.start(test);
    const browser = await Browser.start(test);
    const window = await browser.window({ viewport: { width: 400, height: 780 } });
    const { page: visitor } = window;
    await visitor.goto(server.url);
    await visitor.getByRole("button", { name: /^Leave a message/ }).click();
    await visitor.getByRole("button", { name: "Attach files" }).waitFor();
    const file = (name, text) => ({ name, mimeType: "application/pdf", buffer: Buffer.from(text) });
    await visitor
      .locator("input[type=file]")
      .setInputFiles([file("order.pdf", "%PDF-1.7 the order"), file("oops.pdf", "%PDF-1.7 not this")]);
    await visitor.getByRole("button", { name: "Do not attach oops.pdf" }).click();
    assert.equal(await visitor.getByRole("listitem").filter({ hasText: "oops.pdf" }).count(), 0);
    await look(window, "leave-files");
    // Not a word is needed.
    await visitor.getByRole("textbox", { name: /E-mail/ }).fill("ann@example.com");
    await visitor.getByRole("button", { name: "Send message" }).click();
    await visitor.getByText(/reach you at ann@example.com/).waitFor();
    const { page: agent } = await browser.window({ viewport: { width: 1280, height: 800 } });
    await comesToWork(agent, server.url, server.people.agent);
    await opensFirst(agent);
    const chip = agent.getByRole("button", { name: /^Download order\.pdf/ });
    assert.deepEqual(await kept(agent, chip), { name: "order.pdf", text: "%PDF-1.7 the order" });
    browser.assertQuiet();
  });

  it("that are refused leave one conversation behind, not two", async (test) => {
    const server = await Server.start(test);
    const browser = await Browser.start(test);
    const { page: visitor } = await browser.window({ viewport: { width: 400, height: 780 } });
    await visitor.route(/\/files\?name=/, (route) =>
      route.fulfill({
        status: 413,
        contentType: "application/problem+json",
        body: JSON.stringify({ type: "about:blank", title: "Too large", status: 413, detail: "too large" }),
      }),
    );
    await visitor.goto(server.url);
    await visitor.getByRole("button", { name: /^Leave a message/ }).click();
    await visitor.getByRole("button", { name: "Attach files" }).waitFor();
    await visitor
      .locator("input[type=file]")
      .setInputFiles({ name: "film.pdf", mimeType: "application/pdf", buffer: Buffer.from("%PDF-1.7") });
    await visitor.getByRole("textbox", { name: "Message" }).fill("Look at this");
    await visitor.getByRole("textbox", { name: /E-mail/ }).fill("ann@example.com");
    await visitor.getByRole("button", { name: "Send message" }).click();
    await visitor.getByRole("alert").first().waitFor();
    await visitor.getByRole("button", { name: "Do not attach film.pdf" }).click();
    await visitor.getByRole("button", { name: "Send message" }).click();
    await sees(visitor, "Look at this");
    await visitor.getByRole("link", { name: "All conversations" }).click();
    const own = visitor.getByRole("link").filter({ hasText: "In the queue" });
    await own.filter({ hasText: "Look at this" }).waitFor();
    assert.equal(await own.count(), 1);
  });
});
