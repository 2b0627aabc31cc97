import { render, screen } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { Team } from "$lib/api/types";
import TeamDialog from "../../../apps/console/admin/TeamDialog.svelte";
import { PagedList } from "../../../apps/console/shared/list.svelte";

const week = [[{ from: "09:00", to: "17:00" }], [], [], [], [], [], []];
const team = {
  id: "t1",
  name: "Billing",
  answer_s: 60,
  members: 0,
  rules: { hours: { zone: "Europe/Vienna", week, holidays: [] }, widen_s: 30, silent_s: 900, overflow: null },
} as unknown as Team;

/** As the page has it: an item of its list. */
async function listed(): Promise<PagedList<Team>> {
  const list = new PagedList<Team>(() => Promise.resolve({ items: [structuredClone(team)], next: null }));
  await list.load();
  return list;
}

describe("TeamDialog", () => {
  afterEach(() => vi.unstubAllGlobals());

  it("leaves the list's hours as they are until they are saved", async () => {
    const user = userEvent.setup();
    const list = await listed();
    const onclose = vi.fn();
    render(TeamDialog, { team: list.items[0] ?? null, teams: list.items, onclose, onsaved: vi.fn() });
    await user.click(screen.getByRole("button", { name: /Remove 09:00/ }));
    await user.click(screen.getByRole("button", { name: "Cancel" }));
    expect(onclose).toHaveBeenCalledOnce();
    expect(list.items[0]?.rules?.hours?.week[0]).toEqual([{ from: "09:00", to: "17:00" }]);
  });

  it("goes to the field that is wrong, and minds only fields that are shown", async () => {
    const user = userEvent.setup();
    const fetched = vi.fn(() => Promise.resolve(new Response(JSON.stringify({ team }))));
    vi.stubGlobal("fetch", fetched);
    const onsaved = vi.fn();
    const other = { ...team, id: "t2", name: "Sales" };
    render(TeamDialog, { team, teams: [team, other], onclose: vi.fn(), onsaved });
    const helper = screen.getByLabelText<HTMLSelectElement>("Help from");
    // The page of the tests does not know `:checked` of options.
    vi.spyOn(helper, "querySelector").mockImplementation(() => helper.options[helper.selectedIndex] ?? null);
    await user.selectOptions(helper, "t2");
    await user.clear(screen.getByLabelText(/^After waiting/));
    await user.click(screen.getByRole("button", { name: "Save" }));
    await vi.waitFor(() => expect(screen.getByLabelText(/^After waiting/)).toHaveFocus());
    expect(fetched).not.toHaveBeenCalled();
    helper.selectedIndex = 0;
    helper.dispatchEvent(new Event("change", { bubbles: true }));
    await vi.waitFor(() => expect(screen.queryByLabelText(/^After waiting/)).toBeNull());
    await user.click(screen.getByRole("button", { name: "Save" }));
    await vi.waitFor(() => expect(onsaved).toHaveBeenCalledOnce());
  });
});
