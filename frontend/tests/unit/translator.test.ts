import { describe, expect, it, vi } from "vitest";
import { localeOfTexts } from "$lib/i18n/locale";
import { translator } from "$lib/i18n/translator";

const en = {
  plain: "Plain",
  named: "Hello {name}, {name}!",
  counted: { one: "{n} message", other: "{n} messages" },
} as const;

describe("translator", () => {
  const t = translator(en, "en");

  it("fills every place", () => {
    expect(t("named", { name: "Maya" })).toBe("Hello Maya, Maya!");
  });

  it("chooses the plural form and writes numbers in the reader's way", () => {
    expect(t("counted", { n: 1 })).toBe("1 message");
    expect(t("counted", { n: 12_500 })).toBe("12,500 messages");
    expect(translator(en, "de")("counted", { n: 12_500 })).toBe("12.500 messages");
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

  it("takes another language with other plural forms", () => {
    const pl = {
      plain: "Prosty",
      named: "Cześć {name}, {name}!",
      counted: { one: "{n} wiadomość", few: "{n} wiadomości", other: "{n} wiadomości!" },
    };
    const polish = translator(en, "pl", pl);
    expect(polish("counted", { n: 3 })).toBe("3 wiadomości");
    expect(polish("counted", { n: 5 })).toBe("5 wiadomości!");
  });
});
