/** Help articles: written and published, read on their page, given by the automation, and changed by two at once. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Browser } from "./lib/browser.mjs";
import { look, WIDE } from "./lib/look.mjs";
import { comesToWork, signsIn } from "./lib/people.mjs";
import { Server } from "./lib/server.mjs";

const DESK = { viewport: WIDE };
const BODY = `Press **Request refund** under [Orders](https://shop.example/orders).

- within 30 days
- the way you paid

A [bad](javascript:window.ran=true) link.

<script>window.ran = true</script>
`;

describe("help articles", { timeout: 240_000 }, () => {
  it("are written, read, given as an answer, and not overwritten", async (test) => {
    const server = await Server.start(test);
    const browser = await Browser.start(test);
    const desk = await browser.window(DESK);
    const { page: admin } = desk;
    const { page: agent } = await browser.window(DESK);
    const people = await browser.window();
    const { page: visitor } = people;

    await signsIn(admin, server.url, server.people.admin);
    await admin.getByRole("link", { name: "Help articles" }).click();
    await admin.getByText("No articles yet").waitFor();
    await admin.getByRole("button", { name: "Write article" }).click();
    await admin.getByRole("button", { name: "Publish", exact: true }).click();
    await admin.getByText("Write a title and a text first.").waitFor();
    await admin.getByRole("textbox", { name: "Title" }).fill("How do I get a refund?");
    await admin.getByRole("textbox", { name: "Text", exact: true }).fill(BODY);
    await admin.getByRole("textbox", { name: "Language" }).fill("en");
    await admin.getByRole("textbox", { name: "Other words" }).fill("money back, reimbursement");
    const preview = admin.getByRole("region", { name: "Preview" });
    await preview.locator("strong", { hasText: "Request refund" }).waitFor();
    await preview.getByRole("link", { name: "Orders" }).waitFor();
    assert.equal(await preview.getByRole("link", { name: "bad" }).count(), 0);
    assert.equal(await preview.locator("script").count(), 0);
    await look(desk, "editor");
    await admin.getByRole("button", { name: "Publish", exact: true }).click();
    await admin.getByText("Published.").first().waitFor();

    // Another admin is faster; nothing is lost.
    const second = await desk.page.context().newPage();
    await second.goto(`${server.url}/console/articles`);
    await second.getByRole("button", { name: /^Edit How do I/ }).click();
    await second.getByRole("textbox", { name: "Other words" }).fill("money back, repayment");
    await second.getByRole("button", { name: "Save", exact: true }).click();
    await second.getByText("Saved.").first().waitFor();
    await second.close();
    await admin.getByRole("textbox", { name: "Title" }).fill("How do refunds work?");
    await admin.getByRole("button", { name: "Save", exact: true }).click();
    await admin.getByText(/has changed this article since you opened it: other words/).waitFor();
    assert.equal(await admin.getByRole("textbox", { name: "Title" }).inputValue(), "How do refunds work?");
    await admin.getByRole("button", { name: "Save mine over it" }).click();
    await admin.getByText("Saved.").first().waitFor();

    await admin.getByRole("button", { name: "All articles" }).click();
    await admin.getByRole("textbox", { name: "A visitor's question" }).fill("i want my money back");
    await admin.getByRole("button", { name: "Try", exact: true }).click();
    await admin.getByText("Sure: it answers").waitFor();
    await look(desk, "articles");
    await admin.getByRole("link", { name: "Automations" }).click();
    await admin.getByRole("switch", { name: /FAQ/ }).first().click();

    await visitor.goto(`${server.url}/help`);
    await visitor.getByRole("searchbox").fill("refnud");
    await visitor.getByRole("button", { name: "Search" }).click();
    await look(people, "help-found");
    await visitor.getByRole("link", { name: "How do refunds work?" }).click();
    await visitor.getByRole("heading", { level: 1, name: "How do refunds work?" }).waitFor();
    assert.equal(await visitor.evaluate(() => window.ran), undefined);
    await look(people, "help-article");
    await visitor.getByRole("link", { name: "Chat with us" }).click();

    await comesToWork(agent, server.url, server.people.agent);
    await visitor.getByRole("link", { name: /^Search our help/ }).waitFor();
    await look(people, "chat-home");
    await visitor.getByRole("button", { name: /^FAQ/ }).click();
    await visitor.getByRole("log").waitFor();
    const field = visitor.getByRole("textbox", { name: /^Message to/ });
    await field.fill("how can i get my money back");
    await field.press("Enter");
    await visitor.getByText(/Did this help\?/).waitFor();
    await look(people, "chat-answer");
    await visitor.getByRole("button", { name: "No, it did not help" }).click();
    await visitor.getByText(/passing you on to a person/).waitFor();
    await agent.locator("[data-conversation]").first().waitFor();
    browser.assertQuiet();
  });
});
