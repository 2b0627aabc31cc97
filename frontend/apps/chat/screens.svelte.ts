/** A screen that is loaded when it is needed, or a little before. */
class LazyScreen<C> {
  /** Null until it is here. Reactive. */
  component = $state.raw<C | null>(null);
  readonly #import: () => Promise<{ default: C }>;
  #loading: Promise<void> | null = null;

  constructor(load: () => Promise<{ default: C }>) {
    this.#import = load;
  }

  /** Load it once; a failed load (no network) is tried again by the next call. */
  load(): Promise<void> {
    this.#loading ??= this.#import().then(
      (module) => void (this.component = module.default),
      () => void (this.#loading = null),
    );
    return this.#loading;
  }
}

/** Not a screen: what is told when the connection is lost. It must be here by then. */
export const connectionBanner = new LazyScreen(() => import("./parts/ConnectionBanner.svelte"));
/** For who comes by a link of an e-mail. */
export const mailLink = new LazyScreen(() => import("./parts/MailLink.svelte"));
export const conversationScreen = new LazyScreen(() => import("./screens/Conversation.svelte"));
export const askScreen = new LazyScreen(() => import("./screens/PreChat.svelte"));
export const leaveScreen = new LazyScreen(() => import("./screens/LeaveMessage.svelte"));
