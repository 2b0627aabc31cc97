/**
 * Makes the picture of the README, and one of every main screen, from the running program:
 * `SWITCHBOARD_BIN=../target/release/switchboard node tests/picture.mjs [FOLDER]`.
 */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Browser } from "./e2e/lib/browser.mjs";
import {
  answers,
  asksBefore,
  attaches,
  comesToWork,
  finds,
  opensFirst,
  pastes,
  says,
  sees,
  seesPicture,
  signsIn,
  starts,
} from "./e2e/lib/people.mjs";
import { Server } from "./e2e/lib/server.mjs";

const folder = process.argv[2] ?? "../docs/images";
const PHONE = { width: 400, height: 780 };
const DESK = { width: 1280, height: 780 };
const CANNED = [
  ["hello", "Hello {{visitor.first_name|there}}, I am {{agent.first_name}}. How can I help?"],
  ["refund", "You get your money back within five working days, the way you paid."],
  ["return-label", "I have sent you a return label, {{visitor.first_name|dear customer}}."],
  ["where-is-my-order", "Give me a moment: I am looking up where your parcel is."],
];
/** Time for fonts and motion to come to rest before a picture, in milliseconds. */
const REST_MS = 400;

const afterwards = [];
const run = { after: (end) => afterwards.unshift(end) };

async function shoot(page, name) {
  await page.waitForTimeout(REST_MS);
  const png = await page.screenshot();
  if (name) await writeFile(join(folder, `${name}.png`), png);
  return png;
}

async function everyWay(page, name, sizes) {
  for (const colorScheme of ["light", "dark"]) {
    await page.emulateMedia({ colorScheme });
    for (const [size, viewport] of Object.entries(sizes)) {
      await page.setViewportSize(viewport);
      await shoot(page, `${name}-${size}-${colorScheme}`);
    }
  }
  await page.emulateMedia({ colorScheme: "light" });
  await page.setViewportSize(Object.values(sizes)[0]);
}

/** Two windows side by side. */
async function sideBySide(browser, left, right) {
  const width = PHONE.width + DESK.width + 72;
  const { page } = await browser.window({ viewport: { width, height: DESK.height + 48 } });
  const image = (png, { width: w, height: h }) =>
    `<img width="${w}" height="${h}" src="data:image/png;base64,${png.toString("base64")}">`;
  await page.setContent(
    `<style>body{margin:24px;display:flex;gap:24px;background:#e1e4ea}
     img{border-radius:14px;box-shadow:0 8px 32px #171a2133}</style>` +
      image(left, PHONE) +
      image(right, DESK),
  );
  return shoot(page, "overview");
}

