import { render, screen } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { Desk } from "../../../apps/console/agent/desk.svelte";
import LeavingDialog from "../../../apps/console/agent/LeavingDialog.svelte";

function show(held: number) {
  const fetched = vi.fn((_request: Request) => Promise.resolve(new Response(null, { status: 204 })));
  vi.stubGlobal("fetch", fetched);
  const desk = { held, setStatus: vi.fn(() => Promise.resolve()), forget: vi.fn() };
  const { component } = render(LeavingDialog, { desk: desk as unknown as Desk });
  return { desk, fetched, leave: component.leave };
}

describe("leaving the desk", () => {
  afterEach(() => vi.unstubAllGlobals());

  it("asks before signing out lets conversations go", async () => {
    const user = userEvent.setup();
    const { desk, fetched, leave } = show(2);
    leave("out");
    const dialog = await screen.findByRole("dialog", { name: "Sign out?" });
    expect(dialog).toHaveTextContent("your 2 open conversations go back to the queue");
    expect(fetched).not.toHaveBeenCalled();
    await user.click(screen.getByRole("button", { name: "Sign out" }));
    await vi.waitFor(() => expect(desk.forget).toHaveBeenCalledOnce());
    expect(fetched).toHaveBeenCalledOnce();
  });

  it("does not ask when there is nothing to lose", async () => {
    const { desk, leave } = show(0);
    leave("offline");
    expect(desk.setStatus).toHaveBeenCalledExactlyOnceWith("offline");
    leave("out");
    await vi.waitFor(() => expect(desk.forget).toHaveBeenCalledOnce());
    expect(screen.queryByRole("dialog")).toBeNull();
  });
});
