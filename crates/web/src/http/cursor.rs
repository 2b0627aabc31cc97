//! Cursors as the outside sees them: opaque, each good for one kind of list, and safe in an address as they are. What
//! was not given out here is refused, so that a mistake is not answered with some other page.

use super::problem::{Answer, Refused};
use std::fmt::Write as _;
use switchboard_wire::view::Page;
use switchboard_wire::{Failure, Problem};

/// Hexadecimal digits of the check in front of a place.
const CHECK_DIGITS: usize = 8;
/// Items of a page that is cut here, when the caller does not say.
const DEFAULT_ITEMS: i64 = 50;

/// The page with its place written as a cursor of this kind of list.
pub(crate) fn sealed<T>(list: &str, page: Page<T>) -> Page<T> {
    Page { items: page.items, next: page.next.map(|place| seal(list, &place)) }
}

fn seal(list: &str, place: &str) -> String {
    let mut text = format!("{:08x}", check(list, place.as_bytes()));
    for byte in place.bytes() {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
    }
    text
}

/// The place in a cursor of this kind of list.
///
/// # Errors
/// 400 for what was not made by [`sealed`] for such a list.
pub(crate) fn opened(list: &str, cursor: Option<String>) -> Answer<Option<String>> {
    cursor.map(|cursor| place(list, &cursor).ok_or_else(bad_cursor)).transpose()
}

fn place(list: &str, cursor: &str) -> Option<String> {
    let (sum, digits) = cursor.split_at_checked(CHECK_DIGITS)?;
    let byte = |pair: &[u8]| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok();
    let place: Vec<u8> = digits.as_bytes().chunks(2).map(byte).collect::<Option<_>>()?;
    let fits = u32::from_str_radix(sum, 16).ok()? == check(list, &place);
    fits.then(|| String::from_utf8(place).ok()).flatten()
}

pub(crate) fn bad_cursor() -> Refused {
    let mut failure = Failure::new(Problem::BadRequest, "use the cursor as it was given, or none");
    failure.errors.insert("cursor".into(), "not a cursor of this list".into());
    Refused(failure)
}

/// FNV-1a: against mistakes, not against anybody. A forged cursor shows nothing that its maker may not see.
fn check(list: &str, place: &[u8]) -> u32 {
    let bytes = list.bytes().chain([0]).chain(place.iter().copied());
    bytes.fold(0x811c_9dc5, |sum, byte| (sum ^ u32::from(byte)).wrapping_mul(0x0100_0193))
}

/// A page of a list that is short enough to be read whole; its place is a number of items.
///
/// # Errors
/// 400 for a cursor of another list.
pub(crate) fn cut<T>(
    list: &str,
    whole: Vec<T>,
    limit: Option<i64>,
    cursor: Option<String>,
) -> Answer<Page<T>> {
    let from = match opened(list, cursor)? {
        Some(place) => place.parse().map_err(|_| bad_cursor())?,
        None => 0_usize,
    };
    let limit = limit.unwrap_or(DEFAULT_ITEMS).clamp(1, switchboard_domain::limits::PAGE_ITEMS);
    let limit = usize::try_from(limit).unwrap_or_default();
    let end = from.saturating_add(limit);
    let next = (end < whole.len()).then(|| end.to_string());
    let items = whole.into_iter().skip(from).take(limit).collect();
    Ok(sealed(list, Page { items, next }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_comes_back_as_it_was_and_needs_no_escaping() {
        for at in ["17", "Zoë & Söhne", "1795402981.01M835", ""] {
            let page = sealed("teams", Page { items: vec![1], next: Some(at.into()) });
            let cursor = page.next.unwrap();
            assert!(cursor.bytes().all(|byte| byte.is_ascii_alphanumeric()), "{cursor}");
            assert_eq!(opened("teams", Some(cursor)).unwrap().as_deref(), Some(at));
        }
        assert_eq!(opened("teams", None).unwrap(), None);
        assert_eq!(sealed::<u8>("teams", Page::default()).next, None);
    }

    #[test]
    fn what_was_not_given_out_is_refused() {
        let cursor = seal("teams", "General");
        let other = seal("admins", "General");
        let half = &cursor[..cursor.len() - 1];
        let bad = ["", "garbage", "null", "General", "0", "ffffffff", "ééééé", &cursor[2..], half, &other];
        for bad in bad {
            let refused = opened("teams", Some(bad.into())).unwrap_err();
            assert_eq!(refused.0.problem, Problem::BadRequest, "{bad}");
        }
    }

    #[test]
    fn short_lists_are_cut_here() {
        let mut seen = Vec::new();
        let mut cursor = None;
        for _ in 0..3 {
            let page = cut("x", vec![1, 2, 3, 4, 5], Some(2), cursor).unwrap();
            seen.push(page.items);
            cursor = page.next;
        }
        assert_eq!(seen, [vec![1, 2], vec![3, 4], vec![5]]);
        assert_eq!(cursor, None);
        assert_eq!(cut("x", vec![1, 2], Some(0), None).unwrap().items, [1], "as every list clamps it");
        assert!(cut("x", vec![1], None, Some(seal("x", "y"))).is_err());
    }
}
