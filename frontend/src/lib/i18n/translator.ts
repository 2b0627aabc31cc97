import { spoken } from "./language.svelte";
import { localeOfTexts } from "./locale";

/**
 * Typed dictionaries. A text is a string with `{name}` places, or its plural forms, chosen by the number `n`:
 * `{ one: "{n} message", other: "{n} messages" }`. A missing key or value is a compile error, not a hole on a page.
 */

/** The forms of a counted text; languages use those that they have. */
export type Plural = Partial<Record<Exclude<Intl.LDMLPluralRule, "other">, string>> & { other: string };

/** Texts by key. */
export type Dictionary = Readonly<Record<string, string | Plural>>;

/** Another language has the same keys; each may be plain or plural whatever English needs. */
export type Translation<D extends Dictionary> = { readonly [K in keyof D]: string | Plural };

type Names<S extends string> = S extends `${string}{${infer Name}}${infer Rest}` ? Name | Names<Rest> : never;
type TextOf<V> = V extends string ? V : V extends { other: infer O extends string } ? O : string;
type Values<V> = Names<TextOf<V>> | (V extends string ? never : "n") extends infer N extends string
  ? { [K in N]: K extends "n" ? number : string | number }
  : never;
type Arguments<V> = keyof Values<V> extends never ? [] : [values: Values<V>];

/** Gives the text of a key, with its places filled. */
export type Translate<D extends Dictionary> = <K extends keyof D & string>(
  key: K,
  ...values: Arguments<D[K]>
) => string;

/**
 * Makes the `t` of one page. `source` names the keys and values, in English; `name` is what its translations are called in
 * `Dictionaries`. Which language is spoken is looked up at each call, so a template follows when it changes.
 */
export function translator<const D extends Dictionary>(source: D, name = ""): Translate<D> {
  let made: ReturnType<typeof spoken> | null = null;
  let plurals: Intl.PluralRules;
  let numbers: Intl.NumberFormat;
  return (key, ...rest) => {
    const now = spoken();
    const entry: string | Plural = now.texts[name]?.[key] ?? (source as Translation<D>)[key];
    const values: Record<string, string | number> | undefined = rest[0];
    if (!values && typeof entry === "string") return entry;
    if (made !== now) {
      // Costly, and most pages need few of them. Who reads English in a Japanese browser needs the plurals of English.
      made = now;
      const locale = localeOfTexts();
      plurals = new Intl.PluralRules(locale);
      numbers = new Intl.NumberFormat(locale);
    }
    const text =
      typeof entry === "string" ? entry : (entry[plurals.select(Number(values?.["n"]))] ?? entry.other);
    return text.replace(/\{(\w+)\}/g, (place, named: string) => {
      const value = values?.[named];
      if (value === undefined) return place;
      return typeof value === "number" ? numbers.format(value) : value;
    });
  };
}
