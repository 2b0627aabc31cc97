import { choose, type Language } from "$lib/i18n/languages";
import { speak } from "$lib/i18n/language.svelte";
import type { Pack } from "./languages/pack";

/** Milliseconds that the page waits for a language; then it begins in English and changes when the language is here. */
const PATIENCE_MS = 2_000;

/** One piece for each language, loaded by who needs it. */
const PACKS: Record<Exclude<Language, "en">, () => Promise<{ default: Pack }>> = {
  de: () => import("./languages/de"),
  fr: () => import("./languages/fr"),
  es: () => import("./languages/es"),
  nl: () => import("./languages/nl"),
  it: () => import("./languages/it"),
  pt: () => import("./languages/pt"),
};

/** Rises with each choice: of two that are loaded the later one counts, whichever comes first. */
let turn = 0;

/**
 * Speak as the page around this one says, if we can, or else as the browser prefers. Resolves when this page may be
 * shown; a language that cannot be loaded keeps nobody waiting.
 */
export async function speakTo(asked?: string): Promise<void> {
  const choice = choose([asked ?? "", ...navigator.languages]) ?? { language: "en", tag: "en" };
  const mine = ++turn;
  if (choice.language === "en") return speak(choice);
  const loaded = PACKS[choice.language]().then(
    ({ default: texts }) => {
      if (mine === turn) speak(choice, texts);
    },
    // English stays; the next page tries again.
    () => undefined,
  );
  await Promise.race([loaded, new Promise((resolve) => setTimeout(resolve, PATIENCE_MS))]);
}
