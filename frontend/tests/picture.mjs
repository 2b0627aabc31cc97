/**
 * Makes the picture of the README from the running program, a visitor beside an agent; every single screen is made by
 * `screens.mjs`: `SWITCHBOARD_BIN=../target/release/switchboard node tests/picture.mjs [FOLDER]`.
 */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Browser } from "./e2e/lib/browser.mjs";
import { comesToWork, opensFirst, says, sees, starts } from "./e2e/lib/people.mjs";
import { Server } from "./e2e/lib/server.mjs";

const folder = process.argv[2] ?? "../docs/images";
const PHONE = { width: 400, height: 780 };
const DESK = { width: 1280, height: 780 };
/** Time for fonts and motion to come to rest before a picture, in milliseconds. */
const REST_MS = 400;

const afterwards = [];
const run = { after: (end) => afterwards.unshift(end) };

async function shoot(page) {
  await page.waitForTimeout(REST_MS);
  return page.screenshot();
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
  await writeFile(join(folder, "overview.png"), await shoot(page));
}

try {
  await mkdir(folder, { recursive: true });
  const server = await Server.start(run);
  const browser = await Browser.start(run);
  const { page: visitor } = await browser.window({ viewport: PHONE });
  const { page: agent } = await browser.window({ viewport: DESK });

  await comesToWork(agent, server.url, server.people.agent);
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
} finally {
  for (const end of afterwards) await end();
}
