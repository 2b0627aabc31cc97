import { API_BASE, call, queryString } from "./http";
import type {
  Account,
  AuditRecord,
  Automation,
  Ban,
  BanTerm,
  CannedReply,
  Conversation,
  Entry,
  Guest,
  IdentityKey,
  Mail,
  NewAccount,
  Page,
  PresenceStatus,
  Report,
  Settings,
  StaffDirectory,
  StaffSession,
  Summary,
  Team,
  TeamRules,
  TransferTo,
} from "./types";
import type { EntryWindow } from "./visitor";

export type ConversationView = "mine" | "queue" | "all";

export interface ListOptions {
  cursor?: string;
  limit?: number;
}

export interface ConversationQuery extends ListOptions {
  view: ConversationView;
  status?: "open" | "snoozed" | "resolved";
  /** Prefix of the visitor's name, e-mail or the conversation's id. */
  q?: string;
  signal?: AbortSignal;
}

/** Days as `YYYY-MM-DD`, both included, and the zone in which they are counted. */
export interface Period {
  from: string;
  to: string;
  zone: string;
}

/** Fields of an agent that an admin may set. */
export interface AgentChanges {
  active?: boolean;
  display_name?: string;
  capacity?: number;
  teams?: string[];
  skills?: string[];
}

/** What an admin says of a team. */
export interface TeamChanges {
  name?: string;
  /** Seconds. */
  answer_s?: number;
  rules?: TeamRules;
}

const id = encodeURIComponent;
const conversation = (name: string) => `/conversations/${id(name)}`;

