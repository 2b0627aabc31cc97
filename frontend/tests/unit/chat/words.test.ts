import { expect, it } from "vitest";
import { isEmail } from "../../../apps/chat/contact";
import { ownerName } from "../../../apps/chat/owner";
import { eventText, ownerText, queueText } from "../../../apps/chat/words";
import { conversation, entry } from "../realtime/wire";

const event = (body: Record<string, unknown>, author = { kind: "system", name: "Switchboard" }) => {
  const full = { event: "", ...body };
  return eventText(entry("c", 1, { kind: "event", author, body: full }), full);
};

it("always says who has the conversation", () => {
  const queue = conversation("c", { owner: { kind: "queue" } });
  const agent = conversation("c", { owner: { kind: "agent", id: "a", name: "Maya" } });
  const over = conversation("c", { status: "resolved", owner: { kind: "none" } });
  expect([ownerName(conversation("c")), ownerText(conversation("c"))]).toEqual(["Mat", "Automation"]);
  expect(ownerName(queue)).toBe("In the queue");
  expect([ownerName(agent), ownerText(agent)]).toEqual(["Maya", "Is with you now"]);
  expect([ownerName(over), ownerText(over)]).toEqual(["Ended", "Ended"]);
  expect(ownerName(over, "Maya")).toBe("Maya");
});

it("says the place in the queue honestly", () => {
  expect(queueText({ position: 1 })).toBe("You are next");
  expect(queueText({ position: 3, estimate_s: 190 })).toBe("You are number 3 · about 3 minutes");
  expect(queueText({ position: 2, estimate_s: 60 })).toBe("You are number 2 · about 1 minute");
  expect(queueText({ position: 2, estimate_s: 20 })).toBe("You are number 2 · less than a minute");
  expect(queueText({ position: 20 })).toBe("You are number 20");
  expect(queueText({ position: 21, estimate_s: null })).toBe("More than 20 people are before you");
});

it("tells what happened, and keeps quiet about what it does not know", () => {
  expect(event({ event: "started", to: { kind: "automation", id: "mat", name: "Mat" } })).toBe(
    "You started a conversation with Mat",
  );
  expect(event({ event: "started", to: { kind: "queue" } })).toBe("You asked for a person");
  expect(event({ event: "handed_off" }, { kind: "automation", name: "Mat" })).toBe(
    "Mat passes you on to a person",
  );
  expect(event({ event: "handed_off" }, { kind: "visitor", name: "" })).toBe("You asked for a person");
  expect(event({ event: "assigned", to: { kind: "agent", id: "a", name: "Maya" } })).toBe("Maya joined");
  expect(event({ event: "transferred", to: { kind: "agent", name: "Ben" } })).toBe("Passed on to Ben");
  expect(event({ event: "transferred", to: { kind: "queue" } })).toBe("Passed on to another team");
  expect(event({ event: "requeued", reason: "offline" })).toBe("You are back in the queue");
  expect(event({ event: "resolved" }, { kind: "visitor", name: "" })).toBe("You ended the conversation");
  expect(event({ event: "resolved" }, { kind: "agent", name: "Maya" })).toBe("Maya ended the conversation");
  expect(event({ event: "snoozed" })).toBeNull();
  expect(event({ event: "from_the_future" })).toBeNull();
  expect(event({ event: "assigned", to: "not an owner" }, { kind: "system", name: "Someone" })).toBe(
    "Someone joined",
  );
});

it("takes what can be an address, and nothing else", () => {
  for (const good of ["a@b.co", "ann.lee+x@mail.example.com", "ü@exämple.de"])
    expect(isEmail(good)).toBe(true);
  for (const bad of ["", "ann", "ann@", "ann@host", "a b@c.de", `${"a".repeat(250)}@b.co`])
    expect(isEmail(bad)).toBe(false);
});
