import type * as Trouble from "./trouble";

/** A screen, or a part of one, that is loaded when it is needed or a little before. */
export class LazyScreen<C> {
  /** Null until it is here. Reactive. */
  component = $state.raw<C | null>(null);
  /** It could not be loaded: no network, or it went with an older version of this page. Reactive. */
  failed = $state(false);
  readonly #import: () => Promise<C>;
  #loading: Promise<void> | null = null;
  #pressed = false;

  constructor(load: () => Promise<C>) {
    this.#import = load;
  }

  /** Load it once; a failed load is tried again by the next call. */
  load(): Promise<void> {
    this.#loading ??= this.#import()
      .then((component) => {
        this.component = component;
        this.failed = false;
      })
      .catch(() => {
        this.#loading = null;
        this.failed = true;
      });
    return this.#loading;
  }

  /** Somebody asks for it. Some browsers keep a failure in mind for as long as the page lives: then it begins anew. */
  again(): void {
    if (this.#pressed) location.reload();
    this.#pressed = true;
    void this.load();
  }
}

const trouble = (): Promise<typeof Trouble> => import("./trouble");
const one = <C>(module: Promise<{ default: C }>): Promise<C> => module.then((found) => found.default);

/** Not screens: what is told when the connection is lost, or there is no way on. They must be here by then. */
export const connectionBanner = new LazyScreen(() => trouble().then((found) => found.ConnectionBanner));
export const stopped = new LazyScreen(() => trouble().then((found) => found.Stopped));
/** For who comes by a link of an e-mail. */
export const mailLink = new LazyScreen(() => one(import("./parts/MailLink.svelte")));
/** For who has conversations already. */
export const ownList = new LazyScreen(() => one(import("./parts/OwnList.svelte")));
export const conversationScreen = new LazyScreen(() => one(import("./screens/Conversation.svelte")));
export const askScreen = new LazyScreen(() => one(import("./screens/PreChat.svelte")));
export const leaveScreen = new LazyScreen(() => one(import("./screens/LeaveMessage.svelte")));
