import { render, screen } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { describe, expect, it, vi } from "vitest";
import CommandPalette from "$lib/ui/CommandPalette.svelte";

const item = (id: string, label: string, group: string) => ({ id, label, group, run: vi.fn() });

function open() {
  const items = [item("r", "Reply", "Do"), item("s", "Snooze it", "Do"), item("q", "Queue", "Go")];
  render(CommandPalette, { open: true, title: "Go or do", placeholder: "Type", empty: "Nothing", items });
  return { items, user: userEvent.setup(), field: screen.getByRole("combobox", { name: "Type" }) };
}

const chosen = (): string | undefined => screen.queryByRole("option", { selected: true })?.textContent.trim();

describe("CommandPalette", () => {
  it("is run with the keyboard alone, and wraps around", async () => {
    const { items, user, field } = open();
    expect(field).toHaveFocus();
    expect(chosen()).toBe("Reply");
    await user.keyboard("{ArrowUp}");
    expect(chosen()).toBe("Queue");
    await user.keyboard("{ArrowDown}{ArrowDown}");
    expect(chosen()).toBe("Snooze it");
    expect(field).toHaveAttribute("aria-activedescendant", screen.getByRole("option", { selected: true }).id);
    await user.keyboard("{Enter}");
    await vi.waitFor(() => expect(items[1]?.run).toHaveBeenCalledOnce());
    expect(screen.queryByRole("dialog")).toBeNull();
  });

  it("finds by the beginning of words, and says when there is nothing", async () => {
    const { user } = open();
    await user.keyboard("it sn");
    expect(screen.getAllByRole("option")).toHaveLength(1);
    expect(chosen()).toBe("Snooze it");
    await user.keyboard("x");
    expect(screen.queryAllByRole("option")).toHaveLength(0);
    expect(screen.getByText("Nothing")).toBeVisible();
  });
});
