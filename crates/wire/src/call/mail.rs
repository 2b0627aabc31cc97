//! E-mail to visitors: links back, no more of it, and what became of it.

use super::call;
use crate::view;
use serde::{Deserialize, Serialize};
use switchboard_domain::TokenHash;

/// Whoever has the link of an e-mail comes back as the visitor to whom it was sent.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct OpenMail {
    /// Of the link's secret.
    pub link: TokenHash,
    /// Of a further secret for the visitor, whose text the caller keeps.
    pub token_hash: TokenHash,
}

/// The visitor, and the conversation that the e-mail was about.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct OpenedMail {
    /// The visitor.
    pub visitor: view::Visitor,
    /// Whether `token_hash` is now this visitor's; otherwise the one who asks is that visitor already.
    pub new: bool,
    /// The conversation.
    pub conversation: String,
}

/// No more e-mails about the conversation of this link.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct StopMail {
    /// Of the link's secret.
    pub link: TokenHash,
}

/// The visitor wants an own conversation by e-mail, at the address that it has given.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct MailTranscript {
    /// Which conversation.
    pub id: String,
    /// The time zone in which times are written; UTC when absent.
    pub zone: Option<String>,
}

/// E-mails and what became of them, newest first.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ListMails {
    /// At most so many.
    pub limit: Option<i64>,
    /// Where the page begins.
    pub cursor: Option<String>,
}

call! {
    OpenMail => "cmd.open_mail", ANYONE, OpenedMail;
    StopMail => "cmd.stop_mail", ANYONE, ();
    MailTranscript => "cmd.mail_transcript", VISITOR, ();
    ListMails => "qry.mails", ADMIN, view::Page<view::Mail>;
}
