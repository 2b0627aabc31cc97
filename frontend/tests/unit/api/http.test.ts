// @vitest-environment node
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, beforeEach, expect, it, vi } from "vitest";
import { call } from "$lib/api/http";
import { ApiError } from "$lib/api/problem";

/** A real server on loopback; each test says what it answers. */
let server: Server;
let seen: { method: string; url: string; headers: Record<string, unknown>; body: string }[];
let answer: { status: number; headers?: Record<string, string>; body?: string; hang?: boolean };

beforeAll(async () => {
  server = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk: Buffer) => (body += chunk.toString()));
    request.on("end", () => {
      seen.push({ method: request.method ?? "", url: request.url ?? "", headers: request.headers, body });
      if (answer.hang) return;
      response.writeHead(answer.status, answer.headers);
      response.end(answer.body ?? "");
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const original = globalThis.fetch;
  // Pages call their own origin; the test's page has none, so the address is completed.
  vi.stubGlobal("fetch", (path: string, init: RequestInit) => original(base + path, init));
});

afterAll(() => {
  vi.unstubAllGlobals();
  server.closeAllConnections();
  server.close();
});

beforeEach(() => {
  seen = [];
});

const refused = async (promise: Promise<unknown>): Promise<ApiError> => {
  const cause = await promise.then(
    () => null,
    (error: unknown) => error,
  );
  expect(cause).toBeInstanceOf(ApiError);
  return cause as ApiError;
};

it("sends JSON, query and token, and gives the answer", async () => {
  answer = { status: 201, body: '{"ok":true}' };
  const given = await call("POST", "/things", {
    body: { a: 1 },
    query: { q: "ä b", none: undefined },
    token: "s",
  });
  expect(given).toEqual({ ok: true });
  expect(seen[0]).toMatchObject({ method: "POST", url: "/api/v1/things?q=%C3%A4+b", body: '{"a":1}' });
  expect(seen[0]?.headers).toMatchObject({ authorization: "Bearer s", "content-type": "application/json" });
});

it("gives undefined for an empty answer", async () => {
  answer = { status: 204 };
  expect(await call("DELETE", "/things")).toBeUndefined();
});

it.each([
  [401, "signed_out"],
  [403, "forbidden"],
  [404, "gone"],
  [409, "conflict"],
  [413, "too_large"],
  [422, "invalid"],
  [429, "rate_limited"],
  [503, "unavailable"],
  [400, "bug"],
])("says what can be done about %i", async (status, remedy) => {
  answer = { status, body: JSON.stringify({ type: "/problems/x", title: "X", status, detail: "because" }) };
  const error = await refused(call("GET", "/things"));
  expect(error.remedy).toBe(remedy);
  expect(error.message).toBe("because");
});

it("names the fields that were not acceptable", async () => {
  answer = { status: 422, body: '{"type":"/problems/x","title":"X","errors":{"name":"too short"}}' };
  expect((await refused(call("POST", "/things", { body: {} }))).fields).toEqual({ name: "too short" });
});

it("tells a forced password change from other refusals", async () => {
  answer = { status: 403, body: '{"type":"/problems/password-change-required","title":"X"}' };
  expect((await refused(call("GET", "/things"))).remedy).toBe("must_change_password");
});

it("passes on how long to wait", async () => {
  answer = { status: 429, headers: { "retry-after": "7" } };
  const error = await refused(call("GET", "/things"));
  expect(error.retryAfter).toBe(7);
  expect(error.transient).toBe(true);
});

it("makes a problem of a proxy's page", async () => {
  answer = { status: 502, headers: { "content-type": "text/html" }, body: "<h1>Bad gateway</h1>" };
  const error = await refused(call("GET", "/things"));
  expect(error.remedy).toBe("unavailable");
  expect(error.message).not.toContain("<");
});

it("fails by its deadline when nobody answers", async () => {
  answer = { status: 200, hang: true };
  const error = await refused(call("GET", "/things", { deadlineMs: 50 }));
  expect(error.remedy).toBe("offline");
});

it("lets the caller give up", async () => {
  answer = { status: 200, hang: true };
  const giveUp = new AbortController();
  const promise = call("GET", "/things", { signal: giveUp.signal });
  giveUp.abort();
  await expect(promise).rejects.not.toBeInstanceOf(ApiError);
});
