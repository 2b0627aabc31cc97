/** What an admin sees of what has happened, and what everybody can keep of a conversation. */
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { it } from "node:test";
import { Browser } from "./lib/browser.mjs";
import { look, WIDE } from "./lib/look.mjs";
import { comesToWork, opensFirst, says, sees, signsIn, starts } from "./lib/people.mjs";
import { Server } from "./lib/server.mjs";

/** The text of the file that an act downloads. */
async function kept(page, act) {
  const [file] = await Promise.all([page.waitForEvent("download"), act()]);
  return { name: file.suggestedFilename(), text: await readFile(await file.path(), "utf8") };
}

it("an admin sees what became of conversations", { timeout: 180_000 }, async (test) => {
  const server = await Server.start(test);
  const browser = await Browser.start(test);
  const desk = await browser.window({ viewport: WIDE });
  const { page: admin } = desk;
  const { page: agent } = await browser.window({ viewport: { width: 1280, height: 800 } });
  const { page: visitor } = await browser.window();
  await signsIn(admin, server.url, server.people.admin);
  await admin.getByRole("link", { name: "Reports" }).click();
  await admin.getByText("Nothing began on these days").waitFor();

  await comesToWork(agent, server.url, server.people.agent);
  await starts(visitor, server.url, /^Talk to a person/);
  await says(visitor, "hello");
  await visitor.getByText("Is with you now").waitFor();
  await opensFirst(agent);
  await says(agent, "Good morning");
  await sees(visitor, "Good morning");

  const transcript = visitor.getByRole("button", { name: "Download transcript" });
  const theirs = await kept(visitor, () => transcript.click());
  assert.match(theirs.name, /^conversation-\w+\.txt$/);
  assert.match(theirs.text, /: hello\n[^]*: Good morning\n/);
  const ours = await kept(agent, async () => {
    await agent.getByRole("button", { name: "More actions" }).click();
    await agent.getByRole("menuitem", { name: "Download transcript" }).click();
  });
  assert.match(ours.text, /: hello\n[^]*: Good morning\n/);

  await agent.getByRole("button", { name: "Resolve" }).click();
  await visitor.getByRole("radio", { name: "4 stars" }).check({ force: true });
  await visitor.getByRole("button", { name: "Send rating" }).click();
  await visitor.getByText("Thank you for your rating.").waitFor();
  await starts(visitor, server.url, /^Mat/);

  await admin.getByRole("combobox", { name: "Days" }).selectOption("Last 28 days");
  const figure = (name) =>
    admin.getByRole("term").filter({ hasText: name }).locator("xpath=following-sibling::dd[1]");
  await figure("Conversations").filter({ hasText: /^2$/ }).waitFor();
  await figure("With people").filter({ hasText: /^1$/ }).waitFor();
  await figure("Rating")
    .filter({ hasText: /^4\.0$/ })
    .waitFor();
  await look(desk, "reports");
  await admin.getByText("As a table: Conversations by day").click();
  const byDay = admin.getByRole("table", { name: "Conversations by day" });
  await byDay.getByRole("cell", { name: "2", exact: true }).waitFor();
  await admin.getByRole("table", { name: "Automations" }).getByRole("cell", { name: "Mat" }).waitFor();

  const csv = await kept(admin, () => admin.getByRole("link", { name: "Download CSV" }).click());
  assert.match(csv.name, /^conversations-[\d-]+\.csv$/);
  assert.equal(csv.text.split("\r\n").length, 4);

  await admin.getByRole("combobox", { name: "Days" }).selectOption("Choose days…");
  await admin.getByLabel("First day").fill("2020-01-01");
  await admin.getByText("Choose at most 92 days.").waitFor();
  await admin.getByLabel("Last day").fill("2020-01-02");
  await admin.getByText("Nothing began on these days").waitFor();
  await admin.reload();
  await admin.getByText("Nothing began on these days").waitFor();
  assert.equal(await admin.getByLabel("First day").inputValue(), "2020-01-01");
  browser.assertQuiet();
});
