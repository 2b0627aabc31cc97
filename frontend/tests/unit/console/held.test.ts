import { afterEach, describe, expect, it, vi } from "vitest";
import type { Conversation, Summary } from "$lib/api/types";
import { staffApi } from "$lib/api/staff";
import { Held } from "../../../apps/console/agent/held.svelte";

function conversation(id: string, owner: string | null, status = "open"): Summary {
  return {
    id,
    status,
    owner: owner ? { kind: "agent", id: owner } : { kind: "queue" },
    fence: 1,
    head: 1,
    visitor: { id: "v1" },
    tags: [],
    created_at: "2026-11-26T09:00:00.000Z",
    updated_at: "2026-11-26T09:00:00.000Z",
  };
}

describe("what an agent had before the computer slept", () => {
  afterEach(() => {
    sessionStorage.clear();
    vi.restoreAllMocks();
  });

  function server(...now: Conversation[]): void {
    vi.spyOn(staffApi, "conversation").mockImplementation((id) => {
      const found = now.find((one) => one.id === id);
      return found ? Promise.resolve(found) : Promise.reject(new Error("gone"));
    });
  }

  it("is told when it went back, also to a page that was put away", async () => {
    const had = [conversation("a", "me"), conversation("b", "me"), conversation("c", "other")];
    new Held("me").remember([...had, conversation("d", "me")], "me");
    server(conversation("a", null), conversation("b", "me"), conversation("d", "other", "resolved"));
    const held = new Held("me");
    await held.back("offline", "me");
    expect(held.lost.map((one) => one.id)).toEqual(["a"]);
    held.dismiss();
    await held.back("offline", "me");
    expect(held.lost).toEqual([]);
  });

  it("is no news to whoever is still online, or went by themselves", async () => {
    server(conversation("a", null));
    const held = new Held("me");
    held.remember([conversation("a", "me")], "me");
    await held.back("online", "me");
    expect(held.lost).toEqual([]);
    held.forget();
    await held.back("offline", "me");
    expect(held.lost).toEqual([]);
  });
});
