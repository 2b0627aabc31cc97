//! What is asked at random.

use super::{names, step};
use proptest::prelude::*;
use switchboard_domain::{
    AccountId, ClientMsgId, ConversationId, Millis, Role, Status, TeamId, TokenHash, VisitorId,
};
use switchboard_storage::After;
use switchboard_storage::audit::Scope as Shown;
use switchboard_storage::conversation::View;
use switchboard_storage::entry::{ClientKey, Reader, Span};
use switchboard_storage::read::Side;
use switchboard_storage::sweep::Times;

#[derive(Debug, Clone)]
pub enum Ask {
    Conversations(Vec<ConversationId>),
    Locked(Vec<ConversationId>),
    Heads(Vec<ConversationId>),
    Summaries(Vec<ConversationId>, Side),
    OfVisitor(VisitorId, Option<After>, i64),
    ByStartKey(VisitorId, ClientMsgId),
    OpenOfVisitor(VisitorId),
    Due(Millis, i64),
    NextDue(Millis),
    Load(AccountId, Millis),
    Loads,
    OwnedByAgent(AccountId, i64),
    OwnedByAutomation(&'static str, i64),
    Orphans,
    Waiting(Option<TeamId>, i64),
    Queues,
    Place(ConversationId, i64),
    View {
        agent: AccountId,
        teams: Vec<TeamId>,
        view: View,
        status: Status,
        prefix: Option<String>,
        after: Option<After>,
        limit: i64,
    },
    At(ConversationId, i64),
    After(ConversationId, i64, Reader, i64),
    Before(ConversationId, i64, Reader, i64),
    InboundAfter(ConversationId, i64),
    Spans(Vec<Span>, Reader, i64),
    ByClient(Vec<ClientKey>),
    Position(ConversationId, Side),
    Accounts(Vec<AccountId>),
    ByUsername(&'static str),
    AccountsOf(Role, Option<&'static str>, i64),
    Count(Role),
    Teams(Option<&'static str>, i64),
    TeamsOf(Vec<AccountId>),
    Members,
    Actors(Vec<TokenHash>),
    WithTeams(Vec<TokenHash>),
    SessionsOf(AccountId),
    Dead((Millis, Millis, Millis)),
    Visitors(Vec<TokenHash>),
    Present,
    AnyoneOnline(Option<TeamId>),
    Astray,
    Unattended(Millis, Millis),
    Litter(Times),
    Automations(Option<&'static str>, i64),
    Audit(Shown, Option<String>, i64),
    Meta(&'static str),
}

/// Sorts the answers of those questions that promise no order.
pub fn order(ask: &Ask, mut answer: Vec<String>) -> Vec<String> {
    let open = matches!(
        ask,
        Ask::Heads(_)
            | Ask::Summaries(..)
            | Ask::Loads
            | Ask::Queues
            | Ask::ByClient(_)
            | Ask::Members
            | Ask::TeamsOf(_)
            | Ask::Dead(_)
            | Ask::Orphans
    );
    if open {
        answer.sort();
        answer.dedup();
    }
    answer
}

fn ids() -> impl Strategy<Value = Vec<ConversationId>> {
    prop::collection::vec(names::conversation(), 0..6)
}

fn accounts() -> impl Strategy<Value = Vec<AccountId>> {
    prop::collection::vec(names::account(), 0..4)
}

fn tokens() -> impl Strategy<Value = Vec<TokenHash>> {
    prop::collection::vec(names::token(), 0..5)
}

fn limit() -> impl Strategy<Value = i64> {
    prop_oneof![0i64..4, Just(200)]
}

fn side() -> impl Strategy<Value = Side> {
    prop::sample::select(&[Side::Staff, Side::Visitor][..])
}

fn reader() -> impl Strategy<Value = Reader> {
    prop::sample::select(&[Reader::Staff, Reader::Visitor][..])
}

fn after() -> impl Strategy<Value = Option<After>> {
    prop::option::of(
        (names::time(), names::conversation()).prop_map(|(updated_at, id)| After { updated_at, id }),
    )
}

fn role() -> impl Strategy<Value = Role> {
    prop::sample::select(&[Role::Agent, Role::Admin, Role::SuperAdmin][..])
}

fn username() -> impl Strategy<Value = &'static str> {
    prop::sample::select(&["maya", "MAYA", "maya.", "noah", "måya", "maya "][..])
}

fn a_view() -> impl Strategy<Value = Ask> {
    let view = prop::sample::select(&[View::Mine, View::Queue, View::All][..]);
    let teams = prop::collection::btree_set(names::team(), 0..3);
    let prefix = prop::option::of(names::prefix());
    (names::account(), teams, view, names::status(), prefix, after(), limit()).prop_map(
        |(agent, teams, view, status, prefix, after, limit)| {
            let teams = teams.into_iter().collect();
            Ask::View { agent, teams, view, status, prefix, after, limit }
        },
    )
}

fn a_span() -> impl Strategy<Value = Span> {
    (names::conversation(), 0i64..6, 0i64..9).prop_map(|(conversation, after, upto)| Span {
        conversation,
        after,
        upto,
    })
}

fn a_key() -> impl Strategy<Value = ClientKey> {
    let sender = prop::sample::select(&["vv", "vV", "amaya", "aMAYA", "bmat", "s"][..]);
    (names::conversation(), sender, names::client()).prop_map(|(conversation, sender, id)| ClientKey {
        conversation,
        sender: sender.into(),
        id,
    })
}

fn about_conversations() -> impl Strategy<Value = Ask> {
    let team = || prop::option::of(names::team());
    prop_oneof![
        2 => ids().prop_map(Ask::Conversations),
        1 => ids().prop_map(Ask::Locked),
        1 => ids().prop_map(Ask::Heads),
        1 => (ids(), side()).prop_map(|(ids, side)| Ask::Summaries(ids, side)),
        2 => (names::visitor(), after(), limit()).prop_map(|(v, a, l)| Ask::OfVisitor(v, a, l)),
        1 => (names::visitor(), names::client()).prop_map(|(v, k)| Ask::ByStartKey(v, k)),
        1 => names::visitor().prop_map(Ask::OpenOfVisitor),
        1 => (names::time(), limit()).prop_map(|(t, l)| Ask::Due(t, l)),
        1 => names::time().prop_map(Ask::NextDue),
        1 => (names::account(), names::time()).prop_map(|(agent, now)| Ask::Load(agent, now + 15 * 60_000)),
        1 => Just(Ask::Loads),
        1 => (names::account(), limit()).prop_map(|(a, l)| Ask::OwnedByAgent(a, l)),
        1 => (names::automation(), limit()).prop_map(|(a, l)| Ask::OwnedByAutomation(a, l)),
        1 => Just(Ask::Orphans),
        1 => (team(), limit()).prop_map(|(t, l)| Ask::Waiting(t, l)),
        1 => Just(Ask::Queues),
        4 => (names::conversation(), prop_oneof![0i64..4, Just(21)]).prop_map(|(c, most)| Ask::Place(c, most)),
        6 => a_view(),
        1 => (names::conversation(), 0i64..9).prop_map(|(c, seq)| Ask::At(c, seq)),
        2 => (names::conversation(), 0i64..9, reader(), limit()).prop_map(|(c, s, r, l)| Ask::After(c, s, r, l)),
        2 => (names::conversation(), 0i64..9, reader(), limit()).prop_map(|(c, s, r, l)| Ask::Before(c, s, r, l)),
        1 => (names::conversation(), 0i64..9).prop_map(|(c, seq)| Ask::InboundAfter(c, seq)),
        2 => (prop::collection::vec(a_span(), 0..5), reader(), limit()).prop_map(|(s, r, l)| Ask::Spans(s, r, l)),
        2 => prop::collection::vec(a_key(), 0..6).prop_map(Ask::ByClient),
        1 => (names::conversation(), side()).prop_map(|(c, side)| Ask::Position(c, side)),
    ]
}

fn about_people() -> impl Strategy<Value = Ask> {
    let team = || prop::option::of(names::team());
    let shown = prop::sample::select(&[Shown::All, Shown::AgentsAndBelow][..]);
    let before = prop::option::of((0u8..9).prop_map(|n| format!("r{n}")));
    let times = (names::time(), names::time(), 0i64..3).prop_map(|(now, idle_before, keep)| Times {
        now,
        idle_before,
        keep,
    });
    let team_name = prop::option::of(prop::sample::select(&["Sales", "a", "Ø"][..]));
    prop_oneof![
        1 => accounts().prop_map(Ask::Accounts),
        1 => username().prop_map(Ask::ByUsername),
        1 => (role(), prop::option::of(username()), limit()).prop_map(|(r, a, l)| Ask::AccountsOf(r, a, l)),
        1 => role().prop_map(Ask::Count),
        1 => (team_name, limit()).prop_map(|(a, l)| Ask::Teams(a, l)),
        1 => accounts().prop_map(Ask::TeamsOf),
        1 => Just(Ask::Members),
        2 => tokens().prop_map(Ask::Actors),
        1 => tokens().prop_map(Ask::WithTeams),
        1 => names::account().prop_map(Ask::SessionsOf),
        1 => step::times().prop_map(Ask::Dead),
        1 => tokens().prop_map(Ask::Visitors),
        1 => Just(Ask::Present),
        1 => team().prop_map(Ask::AnyoneOnline),
        1 => Just(Ask::Astray),
        1 => (names::time(), names::time()).prop_map(|(now, idle)| Ask::Unattended(now, idle)),
        2 => times.prop_map(Ask::Litter),
        1 => (prop::option::of(prop::sample::select(&["mat", "c"][..])), limit())
            .prop_map(|(a, l)| Ask::Automations(a, l)),
        1 => (shown, before, limit()).prop_map(|(s, b, l)| Ask::Audit(s, b, l)),
        1 => prop::sample::select(&["a", "A"][..]).prop_map(Ask::Meta),
    ]
}

pub fn ask() -> impl Strategy<Value = Ask> {
    prop_oneof![about_conversations(), about_people()]
}
