import { Router } from "$lib/router/router.svelte";

const router = new Router({ home: "/", chat: "/chat" });

/**
 * Where the visitor is. Within another site's page only `/chat` may be shown, so there every place is a query of
 * it; the same addresses work everywhere.
 */
export const places = {
  get current(): { conversation: string | null; leaving: string | null; asking: string | null } {
    const { query } = router.place;
    return {
      conversation: query.get("c") || null,
      leaving: query.get("leave") || null,
      asking: query.get("ask") || null,
    };
  },

  home: (): string => (framed() ? router.href("chat") : router.href("home")),
  conversation: (id: string): string => router.href("chat", {}, { c: id }),

  /** The form for a message that waits for `people`, or for a team. */
  leave: (whom: string): string => router.href("chat", {}, { leave: whom }),

  /** The form before a conversation with `people`, or with a team. */
  ask: (whom: string): string => router.href("chat", {}, { ask: whom }),

  go: (href: string): void => router.go(href),
  listen: (): (() => void) => router.listen(),
};

function framed(): boolean {
  return window.parent !== window;
}
