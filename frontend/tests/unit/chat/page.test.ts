/** The visitor's page over a scripted server: what it shows and what it calls, by role and name. */
import { cleanup, render, screen, waitFor, within } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { drafts } from "../../../apps/chat/drafts";
import { places } from "../../../apps/chat/places";
import App from "../../../apps/chat/App.svelte";
import type { Conversation, Entry, VisitorDirectory } from "$lib/api/types";
import { conversation, entry, WireSocket } from "../realtime/wire";

let calls: { method: string; path: string; body: Record<string, unknown> }[];
let directory: VisitorDirectory;
let own: Map<string, { state: Conversation; entries: Entry[] }>;
let down: boolean;
let banned: boolean;

/** Answers like the server, as far as the page asks. */
function answer(path: string, body: Record<string, unknown>): [number, unknown] {
  if (path === "/visitor/session")
    return [201, { visitor: { id: "me", verified: false, ...body }, token: "secret" }];
  if (path === "/visitor/directory") return [200, directory];
  if (path === "/visitor/conversations") {
    const to = body["to"] as { automation?: string };
    const owner = to.automation ? { kind: "automation", id: to.automation, name: "Mat" } : { kind: "queue" };
    const state = conversation("c1", { owner, head: 1 });
    const author = { kind: "visitor", id: "me", name: "" };
    const started = entry("c1", 1, { kind: "event", author, body: { event: "started", to: owner } });
    own.set("c1", { state, entries: [started] });
    return [201, state];
  }
  const [, , , id, verb] = path.split("/");
  const known = own.get(id ?? "");
  if (!known) return [404, { type: "/problems/not-found", title: "Not found" }];
  if (verb === "entries") return [200, { items: known.entries, next: null }];
  if (verb === "handoff") known.state = { ...known.state, fence: 2, owner: { kind: "queue" } };
  if (verb === "resolve")
    known.state = { ...known.state, fence: 3, status: "resolved", owner: { kind: "none" } };
  if (verb === "rating") return [204, undefined];
  return [200, known.state];
}

beforeEach(() => {
  calls = [];
  own = new Map();
  down = false;
  banned = false;
  directory = {
    automations: [{ name: "mat", title: "Mat", description: "Replaces every word." }],
    people: { available: true, teams: [] },
  };
  localStorage.clear();
  sessionStorage.clear();
  places.go("/");
  WireSocket.all = [];
  vi.stubGlobal("WebSocket", WireSocket);
  vi.stubGlobal("fetch", async (url: string, init: RequestInit) => {
    if (down) throw new TypeError("no network");
    const path = url.replace("/api/v1", "").replace(/\?.*/, "");
    const body = (init.body ? JSON.parse(String(init.body)) : {}) as Record<string, unknown>;
    calls.push({ method: init.method ?? "", path, body });
    if (banned) {
      const problem = { type: "/problems/banned", title: "This chat is closed to you", status: 403 };
      return new Response(JSON.stringify(problem), { status: 403, headers: { "retry-after": "3600" } });
    }
    const [status, json] = answer(path, body);
    return new Response(json === undefined ? null : JSON.stringify(json), { status });
  });
});

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

async function connected(): Promise<WireSocket> {
  await waitFor(() => expect(WireSocket.all.length).toBeGreaterThan(0));
  WireSocket.last.welcome(
    "e1",
    [...own.values()].map(({ state }) => state),
  );
  return WireSocket.last;
}

async function withMat(): Promise<WireSocket> {
  render(App);
  const socket = await connected();
  await userEvent.click(await screen.findByRole("button", { name: /Mat/ }));
  await screen.findByRole("log");
  return socket;
}

it("shows whom one may start with, and starts once", async () => {
  render(App);
  await connected();
  expect(await screen.findByRole("heading", { level: 1, name: "How can we help?" })).toBeVisible();
  expect(screen.getByRole("button", { name: /Talk to a person.*Available now/s })).toBeVisible();
  await userEvent.dblClick(screen.getByRole("button", { name: /Mat/ }));
  expect(await screen.findByRole("heading", { level: 1, name: "Mat" })).toBeVisible();
  expect(location.search).toBe("?c=c1");
  const starts = calls.filter(({ method, path }) => method === "POST" && path === "/visitor/conversations");
  expect(starts).toHaveLength(1);
  expect(starts[0]?.body).toMatchObject({ to: { automation: "mat" } });
});

it("keeps the token in this browser and out of every address", async () => {
  render(App);
  const socket = await connected();
  expect(socket.of("hello")[0]?.token).toBe("secret");
  expect(JSON.parse(localStorage.getItem("switchboard.visitor") ?? "{}")).toEqual({
    id: "me",
    token: "secret",
  });
  expect(socket.url + calls.map(({ path }) => path).join()).not.toContain("secret");
});

