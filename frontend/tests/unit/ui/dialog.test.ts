import { render, screen } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { describe, expect, it, vi } from "vitest";
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
