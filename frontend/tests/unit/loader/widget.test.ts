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
