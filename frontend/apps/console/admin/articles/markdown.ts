import { Lexer, type Token, type Tokens } from "marked";

/** Deeper lists and quotations are shown as text. */
export const DEPTH = 16;

/** The tokens of a Markdown text; null for one that cannot be taken apart, such as one nested a thousand times. */
export function tokensOf(text: string): Token[] | null {
  try {
    return new Lexer({ gfm: true }).lex(text);
  } catch {
    return null;
  }
}

/** Where a link may lead: to a page, a mailbox, or within this installation. Null for anywhere else. */
export function safeLink(href: string): string | null {
  // eslint-disable-next-line no-control-regex -- browsers drop these, and so hide what a link is.
  if (/[\u0000-\u0020\\]/.test(href) || href.startsWith("//")) return null;
  const scheme = /^([^:/?#]*):/.exec(href)?.[1];
  return scheme === undefined || /^(https?|mailto)$/i.test(scheme) ? href : null;
}

/** Where a picture may come from: this installation. */
export function safePicture(href: string): string | null {
  return href.startsWith("/") ? safeLink(href) : null;
}

/** What a token holds, or nothing. */
export function inside(token: Token): Token[] {
  return (token as Tokens.Generic).tokens ?? [];
}
