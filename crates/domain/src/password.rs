//! What makes a password acceptable: length and not being guessable, no composition rules
//! (NIST SP 800-63B-4, 3.1.1.2; OWASP ASVS 5.0, 6.2).

/// Fewest characters, since the password stands alone.
pub const MIN_CHARS: usize = 15;
/// Most characters; far above what ASVS demands to accept (64).
pub const MAX_CHARS: usize = 256;
/// Fewest different characters.
const MIN_DISTINCT: usize = 5;

/// Words that appear in the long passwords that people guess first, and ours.
const GUESSED_FIRST: &[&str] = &[
    "password",
    "passwort",
    "motdepasse",
    "contraseña",
    "qwertyuiop",
    "1234567890",
    "0987654321",
    "abcdefghij",
    "iloveyou",
    "letmein",
    "welcome",
    "administrator",
    "changeme",
    "switchboard",
    "correcthorsebatterystaple",
    "qwertzuiop",
    "azertyuiop",
    "asdfghjkl",
    "trustno1",
    "superadmin",
    "superman",
    "princess",
    "football",
];

/// Why a password is not acceptable; each text says what to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadPassword {
    /// Too few characters.
    #[error("use at least 15 characters; a few unrelated words are easy to remember")]
    TooShort,
    /// Too many characters.
    #[error("use at most 256 characters")]
    TooLong,
    /// On the list, or little more than a word from it.
    #[error("choose another one: this is among the passwords that are guessed first")]
    Guessable,
    /// Made of the own name.
    #[error("choose one that does not contain the username or name")]
    OwnName,
    /// Has a character that cannot be typed.
    #[error("remove the control characters")]
    Control,
}

/// Checks `password` for an account of that username and display name.
pub fn check(password: &str, username: &str, display_name: &str) -> Result<(), BadPassword> {
    let count = password.chars().count();
    if count < MIN_CHARS {
        return Err(BadPassword::TooShort);
    }
    if count > MAX_CHARS {
        return Err(BadPassword::TooLong);
    }
    if password.chars().any(char::is_control) {
        return Err(BadPassword::Control);
    }
    let folded = password.to_lowercase();
    let distinct: std::collections::BTreeSet<char> = folded.chars().collect();
    if distinct.len() < MIN_DISTINCT || is_run(&folded) || leans_on(&folded, GUESSED_FIRST.iter().copied()) {
        return Err(BadPassword::Guessable);
    }
    let own = [username.to_lowercase(), display_name.to_lowercase()];
    if leans_on(&folded, own.iter().map(String::as_str).filter(|n| n.chars().count() >= 3)) {
        return Err(BadPassword::OwnName);
    }
    Ok(())
}

/// Whether, once the words are taken out, less is left than would make a password at all.
fn leans_on<'a>(folded: &str, words: impl Iterator<Item = &'a str>) -> bool {
    let mut rest = folded.to_owned();
    let mut hit = false;
    for word in words {
        if rest.contains(word) {
            hit = true;
            rest = rest.replace(word, "");
        }
    }
    let left: std::collections::BTreeSet<char> = rest.chars().filter(|c| c.is_alphanumeric()).collect();
    hit && left.len() <= MIN_CHARS / 2
}

/// Whether every character follows the one before it (abcdef…, 987654…).
fn is_run(folded: &str) -> bool {
    let codes: Vec<i64> = folded.chars().map(|c| i64::from(u32::from(c))).collect();
    let step = |by: i64| codes.windows(2).all(|w| w[1] - w[0] == by);
    step(1) || step(-1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn verdict(p: &str) -> Result<(), BadPassword> {
        check(p, "maya", "Maya Oberlin")
    }

    #[test]
    fn long_and_unguessable_is_enough() {
        for good in ["vier stille Kühe am Fluss", "😀 grüner Hund 😀 schläft", &"a1b2c3d4e5-".repeat(8)]
        {
            assert_eq!(verdict(good), Ok(()), "{good}");
        }
    }

    #[test]
    fn each_refusal_has_its_reason() {
        assert_eq!(verdict("short but fine"), Err(BadPassword::TooShort));
        assert_eq!(verdict(&"xy1z-".repeat(52)), Err(BadPassword::TooLong));
        assert_eq!(verdict("password1234567"), Err(BadPassword::Guessable));
        assert_eq!(verdict("aaaaaaaaaaaaaaaaaaa"), Err(BadPassword::Guessable));
        assert_eq!(verdict("abcdefghijklmnopq"), Err(BadPassword::Guessable));
        assert_eq!(verdict("Switchboard-2026!"), Err(BadPassword::Guessable));
        assert_eq!(verdict("MayaMayaMaya-1234"), Err(BadPassword::OwnName));
        assert_eq!(verdict("four quiet cows\u{7}by"), Err(BadPassword::Control));
    }
}
