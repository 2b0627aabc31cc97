/**
 * Calls an agent to the desk: a sound in one tab only, and a notification of the system when the page is not before
 * their eyes. What the agent chose is kept in this browser.
 */
import type { Mention } from "$lib/api/types";
import { keepIn } from "$lib/realtime";
import { calls, isQuiet, type Call, type Known, type QuietHours } from "./attention";
import { router } from "../routes";
import type { Desk } from "./desk.svelte";
import { mentionHref } from "./mentions.svelte";
import { visitorName } from "./summary";
import { t } from "./texts";

/** Whoever holds this lock among the tabs of a browser sounds. */
const LOCK = "switchboard-bell";
const KEY = "switchboard.bell";
/** The two tones of the bell: hertz, and when each begins, in seconds. */
const TONES = [
  [659, 0],
  [880, 0.12],
] as const;
const TONE_S = 0.18;
const LOUDNESS = 0.08;
const PREVIEW_CHARACTERS = 120;

const storage = keepIn("local");

interface Chosen {
  sound: boolean;
  notify: boolean;
  quiet: QuietHours | null;
}

class Bell {
  #chosen = $state<Chosen>({ sound: true, notify: false, quiet: null, ...stored() });
  /** Whether this tab is the one that sounds. */
  #leads = false;
  #audio: AudioContext | null = null;
  readonly #known = new Map<string, Known>();
  /** When the watch began, by this computer's clock. */
  #since = 0;

  get sound(): boolean {
    return this.#chosen.sound;
  }

  /** Notifications are wanted, and the browser lets us. */
  get notify(): boolean {
    return this.#chosen.notify && permission() === "granted";
  }

  get quiet(): QuietHours | null {
    return this.#chosen.quiet;
  }

  /** Whether this browser can show notifications at all. */
  get canNotify(): boolean {
    return permission() !== null;
  }

  /** The person said no to the browser: only the browser's own settings can change that. */
  get refused(): boolean {
    return permission() === "denied";
  }

  choose(changes: Partial<Chosen>): void {
    this.#chosen = { ...this.#chosen, ...changes };
    storage.set(KEY, JSON.stringify(this.#chosen));
  }

  /** Turns notifications on, after the browser has asked, or off; answers whether they are on. */
  async setNotify(wanted: boolean): Promise<boolean> {
    if (wanted && permission() === "default") await Notification.requestPermission();
    this.choose({ notify: wanted && permission() === "granted" });
    return this.notify;
  }

  /** Watches over a desk until the returned function is called. */
  listen(): () => void {
    this.#since = Date.now();
    const over = new AbortController();
    // Held until the end of the desk; the next tab gets it then.
    void navigator.locks
      ?.request(LOCK, { signal: over.signal }, () => {
        this.#leads = true;
        return new Promise<void>((done) => over.signal.addEventListener("abort", () => done()));
      })
      .catch(() => undefined);
    if (!navigator.locks) this.#leads = true;
    // Browsers let a page sound only after somebody has used it.
    const unlock = (): void => {
      this.#audio ??= typeof AudioContext === "function" ? new AudioContext() : null;
      void this.#audio?.resume().catch(() => undefined);
    };
    addEventListener("pointerdown", unlock, { once: true, signal: over.signal });
    addEventListener("keydown", unlock, { once: true, signal: over.signal });
    return () => {
      over.abort();
      this.#leads = false;
      this.#known.clear();
    };
  }

  /** To be called whenever something may have changed. */
  look(desk: Desk): void {
    const summaries = [...desk.store.conversations.values()];
    const found = calls(this.#known, summaries, desk.me, (summary) => desk.unreadOf(summary), this.#since);
    this.#known.clear();
    for (const summary of summaries)
      this.#known.set(summary.id, {
        unread: desk.unreadOf(summary),
        mine: summary.owner.kind === "agent" && summary.owner.id === desk.me,
      });
    if (found.length > 0) this.#ring(found);
  }

  /** A colleague calls in a note. */
  mentioned(mention: Mention): void {
    this.#call([
      {
        title: t("mentionedBy", { name: mention.by }),
        body: mention.preview,
        tag: `mention-${mention.conversation}`,
        href: mentionHref(mention),
      },
    ]);
  }

  #ring(found: readonly Call[]): void {
    this.#call(
      found.map(({ kind, summary }) => ({
        title: t(kind === "given" ? "bellGiven" : "bellMessage", { name: visitorName(summary) }),
        body: summary.preview ?? "",
        tag: summary.id,
        href: router.href("conversation", { id: summary.id }),
      })),
    );
  }

  #call(notices: readonly { title: string; body: string; tag: string; href: string }[]): void {
    const now = new Date();
    if (!this.#leads || isQuiet(this.quiet, now.getHours() * 60 + now.getMinutes())) return;
    if (this.sound) this.#play();
    if (!this.notify || document.visibilityState === "visible") return;
    for (const { title, body, tag, href } of notices) {
      // One notification for each conversation: the next replaces it.
      const shown = new Notification(title, { body: body.slice(0, PREVIEW_CHARACTERS), tag });
      shown.addEventListener("click", () => {
        focus();
        router.go(href);
        shown.close();
      });
    }
  }

  #play(): void {
    const audio = this.#audio;
    if (audio?.state !== "running") return;
    for (const [hertz, begin] of TONES) {
      const [tone, volume] = [audio.createOscillator(), audio.createGain()];
      const at = audio.currentTime + begin;
      tone.frequency.value = hertz;
      volume.gain.setValueAtTime(LOUDNESS, at);
      volume.gain.exponentialRampToValueAtTime(0.001, at + TONE_S);
      tone.connect(volume).connect(audio.destination);
      tone.start(at);
      tone.stop(at + TONE_S);
    }
  }
}

function stored(): Partial<Chosen> {
  try {
    const chosen: unknown = JSON.parse(storage.get(KEY) ?? "{}");
    return typeof chosen === "object" && chosen !== null ? chosen : {};
  } catch {
    return {};
  }
}

function permission(): NotificationPermission | null {
  return typeof Notification === "function" ? Notification.permission : null;
}

/** The bell of this tab. */
export const bell = new Bell();
