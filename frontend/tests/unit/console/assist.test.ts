import { afterEach, describe, expect, it, vi } from "vitest";
import { ApiError } from "$lib/api/problem";
import { staffApi } from "$lib/api/staff";
import { AssistHelp } from "../../../apps/console/agent/assist.svelte";

describe("the assistant's help", () => {
  afterEach(() => void vi.restoreAllMocks());

  it("gives a draft away and keeps what it was made of", async () => {
    const sources = [{ title: "Refunds", url: "/help/refunds" }];
    vi.spyOn(staffApi, "assist").mockResolvedValue({ text: "Hello Ada", sources });
    const help = new AssistHelp("c");
    const taken: string[] = [];
    await help.draft((text) => taken.push(text));
    expect(taken).toEqual(["Hello Ada"]);
    expect(help.help).toEqual({ kind: "draft", sources });
    help.close();
    expect(help.help).toBeNull();
  });

  it("is asked for one thing at a time", async () => {
    const asked = vi.spyOn(staffApi, "assist").mockResolvedValue({ text: "Wants a refund" });
    const help = new AssistHelp("c");
    await Promise.all([help.summarise(), help.summarise()]);
    expect(asked).toHaveBeenCalledTimes(1);
    expect(help.help).toEqual({ kind: "summary", text: "Wants a refund" });
  });

  it("says what the server says about its model", async () => {
    const detail = "the assistant's model did not answer: it answered 401: is the key right?";
    const problem = { type: "/problems/unavailable", title: "Not available now", status: 503, detail };
    vi.spyOn(staffApi, "assist").mockRejectedValue(new ApiError(problem));
    const help = new AssistHelp("c");
    await help.draft(() => expect.unreachable());
    expect(help.help).toEqual({ kind: "failed", text: detail });
    expect(help.busy).toBeNull();
  });
});
