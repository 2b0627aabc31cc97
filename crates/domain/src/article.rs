//! Articles: answers that are written down once. What one may be.

use std::fmt;

/// Longest title, in characters.
pub const TITLE_CHARS: usize = 160;
/// Longest slug, in characters.
pub const SLUG_CHARS: usize = 80;
/// Longest text, in bytes: with title and keywords it fits into a body of 64 KiB.
pub const BODY_BYTES: usize = 48 * 1024;
/// Most keywords of an article, and the longest of them in characters.
pub const KEYWORDS: usize = 40;
/// Longest keyword, in characters.
pub const KEYWORD_CHARS: usize = 80;
/// Longest question that is looked up, in characters; what is beyond is not read.
pub const QUERY_CHARS: usize = 1_000;
/// Most articles of an installation.
pub const ARTICLES: i64 = 2_000;

/// Why an article is not acceptable.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadArticle {
    /// Blank or too long.
    #[error("a title is one line of 1 to {TITLE_CHARS} characters")]
    Title,
    /// Not of the form of a slug.
    #[error("an address is 1 to {SLUG_CHARS} characters of a-z, 0-9 and hyphens, such as refund-policy")]
    Slug,
    /// Blank, too long, or with what no database keeps.
    #[error("a text is 1 to {BODY_BYTES} bytes of Markdown; divide a longer one into several articles")]
    Body,
    /// Not a language.
    #[error("name a language by its code, such as en, de or pt-BR")]
    Language,
    /// Too many, blank, or too long.
    #[error("there are at most {KEYWORDS} keywords, each one line of 1 to {KEYWORD_CHARS} characters")]
    Keywords,
}

/// Whether a character would break a line, or turn around what stands beside it.
fn is_unruly(c: char) -> bool {
    c.is_control() || matches!(c, '\u{2028}' | '\u{2029}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

fn line(text: &str, chars: usize) -> Option<String> {
    let text = text.trim();
    let fits = !text.is_empty() && text.chars().count() <= chars && !text.chars().any(is_unruly);
    fits.then(|| text.to_owned())
}

/// Checks a title.
///
/// # Errors
/// When it is not one line of a readable length.
pub fn title(text: &str) -> Result<String, BadArticle> {
    line(text, TITLE_CHARS).ok_or(BadArticle::Title)
}

/// Checks a slug, the article's place below `/help/`.
///
/// # Errors
/// When it is not 1 to 80 of `[a-z0-9-]`.
pub fn slug(text: &str) -> Result<String, BadArticle> {
    let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
    let fits = (1..=SLUG_CHARS).contains(&text.len()) && text.bytes().all(plain);
    // Hyphens alone could not be told from nothing.
    (fits && text.bytes().any(|b| b != b'-')).then(|| text.to_owned()).ok_or(BadArticle::Slug)
}

/// A slug made of a title. Titles without a Latin letter or digit have none.
pub fn slug_of(title: &str) -> Option<String> {
    use unicode_normalization::UnicodeNormalization as _;
    let spelt =
        title.to_lowercase().replace('ä', "ae").replace('ö', "oe").replace('ü', "ue").replace('ß', "ss");
    let mut made = String::new();
    for c in spelt.nfkd().filter(|c| !unicode_normalization::char::is_combining_mark(*c)) {
        if c.is_ascii_alphanumeric() {
            made.push(c);
        } else if !made.is_empty() && !made.ends_with('-') && !matches!(c, '\'' | '’') {
            made.push('-');
        }
    }
    if made.len() > SLUG_CHARS {
        let end = made[..SLUG_CHARS].rfind('-').unwrap_or(SLUG_CHARS);
        made.truncate(end);
    }
    slug(made.trim_matches('-')).ok()
}

/// Checks a text. Line ends become `\n`.
///
/// # Errors
/// When it is blank, too long, or has a NUL in it.
pub fn body(text: &str) -> Result<String, BadArticle> {
    let text = text.replace("\r\n", "\n");
    let fits = text.len() <= BODY_BYTES && !text.trim().is_empty() && !text.contains('\0');
    fits.then_some(text).ok_or(BadArticle::Body)
}

/// Checks the code of a language (BCP 47, without extensions).
///
/// # Errors
/// When it is none.
pub fn language(text: &str) -> Result<String, BadArticle> {
    let mut parts = text.split('-');
    let first = parts.next().unwrap_or_default();
    let letters = (2..=3).contains(&first.len()) && first.bytes().all(|b| b.is_ascii_lowercase());
    let rest = parts.all(|p| (2..=8).contains(&p.len()) && p.bytes().all(|b| b.is_ascii_alphanumeric()));
    (letters && rest && text.len() <= 35).then(|| text.to_owned()).ok_or(BadArticle::Language)
}

/// Checks keywords; each counts once.
///
/// # Errors
/// When they are too many, or one is no line of a readable length.
pub fn keywords(texts: &[String]) -> Result<Vec<String>, BadArticle> {
    let mut kept: Vec<String> = Vec::new();
    for text in texts {
        let word = line(text, KEYWORD_CHARS).ok_or(BadArticle::Keywords)?;
        if !kept.contains(&word) {
            kept.push(word);
        }
    }
    (kept.len() <= KEYWORDS).then_some(kept).ok_or(BadArticle::Keywords)
}

/// What an article says, without its numbers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Content {
    /// Its place below `/help/`.
    pub slug: String,
    /// The title.
    pub title: String,
    /// Markdown.
    pub body: String,
    /// Its language.
    pub language: String,
    /// Other words for it.
    pub keywords: Vec<String>,
    /// Whether visitors see it.
    pub published: bool,
}

/// A part of an article that a change can be about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// The title.
    Title,
    /// The slug.
    Slug,
    /// The text.
    Body,
    /// The language.
    Language,
    /// The keywords.
    Keywords,
    /// Whether visitors see it.
    Published,
}

