import { render, screen, waitFor } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { fireEvent } from "@testing-library/dom";
import { beforeEach, describe, expect, it, vi } from "vitest";
import type { FileInfo } from "$lib/api/types";
import { KeptFiles } from "$lib/files/kept.svelte";
import Bubble from "$lib/ui/Bubble.svelte";
import Composer from "$lib/ui/Composer.svelte";
import type { BubbleRow } from "$lib/ui/timeline";

/** An upload whose every step is the test's. */
class Upload {
  static all: Upload[] = [];
  static last(): Upload {
    const last = Upload.all.at(-1);
    if (!last) throw new Error("nothing is uploaded");
    return last;
  }
  upload: { onprogress?: (event: unknown) => void } = {};
  onload?: () => void;
  onerror?: () => void;
  onabort?: () => void;
  status = 0;
  responseText = "";
  url = "";
  headers: Record<string, string> = {};
  aborted = false;
  open(_: string, url: string): void {
    this.url = url;
  }
  setRequestHeader(name: string, value: string): void {
    this.headers[name] = value;
  }
  send(): void {
    Upload.all.push(this);
  }
  abort(): void {
    this.aborted = true;
    this.onabort?.();
  }
  answers(status: number, json: unknown): void {
    this.status = status;
    this.responseText = JSON.stringify(json);
    this.onload?.();
  }
}

const access = { path: "/visitor/conversations/c1", token: () => "secret" };
const info = (id: string, name: string, type = "image/png"): FileInfo => ({ id, name, type, size: 4 });
const file = (name: string, type = "image/png"): File => new File(["data"], name, { type });
const field = (): HTMLTextAreaElement => screen.getByRole("textbox", { name: "Message" });
const sendButton = (): HTMLElement => screen.getByRole("button", { name: "Send" });

async function pasted(...files: File[]): Promise<void> {
  const before = Upload.all.length;
  await fireEvent.paste(field(), { clipboardData: { files, types: ["Files"] } });
  await waitFor(() => expect(Upload.all.length).toBeGreaterThan(before));
}

beforeEach(() => {
  Upload.all = [];
  vi.stubGlobal("XMLHttpRequest", Upload);
});

