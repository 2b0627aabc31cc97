/** Message text as tokens: plain pieces and links. Never HTML. */
export type TextToken =
  { kind: "text" | "mention"; text: string } | { kind: "link"; text: string; href: string };

/** Only these become links: nothing that runs or that looks like one of our own pages. */
const LINK = /\b(?:https?:\/\/|mailto:)[^\s<>"'`{}|\\^]+/giu;
/** A sentence's own marks after an address do not belong to it. */
const TRAILING = /[.,;:!?…)\]}»”’]+$/u;

/** A colleague who is called in a note: as the server reads it, but for a mark at the end, which is the sentence's. */
const MENTION = /(?<![\p{L}\p{N}._@/-])@[a-z0-9._-]*[a-z0-9](?![\p{L}\p{N}@])/giu;

/** The same with the names that a note calls set apart. */
export function noteTokens(text: string): TextToken[] {
  return textTokens(text).flatMap((token): TextToken[] => {
    if (token.kind !== "text") return [token];
    const parts: TextToken[] = [];
    let from = 0;
    for (const match of token.text.matchAll(MENTION)) {
      if (match[0].length < 3) continue;
      if (match.index > from) parts.push({ kind: "text", text: token.text.slice(from, match.index) });
      parts.push({ kind: "mention", text: match[0] });
      from = match.index + match[0].length;
    }
    if (from < token.text.length) parts.push({ kind: "text", text: token.text.slice(from) });
    return parts;
  });
}

/** Splits a text. Joined again, the tokens' texts are the text. */
export function textTokens(text: string): TextToken[] {
  const tokens: TextToken[] = [];
  let from = 0;
  for (const match of text.matchAll(LINK)) {
    const address = trimmed(match[0]);
    if (!isSafe(address)) continue;
    if (match.index > from) tokens.push({ kind: "text", text: text.slice(from, match.index) });
    tokens.push({ kind: "link", text: address, href: address });
    from = match.index + address.length;
  }
  if (from < text.length) tokens.push({ kind: "text", text: text.slice(from) });
  return tokens;
}

/** Closing brackets stay when they were opened inside, as in many encyclopaedia addresses. */
function trimmed(address: string): string {
  const tail = TRAILING.exec(address)?.[0] ?? "";
  const cut = address.slice(0, address.length - tail.length);
  return tail.startsWith(")") && cut.includes("(") && !cut.includes(")") ? `${cut})` : cut;
}

function isSafe(address: string): boolean {
  try {
    const url = new URL(address);
    return (
      ["http:", "https:", "mailto:"].includes(url.protocol) && (url.protocol === "mailto:" || url.host !== "")
    );
  } catch {
    return false;
  }
}
