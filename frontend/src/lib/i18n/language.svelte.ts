/** What is spoken on this page: English until somebody says otherwise. Whoever reads it hears of a change. */
import type { Choice, Language } from "./languages";
import type { Dictionary } from "./translator";

/** The dictionaries of a language, by the name that their `translator` was made with. */
export type Dictionaries = Readonly<Record<string, Dictionary>>;

interface Spoken {
  language: Language;
  /** Null: nobody chose it. */
  tag: string | null;
  texts: Dictionaries;
}

let now = $state.raw<Spoken>({ language: "en", tag: null, texts: {} });

/** The language of the texts. Reactive. */
export const spoken = (): Spoken => now;

/** Speak like this from now on, everywhere on the page. */
export function speak({ language, tag }: Choice, texts: Dictionaries = {}): void {
  now = { language, tag, texts };
  document.documentElement.lang = tag;
}
