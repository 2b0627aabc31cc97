//! Time and randomness as arguments, so that every rule can be tested at any hour and with any dice.

/// Milliseconds since the Unix epoch, UTC. One unit everywhere, in memory and in the database.
pub type Millis = i64;

/// Time, in the two ways in which a machine tells it. It orders nothing (sequence numbers do).
pub trait Clock: Send + Sync + 'static {
    /// The present moment by the wall clock, which dates things. Somebody may set it at any time, by any amount.
    fn now(&self) -> Millis;

    /// How long it is since some moment in the past, by a clock that nobody sets: only differences mean something.
    fn elapsed(&self) -> Millis;
}

/// A source of unpredictable bytes, fit for secrets.
pub trait Rng: Send + Sync + 'static {
    /// Fills `bytes` completely.
    fn fill(&self, bytes: &mut [u8]);

    /// 128 unpredictable bits.
    fn u128(&self) -> u128 {
        let mut bytes = [0; 16];
        self.fill(&mut bytes);
        u128::from_le_bytes(bytes)
    }
}

/// A moment as RFC 3339 in UTC with milliseconds: the form of every time in the API.
pub fn rfc3339(at: Millis) -> String {
    jiff::Timestamp::from_millisecond(at)
        .map_or_else(|_| "9999-12-31T23:59:59.999Z".into(), |t| format!("{t:.3}"))
}

/// Reads an RFC 3339 moment.
pub fn parse_rfc3339(text: &str) -> Option<Millis> {
    text.parse::<jiff::Timestamp>().ok().map(jiff::Timestamp::as_millisecond)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_travel_as_rfc_3339() {
        assert_eq!(rfc3339(0), "1970-01-01T00:00:00.000Z");
        assert_eq!(parse_rfc3339("2026-11-23T08:00:00+01:00"), Some(1_795_417_200_000));
        assert_eq!(parse_rfc3339(&rfc3339(1_795_417_200_123)), Some(1_795_417_200_123));
        assert_eq!(parse_rfc3339("yesterday"), None);
    }
}
