//! How the edge reaches a dbmgr: in process, or over the bus.

use crate::limits::CALL_DEADLINE;
use futures_util::future::BoxFuture;
use std::sync::{PoisonError, RwLock};
use switchboard_bus::{Caller, FAILURE_HEADER, Message, RequestError};
use switchboard_wire::call::{
    RequestRef, account::*, agent::*, append::*, automation::*, conversation::*, edge::*, session::*,
    team::*, visitor::*,
};
use switchboard_wire::{Call, Credential, Failure, Problem, subject};

/// One kind of call to a dbmgr.
pub trait Ask<C: Call>: Send + Sync + 'static {
    /// Makes the call for whoever holds `by`.
    ///
    /// # Errors
    /// What the call answers; [`Problem::Unavailable`] when database or bus are away.
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
);

/// Any dbmgr, over the bus.
#[derive(Debug)]
pub struct Remote {
    caller: Caller,
    alive: RwLock<Vec<String>>,
}

impl Remote {
    /// Over this caller's bus.
    #[must_use]
    pub fn new(caller: Caller) -> Self {
        Self { caller, alive: RwLock::default() }
    }

    /// The dbmgr that takes this lane's appends; `None` while none has been heard of.
    fn lane(&self, lane: u32) -> Option<String> {
        let alive = self.alive.read().unwrap_or_else(PoisonError::into_inner);
        choose(lane, &alive).cloned()
    }
}

impl<C: Call> Ask<C> for Remote {
    fn ask(&self, by: Credential, call: C) -> BoxFuture<'_, Result<C::Reply, Failure>> {
        Box::pin(async move { self.caller.call(&by, &call, CALL_DEADLINE).await })
    }
}

impl Link for Remote {
    fn append(
        &self,
        lane: u32,
        call: AppendEntries,
    ) -> BoxFuture<'_, Result<Vec<Result<Appended, Failure>>, Failure>> {
        Box::pin(async move {
            let internal = |e: serde_json::Error| Failure::new(Problem::Internal, e.to_string());
            let request = RequestRef { by: &Credential::Component, call: &call };
            let payload = bytes::Bytes::from(serde_json::to_vec(&request).map_err(internal)?);
            let anyone = subject::call(AppendEntries::NAME);
            let subject = self.lane(lane).map_or_else(|| anyone.clone(), |i| subject::append_lane(&i));
            let answer = match self.caller.request(&subject, payload.clone(), CALL_DEADLINE).await {
                // It died since its last beat. Nobody has the list, so another one may take it.
                Err(RequestError::NoResponders) => self.caller.request(&anyone, payload, CALL_DEADLINE).await,
                answer => answer,
            };
            read(&answer?)
        })
    }

    fn alive(&self, incarnations: &[String]) {
        *self.alive.write().unwrap_or_else(PoisonError::into_inner) = incarnations.to_vec();
    }
}

fn read(answer: &Message) -> Result<Vec<Result<Appended, Failure>>, Failure> {
    let unreadable = |e: serde_json::Error| {
        Failure::new(Problem::Internal, format!("the answer of a dbmgr cannot be read: {e}"))
    };
    if answer.headers.get(FAILURE_HEADER).is_some() {
        return Err(serde_json::from_slice(&answer.payload).unwrap_or_else(unreadable));
    }
    serde_json::from_slice(&answer.payload).map_err(unreadable)
}

/// Rendezvous hashing: when one dbmgr comes or goes, only its own lanes move, and every node that knows the same
/// ones chooses the same.
fn choose(lane: u32, alive: &[String]) -> Option<&String> {
    alive.iter().max_by_key(|incarnation| (subject::hash(&format!("{incarnation}/{lane}")), *incarnation))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(n: usize) -> Vec<String> {
        (0..n).map(|i| format!("incarnation-{i}")).collect()
    }

    #[test]
    fn lanes_are_chosen_alike_whatever_the_order_and_move_only_with_their_dbmgr() {
        let three = names(3);
        let mut shuffled = three.clone();
        shuffled.reverse();
        let without: Vec<String> = three[..2].to_vec();
        let mut used = std::collections::BTreeSet::new();
        for lane in 0..64 {
            let before = choose(lane, &three);
            assert_eq!(before, choose(lane, &shuffled));
            used.insert(before);
            if before != Some(&three[2]) {
                assert_eq!(before, choose(lane, &without), "lane {lane} moved without need");
            }
        }
        assert_eq!(used.len(), 3, "every dbmgr takes a part");
        assert_eq!(choose(1, &[]), None);
    }
}
