import { EMBED_HELLO, type EmbedDetails, type EmbedHello, type ToFrame, type ToHost } from "$lib/api/embed";
import { choose } from "$lib/i18n/languages";
import { TokenKeep } from "./keep";
import type { Settings } from "./settings";
import { styleSheet } from "./style";
import { WORDS } from "./words";

export type EventName = "ready" | "opened" | "closed" | "unread" | "message" | "error";
type Listener = (detail: unknown) => void;

const SVG = "http://www.w3.org/2000/svg";
/** Below this width the frame covers the page, so it is a modal dialog and the launcher is out of its way. */
const PHONE = "(max-width: 480px)";
const MANY_UNREAD = 9;
const BUBBLE = "M4 5h16v11H9l-5 4z";
const CROSS = "M18 6 6 18M6 6l12 12";
/** Milliseconds after which the page is told that the frame says nothing. */
const SILENT_MS = 15_000;

/** The launcher button and the frame behind it. */
export class Widget {
  readonly #settings: Settings;
  readonly #keep: TokenKeep;
  readonly #host = document.createElement("switchboard-chat");
  readonly #box = document.createElement("div");
  readonly #button = document.createElement("button");
  readonly #badge = document.createElement("span");
  readonly #pane = document.createElement("div");
  /** Over the frame until it says that it has a button of its own. */
  readonly #close = document.createElement("button");
  readonly #listeners = new Map<string, Set<Listener>>();
  readonly #details: EmbedDetails;
  #root: ShadowRoot;
  #frame: HTMLIFrameElement | null = null;
  #port: MessagePort | null = null;
  /** Said before the frame listens. */
  #early: ToFrame[] = [];
  #theme: string;
  #name = "";
  #count = 0;
  #open = false;
  #silent: ReturnType<typeof setTimeout> | undefined;

