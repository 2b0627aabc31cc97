import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { takeCommands } from "../../../apps/loader/commands";
import { readSettings, type Settings } from "../../../apps/loader/settings";
import { Widget } from "../../../apps/loader/widget";

const SETTINGS: Settings = {
  origin: "https://chat.example",
  inbox: "shop",
  position: "end",
  locale: "",
  theme: "",
  launcher: true,
  open: false,
  identity: "",
};

let root: ShadowRoot;
let widget: Widget | undefined;

/** The root is closed to the page, so the test keeps the one that the widget makes. */
function make(settings: Partial<Settings> = {}): Widget {
  const attach = Element.prototype.attachShadow;
  vi.spyOn(Element.prototype, "attachShadow").mockImplementation(function (this: Element, init) {
    root = attach.call(this, init);
    return root;
  });
  widget = new Widget({ ...SETTINGS, ...settings });
  return widget;
}

const button = (): HTMLButtonElement => root.querySelector("button") as HTMLButtonElement;
const frame = (): HTMLIFrameElement | null => root.querySelector("iframe");

beforeEach(() => localStorage.clear());
afterEach(() => {
  widget?.destroy();
  widget = undefined;
  delete window.Chat;
});

it("reads what the script tag says, and its own origin", () => {
  const script = document.createElement("script");
  script.src = "https://chat.example/widget.js";
  script.dataset["inbox"] = "shop";
  script.dataset["position"] = "left";
  script.dataset["launcher"] = "none";
  script.dataset["open"] = "";
  expect(readSettings(script)).toEqual({ ...SETTINGS, position: "start", launcher: false, open: true });
  expect(readSettings(document.createElement("script"))).toBeNull();
});

it("makes no frame before somebody wants it", () => {
  make();
  expect(button().getAttribute("aria-label")).toBe("Chat");
  expect(frame()).toBeNull();
  button().dispatchEvent(new Event("pointerenter"));
  expect(frame()?.src).toBe("https://chat.example/chat");
});

it("is called and closed in the language of the page, or of the browser", () => {
  vi.spyOn(navigator, "languages", "get").mockReturnValue(["ja", "it-CH"]);
  const pane = (): Element => root.querySelector(".pane") as Element;
  const close = (): string | null => pane().querySelector("button")?.getAttribute("aria-label") ?? null;
  const made = make();
  expect([pane().getAttribute("lang"), close()]).toEqual(["it", "Chiudi"]);
  made.open();
  made.locale("fr_FR");
  expect([pane().getAttribute("lang"), close()]).toEqual(["fr", "Fermer"]);
  expect(button().getAttribute("aria-label")).toBe("Discussion");
  expect(frame()?.title).toBe("Discussion");
  made.locale("ja");
  expect(close()).toBe("Chiudi");
});

it("greets exactly one origin, with a port and the kept token", () => {
  localStorage.setItem("switchboard.visitor.https://chat.example shop", "kept");
  const opened = make({ theme: "dark" });
  opened.identify({ name: "Ann" });
  opened.open();
  const made = frame();
  const post = vi.fn();
  Object.defineProperty(made, "contentWindow", { value: { postMessage: post } });
  made?.dispatchEvent(new Event("load"));
  expect(post).toHaveBeenCalledOnce();
  const [hello, origin, transferred] = post.mock.calls[0] as [Record<string, unknown>, string, unknown[]];
  expect(origin).toBe("https://chat.example");
  expect(transferred).toHaveLength(1);
  expect(hello).toMatchObject({
    token: "kept",
    open: true,
    theme: "dark",
    details: { name: "Ann", inbox: "shop" },
  });
});

it("opens and closes, tells the page, and gives the focus back", () => {
  const told: string[] = [];
  for (const name of ["opened", "closed"]) addEventListener(`chat:${name}`, () => told.push(name));
  const made = make();
  made.toggle();
  expect(button().getAttribute("aria-expanded")).toBe("true");
  expect((root.querySelector("[role=dialog]") as HTMLElement).hidden).toBe(false);
  made.toggle();
  expect((root.querySelector("[role=dialog]") as HTMLElement).hidden).toBe(true);
  expect(told).toEqual(["opened", "closed"]);
});

it("can be closed before the frame says that it is ready, and again when it is loaded anew", () => {
  const errors: unknown[] = [];
  vi.useFakeTimers();
  addEventListener("chat:error", (event) => errors.push((event as CustomEvent).detail));
  const made = make({ open: true });
  const dialog = root.querySelector("[role=dialog]") as HTMLElement;
  const close = dialog.querySelector("button") as HTMLButtonElement;
  expect(close.getAttribute("aria-label")).toBe("Close");
  expect(close.hidden).toBe(false);
  close.click();
  expect(dialog.hidden).toBe(true);
  made.open();
  close.dispatchEvent(new KeyboardEvent("keydown", { key: "Escape", bubbles: true }));
  expect(dialog.hidden).toBe(true);
  vi.advanceTimersByTime(15_000);
  expect(errors).toEqual([{ detail: expect.stringContaining("does not answer") as unknown }]);

  let port: MessagePort | undefined;
  const post = (_hello: unknown, _origin: string, ports: MessagePort[]): void => void (port = ports[0]);
  Object.defineProperty(frame(), "contentWindow", { value: { postMessage: post } });
  const channel = { onmessage: null as null | ((event: { data: unknown }) => void), close: vi.fn() };
  vi.stubGlobal("MessageChannel", function () {
    return { port1: channel, port2: {} };
  });
  frame()?.dispatchEvent(new Event("load"));
  expect(port).toBeDefined();
  channel.onmessage?.({ data: { type: "ready" } });
  expect(close.hidden).toBe(true);
  frame()?.dispatchEvent(new Event("load"));
  expect(close.hidden).toBe(false);
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

it("serves what waited in the queue, then every call, and says what it does not know", () => {
  const errors: unknown[] = [];
  addEventListener("chat:error", (event) => errors.push((event as CustomEvent).detail));
  const heard = vi.fn();
  window.Chat = { q: [["on", "opened", heard], ["open"]] };
  takeCommands(make());
  expect(heard).toHaveBeenCalledOnce();
  const chat = window.Chat as (...parts: unknown[]) => void;
  chat("off", "opened", heard);
  chat("close");
  chat("open");
  expect(heard).toHaveBeenCalledOnce();
  chat("constructor");
  expect(errors).toEqual([{ detail: 'Chat("constructor") is unknown' }]);
});

it("leaves the page as it was", () => {
  make().destroy();
  expect(document.querySelector("switchboard-chat")).toBeNull();
});
