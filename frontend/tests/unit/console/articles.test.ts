import { describe, expect, it } from "vitest";
import { render } from "@testing-library/svelte";
import type { Article } from "$lib/api/types";
import Markdown from "../../../apps/console/admin/articles/Markdown.svelte";
import { changedParts, draftOf, fieldsOf, wordsOf } from "../../../apps/console/admin/articles/editing";
import { safeLink, safePicture, tokensOf } from "../../../apps/console/admin/articles/markdown";

const article: Article = {
  id: "h1",
  slug: "refunds",
  title: "Refunds",
  body: "Text",
  language: "en",
  keywords: ["money back", "reimbursement"],
  published: true,
  version: 3,
  helpful: 1,
  unhelpful: 0,
  updated_by: "Ada",
  created_at: "2026-11-23T09:04:00.000Z",
  updated_at: "2026-11-23T09:04:00.000Z",
};

describe("links of articles", () => {
  it("lead to pages, mail and our own", () => {
    for (const good of [
      "https://a.example/b:c",
      "http://a.example",
      "mailto:a@b.example",
      "/help/x",
      "#top",
      "x?y=a:b",
    ]) {
      expect(safeLink(good)).toBe(good);
    }
  });

  it("lead nowhere else", () => {
    for (const bad of [
      "javascript:alert(1)",
      "JaVaScRiPt:alert(1)",
      "java\tscript:alert(1)",
      " javascript:alert(1)",
      "data:text/html,x",
      "vbscript:x",
      "//evil.example",
      "/\\evil.example",
    ]) {
      expect(safeLink(bad), bad).toBeNull();
    }
    expect(safePicture("https://evil.example/p.png")).toBeNull();
    expect(safePicture("/assets/p.png")).toBe("/assets/p.png");
  });
});

describe("the preview", () => {
  it("makes elements of Markdown and text of HTML", () => {
    const text =
      "# One\n\n**bold** [good](https://a.example) [bad](javascript:alert(1))\n\n<img src=x onerror=alert(1)>\n";
    const { container } = render(Markdown, { text });
    expect(container.querySelector("strong")?.textContent).toBe("bold");
    expect([...container.querySelectorAll("a")].map((link) => link.textContent)).toEqual(["good"]);
    expect(container.querySelector("img, script")).toBeNull();
    expect(container.textContent).toContain("<img src=x onerror=alert(1)>");
  });

  it("ends, however deep a text is nested", () => {
    for (const deep of ["> ".repeat(5_000) + "x", "- ".repeat(2_000) + "x", "[".repeat(2_000) + "x"]) {
      expect(render(Markdown, { text: deep }).container.textContent).toContain("x");
    }
    expect(tokensOf("")).toHaveLength(0);
  });
});

describe("editing", () => {
  it("sends what stands in the fields", () => {
    expect(draftOf(fieldsOf(article), true)).toEqual({
      title: "Refunds",
      slug: "refunds",
      body: "Text",
      language: "en",
      keywords: ["money back", "reimbursement"],
      published: true,
    });
    expect("slug" in draftOf({ ...fieldsOf(article), slug: " " }, false)).toBe(false);
    expect(wordsOf(" a, ,b ,")).toEqual(["a", "b"]);
  });

  it("names what somebody else has changed", () => {
    expect(changedParts(article, { ...article, version: 4, title: "x", keywords: ["y"] })).toEqual([
      "title",
      "keywords",
    ]);
    expect(changedParts(article, { ...article, version: 4 })).toEqual([]);
  });
});
