import { render, screen, waitFor } from "@testing-library/svelte";
import { fireEvent } from "@testing-library/dom";
import { tick } from "svelte";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Account, Summary } from "$lib/api/types";
import ConversationList from "../../../apps/console/agent/ConversationList.svelte";
import { Desk } from "../../../apps/console/agent/desk.svelte";
import type { Filter } from "../../../apps/console/agent/inbox-list.svelte";

const account: Account = {
  id: "g",
  username: "maya",
  display_name: "Maya",
  role: "agent",
  active: true,
  must_change_password: false,
  created_at: "2026-11-01T09:00:00Z",
};

function summary(id: string, minute: number, more: Partial<Summary> = {}): Summary {
  const at = `2026-11-23T09:${String(minute).padStart(2, "0")}:00Z`;
  return {
    id,
    status: "open",
    owner: { kind: "agent", id: "g", name: "Maya" },
    fence: 1,
    head: 1,
    visitor: { id: `v${id}`, name: `Visitor ${id}` },
    tags: [],
    created_at: at,
    updated_at: at,
    preview: "Hello",
    unread: 0,
    ...more,
  };
}

const names = (): string[] =>
  screen
    .queryAllByRole("link", { name: /Visitor \w/ })
    .map((row) => /Visitor \w/.exec(row.textContent)?.[0] ?? "");

async function show(
  items: Summary[],
  filter: Filter = { view: "mine", status: "open", q: "", tag: "", team: "" },
) {
  const answer = { items, next: null };
  const fetched = vi.fn((_path: string) => Promise.resolve(new Response(JSON.stringify(answer))));
  vi.stubGlobal("fetch", fetched);
  const desk = new Desk(account);
  render(ConversationList, {
    desk,
    filter,
    chosen: null,
    conversationHref: (id: string) => `/console/inbox/${id}`,
    lineHref: (id: string, seq: number) => `/console/inbox/${id}?at=${seq}`,
    listHref: () => "/console/inbox",
  });
  await waitFor(() => expect(fetched).toHaveBeenCalled());
  const list = screen.getByLabelText("Conversations").querySelector(".scroller");
  if (!list) throw new Error("no list");
  return { desk, list, fetched };
}

/** As the browser says it: the pointer events that matter carry the kind of pointer. */
async function pointer(list: Element, kind: "pointerenter" | "pointerleave"): Promise<void> {
  fireEvent(list, Object.assign(new Event(kind), { pointerType: "mouse" }));
  await tick();
}

describe("the list of conversations", () => {
  beforeEach(() => vi.useRealTimers());
  afterEach(() => vi.unstubAllGlobals());

  it("is sorted by newest activity, and follows it", async () => {
    const { desk } = await show([summary("A", 5), summary("B", 9)]);
    await waitFor(() => expect(names()).toEqual(["Visitor B", "Visitor A"]));
    desk.store.absorb([summary("A", 12, { head: 2 })]);
    await tick();
    expect(names()).toEqual(["Visitor A", "Visitor B"]);
  });

  it("moves nothing under the pointer, and offers what is new", async () => {
    const { desk, list } = await show([summary("A", 5), summary("B", 9)]);
    await waitFor(() => expect(names()).toEqual(["Visitor B", "Visitor A"]));
    await pointer(list, "pointerenter");
    desk.store.absorb([summary("C", 20), summary("D", 21), summary("A", 22, { head: 2 })]);
    await tick();
    expect(names()).toEqual(["Visitor B", "Visitor A"]);
    await fireEvent.click(screen.getByRole("button", { name: "2 new" }));
    expect(names()).toEqual(["Visitor A", "Visitor D", "Visitor C", "Visitor B"]);
    await pointer(list, "pointerleave");
    expect(screen.queryByRole("button", { name: /new/ })).toBeNull();
  });

  it("keeps a row that was taken by somebody else until the pointer leaves", async () => {
    const { desk, list } = await show([summary("A", 5), summary("B", 9)]);
    await waitFor(() => expect(names()).toHaveLength(2));
    await pointer(list, "pointerenter");
    desk.store.absorb([summary("B", 10, { fence: 2, owner: { kind: "agent", id: "other", name: "Noor" } })]);
    await tick();
    expect(names()).toEqual(["Visitor B", "Visitor A"]);
    await pointer(list, "pointerleave");
    expect(names()).toEqual(["Visitor A"]);
  });

  it("puts who waits longest first in the queue, and asks for all of it", async () => {
    const owner = { kind: "queue" };
    const { fetched } = await show(
      [
        summary("A", 30, { owner, waiting_since: "2026-11-23T09:20:00Z" }),
        summary("B", 31, { owner, waiting_since: "2026-11-23T09:10:00Z" }),
      ],
      { view: "queue", status: "open", q: "", tag: "", team: "" },
    );
    await waitFor(() => expect(names()).toEqual(["Visitor B", "Visitor A"]));
    expect(String(fetched.mock.calls[0]?.[0])).toContain("view=queue&status=open&limit=200");
  });

  it("says what happens next when it is empty, and when it failed", async () => {
    const { desk } = await show([], { view: "queue", status: "open", q: "", tag: "", team: "" });
    expect(await screen.findByText("No one is waiting")).toBeVisible();
    desk.store.absorb([summary("A", 5, { owner: { kind: "queue" } })]);
    await waitFor(() => expect(names()).toEqual(["Visitor A"]));
  });
});
