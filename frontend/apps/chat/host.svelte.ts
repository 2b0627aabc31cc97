import { untrack } from "svelte";
import { SvelteMap } from "svelte/reactivity";
import { EMBED_HELLO, type EmbedDetails, type EmbedHello, type ToFrame, type ToHost } from "$lib/api/embed";
import type { VisitorDetails } from "$lib/api/visitor";
import { showTheme, type Theme } from "$lib/styles/theme";
import { speakTo } from "./language";
import { reasons } from "./reasons";
import type { TokenPlace, VisitorClient } from "./visitor.svelte";

/** Milliseconds that a framed page waits for the page around it to speak. */
const HELLO_DEADLINE_MS = 5_000;

/**
 * The page around this frame, met once: the first hello of the direct parent counts, and from then on only its
 * port is listened to. Which sites may frame this page at all is said by its `frame-ancestors`.
 */
export class Host {
  /** Whether the frame is shown. */
  open = $state(false);
  /** A text that the host page proposes for the composer. */
  prefill = $state("");
  readonly details: VisitorDetails;
  readonly tokenPlace: TokenPlace;
  readonly #port: MessagePort;
  readonly #told = new SvelteMap<string, number>();
  #client: VisitorClient | null = null;

  constructor(hello: EmbedHello, port: MessagePort) {
    this.#port = port;
    this.open = hello.open;
    this.details = detailsOf(hello.details);
    let token = hello.token;
    this.tokenPlace = {
      load: () => token,
      save: (value) => {
        token = value;
        this.#tell({ type: "token", token: value });
      },
    };
    showTheme(themeOf(hello.theme));
    port.onmessage = (event: MessageEvent<ToFrame>) => this.#heard(event.data);
    this.#tell({ type: "ready" });
  }

  serve(client: VisitorClient): void {
    this.#client = client;
  }

  close(): void {
    this.open = false;
    this.#tell({ type: "close" });
  }

  unread(count: number): void {
    this.#tell({ type: "unread", count });
  }

  /** What the page around the frame asked for and did not get. */
  error(detail: string): void {
    this.#tell({ type: "error", detail });
  }

  /** Something was said; each entry is told once. */
  message(conversation: string, seq: number, text: string): void {
    const told = untrack(() => this.#told.get(conversation) ?? 0);
    if (seq <= told) return;
    this.#told.set(conversation, seq);
    this.#tell({ type: "message", conversation, text });
  }

  #heard(said: ToFrame): void {
    switch (said.type) {
      case "open":
        this.open = true;
        return;
      case "close":
        this.open = false;
        return;
      case "details":
        if (said.details.locale) void speakTo(said.details.locale);
        this.#client
          ?.introduce(detailsOf(said.details))
          .catch((cause: unknown) => this.error(reasons(cause)));
        return;
      case "prefill":
        this.prefill = said.text;
        return;
      case "theme":
        showTheme(themeOf(said.theme));
        return;
      case "logout":
        void this.#client?.forget();
        return;
    }
  }

  #tell(said: ToHost): void {
    this.#port.postMessage(said);
  }
}

/** The host page, or null when this page stands alone (or nobody speaks in time). */
export function meetHost(): Promise<Host | null> {
  if (window.parent === window) return Promise.resolve(null);
  return new Promise((resolve) => {
    const settle = (host: Host | null): void => {
      clearTimeout(timer);
      removeEventListener("message", hear);
      resolve(host);
    };
    const hear = (event: MessageEvent<EmbedHello | undefined>): void => {
      const port = event.ports[0];
      if (event.source !== window.parent || event.data?.type !== EMBED_HELLO || !port) return;
      settle(new Host(event.data, port));
    };
    const timer = setTimeout(() => settle(null), HELLO_DEADLINE_MS);
    addEventListener("message", hear);
  });
}

/** Only what is known and text: a host page may say anything. */
function detailsOf(details: EmbedDetails | undefined): VisitorDetails {
  const wanted = ["name", "email", "identity", "page", "inbox", "locale"] as const;
  return Object.fromEntries(
    wanted.flatMap((name) => (typeof details?.[name] === "string" ? [[name, details[name]]] : [])),
  );
}

function themeOf(theme: string): Theme {
  return theme === "light" || theme === "dark" ? theme : "system";
}
