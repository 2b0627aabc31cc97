//! What a conversation has cost so far. It travels as the automation's state, so that any instance may go on.

use crate::limits::CHARS_PER_TOKEN;
use serde::{Deserialize, Serialize};

/// What a conversation has cost so far.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Spent {
    /// Answers.
    pub turns: u32,
    /// Tokens, as the endpoint counts them, or estimated.
    pub tokens: u64,
}

impl Spent {
    /// From the state that came with a turn. What is not ours is nothing.
    #[must_use]
    pub fn read(state: Option<&str>) -> Self {
        state.and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default()
    }

    /// For the next turn.
    #[must_use]
    pub fn write(self) -> String {
        serde_json::to_string(&self).unwrap_or_default()
    }

    /// One more answer.
    #[must_use]
    pub fn and(self, tokens: u64) -> Self {
        Self { turns: self.turns.saturating_add(1), tokens: self.tokens.saturating_add(tokens) }
    }

    /// Whether people are to take over; a cap of 0 tokens is none.
    #[must_use]
    pub fn is_over(self, turns: u32, tokens: u64) -> bool {
        self.turns >= turns || (tokens > 0 && self.tokens >= tokens)
    }
}

/// What so many characters cost, where nobody says.
pub(crate) fn estimate(chars: usize) -> u64 {
    u64::try_from(chars.div_ceil(CHARS_PER_TOKEN)).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn caps_are_caps() {
        let spent = Spent { turns: 3, tokens: 100 };
        assert!(
            spent.is_over(3, 0) && spent.is_over(4, 100) && !spent.is_over(4, 101) && !spent.is_over(4, 0)
        );
        assert_eq!(estimate(9), 3);
    }

    proptest! {
        #[test]
        fn what_is_written_is_read(turns in any::<u32>(), tokens in any::<u64>(), more in any::<u64>()) {
            let spent = Spent { turns, tokens };
            prop_assert_eq!(Spent::read(Some(&spent.write())), spent);
            let next = spent.and(more);
            prop_assert!(next.turns >= turns && next.tokens >= tokens);
        }

        #[test]
        fn what_is_not_ours_is_nothing(state in any::<String>()) {
            prop_assume!(serde_json::from_str::<Spent>(&state).is_err());
            prop_assert_eq!(Spent::read(Some(&state)), Spent::default());
        }
    }
}
