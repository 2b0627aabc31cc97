/** Who a browser is, while the page around it says something else. */
import { beforeEach, expect, it, vi } from "vitest";
import { drafts } from "../../../apps/chat/drafts";
import { VisitorClient, type TokenPlace } from "../../../apps/chat/visitor.svelte";
import { WireSocket } from "../realtime/wire";

interface Asked {
  body: Record<string, unknown>;
  answer: (id: string, token?: string) => void;
  refuse: (errors: Record<string, string>) => void;
}

/** Sessions that were asked for, to be answered when the test wants it. */
let asked: Asked[];

beforeEach(() => {
  asked = [];
  WireSocket.all = [];
  vi.stubGlobal("WebSocket", WireSocket);
  vi.stubGlobal(
    "fetch",
    (_url: string, init: RequestInit) =>
      new Promise((resolve) => {
        asked.push({
          body: JSON.parse(String(init.body)) as Record<string, unknown>,
          answer: (id, token) => {
            const text = JSON.stringify({ visitor: { id, verified: false }, token });
            resolve(new Response(text, { status: 201, headers: { "content-type": "application/json" } }));
          },
          refuse: (errors) => {
            const problem = { type: "/problems/invalid", title: "Not accepted", errors };
            resolve(new Response(JSON.stringify(problem), { status: 422 }));
          },
        });
      }),
  );
});

function place(): TokenPlace {
  let kept: string | null = null;
  return { load: () => kept, save: (value) => void (kept = value) };
}

async function until(count: number): Promise<Asked> {
  await vi.waitFor(() => expect(asked).toHaveLength(count));
  const last = asked.at(-1);
  if (!last) throw new Error("nothing was asked");
  return last;
}

it("says who it is once it has arrived", async () => {
  const client = new VisitorClient(place());
  const started = client.start();
  const told = client.introduce({ identity: "signed" });
  const first = await until(1);
  expect(first.body["identity"]).toBeUndefined();
  first.answer("nobody", "t1");
  await started;
  const second = await until(2);
  second.answer("ann", "t2");
  await told;
  expect(second.body).toEqual({ identity: "signed" });
  expect(client.visitor?.id).toBe("ann");
});

it("is nobody's after a logout, whatever was on its way", async () => {
  const kept = place();
  const client = new VisitorClient(kept, { identity: "signed" });
  const started = client.start();
  const before = await until(1);
  const forgotten = client.forget();
  const after = await until(2);
  expect(after.body["identity"]).toBeUndefined();
  after.answer("new", "t2");
  await forgotten;
  before.answer("ann", "t1");
  await started;
  expect(client.visitor?.id).toBe("new");
  expect(kept.load()).toContain("t2");
});

it("stays who its page says, though the server cut the old one off while it was asked", async () => {
  const kept = place();
  kept.save(JSON.stringify({ id: "nobody", token: "t1" }));
  const client = new VisitorClient(kept);
  const started = client.start();
  const arriving = await until(1);
  arriving.answer("nobody", "t1");
  await started;
  const told = client.introduce({ identity: "signed" });
  const proving = await until(2);
  // Its socket ends before the answer is here: it asks what became of it.
  client.ended("revoked");
  const looking = await until(3);
  proving.answer("ann");
  await told;
  looking.answer("ann");
  await vi.waitFor(() => expect(client.status).toBe("ready"));
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(client.status).toBe("ready");
  expect(client.store).not.toBeNull();
  expect(kept.load()).toBe(JSON.stringify({ id: "ann", token: "t1" }));
});

it("goes on in another tab as whom this browser turned out to be", async () => {
  const kept = place();
  kept.save(JSON.stringify({ id: "nobody", token: "t1" }));
  const client = new VisitorClient(kept);
  const started = client.start();
  (await until(1)).answer("nobody", "t1");
  await started;
  drafts.keep("c1", "half a sentence");
  client.ended("revoked");
  (await until(2)).answer("ann");
  (await until(3)).answer("ann");
  await vi.waitFor(() => expect(client.status).toBe("ready"));
  await vi.waitFor(() => expect(client.visitor?.id).toBe("ann"));
  expect(client.store).not.toBeNull();
  expect(drafts.of("c1")).toBe("half a sentence");
});

it("comes in without what the page said wrongly, and tells the page", async () => {
  const refused = vi.fn();
  const client = new VisitorClient(
    place(),
    { identity: "over", email: "no", page: "https://a.example/" },
    refused,
  );
  const started = client.start();
  (await until(1)).refuse({ identity: "The token is over.", email: "That is no address." });
  const second = await until(2);
  expect(second.body).toMatchObject({ page: "https://a.example/" });
  expect(second.body).not.toHaveProperty("identity");
  expect(second.body).not.toHaveProperty("email");
  second.answer("nobody", "t1");
  await started;
  expect(client.status).toBe("ready");
  expect(client.visitor?.id).toBe("nobody");
  expect(refused.mock.calls).toEqual([["identity: The token is over.; email: That is no address."]]);
});

it("does not bring up again what was refused later", async () => {
  const refused = vi.fn();
  const client = new VisitorClient(place(), {}, refused);
  const started = client.start();
  (await until(1)).answer("nobody", "t1");
  await started;
  const told = client.introduce({ identity: "over" });
  (await until(2)).refuse({ identity: "The token is over." });
  await expect(told).rejects.toThrow();
  void client.start();
  expect((await until(3)).body).not.toHaveProperty("identity");
});

it("forgets what was written with who wrote it", async () => {
  drafts.keep("c1", "my secret");
  const client = new VisitorClient(place());
  const started = client.start();
  (await until(1)).answer("ann", "t1");
  await started;
  expect(drafts.of("c1")).toBe("my secret");
  void client.forget();
  expect(drafts.of("c1")).toBe("");
});
