//! Calls as a dbmgr reads them from the bus. The first byte chooses the call.

use crate::reply::travels;
use switchboard_wire::call::{
    account::*, agent::*, append::*, automation::*, conversation::*, edge::*, router::*, session::*, team::*,
    visitor::*,
};
use switchboard_wire::{Call, Request, turn};

macro_rules! calls {
    ($($call:ty),* $(,)?) => {
        /// Name and reader of each.
        pub(crate) const CALLS: &[(&str, fn(&[u8]))] = &[$((<$call as Call>::NAME, read::<Request<$call>>)),*];
    };
}

calls![
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
    ListTeams,
    AddTeam,
    PatchTeam,
    ListAutomations,
    PatchAutomation,
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
    TouchSessions,
    MarkRead,
    Ping,
    AppendEntries,
    GetBoard,
    GetDue,
    GetTurn,
    ApplyReply,
    FailTurn,
    Assign,
    Lapse,
    Wake,
    RetireAgent,
    Sweep,
    RecordAutomations,
];

/// What automations are asked and say travels beside the calls.
const TURNS: &[fn(&[u8])] = &[read::<turn::TurnRequest>, read::<turn::TurnReply>, read::<turn::Working>];

fn read<T: serde::Serialize + serde::de::DeserializeOwned>(input: &[u8]) {
    if let Ok(value) = serde_json::from_slice::<T>(input) {
        travels(&value);
    }
}

/// What a call is read as is the same when it is sent on.
pub(crate) fn run(input: &[u8]) {
    let Some((choice, payload)) = input.split_first() else { return };
    let choice = usize::from(*choice) % (CALLS.len() + TURNS.len());
    let reader = CALLS.get(choice).map_or_else(|| TURNS[choice - CALLS.len()], |(_, reader)| *reader);
    reader(payload);
}
