/**
 * The JSON of the HTTP interface (`/api/v1`), as the contract names it. Readers ignore what they do not know:
 * event names, entry kinds, body kinds and channels are open sets, so they are `string`s with known values.
 */

export type * from "./assistant";
export type * from "./automations";
export type * from "./reports";
export type * from "./rules";
export type * from "./webhooks";

/** RFC 3339 UTC, for example `2026-11-23T09:04:00Z`. */
export type Timestamp = string;

/** The three kinds of staff. */
export type Role = "super_admin" | "admin" | "agent";

/** What an agent says about being there. */
export type PresenceStatus = "online" | "away" | "offline";

/** A page of a list; `next` is the cursor of the following page, or null at the end. */
export interface Page<T> {
  items: T[];
  next: string | null;
}

/** RFC 9457 problem document. `errors` names the field that was not acceptable and why (422). */
export interface Problem {
  type: string;
  title: string;
  status: number;
  detail?: string;
  errors?: Record<string, string>;
}

/** A member of staff. `capacity` and `teams` (ids) exist for agents. */
export interface Account {
  id: string;
  username: string;
  display_name: string;
  role: Role;
  active: boolean;
  must_change_password: boolean;
  created_at: Timestamp;
  capacity?: number | null;
  teams?: string[] | null;
  /** What an agent is good for, languages (`nl`) included. */
  skills?: string[] | null;
}

/** The answer to making an account: the one-time password is shown once and never again. */
export interface NewAccount {
  account: Account;
  initial_password: string;
}

/** One sign-in of the account itself. */
export interface StaffSession {
  id: string;
  created_at: Timestamp;
  last_seen_at?: Timestamp;
  expires_at?: Timestamp;
  address?: string | null;
  agent?: string | null;
  current?: boolean;
}

/** A group of agents with a queue of its own. `answer_s`: seconds within which an agent answers. */
export interface Team {
  id: string;
  name: string;
  answer_s?: number;
  rules?: TeamRules;
  /** How many agents belong to it. */
  members?: number;
  created_at?: Timestamp;
}

/** How a team works; all times in seconds. */
export interface TeamRules {
  /** Without them it is there whenever somebody of it is online. */
  hours?: Hours | null;
  /** How long those with the right skills are waited for. */
  widen_s?: number;
  /** After so much silence a conversation leaves room for another one. */
  silent_s?: number;
  /** The team that helps out, and after how long. */
  overflow?: { team: string; after_s: number } | null;
}

/** Business hours in a time zone: Monday to Sunday, and the days on which it is closed. */
export interface Hours {
  zone: string;
  week: HoursSpan[][];
  holidays?: Holiday[];
}

/** A stretch of a day, `HH:MM` to `HH:MM`; `24:00` is its end. */
export interface HoursSpan {
  from: string;
  to: string;
}

/** A day, `YYYY-MM-DD`. */
export interface Holiday {
  date: string;
  name?: string;
}

/** A text that agents send again and again. `scope` is `all`, `team` or `own`; the set is open. */
export interface CannedReply {
  id: string;
  /** What is typed behind `/` to find it. */
  shortcut: string;
  /** May hold `{{visitor.first_name|there}}` and the like. */
  text: string;
  scope: string;
  /** The team's id, when it is a team's. */
  team?: string | null;
  created_at?: Timestamp;
  updated_at?: Timestamp;
}

/** What a list of conversations shows. */
export interface ViewFilter {
  view: string;
  status?: string | null;
  tag?: string | null;
  team?: string | null;
  q?: string | null;
}

/** A list of conversations under a name. `scope` is `all` or `own`; the set is open. */
export interface SavedView {
  id: string;
  name: string;
  scope: string;
  filter: ViewFilter;
  /** Who saved it, and the name. */
  by: string;
  by_name: string;
  created_at?: Timestamp;
  updated_at?: Timestamp;
}

/** Some of a text, and whether it is what was looked for. */
export interface HitPart {
  text: string;
  found: boolean;
}

/** A message or note that was found. */
export interface Hit {
  seq: number;
  at: Timestamp;
  kind: string;
  author: Author;
  parts: HitPart[];
}

/** A conversation, and what of it was found, newest first. */
export interface Found {
  conversation: Conversation;
  hits: Hit[];
}

