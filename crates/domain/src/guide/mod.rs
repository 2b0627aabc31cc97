//! Guides: flows that an admin composes from steps, and that answer visitors as automations.
//!
//! A guide is data. [`check`](check::check) finds what is wrong with it before it is published, [`turn`](run::turn) walks
//! it, and [`read`](file::read) makes one of a file. A step that names no next one goes on with the step below it; behind
//! the last one people take over, so no flow ends in nothing.

pub mod answer;
pub mod call;
pub mod check;
pub mod file;
pub mod run;
pub mod template;

use serde::{Deserialize, Serialize};

/// Most steps of a guide.
pub const STEPS: usize = 200;
/// Longest id of a step, in characters.
pub const STEP_ID_CHARS: usize = 40;
/// Longest text of a step, in characters.
pub const STEP_TEXT_CHARS: usize = 2_000;
/// Most options of a choice.
pub const OPTIONS: usize = 20;
/// How often a question may be asked again.
pub const RETRIES: u8 = 5;
/// Most steps that are taken in one turn.
pub const STEPS_PER_TURN: usize = 100;
/// Most turns of one run; a visitor who is still there then talks to people.
pub const TURNS: u32 = 100;
/// Most web hooks that are called in one turn.
pub const CALLS_PER_TURN: usize = 3;
/// Most answers of a web hook that a step keeps.
pub const KEPT: usize = 10;
/// Longest state of a run, in bytes.
pub const STATE_BYTES: usize = 4 * 1024;
/// Longest guide, stored or as a file, in bytes; it comes in one body of HTTP, which has 64 KiB.
pub const FILE_BYTES: usize = 60 * 1024;

/// A flow.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Guide {
    /// What there is to do; the first is the beginning.
    pub steps: Vec<Step>,
}

/// A step and its name within the guide.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// By what other steps name it.
    pub id: String,
    /// What it does.
    #[serde(flatten)]
    pub act: Act,
}

/// What a step does. `next` left out is the step below.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Act {
    /// Says something.
    Say {
        /// The text; `{name}` and other keys stand for what is known.
        text: String,
        /// Where to go on.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        next: Option<String>,
    },
    /// Asks, and waits for an answer that fits.
    Ask {
        /// The question.
        text: String,
        /// Under which key the answer is kept; `name` and `email` are the visitor's own.
        save: String,
        /// What fits.
        answer: answer::Kind,
        /// How often to ask again.
        #[serde(default)]
        retries: u8,
        /// What is said before asking again.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        again: Option<String>,
        /// Where to go on.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        next: Option<String>,
        /// Where to go when no answer fits; left out, people take over.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        failed: Option<String>,
    },
    /// Offers options, each with its own way on.
    Choose {
        /// The question.
        text: String,
        /// What there is to choose.
        options: Vec<Choosable>,
        /// Under which key the label of what was chosen is kept.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        save: Option<String>,
        /// How often to ask again.
        #[serde(default)]
        retries: u8,
        /// Where to go when nothing is chosen; left out, people take over.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        failed: Option<String>,
    },
    /// Goes one of two ways.
    Condition {
        /// What is asked.
        test: Test,
        /// Where to go when it holds.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        then: Option<String>,
        /// Where to go when it does not.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        otherwise: Option<String>,
    },
    /// Keeps a value among what is known of the visitor.
    Set {
        /// Under which key.
        key: String,
        /// The value, with variables; nothing forgets it.
        value: String,
        /// Where to go on.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        next: Option<String>,
    },
    /// Puts a tag on the conversation.
    Tag {
        /// The tag.
        tag: String,
        /// Where to go on.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        next: Option<String>,
    },
    /// Hands over to people.
    Handoff {
        /// The team's id; none for everybody's queue.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        team: Option<String>,
        /// What the agent reads, with variables.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<String>,
    },
    /// Calls a web hook with what is known, and may keep some of what that answers.
    Call {
        /// The web hook's id.
        webhook: String,
        /// Which of the attributes that it answers are kept.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        keep: Vec<String>,
        /// Where to go on.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        next: Option<String>,
        /// Where to go when it does not answer well; left out, people take over.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        otherwise: Option<String>,
    },
    /// Goes to another automation, which begins with what the visitor said last.
    Go {
        /// The automation's name.
        automation: String,
    },
    /// Ends the conversation.
    Resolve {},
}

