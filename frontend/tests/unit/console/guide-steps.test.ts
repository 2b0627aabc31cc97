import { describe, expect, it } from "vitest";
import { changed, fresh, moved, type Step } from "../../../apps/console/admin/guide-steps";

const steps: Step[] = ["a", "b", "c"].map((id) => ({ id, kind: "resolve" }));
const ids = (list: readonly Step[]): string => list.map((step) => step.id).join("");

describe("steps of a guide", () => {
  it("move by one place and stay at the ends", () => {
    expect(ids(moved(steps, 0, 1))).toBe("bac");
    expect(ids(moved(steps, 2, -1))).toBe("acb");
    expect(ids(moved(steps, 0, -1))).toBe("abc");
    expect(ids(moved(steps, 2, 1))).toBe("abc");
  });

  it("are new under an id that no other has", () => {
    const first = fresh("say", steps);
    const second = fresh("say", [...steps.slice(1), first]);
    expect(first.id).toBe("say-4");
    expect(second.id).not.toBe(first.id);
    expect(fresh("ask", [])["answer"]).toBe("text");
  });

  it("leave out a field that is emptied", () => {
    const said = changed({ id: "a", kind: "say", text: "x", next: "b" }, "next", "");
    expect(said).toEqual({ id: "a", kind: "say", text: "x" });
    expect(changed(said, "text", "y")["text"]).toBe("y");
  });
});