/** One line of the audit log, newest first. */
export interface AuditRecord {
  id: string;
  at: Timestamp;
  action: string;
  /** `kind` is a role, or the kind of thing; the name is that of the time. */
  actor?: { kind: string; id?: string | null; name: string } | null;
  target?: { kind: string; id?: string | null; name: string } | null;
  detail?: string | null;
  address?: string | null;
}

/** Whom an agent may pass a conversation to. */
export interface StaffDirectory {
  agents: {
    id: string;
    name: string;
    /** By which notes call them. */
    username?: string;
    status: PresenceStatus;
    /** Since when they are online or away. */
    since?: Timestamp | null;
    open: number;
    capacity: number;
    teams?: string[];
    skills?: string[];
  }[];
  teams: {
    id: string;
    name: string;
    online?: number;
    /** Within its business hours. */
    open?: boolean;
    waiting?: number;
    waiting_since?: Timestamp | null;
  }[];
  automations: { name: string; title: string; description?: string }[];
  /** Conversations that wait for agents of any team. */
  waiting?: number;
  waiting_since?: Timestamp | null;
  /** What visitors are asked before a conversation. */
  questions?: PreChatField[];
}

/** A private note that calls the agent who asks. */
export interface Mention {
  /** The note's id. */
  id: string;
  conversation: string;
  seq: number;
  /** The visitor's name. */
  visitor?: string | null;
  /** Who wrote it. */
  by: string;
  preview: string;
  at: Timestamp;
  read: boolean;
}

/** How the installation is, as the node sees it that answers. */
export interface System {
  version: string;
  database: { kind: "sqlite" | "mysql" | (string & {}); durable: boolean; ms: number };
  bus: { up: boolean; ms: number; trouble?: string | null };
  dbmgrs: number;
  nodes: { id: string; version: string; up_s: number; visitors: number; agents: number }[];
}

/** What a supervisor sees of a conversation. */
export interface Watched {
  conversation: Conversation;
  entries: Entry[];
  more: boolean;
}

/** Who writes an entry. `id` is left out where the reader may not know it. */
export interface Author {
  kind: "visitor" | "agent" | "automation" | "system" | (string & {});
  id?: string | null;
  name: string;
}

/** A ready answer that the visitor may choose instead of typing. */
export interface Choice {
  label: string;
  value: string;
}

/** A file of a conversation. `type` is what the server has judged it to be. */
export interface FileInfo {
  id: string;
  name: string;
  type: string;
  /** In bytes. */
  size: number;
}

/** What people and automations say. With files the text may be blank; the server puts their names there. */
export interface MessageBody {
  text: string;
  choices?: Choice[];
  files?: FileInfo[];
  /** A supervisor's note. */
  whisper?: boolean;
}

/** What happened to a conversation; the other fields depend on the event. */
export interface EventBody {
  event: string;
  [field: string]: unknown;
}

/** One line of a conversation. `seq` rises; a visitor's may skip (notes are not shown to it). */
export interface Entry {
  conversation: string;
  seq: number;
  id: string;
  at: Timestamp;
  kind: "message" | "note" | "event" | (string & {});
  author: Author;
  body: MessageBody | EventBody;
  client_msg_id?: string | null;
}

/** Who has a conversation. For an automation `id` is its name and `name` its title. */
export interface Owner {
  kind: "automation" | "queue" | "agent" | "none" | (string & {});
  id?: string | null;
  name?: string | null;
}

/** A place in the queue; 21 means "more than 20". The estimate is in seconds and absent if not honest. */
export interface QueuePlace {
  position: number;
  estimate_s?: number | null;
}

/** A visitor as staff see it; `verified` says whether the identity was signed by the host site. */
export interface Visitor {
  id: string;
  name?: string | null;
  email?: string | null;
  locale?: string | null;
  page?: string | null;
  verified?: boolean;
  /** Answers to the form before a conversation, by the key of the question. */
  attributes?: Record<string, string>;
}

/** Whether something is asked for. */
export type Asked = "no" | "optional" | "required";

/** A question; its answer is an attribute of the visitor. */
export interface PreChatField {
  key: string;
  label: string;
  kind: "text" | "choice" | "checkbox";
  required?: boolean;
  /** When it is a choice. */
  choices?: string[];
}