/** The calls of staff, under the session cookie. Which role may do what is the server's to say (contract §2). */
export const staffApi = {
  signIn: (username: string, password: string) =>
    call<{ account: Account }>("POST", "/session", { body: { username, password } }),
  session: () => call<{ account: Account }>("GET", "/session"),
  signOut: () => call<undefined>("DELETE", "/session"),
  changePassword: (current: string, next: string) =>
    call<undefined>("PUT", "/account/password", { body: { current, new: next } }),
  sessions: () => call<Page<StaffSession>>("GET", "/account/sessions"),
  revokeSession: (session: string) => call<undefined>("DELETE", `/account/sessions/${id(session)}`),

  admins: (list: ListOptions = {}) => call<Page<Account>>("GET", "/admins", { query: { ...list } }),
  addAdmin: (username: string, displayName: string) =>
    call<NewAccount>("POST", "/admins", { body: { username, display_name: displayName } }),
  changeAdmin: (account: string, changes: { active?: boolean; display_name?: string }) =>
    call<{ account: Account }>("PATCH", `/admins/${id(account)}`, { body: changes }),
  newAdminPassword: (account: string) =>
    call<{ initial_password: string }>("POST", `/admins/${id(account)}/password`, { body: {} }),

  agents: (list: ListOptions = {}) => call<Page<Account>>("GET", "/agents", { query: { ...list } }),
  addAgent: (agent: AgentChanges & { username: string; display_name: string }) =>
    call<NewAccount>("POST", "/agents", { body: agent }),
  changeAgent: (account: string, changes: AgentChanges) =>
    call<{ account: Account }>("PATCH", `/agents/${id(account)}`, { body: changes }),
  newAgentPassword: (account: string) =>
    call<{ initial_password: string }>("POST", `/agents/${id(account)}/password`, { body: {} }),

  teams: (list: ListOptions = {}) => call<Page<Team>>("GET", "/teams", { query: { ...list } }),
  addTeam: (team: TeamChanges & { name: string }) => call<{ team: Team }>("POST", "/teams", { body: team }),
  changeTeam: (team: string, changes: TeamChanges) =>
    call<{ team: Team }>("PATCH", `/teams/${id(team)}`, { body: changes }),
  deleteTeam: (team: string) => call<undefined>("DELETE", `/teams/${id(team)}`),

  canned: (list: ListOptions = {}) => call<Page<CannedReply>>("GET", "/canned", { query: { ...list } }),
  addCanned: (canned: { shortcut: string; text: string; scope: string; team?: string }) =>
    call<{ canned: CannedReply }>("POST", "/canned", { body: canned }),
  changeCanned: (canned: string, changes: { shortcut?: string; text?: string }) =>
    call<{ canned: CannedReply }>("PATCH", `/canned/${id(canned)}`, { body: changes }),
  deleteCanned: (canned: string) => call<undefined>("DELETE", `/canned/${id(canned)}`),

  settings: () => call<Settings>("GET", "/settings"),
  changeSettings: (settings: Settings) => call<Settings>("PUT", "/settings", { body: settings }),
  mails: (list: ListOptions = {}) => call<Page<Mail>>("GET", "/mails", { query: { ...list } }),
  identityKeys: () => call<Page<IdentityKey>>("GET", "/identity/keys"),
  /** The secret is shown this once. */
  addIdentityKey: (name: string) =>
    call<{ key: IdentityKey; secret: string }>("POST", "/identity/keys", { body: { name } }),
  revokeIdentityKey: (key: string) => call<undefined>("DELETE", `/identity/keys/${id(key)}`),
  bans: (list: ListOptions = {}) => call<Page<Ban>>("GET", "/bans", { query: { ...list } }),
  /** Exactly one of visitor, e-mail address and address. */
  ban: (whom: { visitor: string } | { email: string } | { address: string }, term: BanTerm, reason: string) =>
    call<{ ban: Ban }>("POST", "/bans", { body: { ...whom, for: term, reason } }),
  liftBan: (ban: string) => call<undefined>("DELETE", `/bans/${id(ban)}`),
  /** By the beginning of the e-mail address, or by the whole id. */
  visitors: (q: string) => call<Page<Guest>>("GET", "/visitors", { query: { q } }),
  /** The address of the file. */
  visitorExport: (visitor: string) => `${API_BASE}/visitors/${id(visitor)}/export`,
  eraseVisitor: (visitor: string) => call<undefined>("DELETE", `/visitors/${id(visitor)}`),

  automations: () => call<Page<Automation> | Automation[]>("GET", "/automations").then(itemsOf),
  changeAutomation: (name: string, changes: { active?: boolean; public?: boolean; deadline_ms?: number }) =>
    call<{ automation: Automation }>("PATCH", `/automations/${id(name)}`, { body: changes }),

  audit: (list: ListOptions = {}) => call<Page<AuditRecord>>("GET", "/audit", { query: { ...list } }),

  report: (period: Period, signal?: AbortSignal) =>
    call<Report>("GET", "/reports", { query: { ...period }, ...(signal ? { signal } : {}) }),
  /** Where a browser fetches the file by itself: the cookie is enough. */
  conversationsCsv: (period: Period) => `${API_BASE}/reports/conversations.csv${queryString({ ...period })}`,

  presence: () => call<{ status: PresenceStatus }>("GET", "/presence"),
  setPresence: (status: PresenceStatus) =>
    call<{ status: PresenceStatus }>("PUT", "/presence", { body: { status } }),
  directory: () => call<StaffDirectory>("GET", "/directory"),

  conversations: ({ signal, ...query }: ConversationQuery) =>
    call<Page<Summary>>("GET", "/conversations", {
      query: { ...query, q: query.q || undefined },
      ...(signal ? { signal } : {}),
    }),
  conversation: (name: string) => call<Conversation>("GET", conversation(name)),
  entries: (name: string, window: EntryWindow) =>
    call<Page<Entry>>("GET", `${conversation(name)}/entries`, { query: { ...window } }),

  transcript: (name: string, zone: string) =>
    `${API_BASE}${conversation(name)}/transcript${queryString({ zone })}`,

  /** The `fence` is that of the state the person saw: an older one is refused with 409. */
  claim: (name: string, fence: number) => act(name, "claim", { fence }),
  transfer: (name: string, fence: number, to: TransferTo, note?: string) =>
    act(name, "transfer", { fence, to, ...(note ? { note } : {}) }),
  resolve: (name: string, fence: number) => act(name, "resolve", { fence }),
  reopen: (name: string, fence: number) => act(name, "reopen", { fence }),
  tag: (name: string, changes: { add?: string[]; remove?: string[] }) =>
    call<Conversation>("POST", `${conversation(name)}/tags`, { body: changes }),
  banVisitor: (name: string, term: BanTerm, reason: string) =>
    call<{ ban: Ban }>("POST", `${conversation(name)}/ban`, { body: { for: term, reason } }),
  prioritise: (name: string, priority: string) => act(name, "priority", { priority }),
  /** `until`: RFC 3339. */
  snooze: (name: string, fence: number, until: string) => act(name, "snooze", { fence, until }),
};

function act(name: string, verb: string, body: unknown): Promise<Conversation> {
  return call<Conversation>("POST", `${conversation(name)}/${verb}`, { body });
}

/** The contract gives the automations as a plain list; a page of them is read as well. */
function itemsOf<T>(list: Page<T> | T[]): T[] {
  return Array.isArray(list) ? list : list.items;
}
