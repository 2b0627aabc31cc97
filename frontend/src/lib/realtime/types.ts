/**
 * The frames of the socket (contract §3), and what the rest of the front end may rely on:
 * one `Connection` and one `ConversationStore` serve the visitor's page and the console alike.
 */
import type {
  Author,
  Conversation,
  Entry,
  Mention,
  MessageBody,
  PresenceStatus,
  QueuePlace,
  Summary,
} from "../api/types";

/** What a client knows of a conversation and wants continued. */
export interface ResumePoint {
  conversation: string;
  epoch?: string;
  last_seq: number;
  last_id?: string;
}

/** What is said on the wire: files are named by their ids. */
export type SaidBody = Omit<MessageBody, "files"> & { files?: string[] };

export type ClientFrame =
  | { type: "hello"; token?: string; resume?: ResumePoint[] }
  | { type: "send" | "note"; conversation: string; client_msg_id: string; body: SaidBody }
  | ({ type: "resume" } & ResumePoint)
  | { type: "leave"; conversation: string }
  | { type: "typing"; conversation: string; text?: string }
  | { type: "looking"; conversation: string }
  | { type: "read"; conversation: string; seq: number };

export interface Welcome {
  type: "welcome";
  epoch: string;
  me: { id: string; name?: string | null; display_name?: string; [more: string]: unknown };
  conversations: Summary[];
  server_version: string;
}

export interface Ack {
  type: "ack";
  client_msg_id: string;
  conversation: string;
  seq: number;
  id: string;
  at: string;
}

export type NackCode =
  | "conflict"
  | "forbidden"
  | "not_found"
  | "too_large"
  | "rate_limited"
  | "retry"
  | "resolved"
  | "stale"
  | "invalid";

/** `retry_after` is in seconds. */
export interface Nack {
  type: "nack";
  client_msg_id?: string | null;
  code: NackCode | (string & {});
  detail: string;
  retry_after?: number | null;
}

/** Codes of `bye`, equal to the code the socket is closed with. */
export const BYE = {
  restart: 1012,
  tryLater: 1013,
  tooLarge: 1009,
  notSignedIn: 4001,
  revoked: 4003,
  tooSlow: 4008,
  badFrame: 4400,
} as const;

/** `retry_after` is in seconds. */
export interface Bye {
  type: "bye";
  code: number;
  reason: string;
  retry_after?: number | null;
}

export type ServerFrame =
  | Welcome
  | Ack
  | Nack
  | { type: "entry"; entry: Entry }
  | { type: "conversation"; conversation: Summary }
  | ({ type: "queue"; conversation: string } & QueuePlace)
  | { type: "typing"; conversation: string; author: Author; text?: string | null }
  | { type: "looking"; conversation: string; author: Author }
  | { type: "mention"; mention: Mention }
  | { type: "read"; conversation: string; seq: number; by: "visitor" | "agent" | (string & {}) }
  | { type: "presence"; agent: string; status: PresenceStatus }
  | { type: "reset"; conversation: string; reason: string }
  | Bye;

/** Why a connection ended for good; nothing is tried again until `start()`. */
export interface Ended {
  /** `signed_out`: the session or token is dead. `revoked`: the account or visitor may no longer be here. `broken`: this page and the server do not understand each other; reload. */
  reason: "signed_out" | "revoked" | "broken";
  /** The server's words, if it said any. */
  detail: string;
}

/** What to show about the connection. `quiet`: away for less than two seconds, show nothing. */
export type ConnectionDisplay = "fine" | "quiet" | "reconnecting" | "offline" | "back" | "ended";

/** The socket of this page. Every field is reactive (read it in a template or `$derived`). */
export interface Connection {
  /** True between `welcome` and the loss of the socket: frames go out now. */
  readonly live: boolean;
  readonly display: ConnectionDisplay;
  readonly ended: Ended | null;
  /** False until the first `welcome`: "Connecting" rather than "Reconnecting". */
  readonly everLive: boolean;
  /** Milliseconds since the epoch when the next attempt is made, or null. */
  readonly nextAttemptAt: number | null;
  /** The server was upgraded since this page was loaded: offer a reload. */
  readonly updated: boolean;
  start(): void;
  /** Close and stay closed; `start()` opens again. */
  stop(): void;
  /** Try at once instead of waiting for the next attempt. */
  tryNow(): void;
}

