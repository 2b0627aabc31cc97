//! What the automation `faq` says: rules over the conversation so far and what was found. It remembers nothing; all that
//! it knows is in the history.

use crate::language;

/// Articles that it tries for one question before people take over.
pub const OFFERS: usize = 2;
/// From this confidence another article is worth a try, when the first one has not helped.
pub const WORTH_A_TRY: f64 = 0.3;
/// What comes before a slug in a link.
pub const HELP: &str = "/help/";

/// Who wrote a line of the history.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By {
    /// The visitor.
    Visitor,
    /// This automation.
    Faq,
    /// Anybody else.
    Other,
}

/// A message of the history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Who wrote it.
    pub by: By,
    /// What it says.
    pub text: String,
}

/// What is to be done about what the visitor says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Move {
    /// Look for an answer to this.
    Look(String),
    /// The article has helped.
    Helped(String),
    /// The last of these articles has not helped with this question: look whether there is another one.
    Another {
        /// What was asked.
        question: String,
        /// The slugs that were tried, oldest first.
        tried: Vec<String>,
    },
    /// The visitor wants a person.
    Person,
}

/// What is to be said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Says {
    /// The words.
    pub text: String,
    /// What may be chosen: label and message are the same, since the visitor sees the message as its own.
    pub choices: Vec<&'static str>,
    /// Why people take over; none while they do not.
    pub hands_over: Option<&'static str>,
}

/// An article that fits, as far as it matters here.
#[derive(Debug, Clone, PartialEq)]
pub struct Offer {
    /// Its place below `/help/`.
    pub slug: String,
    /// Its title.
    pub title: String,
    /// Its language.
    pub language: String,
    /// What of it fits.
    pub excerpt: String,
    /// How well it covers the question.
    pub confidence: f64,
}

/// The words of a language.
struct Words {
    more: &'static str,
    helped: &'static str,
    yes: &'static str,
    no: &'static str,
    person: &'static str,
    glad: &'static str,
    unsure: &'static str,
    sorry: &'static str,
    coming: &'static str,
    ask: &'static str,
}

const ENGLISH: Words = Words {
    more: "Read all of it:",
    helped: "Did this help?",
    yes: "Yes, that helped",
    no: "No, it did not help",
    person: "Talk to a person",
    glad: "Glad to hear it! Just write if there is anything else.",
    unsure: "I have no article that surely answers this, so I am passing you on to a person.",
    sorry: "I am sorry that this did not help. I am passing you on to a person, who sees what you have asked.",
    coming: "Of course: I am passing you on to a person.",
    ask: "Hello! What would you like to know? Ask in your own words.",
};

const GERMAN: Words = Words {
    more: "Alles dazu:",
    helped: "Hat das geholfen?",
    yes: "Ja, das hat geholfen",
    no: "Nein, das hat nicht geholfen",
    person: "Mit einem Menschen sprechen",
    glad: "Das freut mich! Schreiben Sie einfach, wenn noch etwas ist.",
    unsure: "Dazu habe ich keinen Artikel, der sicher passt. Ich gebe Sie an einen Menschen weiter.",
    sorry: "Schade, dass das nicht geholfen hat. Ich gebe Sie an einen Menschen weiter, der sieht, was Sie gefragt haben.",
    coming: "Gern: Ich gebe Sie an einen Menschen weiter.",
    ask: "Hallo! Was möchten Sie wissen? Fragen Sie mit Ihren eigenen Worten.",
};

impl Words {
    fn of(language: Option<&str>) -> &'static Self {
        let german = language::is(language, "de");
        if german { &GERMAN } else { &ENGLISH }
    }
}

/// Words of a wish for a person, beside the choices.
const PERSONS: [&str; 24] = [
    "agent",
    "human",
    "person",
    "operator",
    "representative",
    "real person",
    "live agent",
    "speak to someone",
    "talk to someone",
    "talk to a human",
    "talk to a person",
    "speak to a human",
    "speak to a person",
    "talk to an agent",
    "speak to an agent",
    "support agent",
    "mensch",
    "mitarbeiter",
    "mit einem menschen",
    "mit einem mitarbeiter",
    "mit einer person",
    "mit jemandem sprechen",
    "echte person",
    "kundenberater",
];
const YES: [&str; 14] = [
    "yes",
    "yep",
    "yeah",
    "yes thanks",
    "yes thank you",
    "thanks",
    "thank you",
    "it did",
    "perfect",
    "ja",
    "ja danke",
    "danke",
    "jep",
    "super danke",
];
const NO: [&str; 12] = [
    "no",
    "nope",
    "not really",
    "no thanks",
    "it did not",
    "it didn't",
    "didn't help",
    "nein",
    "nö",
    "nee",
    "leider nein",
    "leider nicht",
];

