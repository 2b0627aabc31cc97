import { beforeEach, describe, expect, it, vi } from "vitest";
import { Router } from "$lib/router/router.svelte";

const make = () => new Router({ home: "/", inbox: "/inbox", conversation: "/inbox/:id" }, "/console");

describe("Router", () => {
  beforeEach(() => history.replaceState(null, "", "/console"));

  it("finds the route, its parameters and the query", () => {
    history.replaceState(null, "", "/console/inbox/a%2Fb?view=queue");
    const { place } = make();
    expect(place.name).toBe("conversation");
    expect(place.params["id"]).toBe("a/b");
    expect(place.query.get("view")).toBe("queue");
  });

  it("makes addresses that it finds again, without empty values", () => {
    const router = make();
    const href = router.href("conversation", { id: "ä/?" }, { q: "x y", view: undefined, status: "" });
    expect(href).toBe("/console/inbox/%C3%A4%2F%3F?q=x+y");
    router.go(href);
    expect(router.place.params["id"]).toBe("ä/?");
    expect(router.href("home")).toBe("/console");
  });

  it("knows no place for what is broken, too long, or not below its base", () => {
    const router = make();
    for (const path of ["/console/nowhere", "/console/inbox/a/b", "/console/inbox/%E0%A4%A"]) {
      router.go(path);
      expect(router.place.name).toBeNull();
    }
    router.go("/consolement");
    expect(router.place.name).toBe("home");
  });

  it("follows plain clicks on own links and leaves others alone", () => {
    const router = make();
    const stop = router.listen();
    document.body.innerHTML = '<a id="own" href="/console/inbox">x</a><a id="other" href="/chat">y</a>';
    const outside = vi.fn((event: Event) => event.preventDefault());
    document
      .getElementById("own")
      ?.dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true }));
    expect(router.place.name).toBe("inbox");
    addEventListener("click", outside);
    const click = new MouseEvent("click", { bubbles: true, cancelable: true });
    document.getElementById("other")?.dispatchEvent(click);
    expect(outside).toHaveBeenCalledOnce();
    expect(router.place.name).toBe("inbox");
    const newTab = new MouseEvent("click", { bubbles: true, cancelable: true, ctrlKey: true });
    router.go("/console");
    document.getElementById("own")?.dispatchEvent(newTab);
    expect(router.place.name).toBe("home");
    removeEventListener("click", outside);
    stop();
  });
});
