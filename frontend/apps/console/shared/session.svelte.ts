import { ApiError, asApiError } from "$lib/api/problem";
import { staffApi } from "$lib/api/staff";
import type { Account } from "$lib/api/types";

/** A visible console tab counts as use: it asks so often, and so learns of a deactivation too. Milliseconds. */
const STILL_HERE_MS = 60_000;

type State =
  | { kind: "loading" }
  /** The server did not answer the first question. */
  | { kind: "failed"; cause: unknown }
  /** `expired`: there was a session, and it ended by itself or elsewhere. */
  | { kind: "signed_out"; expired: boolean }
  | { kind: "signed_in"; account: Account }
  /** The account may no longer be here. */
  | { kind: "revoked" }
  | { kind: "broken" };

/** Who is signed in on this page. */
class StaffSession {
  state = $state.raw<State>({ kind: "loading" });

  get account(): Account | null {
    return this.state.kind === "signed_in" ? this.state.account : null;
  }

  /** Ask the server who this is. */
  async load(): Promise<void> {
    this.state = { kind: "loading" };
    try {
      this.#signedIn((await staffApi.session()).account);
    } catch (cause) {
      const out = asApiError(cause).remedy === "signed_out";
      this.state = out ? { kind: "signed_out", expired: false } : { kind: "failed", cause };
    }
  }

  /** Rejects with what the server said. */
  async signIn(username: string, password: string): Promise<void> {
    this.#signedIn((await staffApi.signIn(username, password)).account);
  }

  async signOut(): Promise<void> {
    try {
      await staffApi.signOut();
    } catch (cause) {
      // A dead session is what was wanted.
      if (asApiError(cause).remedy !== "signed_out") throw cause;
    }
    this.state = { kind: "signed_out", expired: false };
  }

  /** Rejects with what the server said. */
  async changePassword(current: string, next: string): Promise<void> {
    await this.guard(staffApi.changePassword(current, next));
    const account = this.account;
    if (account) this.state = { kind: "signed_in", account: { ...account, must_change_password: false } };
  }

  /** The session is dead: ask for a new one. */
  expired(): void {
    if (this.state.kind === "signed_in") this.state = { kind: "signed_out", expired: true };
  }

  revoked(): void {
    this.state = { kind: "revoked" };
  }

  broken(): void {
    this.state = { kind: "broken" };
  }

  toSignIn(): void {
    this.state = { kind: "signed_out", expired: false };
  }

  /** Passes a call through, and notices when its answer is that nobody is signed in any more. */
  async guard<T>(call: Promise<T>): Promise<T> {
    try {
      return await call;
    } catch (cause) {
      if (cause instanceof ApiError) {
        if (cause.remedy === "signed_out") this.expired();
        if (cause.remedy === "must_change_password") void this.load();
      }
      throw cause;
    }
  }

  /** While the page is visible, say so now and then. Returns how to stop. */
  keepAlive(): () => void {
    const ask = async (): Promise<void> => {
      if (document.visibilityState !== "visible" || this.state.kind !== "signed_in") return;
      try {
        const { account } = await this.guard(staffApi.session());
        if (this.state.kind === "signed_in" && changed(account, this.state.account)) this.#signedIn(account);
      } catch {
        // Unreachable for now; the next time tells.
      }
    };
    const listener = (): void => void ask();
    const timer = setInterval(listener, STILL_HERE_MS);
    document.addEventListener("visibilitychange", listener);
    return () => {
      clearInterval(timer);
      document.removeEventListener("visibilitychange", listener);
    };
  }

  #signedIn(account: Account): void {
    this.state = { kind: "signed_in", account };
  }
}

function changed(a: Account, b: Account): boolean {
  return (
    a.id !== b.id ||
    a.role !== b.role ||
    a.display_name !== b.display_name ||
    a.must_change_password !== b.must_change_password
  );
}

/** The session of this page. */
export const session = new StaffSession();
