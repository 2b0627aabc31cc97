//! Few values of every kind, so that steps meet: ids that differ in case only, times that tie, any script.

use crate::fixture::NOW;
use proptest::prelude::*;
use switchboard_domain::{
    AccountId, ClientMsgId, ConversationId, EntryId, Millis, Owner, Status, TeamId, TokenHash, VisitorId,
};

const CONVERSATIONS: [&str; 8] = ["c", "C", "c-", "c_", "cc", "CC", "c0", "d"];
const PEOPLE: [&str; 4] = ["maya", "MAYA", "noah", "zoe"];
const TEAMS: [&str; 3] = ["sales", "SALES", "t"];
const AUTOMATIONS: [&str; 3] = ["mat", "chat", "ghost"];
const NAMES: [&str; 7] = ["Noor", "noor", "NOÉMIE", "Ørsted", "100% _x_", "🦀 crab", "'; --"];

pub fn conversation() -> impl Strategy<Value = ConversationId> {
    prop::sample::select(&CONVERSATIONS[..]).prop_map(|id| id.parse().unwrap())
}

pub fn account() -> impl Strategy<Value = AccountId> {
    prop::sample::select(&PEOPLE[..]).prop_map(|id| id.parse().unwrap())
}

pub fn team() -> impl Strategy<Value = TeamId> {
    prop::sample::select(&TEAMS[..]).prop_map(|id| id.parse().unwrap())
}

pub fn visitor() -> impl Strategy<Value = VisitorId> {
    prop::sample::select(&["v", "V", "w"][..]).prop_map(|id| id.parse().unwrap())
}

pub fn automation() -> impl Strategy<Value = &'static str> {
    prop::sample::select(&AUTOMATIONS[..])
}

pub fn name() -> impl Strategy<Value = String> {
    prop::sample::select(&NAMES[..]).prop_map(Into::into)
}

/// What somebody may type to find one of them.
pub fn prefix() -> impl Strategy<Value = String> {
    prop::sample::select(&["n", "NO", "noé", "ø", "100%", "%", "_", "🦀", "'", "c", "C", "c-", "d", "zz"][..])
        .prop_map(Into::into)
}

pub fn token() -> impl Strategy<Value = TokenHash> {
    (0u8..5).prop_map(|n| TokenHash::of(&n.to_string()))
}

pub fn client() -> impl Strategy<Value = ClientMsgId> {
    prop::sample::select(&["client-id-0000-a", "CLIENT-ID-0000-A", "client-id-0000-b"][..])
        .prop_map(|id| ClientMsgId::try_from(id.to_owned()).unwrap())
}

/// Close together, so that many are the same.
pub fn time() -> impl Strategy<Value = Millis> {
    (0i64..5).prop_map(|n| NOW + n)
}

pub fn status() -> impl Strategy<Value = Status> {
    prop::sample::select(&[Status::Open, Status::Open, Status::Snoozed, Status::Resolved][..])
}

pub fn owner() -> impl Strategy<Value = Owner> {
    prop_oneof![
        1 => Just(Owner::None),
        2 => Just(Owner::Queue),
        1 => (account(), name()).prop_map(|(id, name)| Owner::Agent { id, name }),
        1 => (automation(), name()).prop_map(|(id, name)| Owner::Automation { id: id.into(), name }),
    ]
}

pub fn entry_id(seq: i64) -> EntryId {
    format!("e{seq}").parse().unwrap()
}