impl Part {
    /// The field's name in the API.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Title => "title",
            Self::Slug => "slug",
            Self::Body => "body",
            Self::Language => "language",
            Self::Keywords => "keywords",
            Self::Published => "published",
        }
    }
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// In which parts two differ.
pub fn differences(a: &Content, b: &Content) -> Vec<Part> {
    [
        (Part::Title, a.title != b.title),
        (Part::Slug, a.slug != b.slug),
        (Part::Body, a.body != b.body),
        (Part::Language, a.language != b.language),
        (Part::Keywords, a.keywords != b.keywords),
        (Part::Published, a.published != b.published),
    ]
    .into_iter()
    .filter_map(|(part, differs)| differs.then_some(part))
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slugs_are_made_of_titles() {
        for (title, slug) in [
            ("How do I get a refund?", "how-do-i-get-a-refund"),
            ("Wo finde ich die Größentabelle?", "wo-finde-ich-die-groessentabelle"),
            ("What's  a café?!", "whats-a-cafe"),
        ] {
            assert_eq!(slug_of(title).as_deref(), Some(slug));
        }
        assert_eq!(slug_of("返金"), None);
        assert!(slug_of(&"word ".repeat(60)).unwrap().len() <= SLUG_CHARS);
    }

    #[test]
    fn what_is_no_slug_is_refused() {
        for bad in ["", "-", "A", "a b", "a/b", "..", "é", &"x".repeat(SLUG_CHARS + 1)] {
            assert_eq!(slug(bad), Err(BadArticle::Slug), "{bad}");
        }
    }

    #[test]
    fn titles_are_one_line_and_turn_nothing_around() {
        assert_eq!(title("  A title ").as_deref(), Ok("A title"));
        for bad in ["", " \t", "two\nlines", "a\u{202e}b", "x\u{2066}", &"x".repeat(TITLE_CHARS + 1)] {
            assert_eq!(title(bad), Err(BadArticle::Title), "{bad:?}");
        }
        assert!(title("ما هي سياسة الإرجاع؟").is_ok());
    }

    #[test]
    fn texts_fit_into_a_request() {
        assert!(body(&"x".repeat(BODY_BYTES)).is_ok());
        for bad in ["", " \n", "a\0b", &"x".repeat(BODY_BYTES + 1), &"x".repeat(1024 * 1024)] {
            assert_eq!(body(bad), Err(BadArticle::Body));
        }
        assert_eq!(body("a\r\nb").as_deref(), Ok("a\nb"));
    }

    #[test]
    fn languages_are_codes() {
        for good in ["en", "de-AT", "pt-BR", "zh-Hant-TW"] {
            assert!(language(good).is_ok(), "{good}");
        }
        for bad in ["", "e", "English", "EN", "en_GB", "en-", "en-\"><b>"] {
            assert_eq!(language(bad), Err(BadArticle::Language), "{bad}");
        }
    }

    #[test]
    fn keywords_count_once_and_are_few() {
        let words = |list: &[&str]| list.iter().map(|&w| w.to_owned()).collect::<Vec<_>>();
        assert_eq!(keywords(&words(&["a", " a ", "b"])), Ok(words(&["a", "b"])));
        assert_eq!(keywords(&words(&["a", " "])), Err(BadArticle::Keywords));
        let many: Vec<String> = (0..=KEYWORDS).map(|n| n.to_string()).collect();
        assert_eq!(keywords(&many), Err(BadArticle::Keywords));
    }

    #[test]
    fn a_change_names_what_it_changes() {
        let a = Content {
            slug: "a".into(),
            title: "A".into(),
            body: "b".into(),
            language: "en".into(),
            keywords: vec![],
            published: false,
        };
        assert!(differences(&a, &a).is_empty());
        let b = Content { title: "B".into(), published: true, ..a.clone() };
        assert_eq!(differences(&a, &b), [Part::Title, Part::Published]);
    }
}
