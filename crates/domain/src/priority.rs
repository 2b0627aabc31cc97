//! How urgent a conversation is; the more urgent one of a queue goes first, whatever has waited longer.

/// Four steps, as most desks have them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Priority {
    /// After all others.
    Low,
    /// Where every conversation begins.
    #[default]
    Normal,
    /// Before those.
    High,
    /// Before everything.
    Urgent,
}

impl Priority {
    /// From the least urgent to the most.
    pub const ALL: [Self; 4] = [Self::Low, Self::Normal, Self::High, Self::Urgent];

    /// The number in the tables: -1, 0, 1, 2.
    pub fn number(self) -> i64 {
        match self {
            Self::Low => -1,
            Self::Normal => 0,
            Self::High => 1,
            Self::Urgent => 2,
        }
    }

    /// The step of a number; what lies outside counts as the nearest.
    pub fn of(number: i64) -> Self {
        match number {
            ..=-1 => Self::Low,
            0 => Self::Normal,
            1 => Self::High,
            2.. => Self::Urgent,
        }
    }

    /// The name in the API.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Normal => "normal",
            Self::High => "high",
            Self::Urgent => "urgent",
        }
    }
}

impl std::str::FromStr for Priority {
    type Err = ();
    fn from_str(text: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|one| one.as_str() == text).ok_or(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_numbers_say_the_same() {
        for one in Priority::ALL {
            assert_eq!(Priority::of(one.number()), one);
            assert_eq!(one.as_str().parse(), Ok(one));
        }
        assert_eq!((Priority::of(i64::MIN), Priority::of(99)), (Priority::Low, Priority::Urgent));
        assert_eq!("important".parse::<Priority>(), Err(()));
    }
}