/// In lower case, without marks at the ends and with single spaces.
fn tidy(text: &str) -> String {
    let words: Vec<&str> =
        text.split_whitespace().map(|word| word.trim_matches(|c: char| !c.is_alphanumeric())).collect();
    words
        .into_iter()
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
        .to_lowercase()
        .replace('’', "'")
}

/// Whether these words are a wish for a person, in English or German.
pub fn is_person(text: &str) -> bool {
    let text = tidy(text);
    let whole = [ENGLISH.person, GERMAN.person].iter().any(|wish| tidy(wish) == text);
    // In a longer question the word is a word like others: "which person can open the parcel?"
    let few = text.split(' ').count() <= 7;
    let spoken = |wish: &str| text == wish || (wish.contains(' ') && text.contains(wish));
    whole || (few && PERSONS.iter().any(|wish| spoken(wish)))
}

/// Whether these words are thanks and nothing else, in English or German.
pub fn is_thanks(text: &str) -> bool {
    verdict(text) == Some(true) && ["thank", "dank", "perfect"].iter().any(|word| tidy(text).contains(word))
}

fn verdict(text: &str) -> Option<bool> {
    let text = tidy(text);
    let is = |choices: [&str; 2], words: &[&str]| {
        choices.iter().any(|choice| tidy(choice) == text) || words.contains(&text.as_str())
    };
    if is([ENGLISH.yes, GERMAN.yes], &YES) {
        Some(true)
    } else {
        is([ENGLISH.no, GERMAN.no], &NO).then_some(false)
    }
}

/// The slug of the article that a message of this automation offers: that of its last link.
fn offered(text: &str) -> Option<String> {
    let (_, behind) = text.rsplit_once(HELP)?;
    let slug: String = behind.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '-').collect();
    crate::article::slug(&slug).ok()
}

/// What is to be done about these messages, after this history.
pub fn next(history: &[Line], messages: &[String]) -> Move {
    let last = messages.last().map(String::as_str).unwrap_or_default();
    if messages.iter().any(|message| is_person(message)) {
        return Move::Person;
    }
    let before = history.last().filter(|line| line.by == By::Faq).and_then(|line| offered(&line.text));
    match (before, verdict(last)) {
        (Some(slug), Some(true)) => Move::Helped(slug),
        (Some(slug), Some(false)) => {
            let (question, tried) = so_far(history, slug);
            Move::Another { question, tried }
        }
        _ => Move::Look(messages.join("\n")),
    }
}

/// What was asked, and which articles have been tried since.
fn so_far(history: &[Line], last: String) -> (String, Vec<String>) {
    let mut tried = vec![last];
    let mut question = Vec::new();
    for line in history.iter().rev().skip(1) {
        match line.by {
            By::Faq if question.is_empty() => tried.extend(offered(&line.text)),
            By::Visitor if verdict(&line.text) == Some(false) && question.is_empty() => {}
            By::Visitor => question.push(line.text.as_str()),
            By::Faq | By::Other => break,
        }
    }
    tried.reverse();
    question.reverse();
    (question.join("\n"), tried)
}

fn hand_over(text: &str, why: &'static str) -> Says {
    Says { text: text.into(), choices: Vec::new(), hands_over: Some(why) }
}

fn offer(offer: &Offer, base: &str) -> Says {
    let words = Words::of(Some(&offer.language));
    let Offer { title, excerpt, slug, .. } = offer;
    let text = format!("{title}\n\n{excerpt}\n\n{} {base}{HELP}{slug}\n\n{}", words.more, words.helped);
    Says { text, choices: vec![words.yes, words.no, words.person], hands_over: None }
}

/// The answer to a question: the best article if that is sure, else people; a greeting is greeted. `base` is the address
/// of this installation.
pub fn answer(offers: &[Offer], sure: bool, asks: bool, locale: Option<&str>, base: &str) -> Says {
    let words = Words::of(locale);
    match offers.first() {
        Some(best) if sure => offer(best, base),
        _ if !asks => Says { text: words.ask.into(), choices: vec![words.person], hands_over: None },
        _ => hand_over(words.unsure, "The FAQ has no article that surely answers this."),
    }
}

/// What is said when an article has not helped: the next one, or people.
pub fn another(offers: &[Offer], tried: &[String], locale: Option<&str>, base: &str) -> Says {
    let fresh = |one: &&Offer| one.confidence >= WORTH_A_TRY && !tried.contains(&one.slug);
    match offers.iter().find(fresh) {
        Some(next) if tried.len() < OFFERS => offer(next, base),
        _ => hand_over(Words::of(locale).sorry, "The articles of the FAQ did not help."),
    }
}

/// What is said when an article has helped.
pub fn helped(locale: Option<&str>) -> Says {
    Says { text: Words::of(locale).glad.into(), choices: Vec::new(), hands_over: None }
}

/// What a visitor chooses to get to a person.
pub fn person_choice(locale: Option<&str>) -> &'static str {
    Words::of(locale).person
}

/// What is said when nothing surely answers, and people take over.
pub fn unsure(locale: Option<&str>) -> &'static str {
    Words::of(locale).unsure
}