/// An option of a choice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Choosable {
    /// What the button says.
    pub label: String,
    /// Where to go on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

/// What a condition asks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "snake_case", deny_unknown_fields)]
pub enum Test {
    /// Something is known under a key.
    Known {
        /// The key.
        key: String,
    },
    /// What is known under a key is this, in any case.
    Equals {
        /// The key.
        key: String,
        /// The value.
        value: String,
    },
    /// The browser's language begins so: `de` is also `de-AT`.
    Language {
        /// The language.
        language: String,
    },
    /// The visitor's page matches a pattern in which `*` stands for anything.
    Page {
        /// The pattern.
        pattern: String,
    },
    /// A team is open now; one without hours always is, one that is gone never.
    Open {
        /// The team's id.
        team: String,
    },
    /// The conversation has a tag.
    Tagged {
        /// The tag.
        tag: String,
    },
}

impl Guide {
    /// The place of a step.
    pub fn place(&self, id: &str) -> Option<usize> {
        self.steps.iter().position(|step| step.id == id)
    }
}

impl Act {
    /// The steps that it names, by the field that names them. A `None` is the step below.
    pub fn ways(&self) -> Vec<(&'static str, Option<&str>)> {
        match self {
            Self::Say { next, .. } | Self::Set { next, .. } | Self::Tag { next, .. } => {
                vec![("next", next.as_deref())]
            }
            Self::Ask { next, failed, .. } => {
                let failed = failed.as_deref().map(|id| ("failed", Some(id)));
                std::iter::once(("next", next.as_deref())).chain(failed).collect()
            }
            Self::Choose { options, failed, .. } => {
                let failed = failed.as_deref().map(|id| ("failed", Some(id)));
                options.iter().map(|option| ("options", option.next.as_deref())).chain(failed).collect()
            }
            Self::Condition { then, otherwise, .. } => {
                vec![("then", then.as_deref()), ("otherwise", otherwise.as_deref())]
            }
            Self::Call { next, otherwise, .. } => {
                let otherwise = otherwise.as_deref().map(|id| ("otherwise", Some(id)));
                std::iter::once(("next", next.as_deref())).chain(otherwise).collect()
            }
            Self::Handoff { .. } | Self::Go { .. } | Self::Resolve {} => Vec::new(),
        }
    }

    /// What it says or compares with, by field, and what there is to choose.
    pub fn texts(&self) -> (Vec<(&'static str, &str)>, &[Choosable]) {
        match self {
            Self::Say { text, .. } => (vec![("text", text)], &[]),
            Self::Ask { text, again, .. } => {
                let again = again.as_deref().map(|again| ("again", again));
                (std::iter::once(("text", text.as_str())).chain(again).collect(), &[])
            }
            Self::Choose { text, options, .. } => (vec![("text", text)], options),
            Self::Condition { test, .. } => {
                let text = match test {
                    Test::Known { key: text }
                    | Test::Equals { value: text, .. }
                    | Test::Language { language: text }
                    | Test::Page { pattern: text }
                    | Test::Open { team: text }
                    | Test::Tagged { tag: text } => text,
                };
                (vec![("test", text)], &[])
            }
            Self::Set { value, .. } => (vec![("value", value)], &[]),
            Self::Tag { tag, .. } => (vec![("tag", tag)], &[]),
            Self::Handoff { reason, .. } => {
                (reason.iter().map(|reason| ("reason", reason.as_str())).collect(), &[])
            }
            Self::Call { .. } | Self::Go { .. } | Self::Resolve {} => (Vec::new(), &[]),
        }
    }

    /// Whether it waits for the visitor.
    pub fn waits(&self) -> bool {
        matches!(self, Self::Ask { .. } | Self::Choose { .. })
    }
}
