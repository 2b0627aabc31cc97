import { SvelteMap } from "svelte/reactivity";
import { asApiError, type ApiError } from "$lib/api/problem";
import type { MessageBody, StartWith, Visitor, VisitorDirectory, VisitorSession } from "$lib/api/types";
import { visitorApi, type VisitorDetails } from "$lib/api/visitor";
import type { FileAccess } from "$lib/files/access";
import { browserLocale, browserZone, localeOfTexts } from "$lib/i18n/locale";
import { backoff } from "$lib/realtime/backoff";
import { newClientId } from "$lib/realtime/ids";
import { keepIn } from "$lib/realtime/storage";
import type { ConversationStore } from "$lib/realtime/types";
import { drafts } from "./drafts";
import { reasons } from "./reasons";

/** Who this browser is to the server. The token is a secret of this browser. */
interface Kept {
  id: string;
  token: string;
}

/** Where the token is kept: this browser's storage, or the page around a frame that has none. */
export interface TokenPlace {
  load(): string | null;
  save(value: string | null): void;
}

const KEY = "switchboard.visitor";
/** Milliseconds between two looks at who is available, while the visitor looks at it. */
const DIRECTORY_EVERY_MS = 15_000;

/** A page is not kept waiting for longer, in seconds; timers end at 24 days. */
const LONGEST_WAIT_S = 24 * 3600;

/** Keeps the token in this browser. */
export function ownTokenPlace(): TokenPlace {
  const keep = keepIn("local");
  return {
    load: () => keep.get(KEY),
    save: (value) => (value === null ? keep.remove(KEY) : keep.set(KEY, value)),
  };
}

/** The visitor of this page: its session, its conversations, and what it may start with. */
export class VisitorClient {
  /** `starting` until the server knows us; `problem` says why that takes long. */
  status = $state<"starting" | "ready" | "blocked" | "broken">("starting");
  problem = $state.raw<ApiError | null>(null);
  visitor = $state.raw<Visitor | null>(null);
  store = $state.raw<ConversationStore | null>(null);
  directory = $state.raw<VisitorDirectory | null>(null);
  directoryProblem = $state.raw<ApiError | null>(null);
  /** When a visitor who is blocked may come again; null: that is not known, or never. */
  blockedUntil = $state.raw<number | null>(null);
  /** The form before a conversation was sent here once. */
  asked = false;

  readonly #place: TokenPlace;
  readonly #refused: (why: string) => void;
  #details: VisitorDetails;
  #token: string | null = null;
  #attempt = 0;
  #starting: Promise<void> = Promise.resolve();
  /** Rises whenever this becomes somebody new: what was asked for before is nobody's answer. */
  #era = 0;
  #retry: ReturnType<typeof setTimeout> | undefined;
  /** The client id of each start that is not yet answered: pressing twice starts once. */
  readonly #starts = new SvelteMap<string, string>();

  /** `refused` is told what the server did not accept of `details`. */
  constructor(
    place: TokenPlace,
    details: VisitorDetails = {},
    refused: (why: string) => void = () => undefined,
  ) {
    this.#place = place;
    this.#details = details;
    this.#refused = refused;
  }

