/**
 * Puts the pictures that the tests have looked at onto a sheet for each screen, and makes the page that shows them:
 * `PICTURES=/tmp/pictures npm run e2e && PICTURES=/tmp/pictures node tests/screens.mjs`.
 */
import { access, mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Browser } from "./e2e/lib/browser.mjs";
import { plain } from "./e2e/lib/look.mjs";

const from = process.env.PICTURES;
if (!from) throw new Error("PICTURES names the folder with the pictures of the tests");
const docs = new URL("../../docs/", import.meta.url).pathname;
const HEAD = `# Screens

Every screen as the browser tests leave it: wide in the light and in the dark, and at 320 pixels. The tests that made these
pictures also look for violations of accessibility (axe) and for anything that does not fit, in each of these ways.
Written by \`frontend/tests/screens.mjs\`.
`;
/** Part of the size that the windows have. */
const SCALE = 0.6;
const QUALITY = 0.7;
/** Pixels between pictures, and around them. */
const GAP = 12;

/** What the tests call it, and what readers do. */
const SCREENS = {
  Visitors: [
    ["the directory", "The beginning"],
    ["chat-home", "The beginning, with help articles"],
    ["closed-team", "A team that is closed, and when it opens"],
    ["the form, with mistakes", "Questions before the conversation, with mistakes"],
    ["leave-files", "Leaving a message with files"],
    ["message-for-a-closed-team", "Leaving a message for a team that is closed"],
    ["a conversation", "A conversation with an automation"],
    ["files in a conversation", "Files in a conversation"],
    ["queue-place", "The place in the queue"],
    ["waiting while nobody is there", "Waiting while nobody is there"],
    ["guide-greeting", "A guide greets"],
    ["guide-chat", "A guide asks"],
    ["chat-answer", "The FAQ answers with an article"],
    ["assistant-answer", "The assistant answers, with its sources"],
    ["the question before the end", "Before the end"],
    ["the end, with a rating", "The end, and the rating"],
    ["transcript", "Keeping the conversation: by e-mail or as a file"],
    ["no connection", "No connection"],
    ["the closed chat", "Banned"],
    ["de-home", "In German: the beginning"],
    ["de-rating", "In German: the end"],
    ["fr-widget", "In French: the widget, because its page says so"],
    ["mail-stopped", "No more e-mails"],
    ["help-found", "The help page: found"],
    ["help-article", "The help page: an article"],
  ],
  Agents: [
    ["sign-in", "Sign-in"],
    ["the empty inbox", "The empty inbox"],
    ["agent a conversation", "A conversation"],
    ["several-chosen", "Several at once"],
    ["signing-out", "Before signing out with conversations"],
    ["transfer", "Passing a conversation on"],
    ["snooze", "Snoozing"],
    ["palette", "Going somewhere by name"],
    ["shortcuts", "Keys"],
    ["presence", "Presence"],
    ["profile", "Profile: password, sessions, keys, sounds"],
    ["mentions", "Mentions"],
    ["search", "Search"],
    ["saved-views", "Saved views"],
    ["choosing a canned reply", "Choosing a canned reply"],
    ["canned replies", "Canned replies"],
    ["mention-picker", "Calling a colleague in a note"],
    ["merge", "Two visitors who are one person"],
    ["the ban", "Banning a visitor"],
    ["assistant-draft", "A draft by the assistant"],
    ["assistant-summary", "A summary by the assistant"],
  ],
  Admins: [
    ["now", "Now: queues and agents"],
    ["watching", "Watching a conversation"],
    ["reports", "Reports"],
    ["admin/agents", "Agents"],
    ["teams", "Teams"],
    ["team-dialog", "A team: hours, help, capacity"],
    ["automations", "Automations"],
    ["automation-settings", "Settings of an automation"],
    ["hook-answers", "Trying a web hook"],
    ["articles", "Help articles"],
    ["editor", "Writing an article"],
    ["guides", "Guides"],
    ["guide-editor", "Composing a guide"],
    ["rules", "Rules"],
    ["rule-editor", "Composing a rule"],
    ["rule-history", "Why a rule did or did not fire"],
    ["rule-hours", "A rule for the hours of a team"],
    ["rule-stale", "Two change the same rule"],
    ["webhooks", "Web hooks"],
    ["webhook-deliveries", "Deliveries of a web hook"],
    ["a visitor who was found", "Visitors: export and erasure"],
    ["bans", "Bans"],
    ["the settings with questions", "Settings: questions before a conversation"],
    ["identity-keys", "Settings: keys of sites that sign who visitors are"],
    ["settings-mail", "Settings: e-mail"],
    ["admin/audit", "The audit log"],
  ],
  "Super admins": [
    ["super_admin/admins", "Admins"],
    ["system", "The system: database, bus, nodes"],
    ["super_admin/audit", "The audit log"],
  ],
};

