//! How far two words are from each other.

/// Whether `a` becomes `b` by at most `most` insertions, deletions, replacements, or exchanges of neighbours.
pub(super) fn within(a: &str, b: &str, most: usize) -> bool {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    if a.len().abs_diff(b.len()) > most {
        return false;
    }
    let mut before: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, y) in b.iter().enumerate() {
            let swapped = i > 0 && j > 0 && a[i - 1] == *y && b[j - 1] == *x;
            let swap = if swapped { before[j - 1] + 1 } else { usize::MAX };
            row.push((last[j] + usize::from(x != y)).min(last[j + 1] + 1).min(row[j] + 1).min(swap));
        }
        if row.iter().all(|cost| *cost > most) {
            return false;
        }
        before = std::mem::replace(&mut last, row);
    }
    last.last().is_some_and(|cost| *cost <= most)
}

#[cfg(test)]
mod tests {
    use super::within;

    #[test]
    fn one_slip_of_the_finger_is_one() {
        for (a, b) in
            [("refund", "refnud"), ("invoice", "invoce"), ("invoice", "invoicee"), ("order", "ordar")]
        {
            assert!(within(a, b, 1) && within(b, a, 1), "{a} {b}");
        }
        assert!(!within("refund", "refill", 1));
        assert!(within("subscription", "subscirpiton", 2) && !within("subscription", "subscirpiton", 1));
        assert!(within("", "", 0) && !within("", "ab", 1));
    }
}
