import { SvelteMap } from "svelte/reactivity";
import { asApiError } from "$lib/api/problem";
import { staffApi } from "$lib/api/staff";
import type { Account, Conversation, Mention, PresenceStatus, StaffDirectory, Summary } from "$lib/api/types";
import { fullTime } from "$lib/i18n/format";
import { createConversationStore, type ConversationStore, type Timeline } from "$lib/realtime";
import { toasts } from "$lib/ui/toasts.svelte";
import { problemText } from "../shared/problem";
import { router } from "../routes";
import { session } from "../shared/session.svelte";
import { CannedReplies } from "./canned.svelte";
import { bell } from "./bell.svelte";
import { drafts } from "./drafts.svelte";
import { Held } from "./held.svelte";
import { mentionHref, Mentions } from "./mentions.svelte";
import { isMine } from "./summary";
import { t } from "./texts";
import { SavedViews } from "./views.svelte";

/** Conversations kept at hand, so that going back to one is instant. The server follows at most 20 foreign ones. */
const KEPT_OPEN = 10;

/** The first welcome comes this soon after the beginning: then nothing needs to be asked twice. Milliseconds. */
const JUST_NOW_MS = 2_000;

/** An agent's place of work: the store, the own presence, and what can be done with a conversation. */
export class Desk {
  readonly account: Account;
  readonly store: ConversationStore;
  readonly canned = new CannedReplies();
  readonly views = new SavedViews();
  readonly mentions = new Mentions();
  readonly heldBefore: Held;
  /** Null until the server said. */
  status = $state<PresenceStatus | null>(null);
  settingStatus = $state(false);
  directory = $state.raw<StaffDirectory | null>(null);
  /** Timelines at hand, least recently used first. */
  readonly opened = new SvelteMap<string, Timeline>();
  #refreshedAt = 0;
  /** The server has said, since the connection was made, how this agent is seen. */
  settled = $state(false);
  /** There is an assistant that can be asked. */
  assistant = $state(false);
  /** A change of owner or status is under way. */
  acting = $state(false);

  constructor(account: Account) {
    this.account = account;
    this.heldBefore = new Held(account.id);
    this.store = createConversationStore({
      kind: "agent",
      identity: account.id,
      history: { conversation: staffApi.conversation, entries: staffApi.entries },
      mentioned: (mention) => this.#mentioned(mention),
      probe: async () => {
        try {
          await staffApi.session();
          return null;
        } catch (cause) {
          const error = asApiError(cause);
          return error.remedy === "signed_out" ? { reason: "signed_out", detail: error.message } : null;
        }
      },
    });
  }

  get me(): string {
    return this.account.id;
  }

  /** Own open conversations, as far as known. */
  get held(): number {
    return [...this.store.conversations.values()].filter((c) => isMine(c, this.me) && c.status === "open")
      .length;
  }

  /** Messages of visitors in own conversations that nobody read. */
  get unread(): number {
    let sum = 0;
    for (const summary of this.store.conversations.values())
      if (isMine(summary, this.me)) sum += this.unreadOf(summary);
    return sum;
  }

  /** Unread messages of one conversation. The server's count may lag behind what was just read here. */
  unreadOf(summary: Summary): number {
    const timeline = this.opened.get(summary.id);
    const read = timeline !== undefined && timeline.lastSeq > 0 && timeline.ownRead >= timeline.lastSeq;
    return read && timeline.lastSeq >= summary.head ? 0 : (summary.unread ?? 0);
  }

  /** Conversations in the queue, as far as known. */
  get waiting(): number {
    let sum = 0;
    for (const summary of this.store.conversations.values()) if (summary.owner.kind === "queue") sum += 1;
    return sum;
  }

  start(): void {
    void this.refresh();
    void this.views.load();
    this.store.connection.start();
  }

  stop(): void {
    this.store.stop();
    this.opened.clear();
  }

  /** At the beginning and after every welcome: what frames do not repeat. */
  async refresh(): Promise<void> {
    if (Date.now() - this.#refreshedAt < JUST_NOW_MS) {
      this.settled = true;
      return;
    }
    this.#refreshedAt = Date.now();
    const [presence, directory, queue] = await Promise.allSettled([
      session.guard(staffApi.presence()),
      staffApi.directory(),
      staffApi.conversations({ view: "queue", status: "open", limit: 200 }),
    ]);
    void this.mentions.load();
    void this.#lookForAssistant();
    if (presence.status === "fulfilled") {
      this.status = presence.value.status;
      void this.heldBefore.back(this.status, this.me);
      this.settled = true;
    }
    if (directory.status === "fulfilled") this.directory = directory.value;
    if (queue.status === "fulfilled") this.store.absorb(queue.value.items);
  }

