import { describe, expect, it } from "vitest";
import type { Page } from "$lib/api/types";
import { PagedList } from "../../../apps/console/shared/list.svelte";

interface Row {
  id: string;
}

/** A list whose answers come when the test says so, in whatever order. */
function slow() {
  const answers: ((page: Page<Row> | null) => void)[] = [];
  const list = new PagedList<Row>(
    () =>
      new Promise((resolve, reject) =>
        answers.push((page) => (page ? resolve(page) : reject(new Error("away")))),
      ),
  );
  const answer = (at: number, id: string | null, next: string | null = null): void =>
    answers[at]?.(id === null ? null : { items: [{ id }], next });
  return { list, answer };
}

describe("PagedList", () => {
  it("shows no answer to an older question", async () => {
    const { list, answer } = slow();
    const first = list.load();
    const second = list.load();
    answer(1, "newer");
    await second;
    answer(0, "older");
    await first;
    expect(list.items).toEqual([{ id: "newer" }]);
    expect(list.status).toBe("ready");
  });

  it("does not fail by an older question, nor add its further page", async () => {
    const { list, answer } = slow();
    const before = list.load();
    answer(0, "a", "next");
    await before;
    const more = list.loadMore();
    const again = list.load();
    answer(2, "b");
    await again;
    answer(1, null);
    await more;
    expect([list.items, list.status, list.busy]).toEqual([[{ id: "b" }], "ready", false]);
  });
});
