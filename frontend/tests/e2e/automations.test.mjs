/** An admin says how an automation is to be used; outside of its hours a visitor who chooses it gets to people. */
import assert from "node:assert/strict";
import { it } from "node:test";
import { Browser } from "./lib/browser.mjs";
import { signsIn } from "./lib/people.mjs";
import { Server } from "./lib/server.mjs";

it("an automation has settings", { timeout: 120_000 }, async (test) => {
  const server = await Server.start(test);
  const browser = await Browser.start(test);
  const window = await browser.window({ viewport: { width: 1280, height: 900 } });
  const admin = window.page;
  await signsIn(admin, server.url, server.people.admin);
  await admin.getByRole("link", { name: "Automations" }).first().click();
  const row = admin.getByRole("row", { name: /^Mat mat/ });
  await row.getByText("5 s, 64 at a time").waitFor();
  await row.getByText("1 instance").waitFor();
  await row.getByText(/\d+ answered, 0 with an error/).waitFor({ timeout: 30_000 });
  await row.getByRole("button", { name: "Settings of Mat" }).click();
  const dialog = admin.getByRole("dialog");
  const most = dialog.getByRole("spinbutton", { name: "Turns at a time" });
  await most.fill("8");
  await dialog.getByRole("combobox", { name: "Hands over to" }).selectOption({ label: "General" });
  await dialog
    .getByRole("combobox", { name: "New conversations" })
    .selectOption({ label: "Within hours of its own" });
  await dialog
    .getByRole("combobox", { name: "Outside of these hours" })
    .selectOption({ label: "Visitors get to people" });
  if (process.env.SWITCHBOARD_PICTURES)
    for (const colorScheme of ["dark", "light"]) {
      await admin.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      await dialog.getByRole("spinbutton", { name: "Deadline in milliseconds" }).focus();
      await admin.screenshot({
        path: `${process.env.SWITCHBOARD_PICTURES}/automation-settings-${colorScheme}.png`,
      });
    }
  await most.fill("0");
  await dialog.getByRole("button", { name: "Save" }).click();
  await dialog.getByText("Enter 1 to 512.").waitFor();
  await most.fill("8");
  const zone = dialog.getByRole("combobox", { name: "Time zone" });
  await zone.fill("Mars/Olympus");
  await dialog.getByRole("button", { name: "Save" }).click();
  await dialog.getByText(/there is no time zone/).waitFor();
  await zone.fill("UTC");
  // Open on one day only, which is neither today nor next to it.
  const days = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];
  const open = days[(new Date().getUTCDay() + 3) % 7];
  for (const day of days.filter((name) => name !== open)) {
    for (const remove of await dialog
      .getByRole("button", { name: new RegExp(`^Remove .* on ${day}$`) })
      .all())
      await remove.click();
  }
  if ((await dialog.getByLabel(`${open}, from`).count()) === 0)
    await dialog.getByRole("button", { name: `Add hours on ${open}` }).click();
  for (const colorScheme of ["dark", "light"]) {
    await admin.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    await window.settled();
    assert.deepEqual(await window.axe(), [], colorScheme);
  }
  await dialog.getByRole("button", { name: "Save" }).click();
  await dialog.waitFor({ state: "detached" });
  await row.getByText("5 s, 8 at a time").waitFor();
  await row.getByText("Outside its hours").waitFor();
  if (process.env.SWITCHBOARD_PICTURES)
    await admin.screenshot({ path: `${process.env.SWITCHBOARD_PICTURES}/automations.png` });

  const { page: visitor } = await browser.window();
  await visitor.goto(server.url);
  await visitor.getByRole("button", { name: /^Mat/ }).click();
  await visitor
    .getByText(/left a message|in the queue|a person|nobody is available/i)
    .first()
    .waitFor();
  browser.assertQuiet();
});
