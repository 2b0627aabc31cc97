/** More visitors than the agent has room for: each sees an honest place, and moves up by itself. */
import { it } from "node:test";
import { Browser } from "./lib/browser.mjs";
import { look } from "./lib/look.mjs";
import { comesToWork, opensFirst, starts } from "./lib/people.mjs";
import { Server } from "./lib/server.mjs";

/** What an agent is given at once unless the admin says otherwise. */
const CAPACITY = 4;

/** A visitor without a window asks for a person. */
async function asks(url) {
  const call = async (path, headers, body) => {
    const response = await fetch(`${url}/api/v1${path}`, {
      method: "POST",
      headers: { "content-type": "application/json", ...headers },
      body: JSON.stringify(body),
    });
    return response.json();
  };
  const { token } = await call("/visitor/session", {}, {});
  await call("/visitor/conversations", { authorization: `Bearer ${token}` }, { to: { people: true } });
}

it("shows the place and moves up", { timeout: 120_000 }, async (test) => {
  const server = await Server.start(test);
  const browser = await Browser.start(test);
  const { page: agent } = await browser.window({ viewport: { width: 1280, height: 800 } });
  const { page: first } = await browser.window();
  const later = await browser.window();
  const { page: second } = later;
  await comesToWork(agent, server.url, server.people.agent);
  // Nothing new is put under a resting pointer.
  await agent.mouse.move(900, 600);
  for (let count = 0; count < CAPACITY; count += 1) await asks(server.url);
  await agent
    .locator("[data-conversation]")
    .nth(CAPACITY - 1)
    .waitFor();

  await starts(first, server.url, /^Talk to a person/);
  await first.getByText(/^You are next/).waitFor();
  await starts(second, server.url, /^Talk to a person/);
  await second.getByText(/^You are number 2/).waitFor();
  await look(later, "queue-place");

  await opensFirst(agent);
  await agent.getByRole("button", { name: "Resolve" }).click();
  await first.getByText("Is with you now").waitFor();
  await second.getByText(/^You are next/).waitFor();
  browser.assertQuiet();
});