/// What is said to whom wants a person.
pub fn person(locale: Option<&str>) -> Says {
    hand_over(Words::of(locale).coming, "The visitor asked for a person.")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(slug: &str, confidence: f64) -> Offer {
        Offer {
            slug: slug.into(),
            title: slug.to_uppercase(),
            language: "en".into(),
            excerpt: "It is so.".into(),
            confidence,
        }
    }

    fn line(by: By, text: &str) -> Line {
        Line { by, text: text.into() }
    }

    fn say(text: &str) -> Vec<String> {
        vec![text.to_owned()]
    }

    #[test]
    fn a_question_is_looked_up_and_answered_when_sure() {
        assert_eq!(next(&[], &say("where is my parcel?")), Move::Look("where is my parcel?".into()));
        let said = answer(&[one("parcel", 0.9)], true, true, None, "https://a.example");
        assert!(said.text.contains("https://a.example/help/parcel"), "{}", said.text);
        assert_eq!((said.choices.len(), said.hands_over), (3, None));
        assert!(answer(&[one("parcel", 0.2)], false, true, None, "").hands_over.is_some());
        assert!(answer(&[], false, true, None, "").hands_over.is_some());
        let greeted = answer(&[], false, false, Some("de-AT"), "");
        assert!(greeted.hands_over.is_none() && greeted.text.starts_with("Hallo"));
    }

    #[test]
    fn what_was_tried_is_read_from_the_history() {
        let first = answer(&[one("a", 0.9), one("b", 0.6)], true, true, None, "https://x");
        let mut history = vec![line(By::Visitor, "my question"), line(By::Faq, &first.text)];
        let Move::Another { question, tried } = next(&history, &say("No, it did not help")) else { panic!() };
        assert_eq!((question.as_str(), &tried[..]), ("my question", &["a".to_owned()][..]));
        let second = another(&[one("a", 0.9), one("b", 0.6)], &tried, None, "https://x");
        assert!(second.text.contains("/help/b") && second.hands_over.is_none());

        history.push(line(By::Visitor, "No, it did not help"));
        history.push(line(By::Faq, &second.text));
        let Move::Another { question, tried } = next(&history, &say("nope")) else { panic!() };
        assert_eq!((question.as_str(), &tried[..]), ("my question", &["a".to_owned(), "b".to_owned()][..]));
        assert!(
            another(&[one("a", 0.9), one("b", 0.6), one("c", 0.6)], &tried, None, "").hands_over.is_some()
        );
        assert_eq!(next(&history, &say("Yes, that helped")), Move::Helped("b".into()));
    }

    #[test]
    fn an_earlier_question_is_not_asked_again() {
        let of = |slug: &str| answer(&[one(slug, 0.9)], true, true, None, "").text;
        let history = [
            line(By::Visitor, "first"),
            line(By::Faq, &of("a")),
            line(By::Visitor, "yes"),
            line(By::Faq, ENGLISH.glad),
            line(By::Visitor, "second"),
            line(By::Faq, &of("b")),
        ];
        let wanted = Move::Another { question: "second".into(), tried: vec!["b".into()] };
        assert_eq!(next(&history, &say("Nein, das hat nicht geholfen")), wanted);
    }

    #[test]
    fn verdicts_are_verdicts_only_on_an_article() {
        assert_eq!(next(&[], &say("no")), Move::Look("no".into()));
        let history = [line(By::Faq, ENGLISH.ask)];
        assert_eq!(next(&history, &say("yes")), Move::Look("yes".into()));
    }

    #[test]
    fn a_person_is_given_to_who_asks_for_one() {
        for text in [
            "Talk to a person",
            "agent",
            "HUMAN!!",
            "I want to talk to a human",
            "Mitarbeiter bitte".split(' ').next().unwrap(),
            "Mit einem Menschen sprechen",
            "kann ich mit einem Mitarbeiter reden?",
        ] {
            assert_eq!(next(&[], &say(text)), Move::Person, "{text}");
        }
        for text in [
            "which person can open the parcel",
            "do you ship to personnel abroad",
            "Is the agent fee refunded?",
        ] {
            assert!(matches!(next(&[], &say(text)), Move::Look(_)), "{text}");
        }
        assert!(person(Some("de")).hands_over.is_some());
    }

    #[test]
    fn thanks_are_thanks_and_a_yes_is_none() {
        assert!(is_thanks("Thank you!") && is_thanks("ja, danke") && is_thanks("perfect"));
        assert!(!is_thanks("yes") && !is_thanks("thanks, but where is it?") && !is_thanks("no thanks"));
    }

    #[test]
    fn links_of_others_are_not_ours() {
        assert_eq!(offered("see https://x/help/a-b."), Some("a-b".into()));
        assert_eq!(offered("see https://x/help/../../etc"), None);
        assert_eq!(offered("no link"), None);
    }
}
