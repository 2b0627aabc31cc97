//! What a visitor has said beyond name and e-mail address: answers to the form before a conversation.

use std::collections::BTreeMap;

/// What is known, by key.
pub type Attributes = BTreeMap<String, String>;

/// Most of them.
pub const ATTRIBUTES: usize = 20;
/// Longest key, in characters.
pub const KEY_CHARS: usize = 32;
/// Longest value, in characters.
pub const VALUE_CHARS: usize = 500;

/// Why one is not acceptable.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadAttribute {
    /// Not of the form of a key.
    #[error("a key is 1 to 32 characters of a-z, 0-9 and underscore, such as order_number")]
    Key,
    /// Too long, or NUL is in it.
    #[error("at most 500 characters")]
    Value,
    /// There would be more than [`ATTRIBUTES`].
    #[error("at most 20 are kept; leave some out")]
    TooMany,
}

/// Checks a key.
///
/// # Errors
/// When it is not 1 to 32 of `[a-z0-9_]`.
pub fn key(text: &str) -> Result<String, BadAttribute> {
    let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_';
    if (1..=KEY_CHARS).contains(&text.len()) && text.bytes().all(plain) {
        Ok(text.to_owned())
    } else {
        Err(BadAttribute::Key)
    }
}

/// What is known after `said`: it goes over what was known, and what is said to be empty is forgotten.
///
/// # Errors
/// With the key of the first that is not acceptable; an empty key stands for all of them.
pub fn over(known: &Attributes, said: &Attributes) -> Result<Attributes, (String, BadAttribute)> {
    let mut all = known.clone();
    for (name, value) in said {
        let value = value.trim();
        key(name).map_err(|bad| (name.clone(), bad))?;
        if value.chars().count() > VALUE_CHARS || value.contains('\0') {
            return Err((name.clone(), BadAttribute::Value));
        }
        if value.is_empty() {
            all.remove(name);
        } else {
            all.insert(name.clone(), value.to_owned());
        }
    }
    if all.len() > ATTRIBUTES { Err((String::new(), BadAttribute::TooMany)) } else { Ok(all) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn map(pairs: &[(&str, &str)]) -> Attributes {
        pairs.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn what_is_said_goes_over_what_was_known() {
        let known = map(&[("order", "17"), ("plan", "free")]);
        let now = over(&known, &map(&[("order", " 18 "), ("plan", " "), ("city", "Köln")]));
        assert_eq!(now, Ok(map(&[("city", "Köln"), ("order", "18")])));
        assert_eq!(over(&known, &map(&[])), Ok(known));
    }

    #[test]
    fn keys_values_and_numbers_are_bounded() {
        for bad in ["", "Order", "a b", "a-b", "é", &"x".repeat(KEY_CHARS + 1)] {
            let said = map(&[(bad, "1")]);
            assert_eq!(over(&map(&[]), &said), Err((bad.into(), BadAttribute::Key)), "{bad:?}");
        }
        let long = "ü".repeat(VALUE_CHARS + 1);
        for bad in [long.as_str(), "a\0b"] {
            assert_eq!(over(&map(&[]), &map(&[("a", bad)])), Err(("a".into(), BadAttribute::Value)));
        }
        assert!(over(&map(&[]), &map(&[("a", &long[2..])])).is_ok());
        let many: Attributes = (0..=ATTRIBUTES).map(|n| (format!("k{n}"), "v".to_owned())).collect();
        assert_eq!(over(&map(&[]), &many), Err((String::new(), BadAttribute::TooMany)));
        let few: Attributes = many.into_iter().take(ATTRIBUTES).collect();
        assert!(over(&map(&[]), &few).is_ok());
        assert!(over(&few, &map(&[("another", "v")])).is_err(), "known ones count");
    }
}
