//! One-time passwords: four groups of five characters, 100 bits, easy to read out.

use switchboard_domain::{Rng, password};

/// Crockford's base 32 in lower case: no i, l, o, u.
const DIGITS: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
const GROUPS: usize = 4;
const GROUP: usize = 5;

/// A fresh one that the rules accept for this account.
pub(crate) fn password(rng: &dyn Rng, username: &str, display_name: &str) -> String {
    loop {
        let made = make(rng);
        // All but certain the first time: the rules refuse words, runs and repetitions.
        if password::check(&made, username, display_name).is_ok() {
            return made;
        }
    }
}

fn make(rng: &dyn Rng) -> String {
    let mut bytes = [0; GROUPS * GROUP];
    rng.fill(&mut bytes);
    let groups = bytes.chunks(GROUP).map(|group| {
        let digits = group.iter().map(|byte| char::from(DIGITS[usize::from(byte % 32)]));
        digits.collect::<String>()
    });
    groups.collect::<Vec<_>>().join("-")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::Dice;
    use switchboard_domain::password as rules;

    #[test]
    fn it_satisfies_the_rules_and_differs_every_time() {
        let (a, b) = (password(&Dice, "maya", "Maya"), password(&Dice, "maya", "Maya"));
        assert_ne!(a, b);
        assert_eq!(a.len(), GROUPS * GROUP + GROUPS - 1);
        assert_eq!(rules::check(&a, "maya", "Maya"), Ok(()));
    }
}
