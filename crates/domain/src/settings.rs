//! Settings that admins change while the installation runs: the form before a conversation with people, and how long
//! what was said is kept.

use crate::attributes::{self, Attributes};
use crate::mail;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// Longest introduction of the form, in characters.
pub const INTRO_CHARS: usize = 500;
/// Most fields of the form beside name and e-mail address.
pub const FIELDS: usize = 8;
/// Longest label of a field, in characters.
pub const LABEL_CHARS: usize = 120;
/// Most choices of a field.
pub const CHOICES: usize = 20;
/// Longest choice, in characters.
pub const CHOICE_CHARS: usize = 120;
/// For how many days texts may be kept.
pub const RETENTION_DAYS: std::ops::RangeInclusive<i64> = 1..=3_650;
/// What a ticked checkbox says.
pub const TICKED: &str = "true";

/// All of them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    /// What is asked before a conversation with people.
    pub pre_chat: PreChat,
    /// Resolved conversations older than so many days are erased; `None`: they are kept.
    pub retention_days: Option<i64>,
    /// What visitors are written by e-mail, where that is configured.
    pub mail: MailSettings,
    /// Whether agents are shown what a visitor is typing, before it is sent; visitors are told so.
    pub typing_preview: bool,
}

/// What visitors are written by e-mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct MailSettings {
    /// Whether replies that they have not seen.
    pub replies: bool,
    /// After so many minutes.
    pub after_minutes: i64,
}

impl Default for MailSettings {
    fn default() -> Self {
        Self { replies: true, after_minutes: mail::AFTER_MINUTES }
    }
}

/// The form before a conversation with people.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct PreChat {
    /// Whether the name is asked for.
    pub ask_name: Asked,
    /// Whether the e-mail address is asked for.
    pub ask_email: Asked,
    /// What stands above the questions.
    pub intro: Option<String>,
    /// What else is asked.
    pub fields: Vec<Field>,
}

/// Whether something is asked for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Asked {
    /// It is not.
    #[default]
    No,
    /// It is, and may be left empty.
    Optional,
    /// There is no conversation without it.
    Required,
}

impl Asked {
    /// The name in the API.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::No => "no",
            Self::Optional => "optional",
            Self::Required => "required",
        }
    }
}

impl std::str::FromStr for Asked {
    type Err = ();
    fn from_str(text: &str) -> Result<Self, ()> {
        [Self::No, Self::Optional, Self::Required].into_iter().find(|asked| asked.as_str() == text).ok_or(())
    }
}

/// A question; its answer is an attribute of the visitor.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Field {
    /// The attribute's key.
    pub key: String,
    /// What people read.
    pub label: String,
    /// How it is answered.
    pub kind: Kind,
    /// Whether there is no conversation without an answer; a checkbox must then be ticked.
    pub required: bool,
    /// What can be chosen.
    #[serde(default)]
    pub choices: Vec<String>,
}

/// How a question is answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// With a line of text.
    Text,
    /// With one of the choices.
    Choice,
    /// By ticking.
    Checkbox,
}

impl Kind {
    /// The name in the API.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Choice => "choice",
            Self::Checkbox => "checkbox",
        }
    }
}

impl std::str::FromStr for Kind {
    type Err = ();
    fn from_str(text: &str) -> Result<Self, ()> {
        [Self::Text, Self::Choice, Self::Checkbox].into_iter().find(|kind| kind.as_str() == text).ok_or(())
    }
}

/// Settings as somebody wrote them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[expect(missing_docs, reason = "as in `Settings`, before they are checked")]
pub struct Draft {
    pub ask_name: String,
    pub ask_email: String,
    pub intro: Option<String>,
    pub fields: Vec<DraftField>,
    pub retention_days: Option<i64>,
    pub mail: MailSettings,
    pub typing_preview: bool,
}

/// A field as somebody wrote it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[expect(missing_docs, reason = "as in `Field`, before it is checked")]
pub struct DraftField {
    pub key: String,
    pub label: String,
    pub kind: String,
    pub required: bool,
    pub choices: Vec<String>,
}

/// What is wrong, by the name of the field in the API.
pub type Wrong = BTreeMap<String, String>;

