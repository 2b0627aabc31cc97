import { asApiError } from "$lib/api/problem";
import type { FileInfo } from "$lib/api/types";
import { FILES_PER_MESSAGE, type FileAccess } from "./access";
import { f } from "./texts";
import { upload } from "./transfer";

/** A file that waits to be sent. */
export class Waiting {
  readonly key: number;
  readonly file: File;
  /** A picture of it, before the server has said whether it is one. */
  readonly preview: string | null;
  state = $state<"uploading" | "ready" | "failed">("uploading");
  /** From 0 to 1. */
  part = $state(0);
  why = $state("");
  info: FileInfo | null = null;
  stop = new AbortController();

  constructor(key: number, file: File) {
    this.key = key;
    this.file = file;
    this.preview = /^image\/(png|jpeg|gif|webp)$/.test(file.type) ? URL.createObjectURL(file) : null;
  }
}

/** The files of a message that is being written: they are uploaded at once and wait for Send. */
export class FileTray {
  items = $state.raw<Waiting[]>([]);
  /** What is said to those who do not see it. */
  said = $state("");
  readonly #access: FileAccess;
  #next = 0;

  constructor(access: FileAccess) {
    this.#access = access;
  }

  /** True while there is something to send, and nothing that is not there yet. */
  get ready(): boolean {
    return this.items.length > 0 && this.items.every((item) => item.state === "ready");
  }

  add(files: readonly File[]): void {
    const room = FILES_PER_MESSAGE - this.items.length;
    const taken = files.slice(0, Math.max(0, room)).map((file) => new Waiting(this.#next++, file));
    this.items = [...this.items, ...taken];
    for (const item of taken) void this.#upload(item);
    if (taken.length < files.length) this.said = f("tooMany", { n: FILES_PER_MESSAGE });
  }

  remove(item: Waiting): void {
    item.stop.abort();
    this.#drop(item);
    this.said = f("saidRemoved", { name: item.file.name });
  }

  retry(item: Waiting): void {
    if (item.state === "failed") void this.#upload(item);
  }

  /** What is sent now; nothing waits any more. */
  take(): FileInfo[] {
    const files = this.items.flatMap((item) => item.info ?? []);
    this.clear();
    return files;
  }

  /** Gives everything up. */
  clear(): void {
    for (const item of this.items) {
      item.stop.abort();
      this.#drop(item);
    }
    this.said = "";
  }

  #drop(item: Waiting): void {
    if (item.preview) URL.revokeObjectURL(item.preview);
    this.items = this.items.filter((other) => other !== item);
  }

  async #upload(item: Waiting): Promise<void> {
    const name = item.file.name;
    item.state = "uploading";
    item.part = 0;
    item.stop = new AbortController();
    const { signal } = item.stop;
    this.said = f("saidUploading", { name });
    try {
      item.info = await upload(this.#access, item.file, (part) => (item.part = part), signal);
      item.state = "ready";
      this.said = f("saidReady", { name });
    } catch (cause) {
      if (signal.aborted) return;
      item.why = asApiError(cause).message;
      item.state = "failed";
      this.said = f("saidFailed", { name, why: item.why });
    }
  }
}