  /** Get or renew the session, then open the socket. Tries again by itself for as long as it takes. */
  start(): Promise<void> {
    return (this.#starting = this.#arrive());
  }

  async #arrive(): Promise<void> {
    clearTimeout(this.#retry);
    const era = this.#era;
    const kept = readKept(this.#place.load());
    // A known visitor need not wait for the answer: the socket proves the token at once.
    const entering = kept ? this.#enter(kept) : null;
    entering?.catch(() => undefined);
    try {
      const details = { locale: browserLocale(), page: pageAddress(), ...this.#details };
      const session = await visitorApi.session(details, kept?.token);
      if (era !== this.#era) return;
      if (!(await this.#became(session, kept))) await entering;
      this.problem = null;
      this.#attempt = 0;
    } catch (cause) {
      if (era !== this.#era) return;
      const problem = asApiError(cause);
      // A page that was open for long, or says something wrong, keeps nobody out.
      if (this.#putAside(problem)) {
        this.#refused(reasons(problem));
        return this.#arrive();
      }
      this.#startFailed(problem);
    }
  }

  /** Puts aside what the server did not accept of the details, such as a token that is over; whether there was any. */
  #putAside({ fields }: ApiError): boolean {
    const bad = new Set(Object.keys(fields).map((field) => field.split(".", 1)[0]));
    const told = Object.entries(this.#details);
    const good = told.filter(([name]) => !bad.has(name));
    this.#details = Object.fromEntries(good);
    return good.length < told.length;
  }

  /** Look at the directory now and every 15 s; returns how to stop. */
  watchDirectory(): () => void {
    const look = (): void => {
      if (document.visibilityState === "visible") void this.loadDirectory();
    };
    look();
    const timer = setInterval(look, DIRECTORY_EVERY_MS);
    document.addEventListener("visibilitychange", look);
    return () => {
      clearInterval(timer);
      document.removeEventListener("visibilitychange", look);
    };
  }

  async loadDirectory(): Promise<void> {
    if (!this.#token) return;
    try {
      this.directory = await visitorApi.directory(this.#token);
      this.directoryProblem = null;
    } catch (cause) {
      this.directoryProblem = asApiError(cause);
    }
  }

  /** Start a conversation; gives its id. Rejects with `ApiError`. */
  async begin(to: StartWith, body?: MessageBody): Promise<string> {
    const token = this.#need();
    const key = JSON.stringify([to, body ?? null]);
    const clientMsgId = this.#starts.get(key) ?? newClientId();
    this.#starts.set(key, clientMsgId);
    const conversation = await visitorApi.start(token, to, clientMsgId, body);
    this.#starts.delete(key);
    this.store?.absorb([conversation]);
    return conversation.id;
  }

  /** An open conversation with the same automation in which the visitor said nothing yet: go on there. */
  untouched(to: StartWith): string | null {
    if (!("automation" in to)) return null;
    const same = [...(this.store?.conversations.values() ?? [])].find(
      ({ owner, status, head, opening }) =>
        status === "open" &&
        owner.kind === "automation" &&
        owner.id === to.automation &&
        head <= (opening ?? 1),
    );
    return same?.id ?? null;
  }

  /** Any other call with the visitor's token. Rejects with `ApiError`. */
  call<T>(use: (token: string) => Promise<T>): Promise<T> {
    return use(this.#need());
  }

  /** Where the files of a conversation are. */
  files(conversation: string): FileAccess {
    return { path: `/visitor/conversations/${encodeURIComponent(conversation)}`, token: () => this.#token };
  }

  /** Ask for a person. Rejects with `ApiError`. */
  async handoff(conversation: string): Promise<void> {
    this.store?.absorb([await visitorApi.handoff(this.#need(), conversation)]);
  }

  /** End a conversation. Rejects with `ApiError`. */
  async end(conversation: string): Promise<void> {
    this.store?.absorb([await visitorApi.resolve(this.#need(), conversation)]);
  }

  /** What was said, as a text to keep. Rejects with `ApiError`. */
  transcript(conversation: string): Promise<string> {
    return visitorApi.transcript(this.#need(), conversation, browserZone(), localeOfTexts());
  }

  /** Rejects with `ApiError`. */
  rate(conversation: string, score: number, comment: string): Promise<undefined> {
    return visitorApi.rate(this.#need(), conversation, score, comment.trim());
  }

  /** Tell how to be reached, or who this is. Rejects with `ApiError`. */
  async introduce(details: VisitorDetails): Promise<void> {
    this.#details = { ...this.#details, ...details };
    // A host page may speak before we have arrived, or just after `logout`.
    await this.#starting;
    const era = this.#era;
    try {
      const session = await visitorApi.session(details, this.#need());
      if (era === this.#era) await this.#became(session, readKept(this.#place.load()));
    } catch (cause) {
      if (era === this.#era) this.#putAside(asApiError(cause));
      throw cause;
    }
  }

  /** Whether that made us somebody else: new here, new again to the server, or who the host page says that we are. */
  async #became({ visitor, token }: VisitorSession, kept: Kept | null): Promise<boolean> {
    this.visitor = visitor;
    const fresh = { id: visitor.id, token: token ?? kept?.token ?? "" };
    if (fresh.token === kept?.token && fresh.id === kept.id) return false;
    this.#leave();
    // With the token that it had, this browser is who it was, and known now.
    if (kept && kept.token !== fresh.token) drafts.clear();
    this.#place.save(JSON.stringify(fresh));
    await this.#enter(fresh);
    return true;
  }

  /** Become somebody new: nothing of the old visitor stays in this browser. */
  async forget(): Promise<void> {
    this.#era += 1;
    this.#place.save(null);
    this.#leave();
    drafts.clear();
    this.visitor = null;
    this.#details = {};
    this.status = "starting";
    await this.start();
  }

  /** The connection ended for good: a dead token means starting anew; a revoked one, asking what became of us. */
  ended(reason: "signed_out" | "revoked" | "broken"): void {
    if (reason === "signed_out") void this.forget();
    else if (reason === "broken") this.status = "broken";
    else {
      this.#leave();
      this.status = "blocked";
      void this.#lookAgain();
    }
  }

  /** A ban says until when it is; whoever was erased is somebody new. Nothing is opened before the answer. */
  async #lookAgain(): Promise<void> {
    const kept = readKept(this.#place.load());
    try {
      const session = await visitorApi.session({}, kept?.token);
      // Meanwhile this page has said itself who we are.
      if (this.#token !== null) return;
      if (session.token) {
        this.#place.save(JSON.stringify({ id: session.visitor.id, token: session.token }));
        drafts.clear();
        this.#details = {};
      }
      this.status = "starting";
      await this.start();
    } catch (cause) {
      this.#startFailed(asApiError(cause));
    }
  }

  #leave(): void {
    this.store?.clear();
    this.store = null;
    this.#token = null;
  }

  /** The directory is shown at once; the socket and all that belongs to it are loaded meanwhile. */
  async #enter({ id, token }: Kept): Promise<void> {
    if (this.store) return;
    this.#token = token;
    this.status = "ready";
    const { createConversationStore } = await import("$lib/realtime");
    if (this.#token !== token || this.store) return;
    this.store = createConversationStore({
      kind: "visitor",
      identity: id,
      token: () => this.#token,
      history: {
        conversation: (conversation) => visitorApi.conversation(token, conversation),
        entries: (conversation, window) => visitorApi.entries(token, conversation, window),
      },
    });
    this.store.connection.start();
  }

  #startFailed(problem: ApiError): void {
    if (problem.remedy === "signed_out") {
      void this.forget();
      return;
    }
    if (problem.remedy === "forbidden") {
      this.#leave();
      this.status = "blocked";
      const seconds = problem.retryAfter;
      this.blockedUntil = seconds === null ? null : Date.now() + seconds * 1000;
      // When it is over the page goes on by itself.
      if (seconds !== null && seconds < LONGEST_WAIT_S)
        this.#retry = setTimeout(() => void this.start(), Math.max(1, seconds) * 1000);
      return;
    }
    this.problem = problem;
    const pause = problem.retryAfter === null ? backoff(this.#attempt++) : problem.retryAfter * 1000;
    this.#retry = setTimeout(() => void this.start(), Math.max(1000, pause));
  }

  #need(): string {
    if (this.#token) return this.#token;
    throw asApiError(new Error("no session yet"));
  }
}

/** The token that this browser has, if any. */
export function keptToken(place: TokenPlace): string | undefined {
  return readKept(place.load())?.token;
}

/** This browser is that visitor's from now on. */
export function keepVisitor(place: TokenPlace, id: string, token: string): void {
  place.save(JSON.stringify({ id, token } satisfies Kept));
}

function readKept(text: string | null): Kept | null {
  try {
    const kept = JSON.parse(text ?? "null") as Partial<Kept> | null;
    return typeof kept?.id === "string" && typeof kept.token === "string" && kept.token !== ""
      ? { id: kept.id, token: kept.token }
      : null;
  } catch {
    return null;
  }
}

/** The page that the visitor is on, without what follows its question mark. */
function pageAddress(): string {
  return location.origin + location.pathname;
}