  constructor(settings: Settings) {
    this.#settings = settings;
    this.#theme = settings.theme;
    this.#keep = new TokenKeep(settings.origin, settings.inbox);
    this.#details = { page: location.origin + location.pathname };
    if (settings.inbox) this.#details.inbox = settings.inbox;
    if (settings.identity) this.#details.identity = settings.identity;
    if (settings.locale) this.#details.locale = settings.locale;
    this.#root = this.#host.attachShadow({ mode: "closed" });
    this.#root.adoptedStyleSheets = [styleSheet()];
    this.#build();
    document.body.append(this.#host);
    if (settings.open) this.open();
    // Somebody who talked here before wants to see the answer: get ready when the page has nothing else to do.
    else if (this.#keep.get()) whenIdle(() => this.#load());
  }

  open(): void {
    if (this.#open) return;
    this.#open = true;
    const frame = this.#load();
    this.#pane.hidden = false;
    this.#pane.setAttribute("aria-modal", String(matchMedia(PHONE).matches));
    this.#shape();
    this.#tell({ type: "open" });
    frame.focus();
    this.#emit("opened");
  }

  close(): void {
    if (!this.#open) return;
    this.#open = false;
    this.#pane.hidden = true;
    this.#shape();
    this.#tell({ type: "close" });
    this.#button.focus();
    this.#emit("closed");
  }

  toggle(): void {
    if (this.#open) this.close();
    else this.open();
  }

  /** Show or hide the launcher. */
  show(): void {
    this.#box.hidden = false;
  }

  hide(): void {
    this.close();
    this.#box.hidden = true;
  }

  /** Who this is: `{name, email, token}`; `token` (or `identity`) is what the site's own server has signed. */
  identify({ token, ...details }: EmbedDetails & { token?: string }): void {
    if (token) details.identity = token;
    Object.assign(this.#details, details);
    this.#tell({ type: "details", details });
  }

  /** Which page is shown now, in applications that change it without loading. */
  track(page: string = location.origin + location.pathname): void {
    this.identify({ page });
  }

  /** Propose a text in the composer; nothing is sent. */
  prefill(text: string): void {
    this.#tell({ type: "prefill", text: String(text) });
  }

  locale(locale: string): void {
    this.#speak(locale);
    this.identify({ locale });
  }

  theme(theme: string): void {
    this.#theme = theme;
    this.#shape();
    this.#tell({ type: "theme", theme });
  }

  /** The next user of this browser is somebody else. */
  logout(): void {
    this.#keep.set(null);
    delete this.#details.name;
    delete this.#details.email;
    delete this.#details.identity;
    this.#tell({ type: "logout" });
  }

  /** Take everything off the page. The kept token stays. */
  destroy(): void {
    clearTimeout(this.#silent);
    this.#port?.close();
    this.#host.remove();
    this.#listeners.clear();
  }

  on(name: string, listener: Listener): void {
    const known = this.#listeners.get(name) ?? new Set();
    this.#listeners.set(name, known.add(listener));
  }

  off(name: string, listener: Listener): void {
    this.#listeners.get(name)?.delete(listener);
  }

  /** Also for what the page asked wrongly. */
  error(detail: string): void {
    this.#emit("error", { detail });
  }

  #build(): void {
    this.#badge.className = "badge";
    this.#badge.hidden = true;
    this.#button.type = "button";
    this.#button.setAttribute("aria-haspopup", "dialog");
    this.#button.append(drawing(BUBBLE, 26), this.#badge);
    this.#button.onclick = () => this.toggle();
    this.#button.onpointerenter = this.#button.onfocus = () => void this.#load();
    this.#button.hidden = !this.#settings.launcher;
    this.#box.append(this.#button);
    this.#pane.className = "pane";
    this.#pane.hidden = true;
    this.#pane.setAttribute("role", "dialog");
    this.#close.type = "button";
    this.#close.append(drawing(CROSS, 20));
    this.#close.onclick = () => this.close();
    this.#pane.append(this.#close);
    // In the frame the page itself hears it.
    this.#box.onkeydown = this.#pane.onkeydown = ({ key }) => {
      if (key === "Escape") this.close();
    };
    this.#root.append(this.#box, this.#pane);
    this.#speak(this.#settings.locale);
    this.#shape();
  }

  /** As the page says, if we can, or else as the browser prefers; the frame does the same for itself. */
  #speak(asked: string): void {
    const language = choose([asked, ...navigator.languages])?.language ?? "en";
    const [name, close] = WORDS[language];
    this.#name = name;
    this.#box.lang = this.#pane.lang = language;
    this.#pane.setAttribute("aria-label", name);
    this.#close.setAttribute("aria-label", close);
    if (this.#frame) this.#frame.title = name;
    this.#unread(this.#count);
  }

  /** The frame, made when it is first wanted. */
  #load(): HTMLIFrameElement {
    if (this.#frame) return this.#frame;
    const frame = document.createElement("iframe");
    this.#frame = frame;
    frame.title = this.#name;
    frame.allow = "clipboard-write";
    frame.src = `${this.#settings.origin}/chat`;
    this.#silent = setTimeout(() => {
      this.error(`The chat does not answer: is the server up, and ${location.origin} among its sites?`);
    }, SILENT_MS);
    frame.onload = () => this.#hello(frame);
    this.#pane.append(frame);
    return frame;
  }

  /** One message to one origin, with a port; everything else goes over the port. */
  #hello(frame: HTMLIFrameElement): void {
    this.#close.hidden = false;
    this.#port?.close();
    const { port1, port2 } = new MessageChannel();
    this.#port = port1;
    port1.onmessage = (event: MessageEvent<ToHost>) => this.#heard(event.data);
    const hello: EmbedHello = {
      type: EMBED_HELLO,
      token: this.#keep.get(),
      open: this.#open,
      theme: this.#theme,
      details: this.#details,
    };
    frame.contentWindow?.postMessage(hello, this.#settings.origin, [port2]);
  }

  #heard(said: ToHost): void {
    if (said.type === "ready") {
      clearTimeout(this.#silent);
      this.#close.hidden = true;
      for (const waiting of this.#early.splice(0)) this.#port?.postMessage(waiting);
      this.#emit("ready");
    } else if (said.type === "close") this.close();
    else if (said.type === "token") this.#keep.set(said.token);
    else if (said.type === "unread") {
      this.#unread(said.count);
      this.#emit("unread", { count: said.count });
    } else if (said.type === "message") this.#emit("message", said);
    else if (said.type === "error") this.error(said.detail);
  }

  #tell(said: ToFrame): void {
    if (this.#port) this.#port.postMessage(said);
    // The hello brings the rest: whether it is open, its theme, who this is.
    else if (said.type === "prefill") this.#early.push(said);
  }

  #unread(count: number): void {
    this.#count = count;
    this.#badge.hidden = count === 0;
    this.#badge.textContent = count > MANY_UNREAD ? `${MANY_UNREAD}+` : String(count);
    this.#button.setAttribute("aria-label", count > 0 ? `${this.#name} (${count})` : this.#name);
  }

  #shape(): void {
    const phone = matchMedia(PHONE).matches;
    const { launcher, position } = this.#settings;
    const theme = this.#theme === "dark" || this.#theme === "light" ? this.#theme : "auto";
    this.#box.className = `box ${position} ${theme}${launcher ? "" : " alone"}`;
    // A launcher over a full-screen frame would cover its Send button.
    this.#button.hidden = !launcher || (this.#open && phone);
    this.#button.setAttribute("aria-expanded", String(this.#open));
  }

  #emit(name: EventName, detail: unknown = {}): void {
    for (const listener of this.#listeners.get(name) ?? []) {
      try {
        listener(detail);
      } catch (cause) {
        // A mistake of the page must not stop the chat; it is reported as the page's own.
        reportError(cause);
      }
    }
    dispatchEvent(new CustomEvent(`chat:${name}`, { detail }));
  }
}

function drawing(shape: string, size: number): SVGElement {
  const icon = document.createElementNS(SVG, "svg");
  const path = document.createElementNS(SVG, "path");
  const set = (element: Element, attributes: Record<string, string>): void => {
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  };
  set(icon, {
    viewBox: "0 0 24 24",
    width: `${size}`,
    height: `${size}`,
    fill: "none",
    "aria-hidden": "true",
  });
  set(path, { d: shape, stroke: "currentColor", "stroke-width": "2", "stroke-linejoin": "round" });
  icon.append(path);
  return icon;
}

function whenIdle(then: () => void): void {
  if (typeof requestIdleCallback === "function") requestIdleCallback(then);
  else setTimeout(then, 1000);
}
