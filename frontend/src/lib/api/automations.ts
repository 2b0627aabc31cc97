/** What the console shows of automations, of the guides that they follow and of the articles that they know. */

import type { Hours, Timestamp } from "./types";

/** A guide in a list; `published` is 0 while there is only a draft. */
export interface Guide {
  name: string;
  title: string;
  active: boolean;
  edition: number;
  published: number;
  published_at?: string;
  /** How much is wrong with the draft. */
  problems: number;
  updated_at: string;
}

/** A guide in its editor. */
export interface OneGuide {
  guide: Guide;
  steps: unknown[];
  problems: { place?: number; step?: string; field: string; text: string }[];
  versions: { version: number; published_at: string }[];
  file: string;
  /** The conversations that it has, and the names of other guides that go to it. */
  uses: { conversations: number; guides: string[] };
}

/** What came of a turn that an automation behind a web hook was sent to try it. */
export interface HookTrial {
  took_ms: number;
  /** What went wrong; the rest is empty then. */
  error?: string | null;
  messages: { text: string; choices: string[] }[];
  then?: string | null;
  team?: string | null;
  automation?: string | null;
  reason?: string | null;
  tags: string[];
}

/** What a turn of a dry run comes to. */
export interface TriedGuide {
  messages: { text: string; choices: string[] }[];
  then: "wait" | "handoff" | "go" | "resolve";
  automation?: string | null;
  team?: string | null;
  reason?: string | null;
  state?: string | null;
  tags: string[];
  learnt: Record<string, string>;
  /** What would have been sent to web hooks, by their ids. */
  calls?: { step: string; webhook: string; body: string }[];
}

/** An automation as an admin sees it. */
export interface Automation {
  name: string;
  title: string;
  description: string;
  active: boolean;
  public: boolean;
  health: string;
  deadline_ms?: number;
  last_error?: string | null;
  last_error_at?: Timestamp | null;
  rules?: AutomationRules;
  /** Whether it is within its hours. */
  open?: boolean;
  /** Instances that answered lately. */
  instances?: number;
  /** What they have done since they started; absent until they have said so. */
  counts?: { turns: number; errors: number; mean_ms: number } | null;
  /** How it is reached, when that is over HTTPS. */
  hook?: { url: string; old_secret_until?: Timestamp | null } | null;
}

/** How much an automation does at a time, when, and where what it hands over goes. */
export interface AutomationRules {
  concurrency?: number;
  handoff_team?: string | null;
  hours?: Hours | null;
  /** `when` is `open` or `closed`. */
  team_hours?: { team: string; when: string } | null;
  /** `hidden` or `people`. */
  outside?: string;
}

/** What an admin says of an article. */
export interface ArticleDraft {
  title: string;
  slug?: string;
  /** Markdown. */
  body: string;
  language: string;
  keywords: string[];
  published: boolean;
}

/** An answer that is written down once. In a list `body` is empty. */
export interface Article {
  id: string;
  slug: string;
  title: string;
  body: string;
  language: string;
  keywords: string[];
  published: boolean;
  /** Rises with every change. */
  version: number;
  helpful: number;
  unhelpful: number;
  updated_by: string;
  created_at: Timestamp;
  updated_at: Timestamp;
}

/** An article that fits a question; `confidence` is from 0 to 1. */
export interface ArticleHit {
  slug: string;
  title: string;
  language: string;
  excerpt: string;
  text: string;
  score: number;
  confidence: number;
}

/** What a question finds, and what the automation would say to it. */
export interface RehearsedAnswer {
  found: { hits: ArticleHit[]; sure: boolean; asks: boolean; revision: string };
  says: string;
  choices: string[];
  hands_over: boolean;
}