/** What is asked before a conversation with people. */
export interface PreChat {
  ask_name: Asked;
  ask_email: Asked;
  intro?: string | null;
  fields: PreChatField[];
}

/** Settings that admins change while the installation runs. */
export interface Settings {
  pre_chat: PreChat;
  /** Resolved conversations older than so many days are erased; null: they are kept. */
  retention_days: number | null;
  mail?: MailSettings;
  /** Agents are shown what a visitor is typing. */
  typing_preview?: boolean;
}

/** What visitors are written by e-mail; `ready` says whether a mail server is configured. */
export interface MailSettings {
  replies: boolean;
  after_minutes: number;
  ready?: boolean;
}

/** An e-mail to a visitor, and what became of it. */
export interface Mail {
  id: string;
  kind: string;
  conversation: string;
  recipient: string;
  state: "due" | "sent" | "failed" | "dropped";
  attempts: number;
  error?: string | null;
  created_at: Timestamp;
  due_at?: Timestamp | null;
  done_at?: Timestamp | null;
}

/** A key with which sites sign who their visitors are. */
export interface IdentityKey {
  id: string;
  name: string;
  by: string;
  created_at: Timestamp;
}

/** How long a ban may be said to last. */
export type BanTerm = "1h" | "1d" | "7d" | "30d" | "forever";

/** Whom a ban is for, why, and until when; without `until` it does not end. */
export interface Ban {
  id: string;
  kind: "visitor" | "email" | "address";
  value: string;
  reason: string;
  until?: Timestamp | null;
  by: string;
  created_at: Timestamp;
}

/** A visitor as admins see it. */
export interface Guest {
  id: string;
  name?: string | null;
  email?: string | null;
  locale?: string | null;
  page?: string | null;
  verified: boolean;
  attributes: Record<string, string>;
  /** Where it came from last. */
  address?: string | null;
  conversations: number;
  banned: boolean;
  created_at: Timestamp;
  last_seen_at: Timestamp;
}

export type ConversationStatus = "open" | "snoozed" | "resolved" | (string & {});

/** The state of a conversation. `head` is the last `seq` that this reader may see, `head_id` its id. */
export interface Conversation {
  id: string;
  status: ConversationStatus;
  owner: Owner;
  fence: number;
  head: number;
  head_id?: string | null;
  visitor: Visitor;
  /** Id of the team whose it is or was. */
  team?: string | null;
  tags: string[];
  /** For staff: `low`, `normal`, `high` or `urgent`. */
  priority?: string | null;
  queue?: QueuePlace | null;
  created_at: Timestamp;
  updated_at: Timestamp;
  channel?: string;
  snoozed_until?: Timestamp | null;
  /** For the visitor, who has written nothing yet: the last `seq` of what it was greeted with. */
  opening?: number | null;
}

/** A conversation as a row of a list. */
export interface Summary extends Conversation {
  /** The last message, shortened. */
  preview?: string | null;
  /** Staff: the visitor's messages that staff have not read. Visitor: what came since this page was opened. */
  unread?: number;
  waiting_since?: Timestamp | null;
}

/** What a visitor may start with. */
export interface VisitorDirectory {
  automations: { name: string; title: string; description: string }[];
  people: { available: boolean; teams: VisitorTeam[] };
  pre_chat?: PreChat | null;
  /** Agents are shown what is typed before it is sent. */
  typing_preview?: boolean;
  /** Whether there are articles to read at `/help`. */
  help?: boolean;
  /** Whether a transcript can be had by e-mail. */
  mail?: boolean;
}

/** A team that a visitor may ask for; `opens_at` while it is closed. */
export interface VisitorTeam {
  id: string;
  name: string;
  available?: boolean;
  opens_at?: Timestamp | null;
}

/** Whom a visitor wants to talk to. */
export type StartWith = { automation: string } | { people: true } | { team: string };

/** The answer to `POST /visitor/session`. The token is a secret: it goes nowhere but to the server. */
export interface VisitorSession {
  visitor: Visitor;
  token?: string | null;
}

/** Where an agent passes a conversation. */
export type TransferTo = { agent: string } | { team: string } | { automation: string };
