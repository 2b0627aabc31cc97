/** The languages of the chat: how one is chosen, and that each says everything. */
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { en as files, sizeText } from "$lib/files/texts";
import { en as kit } from "$lib/i18n/kit";
import { speak } from "$lib/i18n/language.svelte";
import { choose, LANGUAGES } from "$lib/i18n/languages";
import type { Dictionary, Plural } from "$lib/i18n/translator";
import { en as conversation } from "../../../apps/chat/conversation-texts";
import { en as help } from "../../../apps/chat/help-texts";
import { speakTo } from "../../../apps/chat/language";
import de from "../../../apps/chat/languages/de";
import es from "../../../apps/chat/languages/es";
import fr from "../../../apps/chat/languages/fr";
import it_ from "../../../apps/chat/languages/it";
import nl from "../../../apps/chat/languages/nl";
import pt from "../../../apps/chat/languages/pt";
import { en as mail } from "../../../apps/chat/mail-texts";
import { en as first, t } from "../../../apps/chat/texts";
import { en as transcript } from "../../../apps/chat/transcript-texts";
import { en as trouble } from "../../../apps/chat/trouble-texts";

const english: Record<string, Dictionary> = {
  first,
  conversation,
  mail,
  transcript,
  trouble,
  help,
  files,
  kit,
};
const packs: Record<string, Record<string, Dictionary>> = { de, fr, es, nl, it: it_, pt };

const forms = (text: string | Plural): [string, string][] =>
  typeof text === "string" ? [["other", text]] : Object.entries(text);
const placesOf = (text: string): string[] =>
  [...new Set([...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? ""))].sort();

it("has a pack for every language but English", () => {
  expect(Object.keys(packs).sort()).toEqual(LANGUAGES.filter((language) => language !== "en").sort());
});

describe.each(Object.entries(packs))("%s", (language, pack) => {
  const texts = Object.entries(english).flatMap(([name, dictionary]) =>
    Object.entries(dictionary).map(([key, text]) => [`${name}.${key}`, text, pack[name]?.[key]] as const),
  );

  it("says everything, and nothing that nobody asks for", () => {
    expect(Object.keys(pack).sort()).toEqual(Object.keys(english).sort());
    for (const [name, dictionary] of Object.entries(english))
      expect(Object.keys(pack[name] ?? {}).sort(), name).toEqual(Object.keys(dictionary).sort());
  });

  it("has the places of the English text in every form", () => {
    for (const [name, source, text] of texts) {
      const wanted = placesOf(forms(source).find(([form]) => form === "other")?.[1] ?? "");
      for (const [form, said] of forms(text ?? ""))
        expect(placesOf(said), `${name}, ${form}: ${said}`).toEqual(wanted);
    }
  });

  it("uses only forms that the language has, and singular where numbers call for it", () => {
    const rules = new Intl.PluralRules(language);
    const has = rules.resolvedOptions().pluralCategories;
    for (const [name, , text] of texts) {
      if (text === undefined || typeof text === "string") continue;
      for (const [form, said] of forms(text)) {
        expect(has, name).toContain(form);
        expect(said.trim(), name).toBe(said);
      }
      expect(text.one, name).toBeTruthy();
    }
  });

  it("is not English, nor longer than a narrow window can bear", () => {
    const same = texts.filter(([, source, text]) => JSON.stringify(source) === JSON.stringify(text));
    // "Message", "Online", "{size} KB" and the like are the same in some languages.
    expect(same.length).toBeLessThan(texts.length / 12);
    for (const [name, source, text] of texts) {
      const longest = Math.max(...forms(source).map(([, said]) => said.length));
      for (const [, said] of forms(text ?? ""))
        expect(said.length, `${name}: ${said}`).toBeLessThanOrEqual(Math.max(40, longest * 1.7 + 12));
    }
  });
});

describe("choosing", () => {
  it("takes the first wanted language that there is, with its region", () => {
    expect(choose(["ja", "de-AT", "fr"])).toEqual({ language: "de", tag: "de-AT" });
    expect(choose(["de_CH"])).toEqual({ language: "de", tag: "de-CH" });
    expect(choose(["PT-br"])).toEqual({ language: "pt", tag: "pt-BR" });
    expect(choose(["", "not a tag", "en-US@posix", "nl"])).toEqual({ language: "nl", tag: "nl" });
    expect(choose(["ja", "den", "fry"])).toBeNull();
    expect(choose([])).toBeNull();
  });
});

describe("speaking", () => {
  const browser = (...wanted: string[]): void => {
    vi.spyOn(navigator, "languages", "get").mockReturnValue(wanted);
  };

  beforeEach(() => browser("ja", "es-MX", "de"));
  afterEach(() => speak({ language: "en", tag: "en" }));

  it("follows the browser, unless the page around it says something that we speak", async () => {
    await speakTo();
    expect(t("tryAgain")).toBe(es.first.tryAgain);
    expect(document.documentElement.lang).toBe("es-MX");
    await speakTo("fr");
    expect(t("tryAgain")).toBe(fr.first.tryAgain);
    expect(sizeText(2_048)).toBe("2 Ko");
    await speakTo("ja");
    expect(t("tryAgain")).toBe(es.first.tryAgain);
    await speakTo("en-GB");
    expect(t("tryAgain")).toBe("Try again");
    browser("ja");
    await speakTo();
    expect(document.documentElement.lang).toBe("en");
  });

  it("ends with what was asked for last", async () => {
    await Promise.all([speakTo("de"), speakTo("nl"), speakTo("en")]);
    expect(t("tryAgain")).toBe("Try again");
  });
});

describe("a language that does not come", () => {
  afterEach(() => {
    vi.useRealTimers();
    vi.doUnmock("../../../apps/chat/languages/it");
    vi.resetModules();
  });

  it("is English where it cannot be loaded", async () => {
    vi.resetModules();
    vi.doMock("../../../apps/chat/languages/it", () => {
      throw new TypeError("Failed to fetch dynamically imported module");
    });
    const fresh = await import("../../../apps/chat/language");
    const { t: said } = await import("../../../apps/chat/texts");
    await fresh.speakTo("it");
    expect(said("tryAgain")).toBe("Try again");
  });

  it("is waited for no longer than a person would", async () => {
    vi.resetModules();
    let arrive: (pack: object) => void = () => undefined;
    const late = new Promise<object>((resolve) => (arrive = resolve));
    vi.doMock("../../../apps/chat/languages/it", () => late);
    const fresh = await import("../../../apps/chat/language");
    const { t: said } = await import("../../../apps/chat/texts");
    vi.useFakeTimers();
    const shown = fresh.speakTo("it");
    await vi.advanceTimersByTimeAsync(2_000);
    await shown;
    expect(said("tryAgain")).toBe("Try again");
    vi.useRealTimers();
    arrive({ default: it_ });
    await vi.waitFor(() => expect(said("tryAgain")).toBe("Riprova"));
  });
});
