//! Which language a locale is of.

/// The language of a locale (RFC 5646, `de-AT`, or as programs write it, `de_AT`), as it is written: `de`.
#[must_use]
pub fn primary(locale: &str) -> &str {
    locale.split(['-', '_']).next().unwrap_or_default()
}

/// Whether a locale is of this language.
#[must_use]
pub fn is(locale: Option<&str>, language: &str) -> bool {
    locale.is_some_and(|locale| primary(locale).eq_ignore_ascii_case(language))
}

/// Of `all`, of which each is in one language, what is in that of the locale; the first where there is none, or no locale.
#[must_use]
pub fn choose<'a, T, const N: usize>(
    all: &'a [T; N],
    language: impl Fn(&T) -> &str,
    locale: Option<&str>,
) -> &'a T {
    const { assert!(N > 0) };
    all.iter().find(|one| is(locale, language(one))).unwrap_or(&all[0])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn regions_and_spellings_make_no_difference() {
        let all = ["en", "de", "pt"];
        let of = |locale| *choose(&all, |one| one, locale);
        assert_eq!(
            [of(Some("de-AT")), of(Some("de_AT")), of(Some("DE")), of(Some("pt-BR"))],
            ["de", "de", "de", "pt"]
        );
        assert_eq!([of(None), of(Some("")), of(Some("ja")), of(Some("den"))], ["en"; 4]);
    }
}
