//! How the edge reaches a dbmgr: in process, or over the bus.

mod remote;

pub use remote::Remote;

use futures_util::future::BoxFuture;
use switchboard_wire::call::{
    account::*, agent::*, append::*, article::*, automation::*, ban::*, canned::*, conversation::*, edge::*,
    file::*, guest::*, guide::*, hook::*, identity::*, mail::*, mention::*, report::*, rule::*,
    saved_view::*, search::*, session::*, settings::*, system::*, team::*, visitor::*, watch::*, webhook::*,
};
use switchboard_wire::{Call, Credential, Failure};

/// One kind of call to a dbmgr.
pub trait Ask<C: Call>: Send + Sync + 'static {
    /// Makes the call for whoever holds `by`.
    ///
    /// # Errors
    /// What the call answers; [`switchboard_wire::Problem::Unavailable`] when database or bus are away.
    fn ask(&self, by: Credential, call: C) -> BoxFuture<'_, Result<C::Reply, Failure>>;
}

macro_rules! link {
    ($($call:ident),* $(,)?) => {
        /// A way to a dbmgr: every call that the edge makes. In process, [`Ask`] is one generic impl over the
        /// dbmgr's own call, and the methods here keep their defaults; over the bus it is [`Remote`].
        pub trait Link: $(Ask<$call> +)* Send + Sync + 'static {
            /// Appends what is given, in its order. `lane` is a hash of the conversations, the same on every node.
            fn append(&self, lane: u32, call: AppendEntries) -> BoxFuture<'_, Result<Vec<Result<Appended, Failure>>, Failure>> {
                let _ = lane;
                self.ask(Credential::Component, call)
            }

            /// Tells which dbmgrs are alive, by their incarnations, sorted.
            fn alive(&self, incarnations: &[String]) {
                let _ = incarnations;
            }
        }
    };
}

link!(
    SignIn,
    GetSession,
    SignOut,
    ChangePassword,
    ListSessions,
    RevokeSession,
    ListAccounts,
    AddAccount,
    PatchAccount,
    ResetPassword,
    ListAudit,
    GetSettings,
    PutSettings,
    GetSystem,
    ListGuides,
    GetGuide,
    AddGuide,
    PutDraft,
    PublishGuide,
    PatchGuide,
    DeleteGuide,
    TryGuide,
    ListRules,
    AddRule,
    PatchRule,
    OrderRules,
    DeleteRule,
    TryRule,
    ListRuleRuns,
    ListBans,
    AddBan,
    LiftBan,
    BanVisitor,
    OpenMail,
    StopMail,
    MailTranscript,
    ListMails,
    ListIdentityKeys,
    AddIdentityKey,
    RevokeIdentityKey,
    FindVisitors,
    ExportVisitor,
    EraseVisitor,
    MergeVisitors,
    MergeHere,
    ListMentions,
    ReadMentions,
    ListHeld,
    Watch,
    Whisper,
    ListCanned,
    AddCanned,
    PatchCanned,
    DeleteCanned,
    ListArticles,
    GetArticle,
    AddArticle,
    PatchArticle,
    DeleteArticle,
    SearchArticles,
    GetHelp,
    ListHelp,
    DeleteTeam,
    Search,
    ListViews,
    AddView,
    PatchView,
    DeleteView,
    GetReport,
    GetReportRows,
    ListTeams,
    AddTeam,
    PatchTeam,
    Prioritise,
    ListAutomations,
    PatchAutomation,
    AddHook,
    PatchHook,
    RotateHook,
    TryHook,
    DeleteHook,
    ListWebhooks,
    AddWebhook,
    PatchWebhook,
    RotateWebhook,
    DeleteWebhook,
    TestWebhook,
    ListWebhookDeliveries,
    ReplayWebhook,
    GetPresence,
    PutPresence,
    GetDirectory,
    ListConversations,
    GetConversation,
    GetEntries,
    Claim,
    Transfer,
    Resolve,
    Reopen,
    Snooze,
    TagConversation,
    PutPiece,
    GetPiece,
    Handoff,
    Rate,
    ArriveVisitor,
    GetVisitorDirectory,
    ListOwnConversations,
    StartConversation,
    Greet,
    GreetMany,
    Follow,
    GetLines,
    GetStates,
    GetSummaries,
    Leases,
    GetCutOff,
    GetPreviews,
    TouchSessions,
    MarkRead,
    Ping,
    AppendEntries,
);
