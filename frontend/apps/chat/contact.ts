/** What is enough of an address for somebody to be reached; whether it exists, only a letter can tell. */
const EMAIL = /^[^\s@]+@[^\s@]+\.[^\s@]+$/u;

/** Longest e-mail address in characters (RFC 5321). */
export const EMAIL_CHARACTERS = 254;
/** Longest name in characters. */
export const NAME_CHARACTERS = 80;

export function isEmail(text: string): boolean {
  return text.length <= EMAIL_CHARACTERS && EMAIL.test(text);
}
