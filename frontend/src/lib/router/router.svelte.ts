/**
 * A typed router over the History interface. A route is a name and a pattern (`/inbox/:id`); a link to a route
 * that does not exist, or without its parameters, does not compile.
 */

type ParamNames<P extends string> = P extends `${string}:${infer Name}/${infer Rest}`
  ? Name | ParamNames<Rest>
  : P extends `${string}:${infer Name}`
    ? Name
    : never;

/** The parameters that a pattern needs. */
export type Params<P extends string> = { [K in ParamNames<P>]: string };

/** Where the page is. `query` is what follows the question mark. */
export interface Place<R extends Record<string, string>> {
  /** Null when no pattern fits. */
  readonly name: (keyof R & string) | null;
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
}

type Query = Record<string, string | undefined>;
type HrefArguments<P extends string> = [ParamNames<P>] extends [never]
  ? [params?: Record<never, string>, query?: Query]
  : [params: Params<P>, query?: Query];

export class Router<const R extends Record<string, string>> {
  #routes: { name: keyof R & string; parts: string[] }[];
  #patterns: R;
  #base: string;
  #place = $state.raw<Place<R>>({ name: null, params: {}, query: new URLSearchParams() });

  /** `base` is the path that all patterns stand below, without a slash at its end. First fit wins. */
  constructor(patterns: R, base = "") {
    this.#patterns = patterns;
    this.#base = base;
    this.#routes = Object.entries(patterns).map(([name, pattern]) => ({ name, parts: split(pattern) }));
    this.#read();
  }

  /** Where the page is now. Reactive. */
  get place(): Place<R> {
    return this.#place;
  }

  /** The address of a route. Empty query values are left out. */
  href<K extends keyof R & string>(name: K, ...[params, query]: HrefArguments<R[K]>): string {
    const values: Record<string, string> = params ?? {};
    const path = split(this.#patterns[name] as string)
      .map((part) => (part.startsWith(":") ? encodeURIComponent(values[part.slice(1)] ?? "") : part))
      .join("/");
    const search = new URLSearchParams();
    for (const [key, value] of Object.entries(query ?? {})) if (value) search.set(key, value);
    const tail = search.size > 0 ? `?${search}` : "";
    return `${this.#base}${path ? `/${path}` : ""}${tail}` || "/";
  }

  /** Go to an address made by `href`. `replace` leaves no step in the history. */
  go(href: string, options: { replace?: boolean } = {}): void {
    if (options.replace) history.replaceState(null, "", href);
    else history.pushState(null, "", href);
    this.#read();
  }

  /** Follow the browser's back and forward, and plain clicks on own links. Returns how to stop. */
  listen(): () => void {
    const pop = (): void => this.#read();
    const click = (event: MouseEvent): void => {
      if (event.defaultPrevented || event.button !== 0) return;
      if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
      const link = (event.target as Element | null)?.closest?.("a[href]");
      if (!(link instanceof HTMLAnchorElement) || link.target || link.hasAttribute("download")) return;
      if (link.origin !== location.origin || !this.#owns(link.pathname)) return;
      event.preventDefault();
      this.go(link.pathname + link.search);
    };
    addEventListener("popstate", pop);
    document.addEventListener("click", click);
    return () => {
      removeEventListener("popstate", pop);
      document.removeEventListener("click", click);
    };
  }

  #owns(path: string): boolean {
    return path === this.#base || path.startsWith(`${this.#base}/`);
  }

  #read(): void {
    const parts = split(this.#owns(location.pathname) ? location.pathname.slice(this.#base.length) : "");
    const query = new URLSearchParams(location.search);
    for (const route of this.#routes) {
      const params = fit(route.parts, parts);
      if (params) {
        this.#place = { name: route.name, params, query };
        return;
      }
    }
    this.#place = { name: null, params: {}, query };
  }
}

function split(path: string): string[] {
  return path.split("/").filter(Boolean);
}

function fit(pattern: string[], parts: string[]): Record<string, string> | null {
  if (pattern.length !== parts.length) return null;
  const params: Record<string, string> = {};
  for (const [index, expected] of pattern.entries()) {
    const part = parts[index] ?? "";
    if (expected.startsWith(":")) {
      const value = decoded(part);
      if (value === null) return null;
      params[expected.slice(1)] = value;
    } else if (expected !== part) return null;
  }
  return params;
}

function decoded(part: string): string | null {
  try {
    return decodeURIComponent(part);
  } catch {
    return null;
  }
}