const afterwards = [];
const run = { name: "screens", after: (end) => afterwards.unshift(end) };

/** The pictures of a screen in the order of the sheet: widest first, and of the widest both themes. */
async function pictures(name) {
  const start = `${plain(name)}-`;
  const widths = (await readdir(from))
    .filter((file) => file.startsWith(start))
    .map((file) => /^(\d+)-light\.png$/.exec(file.slice(start.length))?.[1])
    .filter(Boolean)
    .map(Number)
    .sort((one, other) => other - one);
  const [widest] = widths;
  const ways = widths.flatMap((width) =>
    (width === widest ? ["light", "dark"] : ["light"]).map((theme) => `${start}${width}-${theme}.png`),
  );
  return Promise.all(
    ways.map(async (file) => {
      const png = await readFile(join(from, file));
      const [width, height] = [png.readUInt32BE(16), png.readUInt32BE(20)];
      return { width, height, url: `data:image/png;base64,${png.toString("base64")}` };
    }),
  );
}

/** Drawn in the browser, which alone here writes WebP. */
async function sheet(page, parts) {
  const data = await page.evaluate(
    async ({ parts, SCALE, QUALITY, GAP }) => {
      const wide = parts.reduce((sum, part) => sum + part.width * SCALE + GAP, GAP);
      const high = Math.max(...parts.map((part) => part.height * SCALE)) + 2 * GAP;
      const canvas = Object.assign(document.createElement("canvas"), { width: wide, height: high });
      const pen = canvas.getContext("2d");
      pen.imageSmoothingQuality = "high";
      pen.fillStyle = "#9aa0ab";
      pen.fillRect(0, 0, wide, high);
      let left = GAP;
      for (const part of parts) {
        const image = new Image();
        image.src = part.url;
        await image.decode();
        pen.drawImage(image, left, GAP, part.width * SCALE, part.height * SCALE);
        left += part.width * SCALE + GAP;
      }
      return canvas.toDataURL("image/webp", QUALITY).split(",")[1];
    },
    { parts, SCALE, QUALITY, GAP },
  );
  return Buffer.from(data, "base64");
}

try {
  await mkdir(join(docs, "images/screens"), { recursive: true });
  const browser = await Browser.start(run);
  const { page } = await browser.window();
  let text = HEAD;
  for (const [people, screens] of Object.entries(SCREENS)) {
    text += `\n## ${people}\n`;
    for (const [name, title] of screens) {
      const file = `images/screens/${plain(name)}.webp`;
      const parts = await pictures(name);
      if (parts.length > 0) await writeFile(join(docs, file), await sheet(page, parts));
      // Of a run of some tests only, the other sheets stay as they are.
      else await access(join(docs, file));
      text += `\n### ${title}\n\n![${title}: light, dark, narrow](${file})\n`;
    }
  }
  await writeFile(join(docs, "screens.md"), text);
} finally {
  for (const end of afterwards) await end();
}
