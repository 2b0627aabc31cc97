import { afterEach, describe, expect, it } from "vitest";
import { toasts } from "$lib/ui/toasts.svelte";

describe("toasts", () => {
  afterEach(() => {
    for (const toast of toasts.shown) toasts.dismiss(toast.id);
  });

  it("shows the same words once, the last time they were said", () => {
    toasts.show("Saved.", { tone: "ok" });
    toasts.show("Another");
    toasts.show("Saved.", { tone: "ok" });
    expect(toasts.shown.map((toast) => toast.text)).toEqual(["Another", "Saved."]);
    toasts.show("Saved.", { tone: "danger" });
    expect(toasts.shown.length).toBe(3);
  });
});
