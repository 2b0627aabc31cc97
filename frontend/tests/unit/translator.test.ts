import { afterEach, describe, expect, it, vi } from "vitest";
import { speak } from "$lib/i18n/language.svelte";
import { localeOfTexts } from "$lib/i18n/locale";
import { translator } from "$lib/i18n/translator";

const en = {
  plain: "Plain",
  named: "Hello {name}, {name}!",
  counted: { one: "{n} message", other: "{n} messages" },
} as const;

const ENGLISH = { language: "en", tag: "en" } as const;

describe("translator", () => {
  const t = translator(en, "test");

  afterEach(() => speak(ENGLISH));

  it("fills every place", () => {
    expect(t("named", { name: "Maya" })).toBe("Hello Maya, Maya!");
  });

  it("chooses the plural form and writes numbers in the reader's way", () => {
    expect(t("counted", { n: 1 })).toBe("1 message");
    expect(t("counted", { n: 12_500 })).toBe("12,500 messages");
  });

  it("counts by the language of the texts, wherever the reader is", () => {
    vi.spyOn(navigator, "language", "get").mockReturnValue("ja");
    expect(localeOfTexts()).toBe("en-JP");
    expect(translator(en)("counted", { n: 1 })).toBe("1 message");
    vi.spyOn(navigator, "language", "get").mockReturnValue("en-GB");
    expect(localeOfTexts()).toBe("en-GB");
    vi.spyOn(navigator, "language", "get").mockReturnValue("en-US@posix");
    expect(localeOfTexts()).toBe("en");
  });

  it("does not fill places that come in with a value", () => {
    expect(t("named", { name: "{name}" })).toBe("Hello {name}, {name}!");
  });

  it("speaks another language from now on, and counts as that does", () => {
    const test = {
      plain: "Simple",
      named: "Bonjour {name}, {name} !",
      counted: { one: "{n} message.", other: "{n} messages." },
    };
    speak({ language: "fr", tag: "fr-CH" }, { test });
    expect(document.documentElement.lang).toBe("fr-CH");
    expect(localeOfTexts()).toBe("fr-CH");
    expect(t("plain")).toBe("Simple");
    expect(t("named", { name: "Maya" })).toBe("Bonjour Maya, Maya !");
    expect(t("counted", { n: 0 }), "French has nothing in the singular").toBe("0 message.");
    speak({ language: "de", tag: "de" }, { test });
    expect(t("counted", { n: 12_500 })).toBe("12.500 messages.");
    expect(t("counted", { n: 0 })).toBe("0 messages.");
    speak(ENGLISH);
    expect(t("plain")).toBe("Plain");
  });

  it("says in English what the language does not have", () => {
    speak({ language: "de", tag: "de" }, { other: { plain: "Einfach" } });
    expect(t("plain")).toBe("Plain");
    expect(translator(en)("plain")).toBe("Plain");
  });
});
