//! The pages as HTML. Whatever anybody wrote goes through [`escape`] or through [`super::markdown`].

use super::markdown;
use super::words::Words;
use std::fmt::Write as _;
use switchboard_wire::view::{ArticleHit, HelpArticle, HelpTitle};

/// Text as HTML, also within double quotes.
pub(super) fn escape(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            c => safe.push(c),
        }
    }
    safe
}

/// A page around its part that differs. Without an address of its own it is not for search engines.
pub(super) fn whole(
    words: &Words,
    language: &str,
    title: &str,
    canonical: Option<&str>,
    q: &str,
    body: &str,
) -> String {
    let known = match canonical {
        Some(address) => format!("<link rel=\"canonical\" href=\"{}\">", escape(address)),
        None => "<meta name=\"robots\" content=\"noindex\">".into(),
    };
    let (home, search, go) = (words.title, words.search, words.go);
    let (placeholder, still, chat) = (words.placeholder, words.still, words.chat);
    format!(
        "<!doctype html>\n<html lang=\"{language}\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n<title>{title}</title>\n{known}\n\
         <link rel=\"stylesheet\" href=\"/help.css\">\n</head>\n<body>\n<header lang=\"{code}\">\n\
         <a class=\"home\" href=\"/help\">{home}</a>\n<form role=\"search\" action=\"/help\" method=\"get\">\n\
         <input type=\"search\" name=\"q\" value=\"{q}\" maxlength=\"300\" aria-label=\"{search}\" \
         placeholder=\"{placeholder}\" dir=\"auto\">\n<button>{go}</button>\n</form>\n</header>\n\
         <main>\n{body}</main>\n<footer lang=\"{code}\"><p>{still} <a href=\"/chat\">{chat}</a></p></footer>\n\
         </body>\n</html>\n",
        language = escape(language),
        title = escape(title),
        code = words.code,
        q = escape(q),
    )
}

/// The titles of all articles.
pub(super) fn index(words: &Words, titles: &[HelpTitle]) -> String {
    let mut body = format!("<h1>{}</h1>\n", words.title);
    if titles.is_empty() {
        let _ = writeln!(body, "<p>{}</p>", words.none);
        return body;
    }
    let _ = writeln!(body, "<h2>{}</h2>\n<ul class=\"titles\">", words.all);
    for HelpTitle { slug, title, language } in titles {
        let (slug, title, language) = (escape(slug), escape(title), escape(language));
        let _ =
            writeln!(body, "<li><a href=\"/help/{slug}\" lang=\"{language}\" dir=\"auto\">{title}</a></li>");
    }
    body + "</ul>\n"
}

/// What was found.
pub(super) fn found(words: &Words, q: &str, hits: &[ArticleHit]) -> String {
    let mut body = format!("<h1>{} <q dir=\"auto\">{}</q></h1>\n", words.found, escape(q));
    if hits.is_empty() {
        let _ = writeln!(body, "<p>{}</p>\n<p><a href=\"/help\">{}</a></p>", words.nothing, words.all);
        return body;
    }
    body.push_str("<ol class=\"hits\">\n");
    for ArticleHit { slug, title, language, excerpt, .. } in hits {
        let (slug, title, language, excerpt) =
            (escape(slug), escape(title), escape(language), escape(excerpt));
        let _ = writeln!(
            body,
            "<li lang=\"{language}\"><h2><a href=\"/help/{slug}\" dir=\"auto\">{title}</a></h2>\
             <p dir=\"auto\">{excerpt}</p></li>"
        );
    }
    body + "</ol>\n"
}

/// An article.
pub(super) fn article(words: &Words, article: &HelpArticle) -> String {
    let date = article.updated_at.get(..10).unwrap_or_default();
    format!(
        "<article>\n<h1 dir=\"auto\">{}</h1>\n{}<p class=\"date\" lang=\"{}\">{} <time datetime=\"{}\">{date}</time></p>\n\
         </article>\n<p lang=\"{}\"><a href=\"/help\">{}</a></p>\n",
        escape(&article.title),
        markdown::html(&article.body),
        words.code,
        words.updated,
        escape(&article.updated_at),
        words.code,
        words.all,
    )
}

/// In the place of an article that is not there.
pub(super) fn missing(words: &Words) -> String {
    let (title, text, all) = (words.missing, words.missing_text, words.all);
    format!("<h1>{title}</h1>\n<p>{text}</p>\n<p><a href=\"/help\">{all}</a></p>\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_written_is_text() {
        let words = Words::of("en");
        let bad = "\"><script>alert(1)</script>'";
        let title = HelpTitle { slug: "a".into(), title: bad.into(), language: "en".into() };
        let hit = ArticleHit {
            slug: "a".into(),
            title: bad.into(),
            language: bad.into(),
            excerpt: bad.into(),
            text: String::new(),
            score: 1.0,
            confidence: 1.0,
        };
        let all =
            index(words, &[title]) + &found(words, bad, &[hit]) + &whole(words, bad, bad, Some(bad), bad, "");
        assert!(!all.contains("<script"), "{all}");
        assert!(!all.contains(bad), "{all}");
    }
}
