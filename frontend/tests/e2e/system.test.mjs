/** A super admin sees how the installation is. */
import { it } from "node:test";
import { Browser } from "./lib/browser.mjs";
import { look, WIDE } from "./lib/look.mjs";
import { comesToWork, signsIn, starts } from "./lib/people.mjs";
import { Server } from "./lib/server.mjs";

it("a super admin sees database, bus, nodes and sockets", { timeout: 120_000 }, async (test) => {
  const server = await Server.start(test);
  const browser = await Browser.start(test);
  const desk = await browser.window({ viewport: WIDE });
  const { page: root } = desk;
  const { page: agent } = await browser.window();
  const { page: visitor } = await browser.window();
  await comesToWork(agent, server.url, server.people.agent);
  await starts(visitor, server.url, /^Talk to a person/);
  await signsIn(root, server.url, server.people.super_admin);
  await root.getByRole("link", { name: "System" }).click();
  await root.getByText("Everything is well.").waitFor();
  await root.getByText(/^SQLite/).waitFor();
  const node = root.getByRole("table", { name: "Nodes" }).getByRole("row").nth(1);
  // A visitor's socket, and an agent's.
  await node.getByRole("cell", { name: "1", exact: true }).nth(1).waitFor();
  await look(desk, "system");
  browser.assertQuiet();
});
