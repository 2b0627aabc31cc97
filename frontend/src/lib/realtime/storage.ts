/**
 * The browser's storage, where every access may throw (a frame on another site, a full disk, a private window).
 * Then what is kept lives as long as the page, in memory.
 */
export interface Keep {
  get(key: string): string | null;
  set(key: string, value: string): void;
  remove(key: string): void;
  /** Keys that begin with `prefix`. */
  keys(prefix: string): string[];
}

/** `local` outlives the tab, `session` a reload of it. */
export function keepIn(kind: "local" | "session" | "memory"): Keep {
  const memory = new Map<string, string>();
  const store = kind === "memory" ? null : usable(kind);
  const guarded = <T>(use: (store: Storage) => T): T | undefined => {
    if (!store) return undefined;
    try {
      return use(store);
    } catch {
      return undefined;
    }
  };
  return {
    get: (key) => memory.get(key) ?? guarded((s) => s.getItem(key)) ?? null,
    set(key, value) {
      const stored = guarded((s) => (s.setItem(key, value), true));
      if (stored) memory.delete(key);
      else memory.set(key, value);
    },
    remove(key) {
      memory.delete(key);
      guarded((s) => s.removeItem(key));
    },
    keys(prefix) {
      const stored = guarded((s) => Array.from({ length: s.length }, (_, i) => s.key(i) ?? "")) ?? [];
      return [...new Set([...stored, ...memory.keys()])].filter((key) => key.startsWith(prefix));
    },
  };
}

/** Reading `window.localStorage` itself may throw. */
function usable(kind: "local" | "session"): Storage | null {
  try {
    return kind === "local" ? globalThis.localStorage : globalThis.sessionStorage;
  } catch {
    return null;
  }
}
