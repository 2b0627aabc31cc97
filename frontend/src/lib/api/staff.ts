import { API_BASE, call, queryString } from "./http";
import type {
  Account,
  Article,
  ArticleDraft,
  Assisted,
  AssistTask,
  AuditRecord,
  Automation,
  AutomationRules,
  Ban,
  BanTerm,
  CannedReply,
  Guide,
  HookTrial,
  OneGuide,
  TriedGuide,
  Conversation,
  Entry,
  Found,
  Guest,
  IdentityKey,
  Mail,
  Mention,
  NewAccount,
  Page,
  PresenceStatus,
  RehearsedAnswer,
  Report,
  Rule,
  RuleDraft,
  RuleRun,
  RuleSample,
  SavedView,
  Settings,
  StaffDirectory,
  StaffSession,
  Summary,
  System,
  Team,
  TeamRules,
  TransferTo,
  TriedRule,
  ViewFilter,
  Watched,
  Webhook,
  WebhookDelivery,
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
  tag?: string;
  /** The team's id. */
  team?: string;
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

  guides: (list: ListOptions = {}) => call<Page<Guide>>("GET", "/guides", { query: { ...list } }),
  guide: (name: string) => call<OneGuide>("GET", `/guides/${id(name)}`),
  addGuide: (guide: { name: string; title: string; file?: string; team?: string }) =>
    call<OneGuide>("POST", "/guides", { body: guide }),
  renameGuide: (name: string, title: string) =>
    call<OneGuide>("PATCH", `/guides/${id(name)}`, { body: { title } }),
  deleteGuide: (name: string) => call<undefined>("DELETE", `/guides/${id(name)}`),
  changeDraft: (name: string, draft: { edition: number; steps: readonly unknown[] }) =>
    call<OneGuide>("PUT", `/guides/${id(name)}/draft`, { body: draft }),
  publishGuide: (name: string, which: { edition: number; version?: number }) =>
    call<OneGuide>("POST", `/guides/${id(name)}/publish`, { body: which }),
  tryGuide: (turn: {
    steps: readonly unknown[];
    text: string;
    known: Record<string, string>;
    state?: string;
    locale?: string;
    page?: string;
    calls_fail?: boolean;
  }) => call<TriedGuide>("POST", "/guides/try", { body: turn }),
  articles: (list: ListOptions & { q?: string } = {}) =>
    call<Page<Article>>("GET", "/articles", { query: { ...list } }),
  article: (article: string) => call<{ article: Article }>("GET", `/articles/${id(article)}`),
  addArticle: (draft: ArticleDraft) => call<{ article: Article }>("POST", "/articles", { body: draft }),
  /** `version` is that of what the admin saw: an older one is refused with 409. */
  changeArticle: (article: string, changes: Partial<ArticleDraft> & { version: number }) =>
    call<{ article: Article }>("PATCH", `/articles/${id(article)}`, { body: changes }),
  deleteArticle: (article: string) => call<undefined>("DELETE", `/articles/${id(article)}`),
  tryArticles: (q: string, locale: string) =>
    call<RehearsedAnswer>("GET", "/articles/try", { query: { q, locale: locale || undefined } }),

  system: () => call<System>("GET", "/system"),
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
  /** Makes one visitor of two; the details of the first win. */
  mergeVisitors: (keep: string, other: string) =>
    call<Guest>("POST", `/visitors/${id(keep)}/merge`, { body: { with: other } }),
  eraseVisitor: (visitor: string) => call<undefined>("DELETE", `/visitors/${id(visitor)}`),

  automations: () => call<Page<Automation> | Automation[]>("GET", "/automations").then(itemsOf),
  changeAutomation: (
    name: string,
    changes: { active?: boolean; public?: boolean; deadline_ms?: number; rules?: AutomationRules },
  ) => call<{ automation: Automation }>("PATCH", `/automations/${id(name)}`, { body: changes }),
  addHook: (hook: { name: string; title: string; description: string; url: string }) =>
    call<{ automation: Automation; secret: string }>("POST", "/automations", { body: hook }),
  changeHook: (name: string, changes: { title?: string; description?: string; url?: string }) =>
    call<{ automation: Automation }>("PATCH", `/automations/${id(name)}/hook`, { body: changes }),
  rotateHook: (name: string) =>
    call<{ automation: Automation; secret: string }>("POST", `/automations/${id(name)}/hook/secret`),
  tryHook: (name: string, text: string) =>
    call<HookTrial>("POST", `/automations/${id(name)}/hook/test`, { body: { text } }),
  deleteHook: (name: string) => call("DELETE", `/automations/${id(name)}`),

  webhooks: () => call<Page<Webhook>>("GET", "/webhooks"),
  addWebhook: (webhook: { name: string; url: string; events: string[] }) =>
    call<{ webhook: Webhook; secret: string }>("POST", "/webhooks", { body: webhook }),
  changeWebhook: (
    webhook: string,
    changes: { name?: string; url?: string; events?: string[]; active?: boolean },
  ) => call<{ webhook: Webhook }>("PATCH", `/webhooks/${id(webhook)}`, { body: changes }),
  newWebhookSecret: (webhook: string) =>
    call<{ webhook: Webhook; secret: string }>("POST", `/webhooks/${id(webhook)}/secret`, { body: {} }),
  testWebhook: (webhook: string) =>
    call<{ event: string }>("POST", `/webhooks/${id(webhook)}/test`, { body: {} }),
  deleteWebhook: (webhook: string) => call<undefined>("DELETE", `/webhooks/${id(webhook)}`),
  webhookDeliveries: (webhook: string, list: ListOptions & { state?: string } = {}) =>
    call<Page<WebhookDelivery>>("GET", `/webhooks/${id(webhook)}/deliveries`, { query: { ...list } }),
  replayWebhook: (webhook: string, event?: string) =>
    call<{ deliveries: number }>("POST", `/webhooks/${id(webhook)}/replay`, {
      body: event ? { event } : {},
    }),

  rules: () => call<Page<Rule>>("GET", "/rules"),
  addRule: (rule: RuleDraft) => call<{ rule: Rule }>("POST", "/rules", { body: rule }),
  changeRule: (rule: string, changes: Partial<RuleDraft> & { edition?: string }) =>
    call<{ rule: Rule }>("PATCH", `/rules/${id(rule)}`, { body: changes }),
  deleteRule: (rule: string) => call<undefined>("DELETE", `/rules/${id(rule)}`),
  orderRules: (ids: readonly string[]) => call<Page<Rule>>("PUT", "/rules/order", { body: { ids } }),
  tryRule: (run: { rule: RuleDraft; conversation?: string; sample?: RuleSample }) =>
    call<TriedRule>("POST", "/rules/try", { body: run }),
  ruleRuns: (list: ListOptions & { rule?: string; conversation?: string } = {}) =>
    call<Page<RuleRun>>("GET", "/rules/runs", { query: { ...list } }),

  audit: (list: ListOptions = {}) => call<Page<AuditRecord>>("GET", "/audit", { query: { ...list } }),

  report: (period: Period, signal?: AbortSignal) =>
    call<Report>("GET", "/reports", { query: { ...period }, ...(signal ? { signal } : {}) }),
  /** Where a browser fetches the file by itself: the cookie is enough. */
  conversationsCsv: (period: Period) => `${API_BASE}/reports/conversations.csv${queryString({ ...period })}`,

  presence: () => call<{ status: PresenceStatus }>("GET", "/presence"),
  setPresence: (status: PresenceStatus) =>
    call<{ status: PresenceStatus }>("PUT", "/presence", { body: { status } }),
  directory: () => call<StaffDirectory>("GET", "/directory"),

  search: (q: string, list: ListOptions = {}, signal?: AbortSignal) =>
    call<Page<Found>>("GET", "/search", { query: { q, ...list }, ...(signal ? { signal } : {}) }),
  views: () => call<Page<SavedView>>("GET", "/views"),
  addView: (view: { name: string; scope: string; filter: ViewFilter }) =>
    call<{ view: SavedView }>("POST", "/views", { body: view }),
  changeView: (view: string, changes: { name?: string; filter?: ViewFilter }) =>
    call<{ view: SavedView }>("PATCH", `/views/${id(view)}`, { body: changes }),
  deleteView: (view: string) => call<undefined>("DELETE", `/views/${id(view)}`),

  conversations: ({ signal, ...query }: ConversationQuery) =>
    call<Page<Summary>>("GET", "/conversations", {
      query: {
        ...query,
        q: query.q || undefined,
        tag: query.tag || undefined,
        team: query.team || undefined,
      },
      ...(signal ? { signal } : {}),
    }),
  conversation: (name: string) => call<Conversation>("GET", conversation(name)),
  entries: (name: string, window: EntryWindow) =>
    call<Page<Entry>>("GET", `${conversation(name)}/entries`, { query: { ...window } }),

  mentions: (list: ListOptions = {}) => call<Page<Mention>>("GET", "/mentions", { query: { ...list } }),
  /** Those of one conversation, or all. */
  readMentions: (name?: string) =>
    call<undefined>("POST", "/mentions/read", { body: name ? { conversation: name } : {} }),

  /** What an agent has: for supervisors. */
  held: (agent: string) => call<Page<Summary>>("GET", `/agents/${id(agent)}/conversations`),
  watch: (name: string, after?: number) =>
    call<Watched>("POST", `${conversation(name)}/watch`, { body: after === undefined ? {} : { after } }),
  whisper: (name: string, clientMsgId: string, text: string) =>
    call<Entry>("POST", `${conversation(name)}/whisper`, {
      body: { client_msg_id: clientMsgId, body: { text } },
    }),
  /** Whether there is an assistant. */
  assistReady: () => call<{ ready: boolean }>("GET", "/assist"),
  /** Has it draft the next message or summarise; nothing is sent or written. */
  assist: (name: string, task: AssistTask) =>
    call<Assisted>("POST", `${conversation(name)}/assist`, { body: { task } }),
  /** The visitors of two conversations become one; the details of the first win. */
  mergeHere: (name: string, other: string) => act(name, "merge", { with: other }),

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
