import type { Problem } from "./types";

/**
 * What a person can do about a failed call:
 * `offline` check the network and try again · `unavailable` try again shortly · `rate_limited` wait
 * `retryAfter` seconds · `signed_out` sign in · `must_change_password` do that first · `forbidden` nothing here
 * · `gone` go back · `conflict` look again, somebody was faster · `invalid` mend the named fields
 * · `too_large` shorten · `bug` reload, and tell the operator.
 */
export type Remedy =
  | "offline"
  | "unavailable"
  | "rate_limited"
  | "signed_out"
  | "must_change_password"
  | "forbidden"
  | "gone"
  | "conflict"
  | "invalid"
  | "too_large"
  | "bug";

const REMEDY_BY_STATUS: Record<number, Remedy> = {
  401: "signed_out",
  403: "forbidden",
  404: "gone",
  409: "conflict",
  413: "too_large",
  422: "invalid",
  429: "rate_limited",
};

/** A call that did not do what it was asked. Nothing is half done. */
export class ApiError extends Error {
  /** HTTP status; 0 when no answer came at all. */
  readonly status: number;
  readonly problem: Problem;
  /** Seconds to wait before trying again, if the server said so. */
  readonly retryAfter: number | null;
  readonly remedy: Remedy;

  constructor(problem: Problem, retryAfter: number | null = null) {
    super(problem.detail ?? problem.title);
    this.name = "ApiError";
    this.status = problem.status;
    this.problem = problem;
    this.retryAfter = retryAfter;
    this.remedy = remedyFor(problem);
  }

  /** Field → reason, empty unless the remedy is `invalid`. */
  get fields(): Record<string, string> {
    return this.problem.errors ?? {};
  }

  /** Whether the same call may succeed later without any change. */
  get transient(): boolean {
    return ["offline", "unavailable", "rate_limited"].includes(this.remedy);
  }
}

function remedyFor(problem: Problem): Remedy {
  if (problem.status === 0) return "offline";
  if (problem.type.endsWith("/password-change-required")) return "must_change_password";
  if (problem.status >= 500) return "unavailable";
  return REMEDY_BY_STATUS[problem.status] ?? "bug";
}

/** Whatever was thrown, as an `ApiError`. */
export function asApiError(cause: unknown): ApiError {
  if (cause instanceof ApiError) return cause;
  const detail = cause instanceof Error ? cause.message : String(cause);
  return new ApiError({ type: "about:blank", title: "Unexpected", status: -1, detail });
}
