import { ApiError } from "./problem";
import type { Problem } from "./types";

/** Every path below is relative to this. */
export const API_BASE = "/api/v1";

/** Milliseconds until an unanswered call counts as failed. */
export const CALL_DEADLINE_MS = 15_000;

export interface CallOptions {
  /** Sent as JSON. */
  body?: unknown;
  /** Left out where undefined. */
  query?: Record<string, string | number | boolean | undefined>;
  /** A visitor's bearer token; staff use the cookie. */
  token?: string | undefined;
  signal?: AbortSignal;
  /** Milliseconds; `CALL_DEADLINE_MS` by default. */
  deadlineMs?: number;
}

/**
 * One HTTP call. Resolves with the JSON of the answer (undefined for 204), rejects with `ApiError` for every
 * refusal, lost network or missed deadline, and with the signal's `AbortError` when the caller gave up.
 */
export async function call<T>(method: string, path: string, options: CallOptions = {}): Promise<T> {
  return parse(await callText(method, path, options)) as T;
}

/** The same for an answer that is no JSON: resolves with its text. */
export async function callText(method: string, path: string, options: CallOptions = {}): Promise<string> {
  const headers: Record<string, string> = { accept: "application/json" };
  if (options.body !== undefined) headers["content-type"] = "application/json";
  if (options.token) headers["authorization"] = `Bearer ${options.token}`;
  const deadline = AbortSignal.timeout(options.deadlineMs ?? CALL_DEADLINE_MS);
  let response: Response;
  let text: string;
  try {
    response = await fetch(API_BASE + path + queryString(options.query), {
      method,
      headers,
      body: options.body === undefined ? null : JSON.stringify(options.body),
      credentials: options.token ? "omit" : "same-origin",
      cache: "no-store",
      signal: options.signal ? AbortSignal.any([options.signal, deadline]) : deadline,
    });
    text = await response.text();
  } catch (cause) {
    if (options.signal?.aborted) throw cause;
    const detail = deadline.aborted ? "No answer in time" : "The server cannot be reached";
    throw new ApiError({ type: "about:blank", title: "No answer", status: 0, detail });
  }
  if (response.ok) return text;
  throw new ApiError(asProblem(parse(text), response), retryAfter(response));
}

/** `?a=1&b=2` of what is defined, or nothing. */
export function queryString(query: CallOptions["query"]): string {
  const pairs = Object.entries(query ?? {}).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, String(value)]],
  );
  return pairs.length ? `?${new URLSearchParams(pairs)}` : "";
}

function parse(text: string): unknown {
  try {
    return text === "" ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Proxies answer with pages of their own; those become problems too. */
function asProblem(json: unknown, response: Response): Problem {
  const known = typeof json === "object" && json !== null ? (json as Partial<Problem>) : {};
  return {
    ...known,
    type: known.type ?? "about:blank",
    title: known.title ?? (response.statusText || "Refused"),
    status: response.status,
  };
}

function retryAfter(response: Response): number | null {
  const value = Number(response.headers.get("retry-after") ?? Number.NaN);
  return Number.isFinite(value) && value >= 0 ? value : null;
}