impl Settings {
    /// Checks settings as somebody wrote them.
    ///
    /// # Errors
    /// Everything that is wrong with them at once.
    pub fn check(draft: &Draft) -> Result<Self, Wrong> {
        let mut wrong = Wrong::new();
        let mut asked = |name: &str, text: &str| {
            text.parse().unwrap_or_else(|()| {
                wrong.insert(format!("pre_chat.{name}"), "say no, optional or required".into());
                Asked::No
            })
        };
        let (ask_name, ask_email) =
            (asked("ask_name", &draft.ask_name), asked("ask_email", &draft.ask_email));
        let intro = draft.intro.as_deref().map(str::trim).filter(|intro| !intro.is_empty());
        if intro.is_some_and(|intro| intro.chars().count() > INTRO_CHARS || intro.contains('\0')) {
            wrong.insert("pre_chat.intro".into(), format!("at most {INTRO_CHARS} characters"));
        }
        if draft.fields.len() > FIELDS {
            wrong.insert("pre_chat.fields".into(), format!("at most {FIELDS} fields"));
        }
        let mut keys = BTreeSet::new();
        let mut fields = Vec::with_capacity(draft.fields.len().min(FIELDS));
        for (n, field) in draft.fields.iter().enumerate().take(FIELDS) {
            if !keys.insert(field.key.as_str()) {
                wrong.insert(format!("pre_chat.fields[{n}].key"), "another field has this key".into());
            }
            match Field::check(field) {
                Ok(field) => fields.push(field),
                Err(bad) => wrong
                    .extend(bad.into_iter().map(|(name, why)| (format!("pre_chat.fields[{n}].{name}"), why))),
            }
        }
        if draft.retention_days.is_some_and(|days| !RETENTION_DAYS.contains(&days)) {
            wrong.insert("retention_days".into(), "1 to 3650 days, or null to keep everything".into());
        }
        if !mail::MINUTES.contains(&draft.mail.after_minutes) {
            wrong.insert("mail.after_minutes".into(), "1 to 1440 minutes".into());
        }
        if !wrong.is_empty() {
            return Err(wrong);
        }
        let pre_chat = PreChat { ask_name, ask_email, intro: intro.map(str::to_owned), fields };
        let Draft { retention_days, mail, typing_preview, .. } = *draft;
        Ok(Self { pre_chat, retention_days, mail, typing_preview })
    }
}

impl Field {
    fn check(draft: &DraftField) -> Result<Self, Vec<(&'static str, String)>> {
        let mut wrong = Vec::new();
        if let Err(bad) = attributes::key(&draft.key) {
            wrong.push(("key", bad.to_string()));
        }
        let label = one_line(&draft.label, LABEL_CHARS);
        if label.is_none() {
            wrong.push(("label", format!("1 to {LABEL_CHARS} characters on one line")));
        }
        let kind: Option<Kind> = draft.kind.parse().ok();
        if kind.is_none() {
            wrong.push(("kind", "say text, choice or checkbox".into()));
        }
        let choices: Option<Vec<String>> =
            draft.choices.iter().map(|choice| one_line(choice, CHOICE_CHARS)).collect();
        let distinct: BTreeSet<&String> = choices.iter().flatten().collect();
        let given = 1..=CHOICES;
        match (kind, &choices) {
            (_, None) => {
                wrong.push(("choices", format!("each has 1 to {CHOICE_CHARS} characters on one line")))
            }
            (Some(Kind::Choice), Some(all)) if !given.contains(&all.len()) || distinct.len() < all.len() => {
                wrong.push(("choices", format!("give 1 to {CHOICES} choices, each once")));
            }
            (Some(Kind::Text | Kind::Checkbox), Some(all)) if !all.is_empty() => {
                wrong.push(("choices", "only a choice has choices".into()));
            }
            _ => {}
        }
        match (label, kind, choices) {
            (Some(label), Some(kind), Some(choices)) if wrong.is_empty() => {
                Ok(Self { key: draft.key.clone(), label, kind, required: draft.required, choices })
            }
            _ => Err(wrong),
        }
    }

    /// Whether this is an answer.
    fn is_answered(&self, answer: Option<&String>) -> bool {
        answer.is_some_and(|answer| match self.kind {
            Kind::Text => !answer.trim().is_empty(),
            Kind::Choice => self.choices.contains(answer),
            Kind::Checkbox => answer == TICKED,
        })
    }
}

/// Text that is not blank, on one line, at most so long.
fn one_line(text: &str, chars: usize) -> Option<String> {
    let text = text.trim();
    let fits = !text.is_empty() && text.chars().count() <= chars && !text.chars().any(char::is_control);
    fits.then(|| text.to_owned())
}

impl PreChat {
    /// Whether anything is asked.
    pub fn asks(&self) -> bool {
        self.ask_name != Asked::No || self.ask_email != Asked::No || !self.fields.is_empty()
    }

    /// Whether anything must be answered.
    pub fn requires(&self) -> bool {
        self.ask_name == Asked::Required
            || self.ask_email == Asked::Required
            || self.fields.iter().any(|field| field.required)
    }

