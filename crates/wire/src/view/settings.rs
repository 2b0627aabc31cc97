//! Settings of the installation.

use serde::{Deserialize, Deserializer, Serialize};
use switchboard_domain::settings::{Draft, DraftField, MailSettings as Mail, Settings as Domain};
use utoipa::ToSchema;

/// Settings that admins change while the installation runs.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Settings {
    /// What is asked before a conversation with people.
    pub pre_chat: PreChat,
    /// Resolved conversations older than so many days (1 to 3650) are erased; null: they are kept.
    #[serde(deserialize_with = "present")]
    #[schema(required = true)]
    pub retention_days: Option<i64>,
    /// What visitors are written by e-mail; left out, what is done unless somebody says otherwise.
    #[serde(default)]
    pub mail: MailSettings,
    /// Whether agents are shown what a visitor is typing, before it is sent; visitors are told so. Left out: they are not.
    #[serde(default)]
    pub typing_preview: bool,
}

/// What visitors are written by e-mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct MailSettings {
    /// Whether replies that they have not seen are sent to those who gave an address.
    pub replies: bool,
    /// After so many minutes: 1 to 1440.
    pub after_minutes: i64,
    /// Whether a mail server is configured; not for writing.
    #[serde(default)]
    pub ready: bool,
}

impl Default for MailSettings {
    fn default() -> Self {
        let Mail { replies, after_minutes } = Mail::default();
        Self { replies, after_minutes, ready: false }
    }
}

/// The form before a conversation with people.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PreChat {
    /// Whether the name is asked for: `no`, `optional` or `required`.
    pub ask_name: String,
    /// Whether the e-mail address is asked for: `no`, `optional` or `required`.
    pub ask_email: String,
    /// What stands above the questions; at most 500 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub intro: Option<String>,
    /// What else is asked; at most 8 fields.
    #[serde(default)]
    #[schema(required = true)]
    pub fields: Vec<PreChatField>,
}

/// A question; its answer is an attribute of the visitor.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PreChatField {
    /// The attribute's key: 1 to 32 of `[a-z0-9_]`.
    pub key: String,
    /// What people read; at most 120 characters.
    pub label: String,
    /// `text`, `choice`, or `checkbox` (whose answer is `true` when it is ticked).
    pub kind: String,
    /// Whether there is no conversation without an answer; a checkbox must then be ticked.
    #[serde(default)]
    pub required: bool,
    /// What can be chosen, when it is a choice; at most 20.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub choices: Vec<String>,
}

/// Null is said, or it is a mistake: who puts settings puts all of them.
fn present<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<i64>, D::Error> {
    Option::deserialize(deserializer)
}

fn no() -> String {
    "no".into()
}

impl Default for PreChat {
    fn default() -> Self {
        Self { ask_name: no(), ask_email: no(), intro: None, fields: Vec::new() }
    }
}

impl From<&Domain> for Settings {
    fn from(settings: &Domain) -> Self {
        let Mail { replies, after_minutes } = settings.mail;
        Self {
            pre_chat: PreChat::from(&settings.pre_chat),
            retention_days: settings.retention_days,
            mail: MailSettings { replies, after_minutes, ready: false },
            typing_preview: settings.typing_preview,
        }
    }
}

impl From<&switchboard_domain::settings::PreChat> for PreChat {
    fn from(form: &switchboard_domain::settings::PreChat) -> Self {
        let field = |field: &switchboard_domain::settings::Field| PreChatField {
            key: field.key.clone(),
            label: field.label.clone(),
            kind: field.kind.as_str().into(),
            required: field.required,
            choices: field.choices.clone(),
        };
        Self {
            ask_name: form.ask_name.as_str().into(),
            ask_email: form.ask_email.as_str().into(),
            intro: form.intro.clone(),
            fields: form.fields.iter().map(field).collect(),
        }
    }
}

impl From<Settings> for Draft {
    fn from(settings: Settings) -> Self {
        let field = |field: PreChatField| DraftField {
            key: field.key,
            label: field.label,
            kind: field.kind,
            required: field.required,
            choices: field.choices,
        };
        let PreChat { ask_name, ask_email, intro, fields } = settings.pre_chat;
        let fields = fields.into_iter().map(field).collect();
        let MailSettings { replies, after_minutes, .. } = settings.mail;
        let mail = Mail { replies, after_minutes };
        let (retention_days, typing_preview) = (settings.retention_days, settings.typing_preview);
        Self { ask_name, ask_email, intro, fields, retention_days, mail, typing_preview }
    }
}
