//! E-mail to visitors who have left: when a reply is worth one, how often it is tried, and what stands in it.

mod words;

use crate::ban::email_key;
use crate::clock::Millis;
pub use words::Words;
use words::named;

/// A reply is sent by e-mail when nobody has seen it for so many minutes, unless an admin says otherwise.
pub const AFTER_MINUTES: i64 = 10;
/// What an admin may say.
pub const MINUTES: std::ops::RangeInclusive<i64> = 1..=1_440;
/// How long the links in an e-mail are good.
pub const LINK_MS: Millis = 14 * DAY;
/// How long it is remembered which e-mails were sent.
pub const KEPT_MS: Millis = 30 * DAY;
/// Pauses after each failed attempt; after the last one it is given up.
pub const PAUSES: [Millis; 5] = [MINUTE, 5 * MINUTE, 30 * MINUTE, 120 * MINUTE, 360 * MINUTE];
/// Replies that one e-mail quotes.
pub const QUOTED: usize = 10;
/// Characters of each of them.
pub const QUOTED_CHARS: usize = 2_000;
/// Longest reason that is kept of a failure, in characters.
pub const REASON_CHARS: usize = 300;

const MINUTE: Millis = 60_000;
const DAY: Millis = 24 * 60 * MINUTE;

/// What is known when it is decided whether somebody gets an e-mail.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Facts {
    /// What the visitor has seen or written last, by its number.
    pub seen: i64,
    /// The oldest reply of a person behind that, and when it was written.
    pub oldest: Option<(i64, Millis)>,
    /// The newest one.
    pub newest: Option<i64>,
    /// Up to which reply the last e-mail about this conversation went, if there was one.
    pub mailed: Option<i64>,
}

/// Whether somebody gets an e-mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// Now, about the replies up to this one.
    Mail(i64),
    /// It is looked at again then.
    Later(Millis),
    /// Not about these replies.
    No,
}

/// Decides: nobody is written to about what it has seen, nor a second time before it has come back.
pub fn decide(facts: Facts, after_minutes: i64, now: Millis) -> Decision {
    let (Some((_, written)), Some(newest)) = (facts.oldest, facts.newest) else { return Decision::No };
    if facts.mailed.is_some_and(|mailed| mailed > facts.seen) {
        return Decision::No;
    }
    let due = written.saturating_add(after_minutes.saturating_mul(MINUTE));
    if now >= due { Decision::Mail(newest) } else { Decision::Later(due) }
}

/// When an e-mail is tried again that has been tried so often; `None`: it is not.
pub fn again(attempts: i64, now: Millis) -> Option<Millis> {
    let pause = usize::try_from(attempts - 1).ok().and_then(|n| PAUSES.get(n))?;
    Some(now.saturating_add(*pause))
}

/// What mailboxes are told apart by when it is counted what they get: upper case is none of their own, nor is what stands
/// behind a plus sign.
pub fn mailbox(address: &str) -> String {
    let key = email_key(address);
    match key.rsplit_once('@') {
        Some((local, domain)) => format!("{}@{domain}", local.split('+').next().unwrap_or_default()),
        None => key,
    }
}

/// What somebody has written, for an e-mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quote {
    /// Who.
    pub name: String,
    /// What, shortened if need be.
    pub text: String,
}

/// An e-mail without its head.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter {
    /// The subject, on one line.
    pub subject: String,
    /// As plain text.
    pub plain: String,
    /// As HTML that loads nothing.
    pub html: String,
}