    /// What a visitor of whom this is known has still to say, by the name of the field in the API.
    pub fn missing(&self, name: Option<&str>, email: Option<&str>, known: &Attributes) -> Wrong {
        let mut missing = Wrong::new();
        if self.ask_name == Asked::Required && name.is_none() {
            missing.insert("name".into(), "say your name first (POST /api/v1/visitor/session)".into());
        }
        if self.ask_email == Asked::Required && email.is_none() {
            missing.insert(
                "email".into(),
                "give your e-mail address first (POST /api/v1/visitor/session)".into(),
            );
        }
        for field in self.fields.iter().filter(|field| field.required) {
            if !field.is_answered(known.get(&field.key)) {
                let why = format!("answer first: {} (POST /api/v1/visitor/session)", field.label);
                missing.insert(format!("attributes.{}", field.key), why);
            }
        }
        missing
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn draft() -> Draft {
        Draft { ask_name: "no".into(), ask_email: "no".into(), ..Draft::default() }
    }

    fn field(key: &str, kind: &str, choices: &[&str]) -> DraftField {
        DraftField {
            key: key.into(),
            label: " Your order ".into(),
            kind: kind.into(),
            required: true,
            choices: choices.iter().map(|choice| (*choice).to_owned()).collect(),
        }
    }

    #[test]
    fn nothing_is_asked_and_nothing_erased_to_begin_with() {
        let settings = Settings::check(&draft()).unwrap();
        assert_eq!(settings, Settings::default());
        assert!(!settings.pre_chat.asks() && !settings.pre_chat.requires() && !settings.typing_preview);
        assert!(settings.pre_chat.missing(None, None, &Attributes::new()).is_empty());
        let read: Settings = serde_json::from_str("{}").unwrap();
        assert_eq!(read, settings, "what an earlier version stored");
    }

    #[test]
    fn everything_that_is_wrong_is_said_at_once() {
        let wrong = Settings::check(&Draft {
            ask_name: "maybe".into(),
            ask_email: String::new(),
            intro: Some("x".repeat(INTRO_CHARS + 1)),
            fields: vec![
                DraftField { label: " ".into(), ..field("Order No", "number", &[]) },
                field("plan", "choice", &[]),
                field("plan", "text", &["a"]),
                field("size", "choice", &["S", "S"]),
                field("colour", "choice", &["", "b"]),
            ],
            retention_days: Some(0),
            typing_preview: true,
            ..Draft::default()
        })
        .unwrap_err();
        let names: Vec<&str> = wrong.keys().map(String::as_str).collect();
        assert_eq!(
            names,
            [
                "pre_chat.ask_email",
                "pre_chat.ask_name",
                "pre_chat.fields[0].key",
                "pre_chat.fields[0].kind",
                "pre_chat.fields[0].label",
                "pre_chat.fields[1].choices",
                "pre_chat.fields[2].choices",
                "pre_chat.fields[2].key",
                "pre_chat.fields[3].choices",
                "pre_chat.fields[4].choices",
                "pre_chat.intro",
                "retention_days",
            ]
        );
        let many =
            Draft { fields: (0..9).map(|n| field(&format!("k{n}"), "text", &[])).collect(), ..draft() };
        assert_eq!(Settings::check(&many).unwrap_err().keys().collect::<Vec<_>>(), ["pre_chat.fields"]);
        for days in [-1, 3_651, i64::MIN] {
            assert!(Settings::check(&Draft { retention_days: Some(days), ..draft() }).is_err(), "{days}");
        }
    }

    #[test]
    fn only_what_is_required_is_missed() {
        let form = Settings::check(&Draft {
            ask_name: "optional".into(),
            ask_email: "required".into(),
            fields: vec![
                field("order", "text", &[]),
                field("plan", "choice", &["free", "paid"]),
                field("terms", "checkbox", &[]),
                DraftField { required: false, ..field("city", "text", &[]) },
            ],
            ..draft()
        })
        .unwrap()
        .pre_chat;
        assert_eq!(form.fields[0].label, "Your order");
        assert!(form.asks() && form.requires());
        let missing = |known: &[(&str, &str)], email| {
            let known = known.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
            form.missing(None, email, &known).into_keys().collect::<Vec<_>>()
        };
        let all = ["attributes.order", "attributes.plan", "attributes.terms", "email"];
        assert_eq!(missing(&[], None), all);
        assert_eq!(
            missing(&[("plan", "gold"), ("terms", "false"), ("order", "7")], Some("a@b.org")),
            all[1..3]
        );
        let told = [("plan", "paid"), ("terms", TICKED), ("order", "7")];
        assert_eq!(missing(&told, Some("a@b.org")), Vec::<String>::new());
    }
}
