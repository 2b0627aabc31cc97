/** The server is killed while both windows are open and talking: nothing is lost, nothing is shown twice. */
import assert from "node:assert/strict";
import { it } from "node:test";
import { setTimeout as wait } from "node:timers/promises";
import { Browser } from "./lib/browser.mjs";
import { comesToWork, messages, opensFirst, says, sees, starts } from "./lib/people.mjs";
import { Server } from "./lib/server.mjs";

const ROUNDS = 3;
const EACH = 4;

it("nothing is lost and nothing is twice over kill -9 and restart", { timeout: 240_000 }, async (test) => {
  const server = await Server.start(test);
  const browser = await Browser.start(test);
  const { page: visitor } = await browser.window();
  const { page: agent } = await browser.window({ viewport: { width: 1280, height: 800 } });
  await comesToWork(agent, server.url, server.people.agent);
  await starts(visitor, server.url, /^Talk to a person/);
  await visitor.getByText("Is with you now").waitFor();
  await opensFirst(agent);
  await says(agent, "begin");
  await sees(visitor, "begin");

  const said = ["begin"];
  for (let round = 0; round < ROUNDS; round += 1) {
    // Some before, some while it dies, some while there is nobody.
    for (let count = 0; count < EACH; count += 1) {
      const text = `round ${round} message ${count}`;
      said.push(text);
      await says(count % 2 === 0 ? visitor : agent, text);
      if (count === 1) await server.kill();
    }
    if (round === 0) {
      await visitor.getByText("Reconnecting…").waitFor();
      await visitor.getByText("Will send when connected").first().waitFor();
    }
    await server.restart();
    for (const page of [visitor, agent]) for (const text of said) await sees(page, text);
  }
  await visitor.getByText("Back online").waitFor({ state: "detached" });
  await wait(1_000);

  // Between the two sides the order is the server's; what one side wrote keeps the order of writing.
  const [left, right] = [await messages(visitor), await messages(agent)];
  assert.deepEqual(left, right, "both windows show the same history");
  assert.deepEqual([...left].sort(), [...said].sort(), "everything once");
  const numbers = (list, rest) =>
    list.filter((text) => / message \d$/.test(text) && Number(text.at(-1)) % 2 === rest);
  for (const rest of [0, 1]) assert.deepEqual(numbers(left, rest), numbers(said, rest));

  await visitor.reload();
  await agent.reload();
  for (const page of [visitor, agent]) {
    await sees(page, said.at(-1));
    assert.deepEqual(await messages(page), left, "and the same after a reload");
  }
  browser.assertQuiet();
});

it(
  "what was written without a connection survives a reload and is sent once",
  { timeout: 120_000 },
  async (test) => {
    const server = await Server.start(test);
    const browser = await Browser.start(test);
    const { page, context } = await browser.window();
    await starts(page, server.url, /^Mat/);
    await says(page, "one");
    await sees(page, "mat");
    await context.setOffline(true);
    await says(page, "two three");
    await page.getByText("Will send when connected").waitFor();
    await context.setOffline(false);
    await page.reload();
    await sees(page, "mat mat");
    assert.deepEqual(await messages(page), ["one", "mat", "two three", "mat mat"]);
    browser.assertQuiet();
  },
);
