//! Finding the article that answers a question: BM25 over title, keywords and text, with stems, tolerant of typos, and
//! a confidence that tells an answer from a guess. Pure: an [`Index`] is made of the articles and made anew when they
//! change.

mod index;
mod passage;
mod stop;
mod typo;
mod vocabulary;
mod words;

pub use index::{Answer, Document, Found, Index, SURE};
pub use passage::{EXCERPT_CHARS, TEXT_CHARS, plain};
