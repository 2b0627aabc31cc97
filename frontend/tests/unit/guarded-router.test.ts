import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { GuardedRouter } from "$lib/router/guarded.svelte";

const make = () => new GuardedRouter({ home: "/", guides: "/guides", rules: "/rules" }, "/console");

/** What the browser does when it has gone to an entry of its history. */
function went(href: string, state: unknown): void {
  history.replaceState(state, "", href);
  dispatchEvent(new PopStateEvent("popstate", { state }));
}

describe("GuardedRouter", () => {
  let stop: () => void = () => undefined;
  beforeEach(() => history.replaceState(null, "", "/console"));
  afterEach(() => stop());

  it("goes at once where nothing is unsaved, and after the last guard is gone", () => {
    const router = make();
    const ask = vi.fn();
    const over = router.guard({ dirty: () => false, ask });
    router.go(router.href("guides"));
    expect(router.place.name).toBe("guides");
    over();
    router.go(router.href("rules"));
    expect(router.place.name).toBe("rules");
    expect(ask).not.toHaveBeenCalled();
  });

  it("asks before a link or a call leaves unsaved work, and goes only when that is agreed to", () => {
    const router = make();
    stop = router.listen();
    router.go(router.href("guides"));
    const ask = vi.fn();
    router.guard({ dirty: () => true, ask });
    document.body.innerHTML = '<a id="rules" href="/console/rules">x</a>';
    const click = new MouseEvent("click", { bubbles: true, cancelable: true });
    document.getElementById("rules")?.dispatchEvent(click);
    expect(click.defaultPrevented).toBe(true);
    expect([router.place.name, location.pathname]).toEqual(["guides", "/console/guides"]);
    expect(ask).toHaveBeenCalledOnce();
    (ask.mock.calls[0]?.[0] as () => void)();
    expect([router.place.name, location.pathname]).toEqual(["rules", "/console/rules"]);
    const other = vi.fn();
    router.leave(other);
    expect(other).not.toHaveBeenCalled();
    expect(ask).toHaveBeenCalledTimes(2);
  });

  it("takes back the browser's step away from unsaved work until it is agreed to", () => {
    const router = make();
    stop = router.listen();
    const home = history.state as unknown;
    router.go(router.href("guides"));
    const guides = history.state as unknown;
    const ask = vi.fn();
    router.guard({ dirty: () => true, ask });
    const steps = vi.spyOn(history, "go").mockImplementation(() => undefined);
    went("/console", home);
    expect(steps).toHaveBeenLastCalledWith(1);
    expect(router.place.name).toBe("guides");
    went("/console/guides", guides);
    expect(router.place.name).toBe("guides");
    expect(ask).toHaveBeenCalledOnce();
    (ask.mock.calls[0]?.[0] as () => void)();
    expect(steps).toHaveBeenLastCalledWith(-1);
    went("/console", home);
    expect(router.place.name).toBe("home");
    expect(ask).toHaveBeenCalledOnce();
  });
});
