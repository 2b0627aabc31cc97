//! Interleaved measuring: A B C A B C …, so that whatever else the machine does hits all of them alike.

use anyhow::{Context, ensure};

use crate::setting::Setting;

/// One of several systems that are measured in turn. `measure` takes a warm-up and a window and gives a sample.
pub struct Contestant<'a, T> {
    name: String,
    measure: Box<dyn FnMut() -> anyhow::Result<T> + 'a>,
}

impl<'a, T> Contestant<'a, T> {
    /// A contestant under a name that the table shows.
    pub fn new(name: impl Into<String>, measure: impl FnMut() -> anyhow::Result<T> + 'a) -> Self {
        Self { name: name.into(), measure: Box::new(measure) }
    }
}

/// What all contestants gave in all rounds.
#[derive(Debug)]
pub struct Rounds<T> {
    names: Vec<String>,
    /// By contestant, then by round.
    samples: Vec<Vec<T>>,
    control: Vec<T>,
}

/// Two contestants of the same rounds beside each other.
#[derive(Debug, Clone, PartialEq)]
pub struct Comparison {
    /// The second one's name.
    pub against: String,
    /// The first one's median.
    pub ours: f64,
    /// The second one's median.
    pub theirs: f64,
    /// The median of the pairs' ratios.
    pub ratio: f64,
    /// The least and the greatest of them.
    pub spread: (f64, f64),
    /// How many pairs.
    pub pairs: usize,
}

impl<T> Rounds<T> {
    /// Measures all contestants in turn, as often as the setting says. The first one is measured once more at the end
    /// of each round, as its own control.
    ///
    /// # Errors
    /// When one of them fails; the message names it.
    pub fn measure(setting: &Setting, mut contestants: Vec<Contestant<'_, T>>) -> anyhow::Result<Self> {
        ensure!(!contestants.is_empty(), "nothing to measure");
        let names: Vec<String> = contestants.iter().map(|one| one.name.clone()).collect();
        let mut samples: Vec<Vec<T>> = names.iter().map(|_| Vec::new()).collect();
        let mut control = Vec::new();
        for round in 1..=setting.rounds {
            for (contestant, samples) in contestants.iter_mut().zip(&mut samples) {
                eprintln!("    round {round} of {}: {}", setting.rounds, contestant.name);
                samples.push((contestant.measure)().with_context(|| contestant.name.clone())?);
            }
            if let Some(first) = contestants.first_mut() {
                control.push((first.measure)().with_context(|| first.name.clone())?);
            }
        }
        Ok(Self { names, samples, control })
    }

    /// One figure of one contestant, round by round; empty when there is none of this name.
    pub fn series(&self, name: &str, figure: impl Fn(&T) -> f64) -> Vec<f64> {
        let at = self.names.iter().position(|known| known == name);
        at.and_then(|at| self.samples.get(at)).map(|of| of.iter().map(figure).collect()).unwrap_or_default()
    }

    /// The median of one figure of one contestant.
    ///
    /// # Errors
    /// When there is none of this name.
    pub fn median(&self, name: &str, figure: impl Fn(&T) -> f64) -> anyhow::Result<f64> {
        median(&self.series(name, figure)).with_context(|| format!("no contestant {name}"))
    }

    /// One figure of two contestants.
    ///
    /// # Errors
    /// When one of them is missing.
    pub fn compare(
        &self,
        ours: &str,
        theirs: &str,
        figure: impl Fn(&T) -> f64,
    ) -> anyhow::Result<Comparison> {
        let (a, b) = (self.series(ours, &figure), self.series(theirs, &figure));
        let ratios: Vec<f64> = a.iter().zip(&b).map(|(a, b)| a / b).collect();
        Ok(Comparison {
            against: theirs.to_owned(),
            ours: median(&a).with_context(|| format!("no contestant {ours}"))?,
            theirs: median(&b).with_context(|| format!("no contestant {theirs}"))?,
            ratio: median(&ratios).context("no pairs")?,
            spread: spread(&ratios),
            pairs: ratios.len(),
        })
    }

    /// The first contestant beside itself: the median of the pairs' ratios.
    pub fn control(&self, figure: impl Fn(&T) -> f64) -> Option<f64> {
        let first = self.samples.first()?;
        let ratios: Vec<f64> = self.control.iter().zip(first).map(|(b, a)| figure(b) / figure(a)).collect();
        median(&ratios)
    }
}

/// The median; of an even number the mean of the middle two.
#[must_use]
pub fn median(values: &[f64]) -> Option<f64> {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let upper = *sorted.get(sorted.len() / 2)?;
    if sorted.len() % 2 == 1 {
        return Some(upper);
    }
    sorted.get(sorted.len() / 2 - 1).map(|lower| f64::midpoint(*lower, upper))
}

/// The least and the greatest.
fn spread(values: &[f64]) -> (f64, f64) {
    let least = values.iter().copied().fold(f64::INFINITY, f64::min);
    (least, values.iter().copied().fold(f64::NEG_INFINITY, f64::max))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::RefCell;

    #[test]
    fn contestants_take_turns_and_each_pair_is_of_one_round() {
        let order = RefCell::new(String::new());
        let (mut a, mut b) = (0.0, 0.0);
        let setting = Setting { rounds: 3, ..Setting::quick() };
        let rounds = Rounds::measure(
            &setting,
            vec![
                Contestant::new("a", || {
                    order.borrow_mut().push('a');
                    a += 1.0;
                    Ok(a)
                }),
                Contestant::new("b", || {
                    order.borrow_mut().push('b');
                    b += 2.0;
                    Ok(b)
                }),
            ],
        )
        .unwrap();
        // a: 1 3 5, its control 2 4 6; b: 2 4 6.
        let compared = rounds.compare("a", "b", |x| *x).unwrap();
        assert_eq!((compared.ours, compared.theirs, compared.pairs), (3.0, 4.0, 3));
        assert_eq!((compared.ratio, compared.spread), (0.75, (0.5, 5.0 / 6.0)));
        assert_eq!(rounds.control(|x| *x), Some(4.0 / 3.0));
        assert_eq!(order.into_inner(), "abaabaaba");
    }

    #[test]
    fn the_median_of_an_even_number_lies_between() {
        assert_eq!(median(&[4.0, 1.0, 3.0, 2.0]), Some(2.5));
        assert_eq!(median(&[]), None);
    }
}