/// The e-mail about replies that nobody has seen. `open` leads back, `stop` ends such e-mails.
pub fn letter(quotes: &[Quote], open: &str, stop: &str, words: &Words) -> Letter {
    let quotes = &quotes[quotes.len().saturating_sub(QUOTED)..];
    let name = quotes.last().map_or_else(|| words.somebody.to_owned(), |quote| one_line(&quote.name));
    let subject = named(words.replied, &name);
    let mut plain = String::new();
    let mut html = html_head(words);
    for quote in quotes {
        let (name, text) = (one_line(&quote.name), clip(&quote.text));
        plain.push_str(&format!("{}\n\n{text}\n\n", named(words.wrote, &name)));
        let lines: Vec<String> = text.lines().map(escape).collect();
        html.push_str(&format!("<p><b>{}</b><br>{}</p>", escape(&name), lines.join("<br>")));
    }
    plain.push_str(&format!("{}: {open}\n\n-- \n{}\n{}: {stop}\n", words.answer, words.why, words.stop));
    html.push_str(&format!(
        "<p><a href=\"{}\">{}</a></p><p style=\"color:#666;font-size:smaller\">{}<br>\
         <a href=\"{}\">{}</a></p></body></html>",
        escape(open),
        escape(words.answer),
        escape(words.why),
        escape(stop),
        escape(words.stop)
    ));
    Letter { subject, plain, html }
}

/// The e-mail with a transcript.
pub fn transcript(text: &str, open: &str, words: &Words) -> Letter {
    let text: String = text.chars().filter(|c| !c.is_control() || *c == '\n').collect();
    let plain = format!("{}\n\n{text}\n\n{}: {open}\n", words.asked, words.go_on);
    let html = format!(
        "{}<p>{}</p><pre style=\"white-space:pre-wrap;font:inherit\">{}</pre><p><a href=\"{}\">{}</a></p></body></html>",
        html_head(words),
        escape(words.asked),
        escape(&text),
        escape(open),
        escape(words.go_on)
    );
    Letter { subject: words.yours.into(), plain, html }
}

/// What stands before the text of an e-mail.
fn html_head(words: &Words) -> String {
    let language = words.language;
    format!(
        "<!doctype html><html lang=\"{language}\"><body style=\"font-family:sans-serif;line-height:1.5\">"
    )
}

/// Without anything that could end a line.
fn one_line(text: &str) -> String {
    let text: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    text.trim().to_owned()
}

fn clip(text: &str) -> String {
    let mut clipped: String =
        text.chars().take(QUOTED_CHARS).filter(|c| !c.is_control() || *c == '\n').collect();
    if text.chars().nth(QUOTED_CHARS).is_some() {
        clipped.push('…');
    }
    clipped
}

/// As text of HTML and in quoted attributes of it.
pub fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            c => escaped.push(c),
        }
    }
    escaped
}

