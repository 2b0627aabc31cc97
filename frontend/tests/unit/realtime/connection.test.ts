import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { backoff } from "$lib/realtime/backoff";
import { SocketConnection, type FrameHandler } from "$lib/realtime/connection.svelte";
import type { ServerFrame } from "$lib/realtime/types";
import { takeWire, WireSocket } from "./wire";

let connection: SocketConnection;
let heard: ServerFrame[];
let dropped: number;
const handler: FrameHandler = {
  resumePoints: () => [{ conversation: "c", epoch: "e", last_seq: 3, last_id: "x" }],
  welcomed: (frame) => heard.push(frame),
  received: (frame) => heard.push(frame),
  dropped: () => (dropped += 1),
};

beforeEach(() => {
  takeWire();
  heard = [];
  dropped = 0;
  vi.spyOn(Math, "random").mockReturnValue(0.5);
  connection = new SocketConnection({ url: "/api/v1/visitor/socket", token: () => "secret", handler });
  connection.start();
});

afterEach(() => {
  connection.stop();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe("saying hello", () => {
  it("carries token and resume points in the first frame, never in the address", () => {
    WireSocket.last.open();
    expect(WireSocket.last.url).not.toContain("secret");
    expect(WireSocket.last.sent).toEqual([
      {
        type: "hello",
        token: "secret",
        resume: [{ conversation: "c", epoch: "e", last_seq: 3, last_id: "x" }],
      },
    ]);
  });

  it("gives up a socket that does not welcome within ten seconds", () => {
    WireSocket.last.open();
    vi.advanceTimersByTime(10_000);
    vi.advanceTimersByTime(500);
    expect(WireSocket.all).toHaveLength(2);
  });

  it("ignores frames of unknown type and what is not JSON", () => {
    WireSocket.last.welcome();
    WireSocket.last.say({ type: "from_the_future", x: 1 });
    WireSocket.last.onmessage?.({ data: "{" });
    expect(heard.map(({ type }) => type)).toEqual(["welcome"]);
  });
});

describe("what is shown", () => {
  it("is nothing for two seconds, then reconnecting, then offline, then back for a moment", () => {
    WireSocket.last.welcome();
    expect(connection.display).toBe("fine");
    WireSocket.last.lose();
    expect(dropped).toBe(1);
    expect(connection.display).toBe("quiet");
    vi.advanceTimersByTime(1_999);
    expect(connection.display).toBe("quiet");
    vi.advanceTimersByTime(1);
    expect(connection.display).toBe("reconnecting");
    vi.advanceTimersByTime(8_000);
    expect(connection.display).toBe("offline");
    WireSocket.last.welcome();
    expect(connection.display).toBe("back");
    vi.advanceTimersByTime(2_500);
    expect(connection.display).toBe("fine");
  });

  it("is nothing at all when the connection is back within two seconds", () => {
    WireSocket.last.welcome();
    WireSocket.last.lose();
    vi.advanceTimersByTime(500);
    WireSocket.last.welcome();
    expect(connection.display).toBe("fine");
  });

  it("offers a reload when the server was upgraded", () => {
    WireSocket.last.welcome("e1", [], "1");
    expect(connection.updated).toBe(false);
    WireSocket.last.lose();
    vi.advanceTimersByTime(500);
    WireSocket.last.welcome("e1", [], "2");
    expect(connection.updated).toBe(true);
  });
});

describe("coming back", () => {
  it("doubles the ceiling of its pause up to thirty seconds, with full jitter", () => {
    expect(backoff(0, () => 1)).toBe(1_000);
    expect(backoff(3, () => 1)).toBe(8_000);
    expect(backoff(40, () => 1)).toBe(30_000);
    expect(backoff(40, () => 0)).toBe(0);
  });

  it("waits longer after every failed attempt, and starts anew after a welcome", () => {
    const pauses = [500, 1_000, 2_000, 4_000, 8_000, 15_000, 15_000];
    for (const [attempt, pause] of pauses.entries()) {
      WireSocket.last.lose();
      vi.advanceTimersByTime(pause - 1);
      expect(WireSocket.all).toHaveLength(attempt + 1);
      vi.advanceTimersByTime(1);
      expect(WireSocket.all).toHaveLength(attempt + 2);
    }
    WireSocket.last.welcome();
    WireSocket.last.lose();
    vi.advanceTimersByTime(500);
    expect(WireSocket.all).toHaveLength(pauses.length + 2);
  });

  it("waits as long as a restarting server says", () => {
    WireSocket.last.welcome();
    WireSocket.last.say({ type: "bye", code: 1012, reason: "restart", retry_after: 7 });
    WireSocket.last.lose(1012);
    vi.advanceTimersByTime(6_999);
    expect(WireSocket.all).toHaveLength(1);
    vi.advanceTimersByTime(1);
    expect(WireSocket.all).toHaveLength(2);
  });

  it("tries at once when the network is back or the person asks", () => {
    WireSocket.last.lose();
    window.dispatchEvent(new Event("online"));
    expect(WireSocket.all).toHaveLength(2);
    WireSocket.last.lose();
    connection.tryNow();
    expect(WireSocket.all).toHaveLength(3);
  });

  it("does not open a second socket while one is being opened", () => {
    connection.tryNow();
    window.dispatchEvent(new Event("online"));
    expect(WireSocket.all).toHaveLength(1);
  });

  it("lets go of its socket when the browser says that the network is gone", () => {
    WireSocket.last.welcome();
    window.dispatchEvent(new Event("offline"));
    expect(connection.live).toBe(false);
  });

  it("opens a new socket after the machine slept", () => {
    WireSocket.last.welcome();
    vi.setSystemTime(Date.now() + 120_000);
    vi.advanceTimersByTime(5_000);
    expect(WireSocket.all).toHaveLength(2);
  });

  it("takes silence after a frame that wants an answer for a dead socket", () => {
    WireSocket.last.welcome();
    connection.send({ type: "typing", conversation: "c" }, true);
    vi.advanceTimersByTime(12_000);
    expect(connection.live).toBe(false);
  });
});

describe("the end", () => {
  it.each([
    [4001, "signed_out"],
    [4003, "revoked"],
  ])("stays closed after %i", (code, reason) => {
    WireSocket.last.welcome();
    WireSocket.last.say({ type: "bye", code, reason: "the server's words" });
    WireSocket.last.lose(code);
    vi.advanceTimersByTime(120_000);
    expect(connection.ended).toEqual({ reason, detail: "the server's words" });
    expect(connection.display).toBe("ended");
    expect(WireSocket.all).toHaveLength(1);
  });

  it("comes after three bad frames without a welcome between them", () => {
    for (const pause of [500, 1_000, 30_000]) {
      WireSocket.last.lose(4400);
      vi.advanceTimersByTime(pause);
    }
    expect(connection.ended?.reason).toBe("broken");
    expect(WireSocket.all).toHaveLength(3);
  });

  it("comes when the probe says why a socket cannot even be opened", async () => {
    connection.stop();
    connection = new SocketConnection({
      url: "/api/v1/agent/socket",
      handler,
      probe: async () => ({ reason: "signed_out", detail: "gone" }),
    });
    connection.start();
    WireSocket.last.lose();
    await vi.advanceTimersByTimeAsync(0);
    expect(connection.ended?.reason).toBe("signed_out");
  });

  it("ends nothing else: stop closes, start opens again", () => {
    WireSocket.last.welcome();
    connection.stop();
    vi.advanceTimersByTime(120_000);
    expect(WireSocket.all).toHaveLength(1);
    connection.start();
    expect(WireSocket.all).toHaveLength(2);
  });
});
