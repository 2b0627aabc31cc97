/** From entries to the rows of a message list: days, groups, the unread line, states of sending. Pure. */
import { dayKey } from "$lib/i18n/format";
import type { Author, Choice, Entry, EventBody, FileInfo, MessageBody } from "$lib/api/types";
import type { OutgoingMessage, SendState } from "$lib/realtime/types";

/** Two messages of one sender within this time stand together. */
const GROUP_MS = 2 * 60_000;

/** One message or note. */
export interface BubbleRow {
  type: "bubble";
  key: string;
  seq: number | null;
  at: number;
  own: boolean;
  /** Written by the reader, not only on the reader's side. */
  mine: boolean;
  note: boolean;
  /** A supervisor's note. */
  whisper?: boolean;
  author: Author;
  text: string;
  choices: readonly Choice[];
  files: readonly FileInfo[];
  /** First and last of a group of one sender. */
  first: boolean;
  last: boolean;
  /** Shown under the newest own message and under every failed one. */
  state: SendState | null;
  clientMsgId: string | null;
  failure: string | null;
}

export type TimelineRow =
  | BubbleRow
  | { type: "day"; key: string; at: number }
  | { type: "unread"; key: string }
  | { type: "event"; key: string; at: number; text: string };

export interface TimelineOptions {
  /** Which authors stand on the reader's side. */
  own: (author: Author) => boolean;
  /** Whose sending is told; a subset of `own`. */
  mine: (author: Author) => boolean;
  /** The name under which what is under way is shown. */
  me: Author;
  /** An event in words; null leaves it out. */
  event: (entry: Entry, body: EventBody) => string | null;
  /** The line "new" stands before the first entry of others after this `seq`; null for none. */
  unreadAfter?: number | null;
  /** Up to which `seq` the other side has read. */
  otherRead?: number;
}

/** The rows of a conversation, oldest first. */
export function timelineRows(
  entries: readonly Entry[],
  outgoing: readonly OutgoingMessage[],
  options: TimelineOptions,
): TimelineRow[] {
  const rows: TimelineRow[] = [];
  let day = "";
  let unreadDone = options.unreadAfter == null;
  const startDay = (at: number): void => {
    const key = dayKey(at);
    if (key === day) return;
    day = key;
    rows.push({ type: "day", key: `day ${key}`, at });
  };
  for (const entry of entries) {
    const at = new Date(entry.at).getTime();
    const row = entryRow(entry, at, options);
    if (!row) continue;
    startDay(at);
    const foreign = !options.mine(entry.author);
    if (!unreadDone && row.type === "bubble" && foreign && entry.seq > (options.unreadAfter ?? 0)) {
      unreadDone = true;
      rows.push({ type: "unread", key: "unread" });
    }
    rows.push(row);
  }
  const known = new Set(rows.map((row) => row.key));
  for (const message of outgoing) {
    if (known.has(message.clientMsgId)) continue;
    startDay(message.createdAt);
    rows.push(outgoingRow(message, options.me));
  }
  return withStates(grouped(rows), options);
}

function entryRow(entry: Entry, at: number, options: TimelineOptions): TimelineRow | null {
  if (entry.kind === "event") {
    const text = options.event(entry, entry.body as EventBody);
    return text === null ? null : { type: "event", key: entry.id, at, text };
  }
  const body = entry.body as Partial<MessageBody>;
  if (typeof body.text !== "string") return null;
  return {
    type: "bubble",
    // The same key as while it was under way, so that the bubble keeps its place.
    key: (options.mine(entry.author) && entry.client_msg_id) || entry.id,
    seq: entry.seq,
    at,
    own: options.own(entry.author),
    mine: options.mine(entry.author),
    note: entry.kind === "note",
    whisper: body.whisper === true,
    author: entry.author,
    text: words(body.text, body.files),
    choices: body.choices ?? [],
    files: body.files ?? [],
    first: true,
    last: true,
    state: null,
    clientMsgId: null,
    failure: null,
  };
}

/** The words of a message; the names of its files, which stand there when it has none, are not shown twice. */
function words(text: string, files: readonly FileInfo[] = []): string {
  return files.length > 0 && text === files.map((file) => file.name).join(", ") ? "" : text;
}

function outgoingRow(message: OutgoingMessage, me: Author): BubbleRow {
  return {
    type: "bubble",
    key: message.clientMsgId,
    seq: null,
    at: message.createdAt,
    own: true,
    mine: true,
    note: message.kind === "note",
    whisper: false,
    author: me,
    text: message.body.text,
    choices: [],
    files: message.body.files ?? [],
    first: true,
    last: true,
    state: message.state,
    clientMsgId: message.clientMsgId,
    failure: message.failure?.detail ?? null,
  };
}

function grouped(rows: TimelineRow[]): TimelineRow[] {
  rows.forEach((row, index) => {
    const before = rows[index - 1];
    if (row.type !== "bubble" || before?.type !== "bubble" || !together(before, row)) return;
    before.last = false;
    row.first = false;
  });
  return rows;
}

function together(a: BubbleRow, b: BubbleRow): boolean {
  return (
    a.own === b.own &&
    a.note === b.note &&
    a.author.kind === b.author.kind &&
    a.author.id === b.author.id &&
    a.author.name === b.author.name &&
    b.at - a.at <= GROUP_MS
  );
}

function withStates(rows: TimelineRow[], options: TimelineOptions): TimelineRow[] {
  const newest = rows.findLast((row) => row.type === "bubble" && row.mine && !row.note);
  for (const row of rows) {
    if (row.type !== "bubble") continue;
    // Nobody but colleagues reads a note: only that it is not stored yet is worth a word.
    if (row.note && row.state !== "sent") continue;
    if (row !== newest) row.state = row.state === "failed" ? "failed" : null;
    else if (row.seq !== null) row.state = row.seq <= (options.otherRead ?? 0) ? "read" : "sent";
  }
  return rows;
}
