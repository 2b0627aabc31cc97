import type { Language } from "$lib/i18n/languages";

/** What the launcher and the frame are called, and how to close it. */
export const WORDS: Record<Language, readonly [name: string, close: string]> = {
  en: ["Chat", "Close"],
  de: ["Chat", "Schließen"],
  fr: ["Discussion", "Fermer"],
  es: ["Chat", "Cerrar"],
  nl: ["Chat", "Sluiten"],
  it: ["Chat", "Chiudi"],
  pt: ["Chat", "Fechar"],
};
