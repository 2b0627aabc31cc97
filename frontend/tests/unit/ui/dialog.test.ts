import { render, screen } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { describe, expect, it, vi } from "vitest";
import { createRawSnippet } from "svelte";
import Dialog from "$lib/ui/Dialog.svelte";
import Toaster from "$lib/ui/Toaster.svelte";
import { toasts } from "$lib/ui/toasts.svelte";
import ConfirmDialog from "../../../apps/console/shared/ConfirmDialog.svelte";

const base = { open: true, title: "Deactivate Maya?", text: "Every session ends.", confirm: "Deactivate" };

describe("ConfirmDialog", () => {
  it("does nothing until the name is typed", async () => {
    const onconfirm = vi.fn(() => Promise.resolve());
    const user = userEvent.setup();
    render(ConfirmDialog, { ...base, typed: "maya", onconfirm });
    expect(screen.getByRole("dialog", { name: "Deactivate Maya?" })).toBeVisible();
    const button = screen.getByRole("button", { name: "Deactivate" });
    expect(button).toBeDisabled();
    await user.type(screen.getByRole("textbox"), "maja");
    expect(button).toBeDisabled();
    await user.clear(screen.getByRole("textbox"));
    await user.type(screen.getByRole("textbox"), "maya");
    await user.click(button);
    expect(onconfirm).toHaveBeenCalledOnce();
    expect(screen.queryByRole("dialog")).toBeNull();
  });

  it("stays and says why when it was refused", async () => {
    const user = userEvent.setup();
    render(ConfirmDialog, { ...base, onconfirm: () => Promise.reject(new Error("no")) });
    await user.click(screen.getByRole("button", { name: "Deactivate" }));
    expect(await screen.findByRole("alert")).toBeVisible();
    expect(screen.getByRole("dialog")).toBeVisible();
  });

  it("begins at its first field and gives the focus back", async () => {
    const before = document.createElement("button");
    document.body.append(before);
    before.focus();
    const { rerender } = render(ConfirmDialog, {
      ...base,
      typed: "maya",
      onconfirm: () => Promise.resolve(),
    });
    expect(screen.getByRole("textbox")).toHaveFocus();
    await rerender({ open: false });
    expect(before).toHaveFocus();
    before.remove();
  });
});

describe("Dialog", () => {
  const snippet = (html: string) => createRawSnippet(() => ({ render: () => html }));
  const form = (more: Record<string, unknown> = {}) => {
    const onclose = vi.fn();
    const children = snippet("<div><input aria-label='Name'><input type='search' aria-label='Find'></div>");
    render(Dialog, { open: true, title: "Team", children, onclose, ...more });
    return { onclose, dialog: screen.getByRole("dialog") };
  };
  const outside = (dialog: HTMLElement) => dialog.dispatchEvent(new Event("pointerdown", { bubbles: true }));

  it("closes by a press outside while nothing was entered", async () => {
    const user = userEvent.setup();
    const { onclose, dialog } = form();
    await user.type(screen.getByLabelText("Find"), "x");
    outside(dialog);
    expect(onclose).toHaveBeenCalledOnce();
  });

  it("loses what was entered neither by a press outside nor by Escape", async () => {
    const user = userEvent.setup();
    const { onclose, dialog } = form();
    await user.type(screen.getByLabelText("Name"), "Billing");
    outside(dialog);
    await user.keyboard("{Escape}");
    expect(screen.getByRole("alert")).toHaveTextContent("Discard what you have entered?");
    expect(screen.getByRole("button", { name: "Keep editing" })).toHaveFocus();
    await user.keyboard("{Escape}");
    expect(screen.queryByRole("alert")).toBeNull();
    expect(screen.getByLabelText("Name")).toHaveFocus();
    expect(onclose).not.toHaveBeenCalled();
    await user.keyboard("{Escape}");
    await user.click(screen.getByRole("button", { name: "Discard" }));
    expect(onclose).toHaveBeenCalledOnce();
  });

  it("that is firm stays, however often Escape is pressed", async () => {
    const user = userEvent.setup();
    const { onclose, dialog } = form({ firm: true });
    await user.keyboard("{Escape}{Escape}");
    outside(dialog);
    expect(onclose).not.toHaveBeenCalled();
    expect(dialog).toBeVisible();
  });

  it("shows toasts in itself, where they can be pressed and are read out", async () => {
    render(Toaster);
    const { dialog } = form();
    toasts.show("Copied.");
    const toast = await screen.findByText("Copied.");
    expect(dialog).toContainElement(toast);
    await userEvent.setup().click(screen.getByRole("button", { name: "Close" }));
    expect(await screen.findByText("Copied.")).toBeVisible();
    for (const { id } of toasts.shown) toasts.dismiss(id);
  });
});
