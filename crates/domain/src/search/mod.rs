//! Searching what was written: what a word is, what is asked for, where it stands, and how an index keeps it. The index
//! and the question take words from the same function, so that what was written as it is asked for is found.

mod places;
mod query;
mod snippet;
mod words;

pub use places::{PAGE_LINES, Places};
pub use query::{BadQuery, QUERY_CHARS, QUERY_WORDS, Query, Term};
pub use snippet::{Part, SNIPPET_CHARS, snippet};
pub use words::{LINE_WORDS, WORD_CHARS, Word, distinct, words};
