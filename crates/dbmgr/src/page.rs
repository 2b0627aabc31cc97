//! Pages of lists: by key, at most 200 items, and 256 KiB.

use serde::Serialize;
use switchboard_domain::limits::{PAGE_BYTES, PAGE_ITEMS};
use switchboard_wire::view::Page;
use switchboard_wire::{Failure, Problem};

/// Items of a page when the caller does not say.
const DEFAULT_ITEMS: i64 = 50;

/// How many items a page may have.
pub(crate) fn limit(asked: Option<i64>) -> i64 {
    asked.unwrap_or(DEFAULT_ITEMS).clamp(1, PAGE_ITEMS)
}

/// What is said of a cursor that is none of ours.
pub(crate) fn bad_cursor() -> Failure {
    let mut failure = Failure::new(Problem::BadRequest, "use the cursor as it was given, or none");
    failure.errors.insert("cursor".into(), "not a cursor of this list".into());
    failure
}

/// How many of these JSON sizes fit into a page, at least one.
pub(crate) fn fitting(sizes: impl Iterator<Item = usize>) -> usize {
    let mut room = PAGE_BYTES;
    let mut fit = 0;
    for size in sizes {
        // The comma counts too.
        match room.checked_sub(size + 1) {
            Some(left) => room = left,
            None if fit > 0 => break,
            None => room = 0,
        }
        fit += 1;
    }
    fit
}

/// A page of at most `limit` items out of rows, of which one more was asked for to know whether there is a next page.
/// The cursor is made of the last row that is in it.
pub(crate) fn of<T, V: Serialize>(
    mut rows: Vec<T>,
    limit: i64,
    cursor: impl Fn(&T) -> String,
    view: impl Fn(&T) -> V,
) -> Page<V> {
    let asked = usize::try_from(limit).unwrap_or_default();
    let more = rows.len() > asked;
    rows.truncate(asked);
    let mut items: Vec<V> = rows.iter().map(view).collect();
    let size = |item: &V| serde_json::to_vec(item).map_or(0, |json| json.len());
    let fit = fitting(items.iter().map(size));
    let more = more || fit < items.len();
    items.truncate(fit);
    let next = more.then(|| rows.get(fit.wrapping_sub(1)).map(cursor)).flatten();
    Page { items, next }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_ends_at_its_limit_or_its_size_and_says_where_to_go_on() {
        let page = of(vec![1, 2, 3], 2, ToString::to_string, |n| *n);
        assert_eq!((page.items, page.next.as_deref()), (vec![1, 2], Some("2")));
        let page = of(vec![1, 2], 2, ToString::to_string, |n| *n);
        assert_eq!((page.items.len(), page.next), (2, None));
        let big = "x".repeat(PAGE_BYTES / 3);
        let page = of(vec![1, 2, 3, 4], 4, ToString::to_string, |_| big.clone());
        assert_eq!((page.items.len(), page.next.as_deref()), (2, Some("2")));
        let huge = "x".repeat(PAGE_BYTES * 2);
        let page = of(vec![1, 2], 2, ToString::to_string, |_| huge.clone());
        assert_eq!((page.items.len(), page.next.as_deref()), (1, Some("1")), "one always fits");
    }

    #[test]
    fn limits_are_clamped() {
        assert_eq!([limit(None), limit(Some(0)), limit(Some(-3)), limit(Some(1_000))], [50, 1, 1, 200]);
    }
}