/** experience.md §3. `read` is the other side's doing. */
export type SendState = "waiting" | "sending" | "sent" | "read" | "failed";

/** An own message or note that is not yet an entry of the timeline. */
export interface OutgoingMessage {
  /** Reused on every retry: the idempotency key. */
  readonly clientMsgId: string;
  readonly conversation: string;
  readonly kind: "send" | "note";
  readonly body: MessageBody;
  /** Milliseconds since the epoch, when the person pressed Send. */
  readonly createdAt: number;
  readonly state: SendState;
  /** Why it failed. */
  readonly failure: { code: NackCode | "timeout" | (string & {}); detail: string } | null;
}

/** One conversation's entries and what is under way. Every field is reactive. */
export interface Timeline {
  readonly id: string;
  /** Ascending by `seq`, without repetition. */
  readonly entries: readonly Entry[];
  /** Own messages still on their way, in the order of sending; shown below the entries. */
  readonly outgoing: readonly OutgoingMessage[];
  /** `loading` first page, `ready`, `failed` (call `reload`), `gone` (does not exist, or not yours). */
  readonly status: "loading" | "ready" | "failed" | "gone";
  readonly hasOlder: boolean;
  readonly loadingOlder: boolean;
  /** Who types now (expires by itself after six seconds). */
  readonly typing: readonly Author[];
  /** What the visitor is typing, where the settings show it to agents. */
  readonly draft: string;
  /** What an automation is going to say, as far as it has got. */
  readonly partial: string;
  /** Other agents who have it before their eyes. */
  readonly looking: readonly Author[];
  /** Up to which `seq` the other side has read; 0 if unknown. */
  readonly otherRead: number;
  /** Up to which `seq` this side has read; 0 if unknown. */
  readonly ownRead: number;
  /** `seq` of the last entry, 0 if none. */
  readonly lastSeq: number;
  loadOlder(): Promise<void>;
  reload(): Promise<void>;
}

/** All conversations this page knows, and everything a person can do in them over the socket. */
export interface ConversationStore {
  readonly connection: Connection;
  /** Own visitor or account id and name, after the first welcome. */
  readonly me: Welcome["me"] | null;
  /** By id: state and list fields, kept current by the socket. Reactive map. */
  readonly conversations: ReadonlyMap<string, Summary>;
  /** Presence of agents by account id, as far as told. Dropped with the connection. Reactive map. */
  readonly presence: ReadonlyMap<string, PresenceStatus>;
  conversation(id: string): Summary | undefined;
  /** Take what an HTTP call answered (a list page, a claim, …); never replaces newer by older. */
  absorb(items: readonly (Conversation | Summary)[]): void;
  /** Follow a conversation and load its last page; the same object until `close`. */
  open(id: string): Timeline;
  /** Stop following (agents); what is unsent stays in the outbox. */
  close(id: string): void;
  /** Queue a message; shown at once, sent when connected. Returns its client id. */
  send(conversation: string, body: MessageBody): string;
  /** The same for a private note (agents). */
  note(conversation: string, body: MessageBody): string;
  /** Send a failed message again, with the same id; pass the whole tail in order. */
  retry(clientMsgId: string): void;
  /** Delete a failed message. */
  discard(clientMsgId: string): void;
  /** Call on every keystroke: sends at most every three seconds. */
  typing(conversation: string): void;
  /** Show agents what is typed (visitors, where the directory says so); the caller keeps to once a second. */
  preview(conversation: string, text: string): void;
  /** The person has it before their eyes (agents); called every {@link LOOKING_EVERY_MS} while that is so. */
  looking(conversation: string): void;
  /** Tell that everything up to `seq` was seen; only a rising value is sent. */
  read(conversation: string, seq: number): void;
  /** Close everything; what is unsent stays for the next store of the same person in this browser. */
  stop(): void;
  /** At signing out: also forget what is unsent. */
  clear(): void;
}
