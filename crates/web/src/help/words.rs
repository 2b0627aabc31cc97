//! What the help pages say beside the articles.

/// The words of a language.
pub(super) struct Words {
    pub(super) code: &'static str,
    pub(super) title: &'static str,
    pub(super) search: &'static str,
    pub(super) placeholder: &'static str,
    pub(super) go: &'static str,
    pub(super) all: &'static str,
    pub(super) none: &'static str,
    pub(super) found: &'static str,
    pub(super) nothing: &'static str,
    pub(super) missing: &'static str,
    pub(super) missing_text: &'static str,
    pub(super) updated: &'static str,
    pub(super) still: &'static str,
    pub(super) chat: &'static str,
}

static ENGLISH: Words = Words {
    code: "en",
    title: "Help",
    search: "Search the help articles",
    placeholder: "Ask in your own words",
    go: "Search",
    all: "All articles",
    none: "There are no articles yet.",
    found: "Results for",
    nothing: "Nothing found. Try other words, or ask us.",
    missing: "This article is not here",
    missing_text: "It may have moved, or been taken back. Search for it, or look at all articles.",
    updated: "Last changed on",
    still: "Still need help?",
    chat: "Chat with us",
};

static GERMAN: Words = Words {
    code: "de",
    title: "Hilfe",
    search: "Hilfeartikel durchsuchen",
    placeholder: "Fragen Sie mit Ihren eigenen Worten",
    go: "Suchen",
    all: "Alle Artikel",
    none: "Es gibt noch keine Artikel.",
    found: "Ergebnisse für",
    nothing: "Nichts gefunden. Versuchen Sie andere Worte, oder fragen Sie uns.",
    missing: "Diesen Artikel gibt es hier nicht",
    missing_text: "Vielleicht ist er umgezogen oder wurde zurückgezogen. Suchen Sie danach, oder sehen Sie alle Artikel an.",
    updated: "Zuletzt geändert am",
    still: "Noch Fragen?",
    chat: "Schreiben Sie uns",
};

impl Words {
    /// Those of a language's code; English for those that we have no words of.
    pub(super) fn of(language: &str) -> &'static Self {
        if switchboard_domain::language::is(Some(language), "de") { &GERMAN } else { &ENGLISH }
    }
}
