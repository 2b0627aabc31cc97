//! What goes wrong, in one form for every component: a named problem (RFC 9457) and what to do about it.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use switchboard_domain::clock::{Millis, rfc3339};
use switchboard_domain::conversation::Refusal;

/// The problems of the API. The name is the last part of the problem's `type`: `/problems/NAME`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Problem {
    /// Unparsable, a field of the wrong type or missing, a bad cursor.
    BadRequest,
    /// No session or token, or a dead one.
    Unauthenticated,
    /// Signed in, but not allowed.
    Forbidden,
    /// The initial password must be changed first.
    PasswordChangeRequired,
    /// The request does not come from our own pages.
    ForeignOrigin,
    /// A visitor who may not come here for a while, or at all.
    Banned,
    /// Does not exist, or not the caller's to know about.
    NotFound,
    /// The path exists, the method does not.
    MethodNotAllowed,
    /// The name is taken, or another agent has the conversation.
    Taken,
    /// The conversation has changed hands since.
    Stale,
    /// The caller does not have the conversation.
    NotOwner,
    /// The conversation is resolved.
    Resolved,
    /// The same `client_msg_id` with another body.
    Conflict,
    /// An agent who is offline is to take something.
    Offline,
    /// The body is over the limit.
    TooLarge,
    /// Not JSON.
    UnsupportedMediaType,
    /// Well-formed but not acceptable.
    Invalid,
    /// Too many in too short a time.
    RateLimited,
    /// Something broke on our side; it is in the log.
    Internal,
    /// Database or bus away; nothing half done.
    Unavailable,
}

impl Problem {
    /// Whether nothing was decided: the same request may go through when it is made again.
    pub fn is_undone(self) -> bool {
        matches!(self, Self::Unavailable | Self::Internal | Self::RateLimited)
    }

    /// Its name, as in its `type`.
    pub fn name(self) -> &'static str {
        match self {
            Self::BadRequest => "bad-request",
            Self::Unauthenticated => "unauthenticated",
            Self::Forbidden => "forbidden",
            Self::PasswordChangeRequired => "password-change-required",
            Self::ForeignOrigin => "foreign-origin",
            Self::Banned => "banned",
            Self::NotFound => "not-found",
            Self::MethodNotAllowed => "method-not-allowed",
            Self::Taken => "taken",
            Self::Stale => "stale",
            Self::NotOwner => "not-owner",
            Self::Resolved => "resolved",
            Self::Conflict => "conflict",
            Self::Offline => "offline",
            Self::TooLarge => "too-large",
            Self::UnsupportedMediaType => "unsupported-media-type",
            Self::Invalid => "invalid",
            Self::RateLimited => "rate-limited",
            Self::Internal => "internal",
            Self::Unavailable => "unavailable",
        }
    }

    /// The HTTP status (contract §2).
    pub fn status(self) -> u16 {
        match self {
            Self::BadRequest => 400,
            Self::Unauthenticated => 401,
            Self::Forbidden | Self::PasswordChangeRequired | Self::ForeignOrigin | Self::Banned => 403,
            Self::NotFound => 404,
            Self::MethodNotAllowed => 405,
            Self::Taken | Self::Stale | Self::NotOwner | Self::Resolved | Self::Conflict | Self::Offline => {
                409
            }
            Self::TooLarge => 413,
            Self::UnsupportedMediaType => 415,
            Self::Invalid => 422,
            Self::RateLimited => 429,
            Self::Internal => 500,
            Self::Unavailable => 503,
        }
    }

    /// A short, constant summary.
    pub fn title(self) -> &'static str {
        match self {
            Self::BadRequest => "The request could not be read",
            Self::Unauthenticated => "Sign in first",
            Self::Forbidden => "Not allowed",
            Self::PasswordChangeRequired => "Change the initial password first",
            Self::ForeignOrigin => "The request does not come from this site",
            Self::Banned => "This chat is closed to you",
            Self::NotFound => "Not found",
            Self::MethodNotAllowed => "Method not allowed",
            Self::Taken => "Already taken",
            Self::Stale => "Changed in the meantime",
            Self::NotOwner => "Not yours",
            Self::Resolved => "Resolved",
            Self::Conflict => "Same id, another message",
            Self::Offline => "Offline",
            Self::TooLarge => "Too large",
            Self::UnsupportedMediaType => "Send JSON",
            Self::Invalid => "Not acceptable",
            Self::RateLimited => "Too many requests",
            Self::Internal => "Something broke",
            Self::Unavailable => "Not available now",
        }
    }
}