/// At most so much of a reason, on one line: what a server says must not forge a line of a log.
pub fn reason(text: &str) -> String {
    one_line(text).chars().take(REASON_CHARS).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn facts(seen: i64, oldest: i64, newest: i64, mailed: Option<i64>) -> Facts {
        Facts { seen, oldest: Some((oldest, 1_000)), newest: Some(newest), mailed }
    }

    #[test]
    fn who_has_not_seen_a_reply_in_time_gets_one_mail_until_it_returns() {
        let due = 1_000 + 10 * MINUTE;
        assert_eq!(decide(facts(3, 4, 6, None), 10, due), Decision::Mail(6));
        assert_eq!(decide(facts(3, 4, 6, None), 10, due - 1), Decision::Later(due));
        assert_eq!(decide(Facts::default(), 10, due), Decision::No, "all is seen");
        assert_eq!(decide(facts(3, 7, 9, Some(6)), 10, due), Decision::No, "has had one and not come back");
        assert_eq!(decide(facts(6, 7, 9, Some(6)), 10, due), Decision::Mail(9), "came back since");
    }

    #[test]
    fn attempts_come_slower_and_end() {
        assert_eq!(again(1, 0), Some(MINUTE));
        assert_eq!(again(5, 0), Some(360 * MINUTE));
        for given_up in [6, 7, 0, -1, i64::MAX] {
            assert_eq!(again(given_up, 0), None, "{given_up}");
        }
    }

    #[test]
    fn one_mailbox_is_one_however_it_is_written() {
        for same in
            ["victim@example.org", "Victim@Example.ORG", " vIctim@example.org", "victim+1@example.org"]
        {
            assert_eq!(mailbox(same), "victim@example.org", "{same}");
        }
        for other in ["victims@example.org", "victim@example.com", "v+ictim@example.org", "victim", ""] {
            assert_ne!(mailbox(other), "victim@example.org", "{other}");
        }
    }

    #[test]
    fn what_people_write_is_text_and_no_markup() {
        let hostile = Quote { name: "May\r\nBcc: x@y".into(), text: "<script>\"a\" & 'b'\nsecond".into() };
        let letter = letter(
            &[hostile],
            "https://chat.example/#mail=1&x",
            "https://chat.example/#stop",
            Words::of(None),
        );
        assert_eq!(letter.subject, "May  Bcc: x@y has replied to you");
        assert!(
            letter.html.contains("&lt;script&gt;&quot;a&quot; &amp; &#39;b&#39;<br>second"),
            "{}",
            letter.html
        );
        assert!(letter.html.contains("href=\"https://chat.example/#mail=1&amp;x\""));
        assert!(letter.plain.contains("<script>\"a\" & 'b'\nsecond") && letter.plain.contains("#mail=1&x"));
    }

    #[test]
    fn a_transcript_is_text_and_no_markup() {
        let letter = transcript(
            "[10:00] Ann: <img src=x>\r\n\u{0}    more",
            "https://chat.example/#mail=1&x",
            Words::of(None),
        );
        assert!(letter.html.contains("Ann: &lt;img src=x&gt;\n    more</pre>"), "{}", letter.html);
        assert!(letter.html.contains("href=\"https://chat.example/#mail=1&amp;x\""), "{}", letter.html);
        assert!(letter.plain.contains("Ann: <img src=x>\n    more\n") && letter.plain.contains("#mail=1&x"));
    }

    #[test]
    fn every_language_has_its_links_and_nothing_left_open() {
        let quotes = [Quote { name: "Maya".into(), text: "It is on its way.".into() }];
        for words in &words::ALL {
            let reply = letter(&quotes, "https://a/#open", "https://a/#stop", words);
            let kept = transcript("[10:00] Ann: hello", "https://a/#open", words);
            for (sent, links) in [(&reply, &["#open", "#stop"][..]), (&kept, &["#open"][..])] {
                let language = words.language;
                assert!(sent.html.contains(&format!("<html lang=\"{language}\">")), "{language}");
                for text in [&sent.subject, &sent.plain] {
                    assert!(!text.contains(['{', '}']), "{language}: {text}");
                }
                assert!(!sent.html.contains(['{', '}']), "{language}: {}", sent.html);
                for link in links {
                    assert_eq!(sent.plain.matches(link).count(), 1, "{language}: {}", sent.plain);
                    assert_eq!(sent.html.matches(link).count(), 1, "{language}: {}", sent.html);
                }
            }
            assert!(reply.subject.contains("Maya") && reply.plain.contains("It is on its way."));
            assert!(kept.plain.contains("Ann: hello") && !kept.subject.is_empty());
        }
        let german = letter(&quotes, "https://a/#open", "https://a/#stop", Words::of(Some("de-AT")));
        assert_eq!(german.subject, "Maya hat Ihnen geantwortet");
    }

    proptest! {
        #[test]
        fn no_letter_is_forged_or_endless(names in proptest::collection::vec(any::<String>(), 0..20), text in any::<String>()) {
            let quotes: Vec<Quote> = names.into_iter().map(|name| Quote { name, text: text.clone() }).collect();
            let letter = letter(&quotes, "https://a/", "https://b/", Words::of(None));
            prop_assert!(!letter.subject.chars().any(char::is_control));
            prop_assert_eq!(letter.html.matches("<b>").count(), quotes.len().min(QUOTED));
            prop_assert_eq!(letter.html.matches("<a ").count(), 2);
        }
    }
}
