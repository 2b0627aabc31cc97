//! Statements over many rows: how they are cut, so that few distinct texts fill the caches of prepared statements.

use crate::value::Value;

/// Rows of one multi-row INSERT: whatever the number, at most four statements make it up.
const ROWS: [usize; 31] = [
    512, 448, 384, 320, 256, 224, 192, 160, 128, 112, 96, 80, 64, 56, 48, 40, 32, 28, 24, 20, 16, 14, 12, 10,
    8, 6, 5, 4, 3, 2, 1,
];

/// Cuts rows into pieces of the sizes that have a statement of their own.
pub(crate) fn pieces<T>(mut rows: &[T]) -> impl Iterator<Item = &[T]> {
    std::iter::from_fn(move || {
        let size = ROWS.into_iter().find(|&size| size <= rows.len())?;
        let (piece, rest) = rows.split_at(size);
        rows = rest;
        Some(piece)
    })
}

/// The same of parts whose `bytes` are together at most `most`, or which are one row: a statement has to fit into what the
/// server takes for one packet.
pub(crate) fn pieces_within<T>(mut rows: &[T], most: usize, bytes: impl Fn(&T) -> usize) -> Vec<&[T]> {
    let mut found = Vec::new();
    while !rows.is_empty() {
        let mut sum = 0_usize;
        let fits = rows.iter().take_while(|&row| {
            sum = sum.saturating_add(bytes(row));
            sum <= most
        });
        let count = fits.count().max(1);
        let (part, rest) = rows.split_at(count);
        found.extend(pieces(part));
        rows = rest;
    }
    found
}

/// `(?, ?), (?, ?)`: `rows` tuples of `columns` places.
pub(crate) fn tuples(rows: usize, columns: usize) -> String {
    let tuple = format!("({})", places(columns));
    vec![tuple.as_str(); rows].join(", ")
}

/// `?, ?, ?`
pub(crate) fn places(count: usize) -> String {
    vec!["?"; count].join(", ")
}

/// Fills a list of `width` values a key up to the next power of two by repeating its last key, which a look-up
/// does not mind; answers how many keys there are now. The list must not be empty.
pub(crate) fn pad(values: &mut Vec<Value<'_>>, width: usize) -> usize {
    let count = values.len() / width;
    let full = count.next_power_of_two();
    for _ in count..full {
        let last = values.len() - width;
        values.extend_from_within(last..);
    }
    full
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_are_few_and_lose_nothing() {
        for n in 0..=512 {
            let rows: Vec<usize> = (0..n).collect();
            let cut: Vec<&[usize]> = pieces(&rows).collect();
            assert_eq!(cut.concat(), rows);
            assert!(cut.len() <= 4, "{n} rows take {} statements", cut.len());
        }
    }

    #[test]
    fn parts_are_within_the_bytes_and_lose_nothing() {
        assert!(pieces_within(&[], 10, |row: &usize| *row).is_empty());
        assert_eq!(pieces_within(&[4, 6, 1], 10, |row| *row), [&[4, 6][..], &[1]]);
        assert_eq!(pieces_within(&[11, 9, 2], 10, |row| *row), [[11], [9], [2]], "too large goes by itself");
        let many = [0; 600];
        assert_eq!(pieces_within(&many, 10, |row| *row), pieces(&many).collect::<Vec<_>>());
    }

    #[test]
    fn padding_repeats_the_last_key() {
        let mut values =
            vec![Value::Int(1), Value::Int(2), Value::Int(3), Value::Int(4), Value::Int(5), Value::Int(6)];
        assert_eq!(pad(&mut values, 2), 4);
        assert_eq!(values[6..], [Value::Int(5), Value::Int(6)]);
    }
}