describe("files in the composer", () => {
  it("are uploaded when pasted, wait for Send, and go with or without words", async () => {
    const onsend = vi.fn();
    render(Composer, { label: "Message", onsend, access });
    await pasted(file("my cat.png"));
    expect(Upload.last().url).toBe("/api/v1/visitor/conversations/c1/files?name=my%20cat.png");
    expect(Upload.last().headers["authorization"]).toBe("Bearer secret");
    expect(sendButton()).toBeDisabled();
    Upload.last().upload.onprogress?.({ lengthComputable: true, loaded: 1, total: 4 });
    await waitFor(() => expect(screen.getByRole("progressbar")).toHaveValue(0.25));
    Upload.last().answers(201, { file: info("f1", "my cat.png") });
    await waitFor(() => expect(sendButton()).toBeEnabled());
    expect(screen.getByRole("status")).toHaveTextContent("my cat.png is ready to send.");
    await fireEvent.keyDown(field(), { key: "Enter" });
    expect(onsend).toHaveBeenCalledExactlyOnceWith("", [info("f1", "my cat.png")]);
    await waitFor(() => expect(screen.queryByRole("list", { name: "Files to send" })).toBeNull());
    expect(sendButton()).toBeDisabled();
  });

  it("say why one failed, and can be tried again or removed", async () => {
    const onsend = vi.fn();
    render(Composer, { label: "Message", onsend, access, value: "look" });
    await pasted(file("large.zip", "application/zip"));
    Upload.last().answers(413, { type: "/problems/too-large", title: "Too large", detail: "at most 10 MiB" });
    await screen.findByText("at most 10 MiB");
    expect(sendButton()).toBeDisabled();
    await userEvent.click(screen.getByRole("button", { name: "Try large.zip again" }));
    expect(Upload.all).toHaveLength(2);
    await userEvent.click(screen.getByRole("button", { name: "Cancel large.zip" }));
    expect(Upload.last().aborted).toBe(true);
    await waitFor(() => expect(sendButton()).toBeEnabled());
    await userEvent.click(sendButton());
    expect(onsend).toHaveBeenCalledExactlyOnceWith("look");
  });

  it("are chosen by a button or dropped anywhere, at most five", async () => {
    const { container } = render(Composer, { label: "Message", onsend: vi.fn(), access });
    expect(screen.getByRole("button", { name: "Attach files" })).toBeVisible();
    const input = container.querySelector<HTMLInputElement>("input[type=file]") as HTMLInputElement;
    await userEvent.upload(input, [file("one.png")]);
    await waitFor(() => expect(Upload.all).toHaveLength(1));
    const many = ["2", "3", "4", "5", "6"].map((name) => file(`${name}.png`));
    await fireEvent.drop(window, { dataTransfer: { files: many, types: ["Files"] } });
    await waitFor(() => expect(Upload.all).toHaveLength(5));
    await waitFor(() => expect(screen.getByRole("status")).toHaveTextContent("At most 5 files a message."));
  });

  it("stay with the text that they were attached to", async () => {
    const onsend = vi.fn();
    const [note, reply] = [new KeptFiles(), new KeptFiles()];
    const { rerender, unmount } = render(Composer, { label: "Message", onsend, access, kept: note });
    await pasted(file("secret.png"));
    Upload.last().answers(201, { file: info("f1", "secret.png") });
    await waitFor(() => expect(sendButton()).toBeEnabled());
    await rerender({ kept: reply, value: "Hello" });
    expect(screen.queryByRole("list", { name: "Files to send" })).toBeNull();
    await fireEvent.keyDown(field(), { key: "Enter" });
    expect(onsend).toHaveBeenLastCalledWith("Hello");
    unmount();
    render(Composer, { label: "Message", onsend, access, kept: note });
    expect(screen.getByRole("list", { name: "Files to send" })).toHaveTextContent("secret.png");
    await fireEvent.keyDown(field(), { key: "Enter" });
    expect(onsend).toHaveBeenLastCalledWith("", [info("f1", "secret.png")]);
  });

  it("are not taken where nothing can be attached, nor from office programs", async () => {
    const { rerender } = render(Composer, { label: "Message", onsend: vi.fn() });
    expect(screen.queryByRole("button", { name: "Attach files" })).toBeNull();
    await rerender({ access });
    await fireEvent.paste(field(), {
      clipboardData: { files: [file("a.png")], types: ["Files", "text/rtf"] },
    });
    expect(Upload.all).toHaveLength(0);
  });
});

describe("files in a bubble", () => {
  const row = (files: FileInfo[], text = ""): BubbleRow => ({
    type: "bubble",
    key: "m1",
    seq: 1,
    at: 0,
    own: false,
    mine: false,
    note: false,
    author: { kind: "visitor", name: "Ada" },
    text,
    choices: [],
    files,
    first: true,
    last: true,
    state: null,
    clientMsgId: null,
    failure: null,
  });

  it("are shown as pictures only when the server says so", async () => {
    const files = [info("f1", "cat.png"), info("f2", "evil.png", "application/octet-stream")];
    const { container } = render(Bubble, { row: row(files, "two"), access });
    await screen.findByRole("button", { name: "Show cat.png larger" });
    expect(screen.getByRole("button", { name: "Download evil.png, 4 bytes" })).toBeVisible();
    expect(container.querySelector(".bubble")).toHaveTextContent("two");
  });

  it("stand there by name where they cannot be fetched", () => {
    const { container } = render(Bubble, { row: row([info("f1", "cat.png")]) });
    expect(container.querySelector(".bubble")).toHaveTextContent("cat.png");
  });
});
