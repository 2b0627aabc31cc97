import { describe, expect, it } from "vitest";
import { render, screen, waitFor } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import type { Summary } from "$lib/api/types";
import type { Desk } from "../../../apps/console/agent/desk.svelte";
import Tags from "../../../apps/console/agent/Tags.svelte";

type Changes = { add?: string[]; remove?: string[] };

function shown(answer: (changes: Changes) => Promise<boolean>) {
  const desk = { tags: [], tag: (_: Summary, changes: Changes) => answer(changes) } as unknown as Desk;
  render(Tags, { desk, summary: { id: "c1", tags: ["old"] } as unknown as Summary });
  return { user: userEvent.setup(), field: screen.getByRole("combobox") as HTMLInputElement };
}

describe("tags", () => {
  it("are changed one after the other, and none is lost to whoever types fast", async () => {
    const asked: Changes[] = [];
    const answers: (() => void)[] = [];
    const { user, field } = shown((changes) => {
      asked.push(changes);
      return new Promise((resolve) => answers.push(() => resolve(true)));
    });
    await user.type(field, "late,vip,");
    await user.click(screen.getByRole("button", { name: /old/ }));
    expect(asked).toEqual([{ add: ["late"] }]);
    answers.shift()?.();
    await waitFor(() => expect(asked).toHaveLength(2));
    answers.shift()?.();
    await waitFor(() => expect(asked).toEqual([{ add: ["late"] }, { add: ["vip"] }, { remove: ["old"] }]));
    expect(field.value).toBe("");
  });

  it("that are refused come back to be corrected", async () => {
    const { user, field } = shown(() => Promise.resolve(false));
    await user.type(field, "bad,");
    await waitFor(() => expect(field.value).toBe("bad"));
  });
});