  /** Nobody needs it for anything else: when the question fails, there is none for now. */
  async #lookForAssistant(): Promise<void> {
    try {
      this.assistant = (await staffApi.assistReady()).ready;
    } catch {
      this.assistant = false;
    }
  }

  async loadDirectory(): Promise<void> {
    this.directory = await session.guard(staffApi.directory());
  }

  teamName = (id: string): string | undefined => this.directory?.teams.find((team) => team.id === id)?.name;

  async setStatus(status: PresenceStatus): Promise<void> {
    if (this.settingStatus) return;
    this.settingStatus = true;
    try {
      this.status = (await session.guard(staffApi.setPresence(status))).status;
      // Who goes offline by themselves knows what becomes of their conversations.
      if (status === "offline") this.heldBefore.forget();
      else this.heldBefore.dismiss();
    } catch (cause) {
      toasts.show(problemText(cause), { tone: "danger" });
    } finally {
      this.settingStatus = false;
    }
  }

  #mentioned(mention: Mention): void {
    this.mentions.take(mention);
    bell.mentioned(mention);
    // Who has it before their eyes sees the note itself.
    if (document.visibilityState === "visible" && location.pathname.endsWith(`/${mention.conversation}`)) {
      void this.mentions.read(mention.conversation);
      return;
    }
    const action = {
      label: t("open"),
      run: () => router.go(mentionHref(mention)),
    };
    toasts.show(t("mentionedBy", { name: mention.by }), { action });
  }

  /** The timeline of a conversation; those not looked at for longest are let go. */
  open(id: string): Timeline {
    const timeline = this.opened.get(id) ?? this.store.open(id);
    this.opened.delete(id);
    this.opened.set(id, timeline);
    for (const old of [...this.opened.keys()].slice(0, Math.max(0, this.opened.size - KEPT_OPEN))) {
      this.opened.delete(old);
      this.store.close(old);
    }
    return timeline;
  }

  /** Answers whether it is theirs now. */
  async claim(summary: Summary): Promise<boolean> {
    if (this.status === "offline") {
      const action = { label: t("goOnline"), run: () => void this.setStatus("online") };
      toasts.show(t("claimOffline"), { action });
      return false;
    }
    if (!(await this.#act(summary.id, () => staffApi.claim(summary.id, summary.fence)))) return false;
    toasts.show(t("claimed"), { tone: "ok" });
    return true;
  }

  async resolve(summary: Summary): Promise<void> {
    const after = await this.#act(summary.id, () => staffApi.resolve(summary.id, summary.fence));
    if (!after) return;
    const action = { label: t("reopen"), run: () => void this.reopen({ ...summary, ...after }) };
    toasts.show(t("resolvedToast"), { tone: "ok", action });
  }

  async reopen(summary: Summary): Promise<void> {
    if (await this.#act(summary.id, () => staffApi.reopen(summary.id, summary.fence)))
      toasts.show(t("reopenedToast"), { tone: "ok" });
  }

  /** Labels that are in use here: what is offered to whoever adds one. */
  get tags(): string[] {
    const all = [...this.store.conversations.values()].flatMap((summary) => summary.tags);
    return [...new Set(all)].sort((a, b) => a.localeCompare(b));
  }

  /** Adds labels or takes them away; answers whether that is done. */
  async tag(summary: Summary, changes: { add?: string[]; remove?: string[] }): Promise<boolean> {
    return Boolean(await this.#act(summary.id, () => staffApi.tag(summary.id, changes)));
  }

  async prioritise(summary: Summary, priority: string): Promise<void> {
    await this.#act(summary.id, () => staffApi.prioritise(summary.id, priority));
  }

  async snooze(summary: Summary, until: Date): Promise<void> {
    if (await this.#act(summary.id, () => staffApi.snooze(summary.id, summary.fence, until.toISOString())))
      toasts.show(t("snoozedToast", { time: fullTime(until.getTime()) }), { tone: "ok" });
  }

  /** Rejects with what the server said, so that the dialog can stay. */
  async transfer(
    summary: Summary,
    to: { agent: string } | { team: string } | { automation: string },
    note: string,
  ): Promise<void> {
    try {
      const call = staffApi.transfer(summary.id, summary.fence, to, note.trim() || undefined);
      this.store.absorb([await session.guard(call)]);
    } catch (cause) {
      await this.#lookAgain(summary.id, cause);
      throw cause;
    }
  }

  /** At signing out: nothing of this agent stays on the computer. */
  forget(): void {
    this.store.clear();
    this.heldBefore.forget();
    drafts.clear();
  }

  async #act(id: string, call: () => Promise<Conversation>): Promise<Conversation | null> {
    if (this.acting) return null;
    this.acting = true;
    try {
      const after = await session.guard(call());
      this.store.absorb([after]);
      return after;
    } catch (cause) {
      await this.#lookAgain(id, cause);
      toasts.show(problemText(cause), { tone: "danger" });
      return null;
    } finally {
      this.acting = false;
    }
  }

  /** A refusal because of an older state: fetch the newer one. */
  async #lookAgain(id: string, cause: unknown): Promise<void> {
    if (asApiError(cause).remedy !== "conflict") return;
    await staffApi.conversation(id).then(
      (state) => this.store.absorb([state]),
      () => undefined,
    );
  }
}
