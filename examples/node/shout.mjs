import { connect } from "@nats-io/transport-node";
import { Svcm } from "@nats-io/services";

const NAME = "shout";
const ABOUT = "Says it louder.";
const pause = (ms) => new Promise((done) => setTimeout(done, ms));

async function turn(request) {
  const texts = request.json().messages.map((message) => message.text);
  const last = texts.at(-1);
  if (last.includes("think")) {
    // At it; shown as typing, 10 s more.
    request.respond(JSON.stringify({ working: true, extend_ms: 10_000 }));
    await pause(7_000);
  }
  const reply = last.includes("help")
    ? { messages: [], then: { handoff: { reason: "asked for help" } } }
    : { messages: texts.map((text) => ({ text: text.toUpperCase() })), then: "wait" };
  request.respond(JSON.stringify(reply));
}

const { protocol, host, username, password } = new URL(process.env.NATS_URL ?? "nats://127.0.0.1:4222");
const connection = await connect({
  servers: host,
  ...(username && { user: username, pass: decodeURIComponent(password) }),
  ...(protocol === "tls:" && { tls: {} }),
  inboxPrefix: `_INBOX.automation-${NAME}`,
  maxReconnectAttempts: -1,
});
const service = await new Svcm(connection).add({
  name: NAME, version: "1.0.0", description: ABOUT, queue: "q",
  metadata: { switchboard: "automation", title: "Shout", description: ABOUT },
});
service.addEndpoint("turn", {
  subject: `switchboard.v1.automation.${NAME}.turn`,
  handler: (error, request) => void (error || turn(request).catch((why) => request.respondError(500, String(why)))),
});
