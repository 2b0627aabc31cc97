//! What is done to a part.

/// A fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fault {
    /// SIGKILL.
    Kill,
    /// SIGSTOP, and SIGCONT after a while.
    Freeze,
    /// SIGTERM.
    Restart,
}

/// Of thirteen faults so many are freezes; two of thirteen beside ten kills make 40 of 260, of which 200 are kills.
const FREEZES: usize = 2;
/// Of thirteen faults so many are restarts.
const RESTARTS: usize = 1;
/// Thirteen.
const OF: usize = 13;

/// So many faults in random order.
pub(super) fn deck(cycles: usize, dice: &mut fastrand::Rng) -> Vec<Fault> {
    let freezes = (cycles * FREEZES).div_ceil(OF).min(cycles);
    let restarts = (cycles * RESTARTS / OF).min(cycles - freezes);
    let mut deck = vec![Fault::Freeze; freezes];
    deck.extend(vec![Fault::Restart; restarts]);
    deck.resize(cycles, Fault::Kill);
    dice.shuffle(&mut deck);
    deck
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn most_faults_are_kills() {
        let mut dice = fastrand::Rng::with_seed(7);
        let count = |deck: &[Fault], fault| deck.iter().filter(|other| **other == fault).count();
        for (cycles, kills, freezes, restarts) in
            [(260, 200, 40, 20), (130, 100, 20, 10), (2, 1, 1, 0), (0, 0, 0, 0)]
        {
            let deck = deck(cycles, &mut dice);
            let counts = [Fault::Kill, Fault::Freeze, Fault::Restart].map(|fault| count(&deck, fault));
            assert_eq!(counts, [kills, freezes, restarts]);
        }
    }
}
