/** An admin gives a team hours, help and skills; a visitor sees when a closed team opens; an agent sets a priority. */
import assert from "node:assert/strict";
import { it } from "node:test";
import { Browser } from "./lib/browser.mjs";
import { look } from "./lib/look.mjs";
import { comesToWork, opensFirst, says, sees, signsIn, starts } from "./lib/people.mjs";
import { Server } from "./lib/server.mjs";

it("teams keep hours and can be deleted", { timeout: 120_000 }, async (test) => {
  const server = await Server.start(test);
  const browser = await Browser.start(test);
  const desk = await browser.window({ viewport: { width: 1280, height: 900 } });
  const { page: admin } = desk;
  const people = await browser.window();
  const { page: visitor } = people;
  await signsIn(admin, server.url, server.people.admin);
  await admin.getByRole("link", { name: "Teams" }).first().click();
  await admin.getByRole("button", { name: "Add team" }).click();
  const dialog = admin.getByRole("dialog");
  await dialog.getByRole("textbox", { name: "Team name" }).fill("Sales");
  await dialog.getByRole("combobox", { name: "Help from" }).selectOption({ label: "General" });
  await dialog.getByRole("spinbutton", { name: "After waiting" }).fill("300");
  await dialog.getByRole("checkbox", { name: "Business hours" }).check();
  const zone = dialog.getByRole("combobox", { name: "Time zone" });
  await zone.fill("Mars/Olympus");
  await dialog.getByRole("button", { name: "Add team" }).click();
  await dialog.getByText(/there is no time zone/).waitFor();
  await zone.fill("UTC");
  // Closed on every day but the one before yesterday's: never open today.
  const today = new Date().getUTCDay();
  const days = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];
  for (const day of days.filter((_, place) => place !== (today + 5) % 7)) {
    for (const remove of await dialog
      .getByRole("button", { name: new RegExp(`^Remove .* on ${day}$`) })
      .all())
      await remove.click();
  }
  const open = days[(today + 5) % 7];
  if ((await dialog.getByLabel(`${open}, from`).count()) === 0)
    await dialog.getByRole("button", { name: `Add hours on ${open}` }).click();
  await dialog.getByLabel(`${open}, from`).fill("10:00");
  await dialog.getByLabel(`${open}, to`).fill("00:00");
  await look(desk, "team-dialog");
  // Neither a press beside it nor Escape loses what was filled in.
  await admin.mouse.click(5, 5);
  await dialog.waitFor();
  await admin.keyboard.press("Escape");
  await dialog.getByText("Discard what you have entered?").waitFor();
  await look(desk, "dialog-discard");
  await admin.keyboard.press("Escape");
  await dialog.getByText("Discard what you have entered?").waitFor({ state: "detached" });
  // What is wrong above is come to, however far below Save was pressed.
  await dialog.getByRole("textbox", { name: "Team name" }).fill("");
  await dialog.getByRole("button", { name: "Add team" }).click();
  await admin.waitForFunction(() => document.activeElement?.getAttribute("aria-invalid") === "true");
  await dialog.getByRole("textbox", { name: "Team name" }).fill("Sales");
  await dialog.getByRole("button", { name: "Add team" }).click();
  await dialog.waitFor({ state: "detached" });
  const row = admin.getByRole("row", { name: /^Sales/ });
  await row.getByText(`${open.slice(0, 3)} 10:00–24:00`).waitFor();
  await look(desk, "teams");

  await visitor.goto(server.url);
  await visitor.getByRole("button", { name: /^Sales.*Nobody is available right now.*Opens / }).waitFor();
  await look(people, "closed-team");

  // A message for it waits for it, also when it is written in two goes.
  await visitor.getByRole("button", { name: /^Sales/ }).click();
  await visitor.getByText(/^Sales · Opens /).waitFor();
  await visitor.getByRole("textbox", { name: "Message" }).fill("Twelve candles, please.");
  await visitor.getByRole("button", { name: "Send message" }).click();
  await visitor.waitForFunction(() => document.activeElement?.getAttribute("name") === "email");
  await look(people, "message-for-a-closed-team");
  await visitor.reload();
  const written = visitor.getByRole("textbox", { name: "Message" });
  await written.waitFor();
  assert.equal(await written.inputValue(), "Twelve candles, please.");
  await visitor.getByRole("textbox", { name: /E-mail/ }).fill("ann@example.com");
  const [started] = await Promise.all([
    visitor.waitForResponse(
      (answer) => answer.request().method() === "POST" && answer.url().endsWith("/visitor/conversations"),
    ),
    visitor.getByRole("button", { name: "Send message" }).click(),
  ]);
  const { team, owner } = await started.json();
  assert.deepEqual(owner.kind, "queue");
  assert.equal(team, started.request().postDataJSON().to.team);
  assert.ok(team, "it waits for Sales");
  await visitor.getByText(/^Opens /).waitFor();
  await sees(visitor, "Twelve candles, please.");
  await look(people, "waiting-for-a-closed-team");

  await row.getByRole("button", { name: "Delete Sales" }).click();
  await admin.getByText("Whoever waits for it keeps the place, and waits for General.").waitFor();
  await admin.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
  await row.waitFor({ state: "detached" });
  await admin.getByRole("link", { name: "Audit log" }).click();
  await admin.getByText("Deleted a team").first().waitFor();

  await admin.getByRole("link", { name: "Agents" }).first().click();
  await admin
    .getByRole("button", { name: /^Actions for/ })
    .first()
    .click();
  await admin.getByRole("menuitem", { name: "Edit…" }).click();
  await admin.getByRole("textbox", { name: "Skills" }).fill("NL, billing");
  await admin.getByRole("dialog").getByRole("button", { name: "Save" }).click();
  await admin.getByRole("dialog").waitFor({ state: "detached" });
  await admin
    .getByRole("button", { name: /^Actions for/ })
    .first()
    .click();
  await admin.getByRole("menuitem", { name: "Edit…" }).click();
  await admin
    .getByRole("textbox", { name: "Skills" })
    .and(admin.locator('[value=""]'))
    .waitFor({ state: "detached" });
  browser.assertQuiet();
});

it("an agent says how urgent a conversation is", { timeout: 120_000 }, async (test) => {
  const server = await Server.start(test);
  const browser = await Browser.start(test);
  const { page: agent } = await browser.window({ viewport: { width: 1400, height: 900 } });
  const { page: visitor } = await browser.window();
  await comesToWork(agent, server.url, server.people.agent);
  await starts(visitor, server.url, /^Talk to a person/);
  await says(visitor, "it burns");
  await opensFirst(agent);
  await sees(agent, "it burns");
  await agent.getByRole("combobox", { name: "Priority" }).selectOption("urgent");
  await agent.getByRole("listitem").getByText("Urgent").waitFor();
  browser.assertQuiet();
});
