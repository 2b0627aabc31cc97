/** A server of the admin's is told what happens: added, tried, told, down and back, with another secret, deleted. */
import assert from "node:assert/strict";
import { createHmac, timingSafeEqual } from "node:crypto";
import { createServer } from "node:http";
import { describe, it } from "node:test";
import { Browser } from "./lib/browser.mjs";
import { look, WIDE } from "./lib/look.mjs";
import { comesToWork, says, signsIn } from "./lib/people.mjs";
import { Server } from "./lib/server.mjs";

const DESK = { viewport: WIDE };
const INSIDE = '[outbound]\nallow_http = true\nallow = ["127.0.0.0/8"]\n';
/** How old a request may be, in seconds. */
const TOLERANCE_S = 300;

/** As docs/webhooks.md says. */
function verify(secret, headers, body) {
  const id = headers["webhook-id"];
  const at = headers["webhook-timestamp"];
  if (Math.abs(Date.now() / 1000 - Number(at)) > TOLERANCE_S) return false;
  const key = Buffer.from(secret.replace(/^whsec_/, ""), "base64");
  const good = createHmac("sha256", key).update(`${id}.${at}.${body}`).digest();
  return headers["webhook-signature"].split(" ").some((one) => {
    const given = Buffer.from(one.replace(/^v1,/, ""), "base64");
    return given.length === good.length && timingSafeEqual(given, good);
  });
}

/** A server that keeps what it is told. */
async function receiver(test) {
  const got = [];
  const state = { got, status: 200, url: "" };
  const server = createServer(async (request, response) => {
    let body = "";
    for await (const chunk of request) body += chunk;
    got.push({ headers: request.headers, body, answered: state.status });
    response.writeHead(state.status).end(state.status === 200 ? "thanks" : "not now");
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  test.after(() => server.close());
  state.url = `http://127.0.0.1:${server.address().port}/events`;
  return state;
}

async function until(what, fits, seconds = 20) {
  for (const end = Date.now() + seconds * 1_000; Date.now() < end;) {
    if (fits()) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`not within ${seconds} s: ${what}`);
}

const types = (got) => got.map((one) => JSON.parse(one.body).type);

describe("web hooks", { timeout: 300_000 }, () => {
  it("tell a server what happens, and show how that went", async (test) => {
    const server = await Server.start(test, { toml: INSIDE });
    const outside = await receiver(test);
    const browser = await Browser.start(test);
    const desk = await browser.window(DESK);
    const { page: admin } = desk;
    await signsIn(admin, server.url, server.people.admin);
    await admin.getByRole("link", { name: "Web hooks" }).click();
    await admin.getByText("Nobody is told anything").waitFor();

    // What is missing is said where it is.
    await admin.getByRole("button", { name: "Add web hook" }).first().click();
    const dialog = admin.getByRole("dialog", { name: "Add web hook" });
    await dialog.getByRole("button", { name: "Add web hook" }).click();
    await dialog.getByText("Give it a name.").waitFor();
    await dialog.getByRole("textbox", { name: "Name" }).fill("Our CRM");
    await dialog.getByRole("textbox", { name: "Address" }).fill("ftp://example.org/");
    await dialog.getByRole("checkbox", { name: "Started" }).check();
    await dialog.getByRole("checkbox", { name: "From visitors" }).check();
    await dialog.getByRole("button", { name: "Add web hook" }).click();
    await dialog.getByText("it must begin with https://").waitFor();
    await dialog.getByRole("textbox", { name: "Address" }).fill(outside.url);
    await look(desk, "webhook-dialog");
    await dialog.getByRole("button", { name: "Add web hook" }).click();

    // The secret is shown once.
    const once = admin.getByRole("dialog", { name: "Secret of Our CRM" });
    const secret = await once.getByRole("group", { name: "Secret" }).locator("code").textContent();
    assert.match(secret, /^whsec_/);
    await once.getByRole("button", { name: "I have noted it" }).click();
    await admin.getByRole("row", { name: /Our CRM/ }).waitFor();

    await admin.getByRole("button", { name: "Deliveries of Our CRM" }).click();
    const deliveries = admin.getByRole("dialog", { name: "Deliveries of Our CRM" });
    await deliveries.getByText("Nothing yet").waitFor();
    await deliveries.getByRole("button", { name: "Send test" }).click();
    await until("the test", () => outside.got.length === 1);
    assert.deepEqual(types(outside.got), ["webhook.test"]);
    await deliveries.getByRole("cell", { name: "Delivered" }).waitFor();
    await deliveries.getByText("thanks").waitFor();

    // What a visitor does is told in order, signed.
    const { page: agent } = await browser.window(DESK);
    await comesToWork(agent, server.url, server.people.agent);
    const { page: visitor } = await browser.window();
    await visitor.goto(server.url);
    await visitor.getByRole("button", { name: /^Talk to a person/ }).click();
    await visitor.getByRole("log").waitFor();
    await says(visitor, "hello outside");
    await until("what happened", () => outside.got.length === 3);
    assert.deepEqual(types(outside.got).slice(1), ["conversation.started", "message.visitor"]);
    assert.ok(outside.got.every((one) => verify(secret, one.headers, one.body)));
    assert.equal(JSON.parse(outside.got[2].body).data.entry.body.text, "hello outside");

    // Down, and back.
    outside.status = 503;
    await says(visitor, "are you there?");
    await until("the attempt", () => outside.got.length >= 4);
    await deliveries.getByText("not now").waitFor();
    await deliveries.getByRole("cell", { name: /Waiting/ }).waitFor();
    await look(desk, "webhook-deliveries");
    outside.status = 200;
    // The pauses are 5 s, 20 s and 80 s, a fifth more or less.
    await until("the repeat", () => outside.got.at(-1).answered === 200, 110);
    assert.equal(outside.got.at(-1).headers["webhook-id"], outside.got[3].headers["webhook-id"]);
    await deliveries.getByRole("cell", { name: /Waiting/ }).waitFor({ state: "detached" });
    await deliveries.getByRole("button", { name: "Close" }).last().click();
    await look(desk, "webhooks");

    // Another secret: both are good for a while.
    await admin.getByRole("button", { name: "New secret: Our CRM" }).click();
    await admin.getByRole("button", { name: "Make new secret" }).click();
    const next = await admin.getByRole("group", { name: "Secret" }).locator("code").textContent();
    assert.notEqual(next, secret);
    await admin.getByRole("button", { name: "I have noted it" }).click();
    const before = outside.got.length;
    await says(visitor, "once more");
    await until("the message", () => outside.got.length > before);
    const last = outside.got.at(-1);
    assert.ok(verify(secret, last.headers, last.body) && verify(next, last.headers, last.body));

    await admin.getByRole("button", { name: "Delete: Our CRM" }).click();
    await admin.getByRole("button", { name: "Delete web hook" }).click();
    await admin.getByText("Nobody is told anything").waitFor();
  });
});
