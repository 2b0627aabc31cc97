/** The assistant: a visitor is answered as it writes, with sources; an agent has a reply drafted and a talk summarised. */
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { describe, it } from "node:test";
import { Browser } from "./lib/browser.mjs";
import { look, WIDE } from "./lib/look.mjs";
import { comesToWork, opensFirst, says, signsIn, starts } from "./lib/people.mjs";
import { Server } from "./lib/server.mjs";

const DESK = { viewport: WIDE };
const ANSWER =
  "Press Request refund under Orders [1], and the money is back on your card within 14 days. " +
  "You may have it as a voucher instead; then it is there at once.";
const DRAFT = "Hello Ada, I have looked: your refund was sent on <date>, so it should be there by Friday.";
const SUMMARY = "- Wants a refund\n- Was told how, and that it takes 14 days\n- Asks for a person";
/** Milliseconds between two words: slow enough to be seen. */
const PAUSE_MS = 120;

/** A model that speaks the protocol; it stops with the test. */
async function model(test) {
  const asked = [];
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (piece) => (body += piece));
    request.on("end", async () => {
      const { messages } = JSON.parse(body);
      asked.push(messages);
      const [{ content: system }] = messages;
      const draft = system.includes("Draft the agent");
      const summary = system.includes("Summarise the conversation");
      const header = '{"confidence": 0.95, "sources": [1], "person": false}\n';
      const text = draft ? DRAFT : summary ? SUMMARY : header + ANSWER;
      response.writeHead(200, { "content-type": "text/event-stream" });
      for (const word of text.split(/(?<= )/)) {
        response.write(`data: ${JSON.stringify({ choices: [{ delta: { content: word } }] })}\n\n`);
        if (!draft && !summary) await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
      }
      response.end("data: [DONE]\n\n");
    });
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  test.after(() => server.close());
  return { url: `http://127.0.0.1:${server.address().port}/v1`, asked };
}

describe("the assistant", { timeout: 240_000 }, () => {
  it("answers a visitor with sources, and helps the agent who takes over", async (test) => {
    const { url, asked } = await model(test);
    const toml = `[assistant]\nbase_url = "${url}"\nmodel = "tiny"\napi_key = "sk-test"\n[outbound]\nallow = ["127.0.0.1"]\nallow_http = true\n`;
    const server = await Server.start(test, { toml });
    const browser = await Browser.start(test);
    const { page: admin } = await browser.window(DESK);
    const desk = await browser.window(DESK);
    const { page: agent } = desk;
    const people = await browser.window(DESK);
    const { page: visitor } = people;

    await signsIn(admin, server.url, server.people.admin);
    await admin.getByRole("link", { name: "Help articles" }).click();
    await admin.getByRole("button", { name: "Write article" }).click();
    await admin.getByRole("textbox", { name: "Title" }).fill("How do refunds work?");
    await admin
      .getByRole("textbox", { name: "Text", exact: true })
      .fill("Press **Request refund** under Orders.");
    await admin.getByRole("textbox", { name: "Language" }).fill("en");
    await admin.getByRole("button", { name: "Publish", exact: true }).click();
    await admin.getByText("Published.").first().waitFor();
    await admin.getByRole("link", { name: "Automations" }).click();
    await admin
      .getByRole("switch", { name: /Assistant/ })
      .first()
      .click();

    await comesToWork(agent, server.url, server.people.agent);
    await visitor.goto(server.url);
    await visitor.getByRole("button", { name: /^Assistant/ }).click();
    await visitor.getByRole("log").waitFor();
    const field = visitor.getByRole("textbox", { name: /^Message to/ });
    await field.fill("how do refunds work?");
    await field.press("Enter");
    // As it is written: the beginning is there before the end, and never what is not for visitors.
    const partial = visitor.getByRole("log").getByText(/^Press Request refund.*…$/);
    await partial.first().waitFor();
    assert.equal(await visitor.getByText("confidence").count(), 0);
    await visitor.getByText(/it is there at once\./).waitFor();
    await visitor.getByText("Sources:").waitFor();
    const source = visitor.getByRole("link", { name: /\/help\/how-do-refunds-work/ });
    await source.waitFor();
    assert.equal(await partial.count(), 0, "what was being written is gone");
    await look(people, "assistant-answer");
    await visitor.getByRole("button", { name: "Talk to a person" }).first().click();

    await agent.locator("[data-conversation]").first().waitFor();
    await opensFirst(agent);
    await agent.getByRole("log").getByText("Press Request refund under Orders").first().waitFor();
    await agent.getByRole("button", { name: "Draft a reply" }).click();
    const reply = agent.getByRole("textbox", { name: /^Reply to/ });
    await agent.getByText(/A draft is in the field/).waitFor();
    assert.equal(await reply.inputValue(), DRAFT);
    await agent
      .getByRole("region", { name: "Assistant" })
      .getByRole("link", { name: "How do refunds work?" })
      .waitFor();
    await look(desk, "assistant-draft");
    assert.equal(await visitor.getByText(/^Hello Ada/).count(), 0, "nothing was sent");
    await reply.fill("Hello Ada, it was sent on Monday.");
    await reply.press("Enter");
    await visitor.getByText("Hello Ada, it was sent on Monday.").waitFor();
    assert.equal(await agent.getByText(/A draft is in the field/).count(), 0);

    await agent.getByRole("button", { name: "Summarise" }).click();
    await agent
      .getByRole("region", { name: "Assistant" })
      .getByText(/Wants a refund/)
      .waitFor();
    await look(desk, "assistant-summary");
    await agent.getByRole("button", { name: "Use as a note" }).click();
    const note = agent.getByRole("textbox", { name: "Note" });
    assert.equal(await note.inputValue(), SUMMARY);
    for (const messages of asked)
      assert.ok(
        !messages[0].content.includes("how do refunds work?"),
        "customers' words are not the system's",
      );
    browser.assertQuiet();
  });

  it("is nowhere when there is none", async (test) => {
    const server = await Server.start(test);
    const browser = await Browser.start(test);
    const { page: agent } = await browser.window(DESK);
    const { page: visitor } = await browser.window();
    await comesToWork(agent, server.url, server.people.agent);
    await starts(visitor, server.url, /^Talk to a person/);
    await says(visitor, "hello");
    await agent.locator("[data-conversation]").first().waitFor();
    await opensFirst(agent);
    await agent.getByRole("textbox", { name: /^Reply to/ }).waitFor();
    assert.equal(await agent.getByRole("button", { name: "Draft a reply" }).count(), 0);
    assert.equal(await agent.getByRole("button", { name: "Summarise" }).count(), 0);
    browser.assertQuiet();
  });
});
