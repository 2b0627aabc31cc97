//! Every route of the interface, one line each. The router, the OpenAPI document and the table of roles are made
//! from these lines; nothing else adds a route.
//!
//! Columns: method, path, handler, how the caller says who it is, the call behind it (and who of those that may
//! make the call can use this route, if fewer), body, query, status, answer, summary.

use super::BASE;
use super::describe::{CsvFile, NoQuery, Nothing, Of, PageOf, Raw, TextFile};
use super::first::{Gate, who_first};
use super::route::{By, Route, Served, full_path};
use crate::edge::Shared;
use crate::files::take::NameQuery;
use crate::staff::{self, EntriesQuery, FenceBody, Paging};
use crate::staff::{get_report::PeriodQuery, list_conversations::ConversationsQuery, search::SearchQuery};
use crate::transcript::ZoneQuery;
use crate::writing::MessageBody;
use crate::{socket, visitor};
use axum::Router;
use axum::middleware::from_fn_with_state;
use switchboard_wire::call::{
    account::*, agent::*, append::*, article::*, assist::Assisted, automation::*, ban::*, canned::*,
    conversation::*, edge::*, file::*, guest::*, guide::*, hook::*, identity::*, mail::*, mention::*,
    report::*, rule::*, saved_view::*, search::*, session::*, settings::*, system::*, team::*, visitor::*,
    watch::*, webhook::*,
};
use switchboard_wire::{Access, view};

macro_rules! routes {
    ($($method:ident $path:literal $handler:path, $by:ident $call:ident $(as $only:ident)?, $body:ty, $query:ty => $status:literal $answer:ty, $summary:literal;)*) => {
        /// All of them, as the outside may know them.
        pub(crate) fn table() -> Vec<Route> {
            vec![$(Route::new(
                http::Method::$method, $path, By::$by, None $(.or(Some(Access::$only)))?, $status, $summary,
                std::marker::PhantomData::<($call, $body, $query, $answer)>,
            ),)*]
        }

        /// All of them with what answers them. They know nothing of schemas, so that the program has none.
        fn served() -> Vec<Served> {
            vec![$(Served::new::<$call, _, _>(
                http::Method::$method, $path, $handler, By::$by, None $(.or(Some(Access::$only)))?,
            ),)*]
        }
    };
}

