import { backoff } from "./backoff";
import {
  BACK_MS,
  DEAD_AFTER_SLEEP_MS,
  HEARTBEAT_MS,
  OFFLINE_MS,
  QUIET_MS,
  RETRY_CAP_S,
  SILENCE_DEADLINE_MS,
  WELCOME_DEADLINE_MS,
} from "./limits";
import { parseFrame } from "./frames";
import { Timers } from "./timers";
import {
  BYE,
  type Bye,
  type ClientFrame,
  type Connection,
  type ConnectionDisplay,
  type Ended,
  type ResumePoint,
  type ServerFrame,
  type Welcome,
} from "./types";

/** What stands behind the socket: the conversation store. */
export interface FrameHandler {
  /** What to have continued; asked for at every `hello`. */
  resumePoints(): ResumePoint[];
  welcomed(welcome: Welcome): void;
  received(frame: Exclude<ServerFrame, Welcome | Bye>): void;
  /** The socket is gone: typing and presence are no longer known, nothing is on the wire. */
  dropped(): void;
}

export interface ConnectionOptions {
  /** Absolute `ws:` or `wss:` address, or a path on this origin. */
  url: string;
  /** The visitor's token; staff have a cookie instead. Asked for at every attempt. */
  token?: () => string | null;
  handler: FrameHandler;
  /** Asked when a socket could not even be opened, where the browser hides the reason. */
  probe?: () => Promise<Ended | null>;
}

/** Bad frames in a row after which this page is beyond help. */
const BAD_FRAMES_BEFORE_BROKEN = 3;

/** One socket, opened again for ever until it is told that it is not wanted. */
export class SocketConnection implements Connection {
  live = $state(false);
  display = $state<ConnectionDisplay>("quiet");
  ended = $state<Ended | null>(null);
  nextAttemptAt = $state<number | null>(null);
  updated = $state(false);
  everLive = $state(false);

  readonly #options: ConnectionOptions;
  #socket: WebSocket | null = null;
  #running = false;
  #attempt = 0;
  #badFrames = 0;
  #bye: Bye | null = null;
  #serverVersion: string | null = null;
  #lastTick = 0;
  #slept = false;
  readonly #timers = new Timers();
  #heartbeat: ReturnType<typeof setInterval> | undefined;

  constructor(options: ConnectionOptions) {
    this.#options = options;
  }