it("says and hears, each message once", async () => {
  const socket = await withMat();
  await userEvent.type(screen.getByRole("textbox", { name: "Message to Mat" }), "how are you?{Enter}");
  const log = screen.getByRole("log", { name: "Conversation with Mat" });
  expect(await within(log).findByText("how are you?")).toBeVisible();
  expect(within(log).getByText("Sending…")).toBeVisible();
  const sent = socket.of("send")[0];
  const author = { kind: "visitor", id: "me", name: "" };
  const id = sent?.client_msg_id ?? "";
  socket.say({ type: "ack", client_msg_id: id, conversation: "c1", seq: 2, id: "x", at: "" });
  socket.say({
    type: "entry",
    entry: entry("c1", 2, { author, body: { text: "how are you?" }, client_msg_id: id }),
  });
  socket.say({ type: "entry", entry: entry("c1", 3, { body: { text: "mat mat mat?" } }) });
  expect(await within(log).findByText("mat mat mat?")).toBeVisible();
  expect(within(log).getAllByText("how are you?")).toHaveLength(1);
  expect(within(log).getByText("Sent")).toBeVisible();
});

it("says what failed and sends it again", async () => {
  const socket = await withMat();
  await userEvent.type(screen.getByRole("textbox"), "no{Enter}");
  const id = socket.of("send")[0]?.client_msg_id ?? "";
  socket.say({ type: "nack", client_msg_id: id, code: "invalid", detail: "Not this." });
  expect(await screen.findByRole("alert")).toHaveTextContent("Not sent. Not this.");
  await userEvent.click(screen.getByRole("button", { name: "Try again" }));
  expect(socket.of("send").map(({ client_msg_id }) => client_msg_id)).toEqual([id, id]);
});

it("offers an automation's choices and sends the chosen value", async () => {
  const socket = await withMat();
  const choices = [{ label: "Yes, please", value: "yes" }];
  socket.say({ type: "entry", entry: entry("c1", 2, { body: { text: "Well?", choices } }) });
  await userEvent.click(await screen.findByRole("button", { name: "Yes, please" }));
  expect(socket.of("send")[0]?.body).toEqual({ text: "yes" });
  expect(screen.queryByRole("button", { name: "Yes, please" })).toBeNull();
});

it("asks for a person and shows the place in the queue", async () => {
  const socket = await withMat();
  await userEvent.click(screen.getByRole("button", { name: "Talk to a person" }));
  expect(await screen.findByRole("heading", { level: 1, name: "In the queue" })).toBeVisible();
  socket.say({ type: "queue", conversation: "c1", position: 2, estimate_s: 240 });
  expect(await screen.findByText("You are number 2 · about 4 minutes")).toBeVisible();
  expect(screen.queryByRole("button", { name: "Talk to a person" })).toBeNull();
});

it("asks how to reach the visitor when nobody is there, and checks the address", async () => {
  directory.people.available = false;
  await withMat();
  await userEvent.click(screen.getByRole("button", { name: "Talk to a person" }));
  expect(await screen.findByText("Nobody is available right now")).toBeVisible();
  await userEvent.type(screen.getByRole("textbox", { name: /E-mail/ }), "ann");
  await userEvent.click(screen.getByRole("button", { name: "Save" }));
  expect(await screen.findByText(/Enter an address/)).toBeVisible();
  await userEvent.type(screen.getByRole("textbox", { name: /E-mail/ }), "@example.com");
  await userEvent.click(screen.getByRole("button", { name: "Save" }));
  expect(await screen.findByText(/reach you at ann@example.com/)).toBeVisible();
  expect(calls.at(-1)).toMatchObject({ path: "/visitor/session", body: { email: "ann@example.com" } });
});

it("leaves a message when nobody is there", async () => {
  directory.people.available = false;
  render(App);
  await connected();
  await userEvent.click(await screen.findByRole("button", { name: /Leave a message/ }));
  await userEvent.click(await screen.findByRole("button", { name: "Send message" }));
  expect(await screen.findByText("Write your message first.")).toBeVisible();
  await userEvent.type(screen.getByRole("textbox", { name: "Message" }), "  call me  ");
  await userEvent.type(screen.getByRole("textbox", { name: /E-mail/ }), "ann@example.com");
  await userEvent.click(screen.getByRole("button", { name: "Send message" }));
  expect(await screen.findByRole("log")).toBeVisible();
  const start = calls.find(({ path }) => path === "/visitor/conversations");
  expect(start?.body).toMatchObject({ to: { people: true }, body: { text: "call me" } });
});

it("leaves a message for the team that is closed, and finds what was written again", async () => {
  directory.people = {
    available: true,
    teams: [
      { id: "t1", name: "Sales", available: false, opens_at: "2026-11-30T09:00:00Z" },
      { id: "t2", name: "Support", available: true },
    ],
  };
  render(App);
  await connected();
  await userEvent.click(await screen.findByRole("button", { name: /^Sales.*Opens/ }));
  expect(await screen.findByText(/Opens 30 Nov 2026|Opens Nov 30, 2026/)).toBeVisible();
  await userEvent.type(screen.getByRole("textbox", { name: "Message" }), "call me");
  await userEvent.click(screen.getByRole("button", { name: "Send message" }));
  await waitFor(() => expect(screen.getByRole("textbox", { name: /E-mail/ })).toHaveFocus());
  await userEvent.type(screen.getByRole("textbox", { name: /E-mail/ }), "ann@example.com");

  await userEvent.click(screen.getByRole("link", { name: "All conversations" }));
  await userEvent.click(await screen.findByRole("button", { name: /^Sales/ }));
  expect(await screen.findByRole("textbox", { name: "Message" })).toHaveValue("call me");
  await userEvent.click(screen.getByRole("button", { name: "Send message" }));
  expect(await screen.findByRole("log")).toBeVisible();
  const start = calls.filter(({ method, path }) => method === "POST" && path === "/visitor/conversations");
  expect(start).toHaveLength(1);
  expect(start[0]?.body).toMatchObject({ to: { team: "t1" }, body: { text: "call me" } });
  expect(drafts.of("leave t1")).toBe("");
});

