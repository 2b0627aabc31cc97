import { render, screen } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { fireEvent } from "@testing-library/dom";
import { describe, expect, it, vi } from "vitest";
import Composer from "$lib/ui/Composer.svelte";

const field = (): HTMLTextAreaElement => screen.getByRole("textbox", { name: "Message" });

describe("Composer", () => {
  it("sends trimmed text on Enter, empties itself, and starts a line on Shift+Enter", async () => {
    const onsend = vi.fn();
    const user = userEvent.setup();
    render(Composer, { label: "Message", onsend });
    await user.type(field(), "  one{Shift>}{Enter}{/Shift}two {Enter}");
    expect(onsend).toHaveBeenCalledExactlyOnceWith("one\ntwo");
    expect(field()).toHaveValue("");
    expect(field()).toHaveFocus();
  });

  it("does not send while an input method composes", async () => {
    const onsend = vi.fn();
    render(Composer, { label: "Message", onsend, value: "にほ" });
    await fireEvent.keyDown(field(), { key: "Enter", isComposing: true });
    await fireEvent.keyDown(field(), { key: "Enter", keyCode: 229 });
    expect(onsend).not.toHaveBeenCalled();
    await fireEvent.keyDown(field(), { key: "Enter" });
    expect(onsend).toHaveBeenCalledOnce();
  });

  it("needs something to send, and refuses what is too long, counted in characters", async () => {
    const onsend = vi.fn();
    const { rerender } = render(Composer, { label: "Message", onsend, value: "   " });
    expect(screen.getByRole("button", { name: "Send" })).toBeDisabled();
    await rerender({ value: "🙂".repeat(8_000) });
    expect(screen.getByRole("button", { name: "Send" })).toBeEnabled();
    await rerender({ value: "🙂".repeat(8_001) });
    expect(screen.getByRole("button", { name: "Send" })).toBeDisabled();
    expect(screen.getByText("1 character too many")).toBeVisible();
    await fireEvent.keyDown(field(), { key: "Enter" });
    expect(onsend).not.toHaveBeenCalled();
  });

  it("sends with Ctrl+Enter only, when so chosen", async () => {
    const onsend = vi.fn();
    render(Composer, { label: "Message", onsend, value: "x", ctrlSends: true });
    await fireEvent.keyDown(field(), { key: "Enter" });
    expect(onsend).not.toHaveBeenCalled();
    await fireEvent.keyDown(field(), { key: "Enter", ctrlKey: true });
    expect(onsend).toHaveBeenCalledExactlyOnceWith("x");
  });

  it("leaves to a list the keys that are meant for it, and says what is chosen there", async () => {
    const onsend = vi.fn();
    const assist = {
      keydown: vi.fn((event: KeyboardEvent) => event.key === "Enter"),
      moved: vi.fn(),
      list: "list",
      active: "list-2",
    };
    const user = userEvent.setup();
    render(Composer, { label: "Message", onsend, assist });
    await user.type(field(), "/re{Enter}");
    expect(onsend).not.toHaveBeenCalled();
    expect(field()).toHaveValue("/re");
    expect(assist.moved).toHaveBeenLastCalledWith(field());
    expect(field()).toHaveAttribute("aria-controls", "list");
    expect(field()).toHaveAttribute("aria-activedescendant", "list-2");
  });
});