  start(): void {
    if (this.#running) return;
    this.#running = true;
    this.ended = null;
    this.#attempt = 0;
    this.#badFrames = 0;
    this.#lastTick = Date.now();
    this.#heartbeat = setInterval(this.#noticeSleep, HEARTBEAT_MS);
    globalThis.addEventListener?.("online", this.#wake);
    globalThis.addEventListener?.("offline", this.#wentOffline);
    globalThis.document?.addEventListener("visibilitychange", this.#becameVisible);
    this.#countDown();
    this.#connect();
  }

  stop(): void {
    if (!this.#running) return;
    this.#running = false;
    clearInterval(this.#heartbeat);
    globalThis.removeEventListener?.("online", this.#wake);
    globalThis.removeEventListener?.("offline", this.#wentOffline);
    globalThis.document?.removeEventListener("visibilitychange", this.#becameVisible);
    this.#release();
    this.#timers.cancelAll();
    this.nextAttemptAt = null;
    if (!this.ended) this.display = "quiet";
  }

  tryNow(): void {
    if (!this.#running || this.#socket) return;
    this.#timers.cancel("attempt");
    this.#connect();
  }

  /** Put a frame on the wire; false if there is none. `answered`: silence after it means a dead socket. */
  send(frame: ClientFrame, answered = false): boolean {
    if (!this.live || this.#socket?.readyState !== WebSocket.OPEN) return false;
    this.#socket.send(JSON.stringify(frame));
    if (answered && !this.#timers.has("silence"))
      this.#timers.after("silence", SILENCE_DEADLINE_MS, () => this.#drop(null));
    return true;
  }

  #connect(): void {
    this.nextAttemptAt = null;
    this.#bye = null;
    let socket: WebSocket;
    try {
      socket = new WebSocket(websocketAddress(this.#options.url));
    } catch {
      this.#schedule(null);
      return;
    }
    this.#socket = socket;
    let opened = false;
    socket.onopen = () => {
      opened = true;
      const token = this.#options.token?.();
      const resume = this.#options.handler.resumePoints();
      const hello: ClientFrame = {
        type: "hello",
        ...(token ? { token } : {}),
        ...(resume.length ? { resume } : {}),
      };
      socket.send(JSON.stringify(hello));
    };
    socket.onmessage = (event) => this.#message(event.data);
    socket.onclose = (event) => {
      if (!opened) void this.#askWhy();
      this.#drop(event.code);
    };
    this.#timers.after("welcome", WELCOME_DEADLINE_MS, () => this.#drop(null));
  }

  #message(data: unknown): void {
    this.#timers.cancel("silence");
    const frame = parseFrame(data);
    if (frame === null) return;
    if (frame.type === "welcome") this.#welcomed(frame);
    else if (frame.type === "bye") this.#bye = frame;
    else if (this.live) this.#options.handler.received(frame);
  }

  #welcomed(welcome: Welcome): void {
    this.#timers.cancel("welcome");
    for (const name of ["quiet", "offline"]) this.#timers.cancel(name);
    this.#attempt = 0;
    this.#badFrames = 0;
    this.live = true;
    const spoken = this.display === "reconnecting" || this.display === "offline";
    this.display = spoken && this.everLive ? "back" : "fine";
    if (this.display === "back") this.#timers.after("back", BACK_MS, () => (this.display = "fine"));
    this.everLive = true;
    this.#serverVersion ??= welcome.server_version;
    this.updated = this.#serverVersion !== welcome.server_version;
    this.#options.handler.welcomed(welcome);
  }

  /** The socket is gone, or given up. `code` is null where we closed it ourselves. */
  #drop(code: number | null): void {
    if (!this.#release()) return;
    const bye = this.#bye;
    const why = bye?.code ?? code;
    const ended = endOf(why, bye?.reason ?? "");
    if (ended) this.#end(ended);
    else if (why === BYE.badFrame && ++this.#badFrames >= BAD_FRAMES_BEFORE_BROKEN)
      this.#end({ reason: "broken", detail: bye?.reason ?? "" });
    else this.#schedule(bye);
  }

  /** Let go of the socket; true if there was one. */
  #release(): boolean {
    const socket = this.#socket;
    if (!socket) return false;
    this.#socket = null;
    socket.onopen = socket.onmessage = socket.onclose = null;
    socket.close();
    for (const name of ["welcome", "silence", "back"]) this.#timers.cancel(name);
    if (this.live) {
      this.live = false;
      this.#countDown();
      this.#options.handler.dropped();
    }
    return true;
  }

  #schedule(bye: Bye | null): void {
    if (!this.#running) return;
    const told = bye?.retry_after;
    const pause =
      typeof told === "number" && told >= 0 ? Math.min(told, RETRY_CAP_S) * 1000 : backoff(this.#attempt);
    this.#attempt += 1;
    this.nextAttemptAt = Date.now() + pause;
    this.#timers.after("attempt", pause, () => this.#connect());
  }

  #end(ended: Ended): void {
    this.ended = ended;
    this.display = "ended";
    this.stop();
  }

  async #askWhy(): Promise<void> {
    const ended = await this.#options.probe?.().catch(() => null);
    if (ended && this.#running && !this.live) this.#end(ended);
  }

  /** Nothing for two seconds, then one line, then plain words. */
  #countDown(): void {
    this.display = "quiet";
    this.#timers.after("quiet", QUIET_MS, () => {
      this.display = globalThis.navigator?.onLine === false ? "offline" : "reconnecting";
    });
    this.#timers.after("offline", OFFLINE_MS, () => (this.display = "offline"));
  }

  #wake = (): void => {
    this.#attempt = 0;
    this.tryNow();
  };

  /** A network that went away takes its sockets with it, though the browser may notice minutes later. */
  #wentOffline = (): void => this.#drop(null);

  #becameVisible = (): void => {
    this.#noticeSleep();
    if (visible()) this.#wake();
  };

  /** Timers stand still while a laptop sleeps; the server has closed the socket by then. */
  #noticeSleep = (): void => {
    this.#slept ||= Date.now() - this.#lastTick > DEAD_AFTER_SLEEP_MS;
    this.#lastTick = Date.now();
    if (!this.#slept || !visible()) return;
    this.#slept = false;
    if (this.#release()) this.#wake();
  };
}

function endOf(code: number | null, detail: string): Ended | null {
  if (code === BYE.notSignedIn) return { reason: "signed_out", detail };
  if (code === BYE.revoked) return { reason: "revoked", detail };
  return null;
}

function visible(): boolean {
  return globalThis.document?.visibilityState !== "hidden";
}

/** A path on this origin as the absolute address that older browsers want. */
function websocketAddress(url: string): string {
  return url.startsWith("/") ? globalThis.location.origin.replace(/^http/, "ws") + url : url;
}
