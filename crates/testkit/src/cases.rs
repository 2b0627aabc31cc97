//! How many random cases a property test tries.

/// The variable that proptest knows too: the cases of a test that says nothing about them.
const CASES_ENV: &str = "PROPTEST_CASES";
/// What proptest takes when nobody says anything.
const USUAL: u32 = 256;

/// `base`, and more or fewer in the same measure as `PROPTEST_CASES` differs from proptest's own 256: so one variable
/// lengthens quick tests and those with a database alike.
#[must_use]
pub fn cases(base: u32) -> u32 {
    let asked = std::env::var(CASES_ENV).ok().and_then(|text| text.parse().ok());
    scaled(base, asked.unwrap_or(USUAL))
}

fn scaled(base: u32, asked: u32) -> u32 {
    let scaled = u64::from(base) * u64::from(asked) / u64::from(USUAL);
    u32::try_from(scaled).unwrap_or(u32::MAX).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_variable_lengthens_all() {
        assert_eq!([scaled(40, 256), scaled(40, 25_600), scaled(40, 1)], [40, 4_000, 1]);
    }
}