/// A refusal or failure of a call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("{}: {detail}", problem.name())]
pub struct Failure {
    /// Which problem.
    pub problem: Problem,
    /// What to do about it.
    pub detail: String,
    /// Field → reason, where fields are at fault.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub errors: BTreeMap<String, String>,
    /// After how many milliseconds another try makes sense.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry_after_ms: Option<u64>,
}

impl Failure {
    /// A failure with its text.
    pub fn new(problem: Problem, detail: impl Into<String>) -> Self {
        Self { problem, detail: detail.into(), errors: BTreeMap::new(), retry_after_ms: None }
    }

    /// One field is not acceptable.
    pub fn invalid(field: &str, reason: &(impl std::fmt::Display + ?Sized)) -> Self {
        let reason = reason.to_string();
        let mut failure = Self::new(Problem::Invalid, format!("{field}: {reason}"));
        failure.errors.insert(field.into(), reason);
        failure
    }

    /// It does not exist, or is not the caller's to know about.
    pub fn not_found(what: &str) -> Self {
        Self::new(Problem::NotFound, format!("there is no such {what}"))
    }

    /// Database or bus are away, or did not answer in time.
    pub fn unavailable(detail: impl Into<String>) -> Self {
        Self { retry_after_ms: Some(1_000), ..Self::new(Problem::Unavailable, detail) }
    }

    /// Over a limit; try again after so many milliseconds.
    pub fn rate_limited(detail: impl Into<String>, retry_after_ms: u64) -> Self {
        Self { retry_after_ms: Some(retry_after_ms), ..Self::new(Problem::RateLimited, detail) }
    }

    /// Signed in, but this is another role's job.
    pub fn wrong_role() -> Self {
        Self::new(Problem::Forbidden, "your role does not include this")
    }

    /// Staff must change the initial password before anything else.
    pub fn password_change_required() -> Self {
        Self::new(
            Problem::PasswordChangeRequired,
            "set a password of your own (PUT /api/v1/account/password), then try again",
        )
    }

    /// A visitor who may not come here before `until`, if ever; `Retry-After` says the same to programs.
    pub fn banned(until: Option<Millis>, now: Millis) -> Self {
        let detail = match until {
            Some(until) => format!(
                "we have closed this chat to you until {}; if you think that this is a mistake, please reach us another way",
                rfc3339(until)
            ),
            None => "we have closed this chat to you; if you think that this is a mistake, please reach us another way".into(),
        };
        let left = until.map(|until| u64::try_from(until.saturating_sub(now)).unwrap_or_default());
        Self { retry_after_ms: left, ..Self::new(Problem::Banned, detail) }
    }

    /// Several fields are not acceptable, each for its reason.
    pub fn invalid_fields(errors: BTreeMap<String, String>) -> Self {
        let detail: Vec<String> = errors.iter().map(|(field, reason)| format!("{field}: {reason}")).collect();
        Self { errors, ..Self::new(Problem::Invalid, detail.join("; ")) }
    }

    /// No session or token, or a dead one; the same for every reason.
    pub fn unauthenticated() -> Self {
        Self::new(Problem::Unauthenticated, "sign in, then try again")
    }
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        let problem = match refusal {
            Refusal::Stale => Problem::Stale,
            Refusal::NotOwner => Problem::NotOwner,
            Refusal::Taken | Refusal::NotResolved => Problem::Taken,
            Refusal::Resolved => Problem::Resolved,
            Refusal::BadTime => return Self::invalid("until", &refusal),
            Refusal::TooManyTags => return Self::invalid("add", &refusal),
            Refusal::BadScore => return Self::invalid("score", &refusal),
            Refusal::BadTurn => return Self::invalid("turn", &refusal),
        };
        Self::new(problem, refusal.to_string())
    }
}
