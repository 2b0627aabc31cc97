/** An admin says how an automation is to be used; outside of its hours a visitor who chooses it gets to people. */
import { createServer } from "node:http";
import { it } from "node:test";
import { Browser } from "./lib/browser.mjs";
import { look, WIDE } from "./lib/look.mjs";
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
  await look(window, "automation-settings");
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
  await dialog.getByRole("button", { name: "Save" }).click();
  await dialog.waitFor({ state: "detached" });
  await row.getByText("5 s, 8 at a time").waitFor();
  await row.getByText("Outside its hours").waitFor();
  await look(window, "automations");

  const { page: visitor } = await browser.window();
  await visitor.goto(server.url);
  await visitor.getByRole("button", { name: /^Mat/ }).click();
  await visitor
    .getByText(/left a message|in the queue|a person|nobody is available/i)
    .first()
    .waitFor();
  browser.assertQuiet();
});

/** A server that answers turns as `answers` says. */
async function behind(test) {
  const state = { status: 200, url: "" };
  const reply = {
    messages: [{ text: "It is on its way.", choices: [{ label: "Thanks", value: "thanks" }] }],
    then: { handoff: { reason: "asked" } },
    tags: ["order"],
  };
  const server = createServer(async (request, response) => {
    request.resume();
    response.writeHead(state.status, { "content-type": "application/json" }).end(JSON.stringify(reply));
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  test.after(() => server.close());
  state.url = `http://127.0.0.1:${server.address().port}/turn`;
  return state;
}

it("an automation over HTTPS is tried before visitors meet it", { timeout: 120_000 }, async (test) => {
  const server = await Server.start(test, {
    toml: '[outbound]\nallow_http = true\nallow = ["127.0.0.0/8"]\n',
  });
  const outside = await behind(test);
  const browser = await Browser.start(test);
  const window = await browser.window({ viewport: WIDE });
  const admin = window.page;
  await signsIn(admin, server.url, server.people.admin);
  await admin.getByRole("link", { name: "Automations" }).first().click();
  await admin.getByRole("button", { name: "Add automation over HTTPS" }).first().click();
  const adding = admin.getByRole("dialog", { name: "An automation over HTTPS" });
  await adding.getByRole("textbox", { name: "Name" }).fill("orders");
  await adding.getByRole("textbox", { name: "Title" }).fill("Orders");
  await adding.getByRole("textbox", { name: "Address" }).fill(outside.url);
  await adding.getByRole("button", { name: "Save" }).click();
  await admin.getByRole("button", { name: "I have noted it" }).click();

  await admin.getByRole("button", { name: "Actions for Orders" }).click();
  await admin.getByRole("menuitem", { name: "Try it…" }).click();
  const dialog = admin.getByRole("dialog", { name: "Try Orders" });
  await dialog.getByRole("button", { name: "Send", exact: true }).click();
  await dialog.getByText("It is on its way.").waitFor();
  await dialog.getByText("Then people take over: asked").waitFor();
  await dialog.getByText("Tags: order").waitFor();
  await dialog.getByText(/^\d+ ms$/).waitFor();
  await look(window, "hook-answers", [WIDE]);
  outside.status = 500;
  await dialog.getByRole("textbox", { name: "Message" }).fill("And now?");
  await dialog.getByRole("button", { name: "Send", exact: true }).click();
  await dialog.getByText("Failed", { exact: true }).waitFor();
  await dialog.getByText("answered 500", { exact: false }).waitFor();
  await look(window, "hook-fails", [WIDE]);
  await dialog.getByRole("button", { name: "Done" }).click();
  browser.assertQuiet();
});
