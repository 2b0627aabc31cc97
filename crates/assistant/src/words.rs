//! What the assistant says in its own words, in English or German.

use switchboard_domain::faq;

/// Above the links.
pub(crate) fn sources(locale: Option<&str>) -> &'static str {
    if german(locale) { "Quellen:" } else { "Sources:" }
}

/// When the model failed.
pub(crate) fn failed(locale: Option<&str>) -> &'static str {
    if german(locale) {
        "Ich kann gerade nicht antworten. Ich gebe Sie an einen Menschen weiter, der sieht, was Sie gefragt haben."
    } else {
        "I cannot answer just now. I am passing you on to a person, who sees what you have asked."
    }
}

/// When a cap is reached.
pub(crate) fn enough(locale: Option<&str>) -> &'static str {
    if german(locale) {
        "Ich gebe Sie an einen Menschen weiter, der sieht, was wir bisher besprochen haben."
    } else {
        "I am passing you on to a person, who sees what we have talked about so far."
    }
}

/// To whom only greets.
pub(crate) fn greeting(locale: Option<&str>) -> String {
    // The FAQ's, which knows what a greeting is.
    faq::answer(&[], false, false, locale, "").text
}

fn german(locale: Option<&str>) -> bool {
    switchboard_domain::language::is(locale, "de")
}
