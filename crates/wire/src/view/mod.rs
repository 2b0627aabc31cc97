//! The JSON of HTTP and sockets, once. Readers ignore what they do not know; adding optional fields is fine.

mod account;
mod article;
mod automation;
mod automation_rules;
mod ban;
mod canned;
mod conversation;
mod entry;
mod file;
mod frame;
mod guest;
mod guide;
mod identity;
mod mail;
mod mention;
mod report;
mod rule;
mod rules;
mod saved_view;
mod search;
mod settings;
mod system;
mod team;
mod visitor;
mod webhook;

pub use account::{Account, Accounts, AuditRecord, AuditSubject, NewAccount, Session};
pub use article::{Article, ArticleHit, ArticlesFound, HelpArticle, HelpIndex, HelpTitle};
pub use automation::{Automation, AutomationCounts, Health, WebHook};
pub use automation_rules::{AutomationRules, TeamHours};
pub use ban::Ban;
pub use canned::CannedReply;
pub use conversation::{Audience, Conversation, Owner, QueuePlace, State, Summary};
pub use entry::{Author, Entry, Line};
pub use file::File;
pub use frame::{FollowState, FromClient, FromServer, Nack, Resume};
pub use guest::{ExportedConversation, ExportedVisitor, Guest};
pub use guide::{Guide, GuideMessage, GuideProblem, GuideVersion};
pub use identity::{IdentityKey, NewIdentityKey};
pub use mail::Mail;
pub use mention::Mention;
pub use report::{Figures, Ratings, Report, ReportPart, ReportRow, ReportRows, Span};
pub use rule::{Rule, RuleCheck, RuleRun, RuleStep};
pub use rules::{Holiday, Hours, HoursSpan, Overflow, TeamRules};
pub use saved_view::{SavedView, ViewFilter};
pub use search::{Found, Hit, HitPart};
pub use settings::{MailSettings, PreChat, PreChatField, Settings};
pub use system::{System, SystemBus, SystemDatabase, SystemNode};
pub use team::{Directory, DirectoryAgent, DirectoryAutomation, DirectoryTeam, Team};
pub use visitor::{People, Visitor, VisitorAutomation, VisitorDirectory, VisitorTeam};
pub use webhook::{Webhook, WebhookDelivery};

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A page of a list.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Page<T> {
    /// At most 200; a page also ends at 256 KiB.
    pub items: Vec<T>,
    /// Where the next page begins; null at the end.
    pub next: Option<String>,
}
