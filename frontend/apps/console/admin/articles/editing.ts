import type { Article, ArticleDraft } from "$lib/api/types";
import { browserLocale } from "$lib/i18n/locale";

/** What stands in the fields of the editor. */
export interface Fields {
  title: string;
  slug: string;
  body: string;
  language: string;
  /** Separated by commas. */
  keywords: string;
}

/** The parts of an article that somebody can change. */
export const PARTS = ["title", "slug", "body", "language", "keywords", "published"] as const;
export type Part = (typeof PARTS)[number];

export function fieldsOf(article: Article | null): Fields {
  if (!article)
    return { title: "", slug: "", body: "", language: browserLocale().split("-")[0] ?? "en", keywords: "" };
  const { title, slug, body, language, keywords } = article;
  return { title, slug, body, language, keywords: keywords.join(", ") };
}

/** The parts of a list that commas separate, without blanks. */
export function wordsOf(text: string): string[] {
  return text
    .split(",")
    .map((word) => word.trim())
    .filter((word) => word !== "");
}

export function draftOf(fields: Fields, published: boolean): ArticleDraft {
  const slug = fields.slug.trim();
  return {
    title: fields.title.trim(),
    ...(slug ? { slug } : {}),
    body: fields.body,
    language: fields.language.trim(),
    keywords: wordsOf(fields.keywords),
    published,
  };
}

/** In which parts two versions differ. */
export function changedParts(before: Article, after: Article): Part[] {
  return PARTS.filter((part) => JSON.stringify(before[part]) !== JSON.stringify(after[part]));
}
