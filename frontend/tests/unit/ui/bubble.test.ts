import { render, screen } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { describe, expect, it, vi } from "vitest";
import Bubble from "$lib/ui/Bubble.svelte";
import type { BubbleRow } from "$lib/ui/timeline";

const row: BubbleRow = {
  type: "bubble",
  key: "k",
  seq: null,
  at: Date.UTC(2026, 10, 23, 9),
  own: true,
  mine: true,
  note: false,
  author: { kind: "agent", id: "g", name: "Maya" },
  text: "Hello",
  choices: [],
  files: [],
  first: true,
  last: true,
  state: null,
  clientMsgId: "client-1",
  failure: null,
};

describe("Bubble", () => {
  it("shows hostile text as text", () => {
    const text = '<img src=x onerror="alert(1)"><script>alert(2)</script>{{x}} https://a.org/"onclick=';
    const { container } = render(Bubble, { row: { ...row, text } });
    expect(container.querySelector("img, script")).toBeNull();
    expect(container.querySelector(".rich")).toHaveTextContent('<img src=x onerror="alert(1)">', {
      normalizeWhitespace: false,
    });
    const link = screen.getByRole("link");
    expect(link).toHaveAttribute("href", "https://a.org/");
    expect(link).toHaveAttribute("rel", "noopener noreferrer nofollow");
  });

  it("offers to try a failed message again, or to delete it", async () => {
    const onretry = vi.fn();
    const ondiscard = vi.fn();
    const user = userEvent.setup();
    render(Bubble, { row: { ...row, state: "failed", failure: "Refused." }, onretry, ondiscard });
    expect(screen.getByRole("alert")).toHaveTextContent("Not sent. Refused.");
    await user.click(screen.getByRole("button", { name: "Try again" }));
    await user.click(screen.getByRole("button", { name: "Delete" }));
    expect(onretry).toHaveBeenCalledExactlyOnceWith("client-1");
    expect(ondiscard).toHaveBeenCalledExactlyOnceWith("client-1");
  });

  it("says in words that a note is private", () => {
    render(Bubble, { row: { ...row, note: true } });
    expect(screen.getByText(/Private note · Maya/)).toBeVisible();
  });

  it("names the sender for those who do not see the side", () => {
    render(Bubble, { row: { ...row, own: false, mine: false, clientMsgId: null } });
    expect(screen.getByText("Maya:")).toHaveClass("sr-only");
  });
});
