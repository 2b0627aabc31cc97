import { describe, expect, it } from "vitest";
import { textTokens } from "$lib/ui/tokens";

const links = (text: string): string[] =>
  textTokens(text).flatMap((token) => (token.kind === "link" ? [token.href] : []));

describe("textTokens", () => {
  it("finds addresses and leaves the sentence's marks outside", () => {
    expect(links("See https://example.org/a?b=1#c, and (http://example.org/x).")).toEqual([
      "https://example.org/a?b=1#c",
      "http://example.org/x",
    ]);
    expect(links("https://en.example.org/wiki/Mat_(disambiguation)")).toEqual([
      "https://en.example.org/wiki/Mat_(disambiguation)",
    ]);
    expect(links("mailto:maya@example.org")).toEqual(["mailto:maya@example.org"]);
  });

  it("makes nothing that runs into a link", () => {
    const hostile = [
      "javascript:alert(1)",
      "data:text/html,<script>alert(1)</script>",
      "vbscript:x",
      "https://",
      "file:///etc/passwd",
      "<img src=x onerror=alert(1)>",
    ];
    for (const text of hostile) expect(links(text)).toEqual([]);
  });

  it("never loses or changes a character", () => {
    const texts = ['a "https://x.org"<b>', "https://a.org https://b.org!!", "", "🙂\nhttps://ü.org/ä…"];
    for (const text of texts)
      expect(
        textTokens(text)
          .map((token) => token.text)
          .join(""),
      ).toBe(text);
  });
});