routes! {
    POST "/session" staff::sign_in::sign_in, OurPage SignIn, Of<staff::sign_in::SignInBody>, NoQuery => 200 Of<view::Accounts>, "Sign in; sets the session cookie";
    GET "/session" staff::get_session::get_session, Staff GetSession, Nothing, NoQuery => 200 Of<view::Accounts>, "Whose session it is";
    DELETE "/session" staff::sign_out::sign_out, Staff SignOut, Nothing, NoQuery => 204 Nothing, "Sign out; an agent goes offline";
    PUT "/account/password" staff::change_password::change_password, Staff ChangePassword, Of<staff::change_password::ChangePasswordBody>, NoQuery => 204 Nothing, "Change the own password; every other session of the account ends";
    GET "/account/sessions" staff::list_sessions::list_sessions, Staff ListSessions, Nothing, Paging => 200 PageOf<view::Session>, "The own sessions";
    DELETE "/account/sessions/{id}" staff::revoke_session::revoke_session, Staff RevokeSession, Nothing, NoQuery => 204 Nothing, "End one of the own sessions";

    GET "/admins" staff::list_accounts::admins, Staff ListAccounts as SUPER_ADMIN, Nothing, Paging => 200 PageOf<view::Account>, "Admins, by username";
    POST "/admins" staff::add_account::admin, Staff AddAccount as SUPER_ADMIN, Of<staff::add_account::NewAdminBody>, NoQuery => 201 Of<view::NewAccount>, "Add an admin, with a one-time initial password";
    PATCH "/admins/{id}" staff::patch_account::admin, Staff PatchAccount as SUPER_ADMIN, Of<staff::patch_account::AdminChanges>, NoQuery => 200 Of<view::Accounts>, "Activate, deactivate or rename an admin";
    POST "/admins/{id}/password" staff::reset_password::admin, Staff ResetPassword as SUPER_ADMIN, Nothing, NoQuery => 200 Of<InitialPassword>, "Give an admin a new one-time password; sessions end";
    GET "/agents" staff::list_accounts::agents, Staff ListAccounts as ADMIN, Nothing, Paging => 200 PageOf<view::Account>, "Agents, by username";
    POST "/agents" staff::add_account::agent, Staff AddAccount as ADMIN, Of<staff::add_account::NewAgentBody>, NoQuery => 201 Of<view::NewAccount>, "Add an agent, with a one-time initial password";
    PATCH "/agents/{id}" staff::patch_account::agent, Staff PatchAccount as ADMIN, Of<staff::patch_account::AgentChanges>, NoQuery => 200 Of<view::Accounts>, "Activate, deactivate or change an agent";
    POST "/agents/{id}/password" staff::reset_password::agent, Staff ResetPassword as ADMIN, Nothing, NoQuery => 200 Of<InitialPassword>, "Give an agent a new one-time password; sessions end";
    GET "/teams" staff::list_teams::list_teams, Staff ListTeams, Nothing, Paging => 200 PageOf<view::Team>, "Teams, by name";
    POST "/teams" staff::add_team::add_team, Staff AddTeam, Of<staff::add_team::NewTeamBody>, NoQuery => 201 Of<OneTeam>, "Add a team";
    PATCH "/teams/{id}" staff::patch_team::patch_team, Staff PatchTeam, Of<staff::patch_team::TeamChanges>, NoQuery => 200 Of<OneTeam>, "Change a team";
    DELETE "/teams/{id}" staff::delete_team::delete_team, Staff DeleteTeam, Nothing, NoQuery => 204 Nothing, "Delete a team; what waits for it goes to the team that helps it out, or to everybody";
    GET "/automations" staff::list_automations::list_automations, Staff ListAutomations, Nothing, Paging => 200 PageOf<view::Automation>, "Automations, by name";
    PATCH "/automations/{name}" staff::patch_automation::patch_automation, Staff PatchAutomation, Of<staff::patch_automation::AutomationChanges>, NoQuery => 200 Of<OneAutomation>, "Activate, deactivate or change an automation";
    GET "/guides" staff::list_guides::list_guides, Staff ListGuides, Nothing, Paging => 200 PageOf<view::Guide>, "Guides, by name";
    POST "/guides" staff::add_guide::add_guide, Staff AddGuide, Of<staff::add_guide::NewGuideBody>, NoQuery => 201 Of<OneGuide>, "Add a guide, from the greeter or an exported file; its automation is inactive";
    POST "/guides/try" staff::try_guide::try_guide, Staff TryGuide, Of<staff::try_guide::TryBody>, NoQuery => 200 Of<Tried>, "Play a turn of steps; nothing is stored";
    GET "/guides/{name}" staff::get_guide::get_guide, Staff GetGuide, Nothing, NoQuery => 200 Of<OneGuide>, "A guide with its draft, problems, versions and file";
    PATCH "/guides/{name}" staff::patch_guide::patch_guide, Staff PatchGuide, Of<staff::patch_guide::GuideChanges>, NoQuery => 200 Of<OneGuide>, "Change a guide's title; its name stays";
    DELETE "/guides/{name}" staff::delete_guide::delete_guide, Staff DeleteGuide, Nothing, NoQuery => 204 Nothing, "Delete a guide to which no other one goes; what it has goes to people";
    PUT "/guides/{name}/draft" staff::put_draft::put_draft, Staff PutDraft, Of<staff::put_draft::DraftBody>, NoQuery => 200 Of<OneGuide>, "Change a guide's draft";
    POST "/guides/{name}/publish" staff::publish_guide::publish_guide, Staff PublishGuide, Of<staff::publish_guide::PublishBody>, NoQuery => 200 Of<OneGuide>, "Publish the draft, or an earlier version again; runs go on with theirs";
    POST "/automations" staff::add_hook::add_hook, Staff AddHook, Of<staff::add_hook::NewHookBody>, NoQuery => 201 Of<HookSecret>, "Add an automation that is reached over HTTPS; the secret is shown this once";
    PATCH "/automations/{name}/hook" staff::patch_hook::patch_hook, Staff PatchHook, Of<staff::patch_hook::HookChanges>, NoQuery => 200 Of<OneAutomation>, "Change where an automation's turns are sent, or how it is called";
    POST "/automations/{name}/hook/secret" staff::rotate_hook::rotate_hook, Staff RotateHook, Nothing, NoQuery => 200 Of<HookSecret>, "Make another secret; the one before is good for another day";
    POST "/automations/{name}/hook/test" staff::try_hook::try_hook, Staff TryHook, Of<staff::try_hook::TryHookBody>, NoQuery => 200 Of<HookTrial>, "Send an automation that is reached over HTTPS a turn that nobody waits for, and see its reply or what went wrong";
    DELETE "/automations/{name}" staff::delete_hook::delete_hook, Staff DeleteHook, Nothing, NoQuery => 204 Nothing, "Delete an automation that is reached over HTTPS; what it has goes to people";
    GET "/webhooks" staff::list_webhooks::list_webhooks, Staff ListWebhooks, Nothing, NoQuery => 200 PageOf<view::Webhook>, "Servers outside that are told what happens, in the order in which they were added";
    POST "/webhooks" staff::add_webhook::add_webhook, Staff AddWebhook, Of<staff::add_webhook::NewWebhookBody>, NoQuery => 201 Of<WebhookSecret>, "Add a server that is told what happens from now on; the secret is shown this once";
    PATCH "/webhooks/{id}" staff::patch_webhook::patch_webhook, Staff PatchWebhook, Of<staff::patch_webhook::WebhookChanges>, NoQuery => 200 Of<OneWebhook>, "Change what a server is told and where, activate or deactivate it";
    DELETE "/webhooks/{id}" staff::delete_webhook::delete_webhook, Staff DeleteWebhook, Nothing, NoQuery => 204 Nothing, "Tell a server nothing more, not even what waits";
    POST "/webhooks/{id}/secret" staff::rotate_webhook::rotate_webhook, Staff RotateWebhook, Nothing, NoQuery => 200 Of<WebhookSecret>, "Make another secret; the one before signs as well for another day";
    POST "/webhooks/{id}/test" staff::test_webhook::test_webhook, Staff TestWebhook, Nothing, NoQuery => 200 Of<Tested>, "Send a server the event webhook.test; how it went is among its deliveries";
    GET "/webhooks/{id}/deliveries" staff::list_webhook_deliveries::list_webhook_deliveries, Staff ListWebhookDeliveries, Nothing, staff::list_webhook_deliveries::DeliveriesQuery => 200 PageOf<view::WebhookDelivery>, "What a server was told and is to be told, newest first; kept for two weeks";
    POST "/webhooks/{id}/replay" staff::replay_webhook::replay_webhook, Staff ReplayWebhook, Of<staff::replay_webhook::ReplayBody>, NoQuery => 200 Of<Replayed>, "Try again what was given up: one event, or all";
    GET "/rules" staff::list_rules::list_rules, Staff ListRules, Nothing, NoQuery => 200 PageOf<view::Rule>, "Rules, in the order in which they are looked at";
    POST "/rules" staff::add_rule::add_rule, Staff AddRule, Of<RuleDraft>, NoQuery => 201 Of<OneRule>, "Add a rule behind all others; what happened before does not concern it";
    PUT "/rules/order" staff::order_rules::order_rules, Staff OrderRules, Of<staff::order_rules::OrderBody>, NoQuery => 200 PageOf<view::Rule>, "Put rules into another order; 409 when somebody has added or deleted one";
    POST "/rules/try" staff::try_rule::try_rule, Staff TryRule, Of<staff::try_rule::TryRuleBody>, NoQuery => 200 Of<TriedRule>, "What would become of a rule in a conversation or a sample; nothing is done";
    GET "/rules/runs" staff::list_rule_runs::list_rule_runs, Staff ListRuleRuns, Nothing, staff::list_rule_runs::RunsQuery => 200 PageOf<view::RuleRun>, "What became of rules and why, newest first; kept for 90 days";
    PATCH "/rules/{id}" staff::patch_rule::patch_rule, Staff PatchRule, Of<staff::patch_rule::RuleChanges>, NoQuery => 200 Of<OneRule>, "Change a rule, turn it on or off";
    DELETE "/rules/{id}" staff::delete_rule::delete_rule, Staff DeleteRule, Nothing, NoQuery => 204 Nothing, "Delete a rule; what became of it stays in the history";
    GET "/audit" staff::list_audit::list_audit, Staff ListAudit, Nothing, Paging => 200 PageOf<view::AuditRecord>, "The audit log, newest first; admins see that of agents and below";
    GET "/system" staff::get_system::get_system, Staff GetSystem, Nothing, NoQuery => 200 Of<view::System>, "How the installation is: database, bus, nodes, sockets, versions";
    GET "/reports" staff::get_report::get_report, Staff GetReport, Nothing, PeriodQuery => 200 Of<view::Report>, "What happened with the conversations that began within some days: in all, by day, hour, team, agent and automation";
    GET "/reports/conversations.csv" staff::export_conversations::export_conversations, Staff GetReportRows, Nothing, PeriodQuery => 200 CsvFile, "The same conversations one by one, for spreadsheets";

    GET "/settings" staff::get_settings::get_settings, Staff GetSettings, Nothing, NoQuery => 200 Of<view::Settings>, "The settings of the installation";
    PUT "/settings" staff::put_settings::put_settings, Staff PutSettings, Of<view::Settings>, NoQuery => 200 Of<view::Settings>, "Change the settings: the form before a conversation with people, and how long texts are kept";
    GET "/identity/keys" staff::list_identity_keys::list_identity_keys, Staff ListIdentityKeys, Nothing, NoQuery => 200 PageOf<view::IdentityKey>, "Keys with which sites sign who their visitors are, without their secrets";
    POST "/identity/keys" staff::add_identity_key::add_identity_key, Staff AddIdentityKey, Of<staff::add_identity_key::NewIdentityKeyBody>, NoQuery => 201 Of<view::NewIdentityKey>, "Make a key; its secret is shown this once, and two keys are good at once";
    DELETE "/identity/keys/{id}" staff::revoke_identity_key::revoke_identity_key, Staff RevokeIdentityKey, Nothing, NoQuery => 204 Nothing, "Revoke a key: what is signed with it proves nothing from now on";
    GET "/mails" staff::list_mails::list_mails, Staff ListMails, Nothing, Paging => 200 PageOf<view::Mail>, "E-mails to visitors and what became of them, newest first";
    GET "/bans" staff::list_bans::list_bans, Staff ListBans, Nothing, Paging => 200 PageOf<view::Ban>, "Bans that are not over, newest first";
    POST "/bans" staff::add_ban::add_ban, Staff AddBan, Of<staff::add_ban::NewBanBody>, NoQuery => 201 Of<OneBan>, "Ban a visitor, an e-mail address or an address; again is for another time from now";
    DELETE "/bans/{id}" staff::lift_ban::lift_ban, Staff LiftBan, Nothing, NoQuery => 204 Nothing, "End a ban before its time";
    GET "/visitors" staff::find_visitors::find_visitors, Staff FindVisitors, Nothing, staff::find_visitors::VisitorsQuery => 200 PageOf<view::Guest>, "Visitors by the beginning of the e-mail address, or by id";
    GET "/visitors/{id}/export" staff::export_visitor::export_visitor, Staff ExportVisitor, Nothing, NoQuery => 200 Of<view::ExportedVisitor>, "All that is stored of a visitor, notes included, as a file";
    DELETE "/visitors/{id}" staff::erase_visitor::erase_visitor, Staff EraseVisitor, Nothing, NoQuery => 204 Nothing, "Erase what a visitor has said and told; its conversations end, numbers and times stay";
    POST "/visitors/{id}/merge" staff::merge_visitors::merge_visitors, Staff MergeVisitors, Of<staff::merge_visitors::MergeBody>, NoQuery => 200 Of<view::Guest>, "Make one visitor of two; the answer is the one that stays";
    GET "/agents/{id}/conversations" staff::list_held::list_held, Staff ListHeld, Nothing, staff::list_held::HeldQuery => 200 PageOf<view::Summary>, "What an agent has, open and snoozed";
    POST "/conversations/{id}/watch" staff::watch::watch, Staff Watch, Of<staff::watch::WatchBody>, NoQuery => 200 Of<staff::watch::WatchedView>, "Read along as a supervisor; noted in the audit log, and agents see who watches";
    POST "/conversations/{id}/whisper" staff::whisper::whisper, Staff Whisper, Of<staff::whisper::WhisperBody>, NoQuery => 201 Of<view::Entry>, "Write a private note as a supervisor; 200 for a repeat";

    GET "/presence" staff::get_presence::get_presence, Staff GetPresence, Nothing, NoQuery => 200 Of<OnePresence>, "The own presence";
    PUT "/presence" staff::put_presence::put_presence, Staff PutPresence, Of<OnePresence>, NoQuery => 200 Of<OnePresence>, "Go online, away or offline; offline hands conversations back to the queue";
    GET "/directory" staff::get_directory::get_directory, Staff GetDirectory, Nothing, NoQuery => 200 Of<view::Directory>, "Who is there, what waits, and whom a conversation can be passed to";
    GET "/canned" staff::list_canned::list_canned, Staff ListCanned, Nothing, Paging => 200 PageOf<view::CannedReply>, "Canned replies, by shortcut: an agent's own, those of its teams and everybody's; to admins those of teams and everybody";
    POST "/canned" staff::add_canned::add_canned, Staff AddCanned, Of<staff::add_canned::NewCannedBody>, NoQuery => 201 Of<OneCanned>, "Add a canned reply: agents their own, admins for a team or everybody";
    PATCH "/canned/{id}" staff::patch_canned::patch_canned, Staff PatchCanned, Of<staff::patch_canned::CannedChanges>, NoQuery => 200 Of<OneCanned>, "Change a canned reply";
    DELETE "/canned/{id}" staff::delete_canned::delete_canned, Staff DeleteCanned, Nothing, NoQuery => 204 Nothing, "Delete a canned reply";
    GET "/search" staff::search::search, Staff Search, Nothing, SearchQuery => 200 PageOf<view::Found>, "Messages and notes with these words, newest first, by conversation";
    GET "/views" staff::list_views::list_views, Staff ListViews, Nothing, NoQuery => 200 PageOf<view::SavedView>, "Saved views, by name: an agent's own and everybody's; to admins everybody's";
    POST "/views" staff::add_view::add_view, Staff AddView, Of<staff::add_view::NewViewBody>, NoQuery => 201 Of<OneView>, "Save a view: what a list of conversations shows, for oneself or for every agent";
    PATCH "/views/{id}" staff::patch_view::patch_view, Staff PatchView, Of<staff::patch_view::ViewChanges>, NoQuery => 200 Of<OneView>, "Change a saved view, as who saved it; of everybody's an admin too";
    DELETE "/views/{id}" staff::delete_view::delete_view, Staff DeleteView, Nothing, NoQuery => 204 Nothing, "Delete a saved view, as who saved it; of everybody's an admin too";
    GET "/articles" staff::list_articles::list_articles, Staff ListArticles, Nothing, staff::list_articles::ArticlesQuery => 200 PageOf<view::Article>, "Articles by title, without their texts";
    POST "/articles" staff::add_article::add_article, Staff AddArticle, Of<staff::add_article::NewArticleBody>, NoQuery => 201 Of<OneArticle>, "Add an article; visitors see it once it is published";
    GET "/articles/try" staff::try_articles::try_articles, Staff SearchArticles as ADMIN, Nothing, staff::try_articles::TryQuery => 200 Of<staff::try_articles::Rehearsed>, "What a question finds among the published articles, and what the automation faq would say";
    GET "/articles/{id}" staff::get_article::get_article, Staff GetArticle, Nothing, NoQuery => 200 Of<OneArticle>, "An article with its text";
    PATCH "/articles/{id}" staff::patch_article::patch_article, Staff PatchArticle, Of<staff::patch_article::ArticleChanges>, NoQuery => 200 Of<OneArticle>, "Change, publish or take back an article; 409 when somebody else has changed it since";
    DELETE "/articles/{id}" staff::delete_article::delete_article, Staff DeleteArticle, Nothing, NoQuery => 204 Nothing, "Delete an article";
    GET "/conversations" staff::list_conversations::list_conversations, Staff ListConversations, Nothing, ConversationsQuery => 200 PageOf<view::Summary>, "Conversations of a view, newest activity first";
    GET "/conversations/{id}" staff::get_conversation::get_conversation, Staff GetConversation, Nothing, NoQuery => 200 Of<view::Conversation>, "The state of a conversation";
    GET "/conversations/{id}/entries" staff::get_entries::get_entries, Staff GetEntries, Nothing, EntriesQuery => 200 PageOf<view::Entry>, "Entries, notes included, in the order of seq";
    GET "/conversations/{id}/transcript" staff::get_transcript::get_transcript, Staff GetEntries as AGENT, Nothing, ZoneQuery => 200 TextFile, "The conversation as a text to keep, notes included";
    POST "/conversations/{id}/messages" staff::write::message, Staff AppendEntries as AGENT, Of<MessageBody>, NoQuery => 201 Of<view::Entry>, "Write a message, as the agent who has the conversation; 200 for a repeat";
    POST "/conversations/{id}/notes" staff::write::note, Staff AppendEntries as AGENT, Of<MessageBody>, NoQuery => 201 Of<view::Entry>, "Write a private note; 200 for a repeat";
    POST "/conversations/{id}/claim" staff::claim::claim, Staff Claim, Of<FenceBody>, NoQuery => 200 Of<view::Conversation>, "Take a conversation from the queue or an automation";
    POST "/conversations/{id}/transfer" staff::transfer::transfer, Staff Transfer, Of<staff::transfer::TransferBody>, NoQuery => 200 Of<view::Conversation>, "Pass a conversation on to an agent, a team or an automation";
    POST "/conversations/{id}/resolve" staff::resolve::resolve, Staff Resolve, Of<FenceBody>, NoQuery => 200 Of<view::Conversation>, "End a conversation";
    POST "/conversations/{id}/reopen" staff::reopen::reopen, Staff Reopen, Of<FenceBody>, NoQuery => 200 Of<view::Conversation>, "Take up a resolved or snoozed conversation again";
    POST "/conversations/{id}/snooze" staff::snooze::snooze, Staff Snooze, Of<staff::snooze::SnoozeBody>, NoQuery => 200 Of<view::Conversation>, "Put a conversation aside until a time or the visitor's next message";
    POST "/conversations/{id}/tags" staff::tag::tag, Staff TagConversation, Of<staff::tag::TagsBody>, NoQuery => 200 Of<view::Conversation>, "Label a conversation, and take labels away";
    POST "/conversations/{id}/ban" staff::ban_visitor::ban_visitor, Staff BanVisitor, Of<staff::ban_visitor::BanBody>, NoQuery => 201 Of<OneBan>, "Ban the visitor, as the agent who has the conversation";
    POST "/conversations/{id}/files" staff::add_file::add_file, Staff PutPiece as AGENT, Raw, NameQuery => 201 Of<OneFile>, "Upload a file, the body as it is; a message or note then names it";
    GET "/conversations/{id}/files/{file}" staff::get_file::get_file, Staff GetPiece as AGENT, Nothing, NoQuery => 200 Raw, "A file of a conversation, to keep";
    POST "/conversations/{id}/priority" staff::prioritise::prioritise, Staff Prioritise, Of<staff::prioritise::PriorityBody>, NoQuery => 200 Of<view::Conversation>, "Say how urgent a conversation is";
    POST "/conversations/{id}/merge" staff::merge_here::merge_here, Staff MergeHere, Of<staff::merge_here::MergeHereBody>, NoQuery => 200 Of<view::Conversation>, "Make one visitor of those of two conversations that the agent may see";
    GET "/assist" staff::assist::ready, Staff GetPresence, Nothing, NoQuery => 200 Of<staff::assist::AssistReady>, "Whether there is an assistant that agents can ask";
    POST "/conversations/{id}/assist" staff::assist::assist, Staff GetEntries as AGENT, Of<staff::assist::AssistBody>, NoQuery => 200 Of<Assisted>, "Have the assistant draft the agent's next message or summarise the conversation; nothing is sent or written; 404 when there is no assistant";
    GET "/mentions" staff::list_mentions::list_mentions, Staff ListMentions, Nothing, Paging => 200 PageOf<view::Mention>, "Private notes that call the agent, newest first";
    POST "/mentions/read" staff::read_mentions::read_mentions, Staff ReadMentions, Of<staff::read_mentions::ReadMentionsBody>, NoQuery => 204 Nothing, "The agent has looked at the mentions of a conversation, or at all of them";

    GET "/agent/socket" socket::agent, Staff Greet as AGENT, Nothing, NoQuery => 101 Nothing, "The agent's WebSocket; frames are FromClient and FromServer";

    POST "/visitor/session" visitor::arrive::arrive, Anyone ArriveVisitor, Of<visitor::arrive::ArriveBody>, NoQuery => 201 Of<visitor::arrive::VisitorSession>, "Arrive as a visitor; with a valid token 200, the same visitor, details updated";
    POST "/visitor/mail/open" visitor::open_mail::open_mail, Anyone OpenMail, Of<visitor::open_mail::OpenMailBody>, NoQuery => 201 Of<visitor::open_mail::MailSession>, "Come back by the link of an e-mail; 200 where the browser is that visitor already";
    POST "/visitor/mail/stop/{secret}" visitor::stop_mail::stop_mail, Anyone StopMail, Nothing, NoQuery => 204 Nothing, "No more e-mails about the conversation of this link";
    GET "/visitor/directory" visitor::get_directory::get_directory, Visitor GetVisitorDirectory, Nothing, NoQuery => 200 Of<view::VisitorDirectory>, "What a visitor may start with";
    GET "/visitor/conversations" visitor::list_conversations::list_conversations, Visitor ListOwnConversations, Nothing, Paging => 200 PageOf<view::Conversation>, "The own conversations, newest activity first";
    POST "/visitor/conversations" visitor::start_conversation::start_conversation, Visitor StartConversation, Of<visitor::start_conversation::StartBody>, NoQuery => 201 Of<view::Conversation>, "Start a conversation; 200 when the client_msg_id repeats";
    GET "/visitor/conversations/{id}" visitor::get_conversation::get_conversation, Visitor GetConversation, Nothing, NoQuery => 200 Of<view::Conversation>, "The state of an own conversation";
    GET "/visitor/conversations/{id}/entries" visitor::get_entries::get_entries, Visitor GetEntries, Nothing, EntriesQuery => 200 PageOf<view::Entry>, "Entries in the order of seq; there are no notes among them";
    GET "/visitor/conversations/{id}/transcript" visitor::get_transcript::get_transcript, Visitor GetEntries as VISITOR, Nothing, ZoneQuery => 200 TextFile, "The conversation as a text to keep; there are no notes in it";
    POST "/visitor/conversations/{id}/transcript/mail" visitor::mail_transcript::mail_transcript, Visitor MailTranscript, Of<visitor::mail_transcript::MailTranscriptBody>, NoQuery => 204 Nothing, "Have the conversation sent to the address that the visitor has given; 404 where no mail server is configured";
    POST "/visitor/conversations/{id}/messages" visitor::write::message, Visitor AppendEntries as VISITOR, Of<MessageBody>, NoQuery => 201 Of<view::Entry>, "Write a message; reopens a resolved conversation; 200 for a repeat";
    POST "/visitor/conversations/{id}/handoff" visitor::hand_off::hand_off, Visitor Handoff, Nothing, NoQuery => 200 Of<view::Conversation>, "Ask for a person";
    POST "/visitor/conversations/{id}/resolve" visitor::resolve::resolve, Visitor Resolve, Nothing, NoQuery => 200 Of<view::Conversation>, "End the conversation";
    POST "/visitor/conversations/{id}/rating" visitor::rate::rate, Visitor Rate, Of<visitor::rate::RatingBody>, NoQuery => 204 Nothing, "Say how it was";
    POST "/visitor/conversations/{id}/files" visitor::add_file::add_file, Visitor PutPiece as VISITOR, Raw, NameQuery => 201 Of<OneFile>, "Upload a file, the body as it is; a message then names it";
    GET "/visitor/conversations/{id}/files/{file}" visitor::get_file::get_file, Visitor GetPiece as VISITOR, Nothing, NoQuery => 200 Raw, "A file of an own conversation, to keep";
    GET "/visitor/socket" socket::visitor, Anyone Greet as VISITOR, Nothing, NoQuery => 101 Nothing, "The visitor's WebSocket; the token is in the first frame";
}

/// The router of the table.
pub(crate) fn router(edge: &Shared) -> Router<Shared> {
    served()
        .into_iter()
        .fold(Router::new(), |router, route| {
            let gate = Gate { edge: Shared::clone(edge), by: route.by, access: route.access };
            let path = full_path(route.path);
            router.route(&path, route.handler.route_layer(from_fn_with_state(gate, who_first)))
        })
        .route(&format!("{BASE}/openapi.json"), axum::routing::get(super::openapi::get))
}