try {
  await mkdir(folder, { recursive: true });
  const server = await Server.start(run);
  const browser = await Browser.start(run);
  const { page: visitor } = await browser.window({ viewport: PHONE });
  const { page: agent } = await browser.window({ viewport: DESK });
  const { page: admin } = await browser.window({ viewport: DESK });
  const { page: boss } = await browser.window({ viewport: DESK });

  await comesToWork(agent, server.url, server.people.agent);
  await visitor.goto(server.url);
  await visitor.getByRole("button", { name: /^Mat/ }).waitFor();
  await everyWay(visitor, "directory", { narrow: PHONE, wide: DESK });
  await starts(visitor, server.url, /^Mat/);
  await says(visitor, "how are you?");
  await sees(visitor, "mat mat mat?");
  await says(visitor, "Could a person look at my order?");
  await sees(visitor, "mat mat mat mat mat mat mat?");
  await visitor.getByRole("button", { name: "Talk to a person" }).click();
  await visitor.getByText("Is with you now").waitFor();
  await opensFirst(agent);
  await says(agent, "Hello, I am Maya. Which order is it?");
  await sees(visitor, "Hello, I am Maya. Which order is it?");
  await says(visitor, "48213. It says delivered, but nothing is here.");
  await sees(agent, "48213. It says delivered, but nothing is here.");
  await says(agent, "I have asked the carrier and will stay with you until we know.");
  await sees(visitor, "I have asked the carrier and will stay with you until we know.");
  await visitor
    .getByText("Read", { exact: true })
    .waitFor()
    .catch(() => undefined);
  await sideBySide(browser, await shoot(visitor), await shoot(agent));
  await everyWay(visitor, "conversation", { narrow: PHONE });
  await everyWay(agent, "inbox", { wide: DESK, narrow: PHONE });
  await pastes(visitor, "front-door.png");
  await attaches(visitor, "order-48213.pdf", "%PDF-1.7".padEnd(48_000));
  await everyWay(visitor, "files-to-send", { narrow: PHONE, wide: DESK });
  await visitor.getByRole("textbox", { name: /^Message to/ }).fill("This is my front door.");
  await visitor.getByRole("button", { name: "Send" }).click();
  await seesPicture(visitor, "front-door.png");
  await seesPicture(agent, "front-door.png");
  await everyWay(visitor, "files", { narrow: PHONE });
  await pastes(agent, "map.png");
  await everyWay(agent, "files", { wide: DESK, narrow: PHONE });
  await (await seesPicture(agent, "front-door.png")).click();
  await everyWay(agent, "picture", { wide: DESK, narrow: PHONE });
  await agent.keyboard.press("Escape");
  await agent.getByRole("button", { name: "Remove map.png" }).click();

  await signsIn(admin, server.url, server.people.admin);
  await admin.getByRole("link", { name: "Canned replies" }).click();
  for (const [shortcut, text] of CANNED) {
    await admin.getByRole("button", { name: "Add canned reply" }).click();
    const dialog = admin.getByRole("dialog");
    await dialog.getByRole("textbox", { name: "Shortcut" }).fill(shortcut);
    await dialog.getByRole("textbox", { name: "Text" }).fill(text);
    if (shortcut === CANNED.at(-1)[0]) await everyWay(admin, "canned-dialog", { wide: DESK, narrow: PHONE });
    await dialog.getByRole("button", { name: "Add canned reply" }).click();
    await dialog.waitFor({ state: "detached" });
  }
  await everyWay(admin, "admin-canned", { wide: DESK, narrow: PHONE });
  await agent.getByRole("textbox", { name: /^Reply to/ }).pressSequentially("/re");
  await agent.getByRole("listbox", { name: "Canned replies" }).getByRole("option").first().waitFor();
  await everyWay(agent, "canned-picker", { wide: DESK, narrow: PHONE });
  for (const screen of ["Now", "Reports", "Agents", "Teams", "Automations"]) {
    await admin.getByRole("link", { name: screen }).first().click();
    await admin.getByRole("heading", { name: screen }).first().waitFor();
    await everyWay(admin, `admin-${screen.toLowerCase()}`, { wide: DESK, narrow: PHONE });
  }
  await asksBefore(admin);
  await everyWay(admin, "admin-settings", { wide: DESK, narrow: PHONE });
  const { page: guest } = await browser.window({ viewport: PHONE });
  await guest.goto(server.url);
  await guest.getByRole("button", { name: /^Talk to a person.*Available now/s }).click();
  await guest.getByRole("button", { name: "Start conversation" }).waitFor();
  await everyWay(guest, "pre-chat", { narrow: PHONE, wide: DESK });
  await answers(guest);
  await says(guest, "Hello?");
  await opensFirst(agent);
  await sees(agent, "Hello?");
  await everyWay(agent, "answers", { wide: DESK });
  await agent.getByRole("button", { name: "More actions" }).click();
  await agent.getByRole("menuitem", { name: "Ban visitor…" }).click();
  await everyWay(agent, "ban-dialog", { wide: DESK, narrow: PHONE });
  await agent.getByRole("dialog").getByRole("button", { name: "Ban", exact: true }).click();
  await guest.getByText(/You can write here again from/).waitFor();
  await everyWay(guest, "chat-closed", { narrow: PHONE, wide: DESK });
  await finds(admin, "ada@");
  await everyWay(admin, "admin-visitors", { wide: DESK, narrow: PHONE });
  await admin.getByRole("link", { name: "Bans" }).click();
  await admin.getByRole("cell", { name: /^Visitor/ }).waitFor();
  await everyWay(admin, "admin-bans", { wide: DESK, narrow: PHONE });
  await admin.getByRole("link", { name: "Teams" }).first().click();
  await admin.getByRole("button", { name: "Add team" }).click();
  await admin.getByRole("dialog").getByRole("checkbox", { name: "Business hours" }).check();
  await admin.getByRole("dialog").getByRole("button", { name: "Add a day" }).scrollIntoViewIfNeeded();
  await everyWay(admin, "admin-team-dialog", { wide: DESK, narrow: PHONE });
  await admin.getByRole("dialog").getByRole("button", { name: "Cancel" }).click();
  await signsIn(boss, server.url, server.people.super_admin);
  await boss.getByRole("heading", { name: "Admins" }).first().waitFor();
  await everyWay(boss, "super-admins", { wide: DESK, narrow: PHONE });
} finally {
  for (const end of afterwards) await end();
}
