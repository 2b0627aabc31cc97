//! What the environment asks for, read.

use crate::{BROKEN, FAULT_AT, Mutant, Point};

/// What happens at a point.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Deed {
    /// The process ends at once, without destructors, as after SIGKILL.
    End,
    /// It stands still, as after SIGSTOP, until somebody sends SIGCONT.
    Freeze,
}

/// Where something happens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stop {
    /// The point.
    pub point: Point,
    /// At which passage, counted from 1 since the start of the process.
    pub passage: u64,
    /// What.
    pub deed: Deed,
}

/// All that is asked for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Plan {
    /// Where to end or freeze.
    pub stop: Option<Stop>,
    /// In which way to be wrong.
    pub broken: Option<Mutant>,
}

impl Plan {
    /// Reads the two variables.
    ///
    /// # Errors
    /// When one of them names what there is not; the text lists what there is.
    pub fn parse(at: Option<&str>, broken: Option<&str>) -> Result<Self, String> {
        let given = |text: Option<&str>| text.filter(|text| !text.is_empty()).map(str::to_owned);
        let stop = given(at).map(|text| text.parse()).transpose()?;
        let broken = given(broken).map(|name| name.parse()).transpose()?;
        Ok(Self { stop, broken })
    }
}

impl std::str::FromStr for Stop {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        let mut parts = text.split(':');
        let point = parts.next().unwrap_or_default().parse()?;
        let passage = parts.next().unwrap_or("1");
        let wrong = || format!("{FAULT_AT} is NAME, NAME:N or NAME:N:stop with N from 1; not {text:?}");
        let passage = passage.parse().ok().filter(|passage| *passage > 0).ok_or_else(wrong)?;
        let deed = match (parts.next(), parts.next()) {
            (None, _) => Deed::End,
            (Some("stop"), None) => Deed::Freeze,
            _ => return Err(wrong()),
        };
        Ok(Self { point, passage, deed })
    }
}

impl std::fmt::Display for Stop {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}", self.point.name(), self.passage)?;
        match self.deed {
            Deed::End => Ok(()),
            Deed::Freeze => f.write_str(":stop"),
        }
    }
}

impl std::str::FromStr for Point {
    type Err = String;
    fn from_str(name: &str) -> Result<Self, String> {
        let found = Self::ALL.into_iter().find(|point| point.name() == name);
        found.ok_or_else(|| unknown(FAULT_AT, name, Self::ALL.map(Self::name).as_slice()))
    }
}

impl std::str::FromStr for Mutant {
    type Err = String;
    fn from_str(name: &str) -> Result<Self, String> {
        let found = Self::ALL.into_iter().find(|mutant| mutant.name() == name);
        found.ok_or_else(|| unknown(BROKEN, name, Self::ALL.map(Self::name).as_slice()))
    }
}

fn unknown(variable: &str, name: &str, all: &[&str]) -> String {
    format!("{variable} names {name:?}, which there is not; there are {}", all.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn names_are_unique_and_found_again() {
        let points: BTreeSet<&str> = Point::ALL.iter().map(|point| point.name()).collect();
        let mutants: BTreeSet<&str> = Mutant::ALL.iter().map(|mutant| mutant.name()).collect();
        assert_eq!((points.len(), mutants.len()), (Point::ALL.len(), Mutant::ALL.len()));
        for point in Point::ALL {
            assert_eq!(point.name().parse(), Ok(point));
            assert!(!point.text().is_empty());
        }
        for mutant in Mutant::ALL {
            assert_eq!(mutant.name().parse(), Ok(mutant));
            assert!(!mutant.text().is_empty());
        }
    }

    #[test]
    fn a_stop_is_read_as_it_is_written() {
        for text in ["append.commit.before:1", "tell.after:7", "tell.after:7:stop"] {
            let stop: Stop = text.parse().unwrap();
            assert_eq!(stop.to_string(), text);
        }
        let plan = Plan::parse(Some("tell.after"), Some("")).unwrap();
        let stop = Stop { point: Point::TellAfter, passage: 1, deed: Deed::End };
        assert_eq!(plan, Plan { stop: Some(stop), broken: None });
    }

    #[test]
    fn what_is_misspelt_is_refused() {
        for bad in ["tell.afte", "tell.after:0", "tell.after:x", "tell.after:1:go", "tell.after:1:stop:2"] {
            assert!(Plan::parse(Some(bad), None).is_err(), "{bad}");
        }
        let error = Plan::parse(None, Some("ack_before_comit")).unwrap_err();
        assert!(error.contains("ack_before_commit"), "{error}");
    }
}
