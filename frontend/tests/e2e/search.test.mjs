/** Search: by words of messages, from the keyboard, to the message itself; lists by tag, and a view that is saved. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Browser } from "./lib/browser.mjs";
import { look, WIDE } from "./lib/look.mjs";
import { comesToWork, opensFirst, starts } from "./lib/people.mjs";
import { Server } from "./lib/server.mjs";

describe("search", { timeout: 120_000 }, () => {
  it("finds messages, goes to them, and lists are narrowed down and saved", async (test) => {
    const server = await Server.start(test);
    const browser = await Browser.start(test);
    const desk = await browser.window({ viewport: WIDE });
    const { page: agent } = desk;
    const { page: visitor } = await browser.window();

    await comesToWork(agent, server.url, server.people.agent);
    await starts(visitor, server.url, /^Talk to a person/);
    await visitor.getByText("Is with you now").waitFor();
    await opensFirst(agent);
    const field = agent.getByRole("textbox", { name: /^Reply to/ });
    await field.fill("Your refund <b>is</b> on its way: order A-1234");
    await field.press("Enter");
    for (let n = 0; n < 30; n += 1) {
      await field.fill(`Parcel ${n} of the order\nleft the depot this morning\nand is with the carrier`);
      await field.press("Enter");
    }
    await agent.getByText("Parcel 29").last().waitFor();

    // From the keyboard alone: a slash, the words, down, Enter.
    await field.press("Escape");
    await agent.keyboard.press("/");
    const search = agent.getByRole("searchbox");
    const found = agent.getByRole("region", { name: "In messages and notes" });
    // The index is a second or two behind.
    for (let tries = 0; ; tries += 1) {
      await search.fill(`refund a-1234${" ".repeat(tries % 2)}`);
      try {
        await found.getByRole("link").first().waitFor({ timeout: 2_000 });
        break;
      } catch (cause) {
        if (tries > 6) throw cause;
        await search.fill("");
        await found.waitFor({ state: "detached" });
      }
    }
    assert.deepEqual(await found.locator("mark").allTextContents(), ["refund", "A-1234"]);
    assert.match(await found.getByRole("link").first().textContent(), /<b>is<\/b>/);
    assert.equal(await found.locator("b").count(), 0);
    await search.press("ArrowDown");
    await agent.keyboard.press("Enter");
    await agent.waitForURL(/at=\d+/);
    const bubble = agent.getByRole("log").getByText("Your refund");
    await bubble.waitFor();
    await agent.waitForFunction(() => {
      const log = document.querySelector("[role=log]").getBoundingClientRect();
      const line = [...document.querySelectorAll("[role=log] .bubble")].find((b) =>
        b.textContent.includes("Your refund"),
      );
      const box = line.getBoundingClientRect();
      return box.top >= log.top && box.bottom <= log.bottom;
    });
    await look(desk, "search");

    await search.fill("nosuchword");
    await agent.getByText("Nothing found for “nosuchword”").waitFor();
    await agent.getByText("No message has these words.").waitFor();
    await agent.route("**/api/v1/search?*", (route) => route.abort());
    await search.fill("refund");
    await agent.getByText("The messages could not be searched.").waitFor();
    await agent.unroute("**/api/v1/search?*");
    await found.getByRole("button", { name: "Try again" }).click();
    await found.getByRole("link").first().waitFor();
    await search.press("Escape");
    await found.waitFor({ state: "detached" });

    // A tag narrows the list down; what it shows is saved, opened, renamed and deleted.
    const tag = agent.getByRole("combobox", { name: "Add a tag" });
    await tag.fill("vip");
    await tag.press("Enter");
    await agent.getByRole("combobox", { name: "Tag", exact: true }).selectOption("vip");
    await agent.waitForURL(/tag=vip/);
    await agent.locator("[data-conversation]").first().waitFor();
    assert.equal(await agent.locator("[data-conversation]").count(), 1);
    await agent.getByRole("button", { name: "Save this view" }).click();
    const dialog = agent.getByRole("dialog");
    await dialog.getByRole("button", { name: "Save view" }).click();
    await dialog.getByText("Give it a name of 1 to 80 characters.").waitFor();
    await dialog.getByRole("textbox", { name: "Name" }).fill("Important");
    await dialog.getByRole("checkbox", { name: "For every agent" }).check();
    await dialog.getByRole("button", { name: "Save view" }).click();
    const views = agent.getByRole("navigation", { name: "Saved views" });
    await views.getByRole("link", { name: "Important" }).waitFor();
    await agent
      .getByRole("navigation", { name: "Views", exact: true })
      .getByRole("link", { name: "All" })
      .click();
    await agent.waitForURL((url) => !url.search.includes("tag="));
    await views.getByRole("link", { name: "Important" }).click();
    await agent.waitForURL(/tag=vip/);
    await look(desk, "saved-views");
    await agent.getByRole("button", { name: "Change this view" }).click();
    await dialog.getByRole("textbox", { name: "Name" }).fill("VIPs");
    await dialog.getByRole("button", { name: "Save", exact: true }).click();
    await views.getByRole("link", { name: "VIPs" }).waitFor();
    await agent.getByRole("button", { name: "Change this view" }).click();
    await dialog.getByRole("button", { name: "Delete view" }).click();
    await views.waitFor({ state: "detached" });
    browser.assertQuiet();
  });
});