it("keeps what was written in a conversation until it is sent", async () => {
  await withMat();
  await userEvent.type(screen.getByRole("textbox"), "half a sen");
  await userEvent.click(screen.getByRole("link", { name: "All conversations" }));
  await userEvent.click(await screen.findByRole("link", { name: /Mat/ }));
  const field = await screen.findByRole("textbox");
  expect(field).toHaveValue("half a sen");
  await userEvent.type(field, "tence{Enter}");
  expect(drafts.of("c1")).toBe("");
});

it("ends after asking, takes a rating, and lets the visitor write again", async () => {
  await withMat();
  await userEvent.click(screen.getByRole("button", { name: "End" }));
  await userEvent.click(await screen.findByRole("button", { name: "End conversation" }));
  expect(await screen.findByText("This conversation has ended.")).toBeVisible();
  expect(screen.queryByRole("textbox")).toBeNull();
  await userEvent.click(screen.getByRole("radio", { name: "4 stars" }));
  await userEvent.click(screen.getByRole("button", { name: "Send rating" }));
  expect(await screen.findByText("Thank you for your rating.")).toBeVisible();
  expect(calls.at(-1)).toMatchObject({ path: "/visitor/conversations/c1/rating", body: { score: 4 } });
  await userEvent.click(screen.getByRole("button", { name: "Write again" }));
  expect(screen.getByRole("textbox")).toBeVisible();
});

it("says when a start failed, and what to do", async () => {
  render(App);
  await connected();
  await screen.findByRole("button", { name: /Mat/ });
  down = true;
  await userEvent.click(screen.getByRole("button", { name: /Mat/ }));
  expect(await screen.findByRole("alert")).toHaveTextContent("Check your connection, then try again.");
});

it("repeats a failed start under the same id", async () => {
  render(App);
  await connected();
  await screen.findByRole("button", { name: /Mat/ });
  const fetching = globalThis.fetch;
  const ids: unknown[] = [];
  vi.stubGlobal("fetch", async (url: string, init: RequestInit) => {
    if (url.endsWith("/visitor/conversations")) {
      ids.push((JSON.parse(String(init.body)) as Record<string, unknown>)["client_msg_id"]);
      if (ids.length === 1) throw new TypeError("lost");
    }
    return fetching(url, init);
  });
  await userEvent.click(screen.getByRole("button", { name: /Mat/ }));
  await screen.findByRole("alert");
  await userEvent.click(screen.getByRole("button", { name: /Mat/ }));
  await screen.findByRole("log");
  expect(ids).toHaveLength(2);
  expect(ids[0]).toBe(ids[1]);
});

it("says plainly that a conversation is not here", async () => {
  places.go("/chat?c=foreign");
  render(App);
  await connected();
  expect(await screen.findByText("This conversation is not here")).toBeVisible();
});

it("stops when access was withdrawn", async () => {
  render(App);
  const socket = await connected();
  socket.say({ type: "bye", code: 4003, reason: "banned" });
  banned = true;
  socket.lose(4003);
  expect(await screen.findByRole("alert")).toHaveTextContent("This chat is closed to you");
  // Until when, the server is asked; the page stays closed.
  const asked = () => calls.filter(({ path }) => path === "/visitor/session").length;
  await waitFor(() => expect(asked()).toBe(2));
  expect(await screen.findByRole("alert")).toHaveTextContent("You can write here again from");
});

it("becomes a new visitor when the server does not know the kept token", async () => {
  localStorage.setItem("switchboard.visitor", JSON.stringify({ id: "old", token: "dead" }));
  render(App);
  await waitFor(() => expect(WireSocket.all.length).toBeGreaterThan(0));
  await waitFor(() => expect(localStorage.getItem("switchboard.visitor")).toContain("secret"));
  await waitFor(() => {
    WireSocket.last.open();
    expect(WireSocket.last.of("hello").at(-1)?.token).toBe("secret");
  });
  expect(calls.filter(({ path }) => path === "/visitor/session")).toHaveLength(1);
});

it("becomes a new visitor when the token dies", async () => {
  render(App);
  const socket = await connected();
  socket.say({ type: "bye", code: 4001, reason: "unknown" });
  socket.lose(4001);
  await waitFor(() => expect(calls.filter(({ path }) => path === "/visitor/session")).toHaveLength(2));
  await waitFor(() => expect(WireSocket.all).toHaveLength(2));
});
