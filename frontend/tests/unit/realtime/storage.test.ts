import { afterEach, expect, it, vi } from "vitest";
import { newClientId } from "$lib/realtime/ids";
import { keepIn } from "$lib/realtime/storage";

afterEach(() => {
  vi.unstubAllGlobals();
  localStorage.clear();
});

it("keeps in the browser's storage", () => {
  keepIn("local").set("a.1", "x");
  expect(keepIn("local").get("a.1")).toBe("x");
  expect(keepIn("local").keys("a.")).toEqual(["a.1"]);
  keepIn("local").remove("a.1");
  expect(keepIn("local").get("a.1")).toBeNull();
});

it("keeps in memory where reading the storage throws, as in a frame on another site", () => {
  vi.stubGlobal(
    "localStorage",
    new Proxy(
      {},
      {
        get() {
          throw new DOMException("denied", "SecurityError");
        },
      },
    ),
  );
  const keep = keepIn("local");
  keep.set("a.1", "x");
  expect(keep.get("a.1")).toBe("x");
  expect(keep.keys("a.")).toEqual(["a.1"]);
  keep.remove("a.1");
  expect(keep.get("a.1")).toBeNull();
});

it("keeps in memory what a full storage refuses", () => {
  vi.stubGlobal("localStorage", {
    length: 0,
    getItem: () => null,
    removeItem: () => undefined,
    setItem: () => {
      throw new DOMException("full", "QuotaExceededError");
    },
  });
  const keep = keepIn("local");
  keep.set("a", "x");
  expect(keep.get("a")).toBe("x");
});

it("makes ids of 128 random bits in the contract's alphabet, without randomUUID", () => {
  vi.stubGlobal("crypto", { getRandomValues: crypto.getRandomValues.bind(crypto) });
  const ids = Array.from({ length: 1000 }, newClientId);
  expect(new Set(ids).size).toBe(1000);
  for (const id of ids) expect(id).toMatch(/^[A-Za-z0-9_-]{22}$/);
});
