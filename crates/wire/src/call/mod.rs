//! Calls to the dbmgr: commands that change something, queries that do not.

pub mod account;
pub mod agent;
pub mod append;
pub mod article;
pub mod assist;
pub mod automation;
pub mod ban;
pub mod canned;
pub mod conversation;
pub mod edge;
pub mod file;
pub mod guest;
pub mod guide;
pub mod hook;
pub mod identity;
pub mod mail;
pub mod mention;
pub mod report;
pub mod router;
pub mod rule;
pub mod saved_view;
pub mod search;
pub mod session;
pub mod settings;
pub mod system;
pub mod team;
pub mod visitor;
pub mod watch;
pub mod webhook;

use crate::credential::Credential;
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use switchboard_domain::Role;

/// A call and its answer. Commands are imperative and named `cmd.…`, queries `qry.…`.
pub trait Call: Serialize + DeserializeOwned + Send + Sync + 'static {
    /// The last part of its subject, see [`crate::subject::call`].
    const NAME: &'static str;
    /// Who may make it; checked in the transaction that carries it out.
    const ACCESS: Access;
    /// What it answers.
    type Reply: Serialize + DeserializeOwned + Send + 'static;
}

/// A call on its way, with who makes it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Request<C> {
    /// Who asks.
    pub by: Credential,
    /// For what.
    pub call: C,
}

/// The same by reference, for sending.
#[derive(Debug, Serialize)]
pub struct RequestRef<'a, C> {
    /// Who asks.
    pub by: &'a Credential,
    /// For what.
    pub call: &'a C,
}

/// Everybody who can ask for something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Actor {
    /// Anyone at all.
    Anyone,
    /// A visitor with a token.
    Visitor,
    /// Staff of this role, signed in and active.
    Staff(Role),
    /// Staff of any role whose initial password is still to be changed.
    Newcomer,
    /// One of our components, or `switchboard su` on the machine.
    Component,
}

/// Who may make a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Access(&'static [Actor]);

impl Access {
    /// Anyone, signed in or not.
    pub const ANYONE: Self = Self(&[
        Actor::Anyone,
        Actor::Visitor,
        Actor::Staff(Role::SuperAdmin),
        Actor::Staff(Role::Admin),
        Actor::Staff(Role::Agent),
        Actor::Newcomer,
        Actor::Component,
    ]);
    /// Visitors only.
    pub const VISITOR: Self = Self(&[Actor::Visitor]);
    /// Visitors and agents, each for what is theirs.
    pub const CHAT: Self = Self(&[Actor::Visitor, Actor::Staff(Role::Agent)]);
    /// Agents only.
    pub const AGENT: Self = Self(&[Actor::Staff(Role::Agent)]);
    /// Admins only.
    pub const ADMIN: Self = Self(&[Actor::Staff(Role::Admin)]);
    /// Super admins only.
    pub const SUPER_ADMIN: Self = Self(&[Actor::Staff(Role::SuperAdmin)]);
    /// Who manages accounts: super admins (of admins), admins (of agents), `su` (of super admins).
    pub const MANAGER: Self =
        Self(&[Actor::Staff(Role::SuperAdmin), Actor::Staff(Role::Admin), Actor::Component]);
    /// Admins and agents, each for what is theirs.
    pub const DESK: Self = Self(&[Actor::Staff(Role::Admin), Actor::Staff(Role::Agent)]);
    /// Super admins and admins.
    pub const OVERSEER: Self = Self(&[Actor::Staff(Role::SuperAdmin), Actor::Staff(Role::Admin)]);
    /// Staff of every role, also those who must change their password first.
    pub const STAFF: Self = Self(&[
        Actor::Staff(Role::SuperAdmin),
        Actor::Staff(Role::Admin),
        Actor::Staff(Role::Agent),
        Actor::Newcomer,
    ]);
    /// Staff of every role with a password of their own.
    pub const SETTLED_STAFF: Self =
        Self(&[Actor::Staff(Role::SuperAdmin), Actor::Staff(Role::Admin), Actor::Staff(Role::Agent)]);
    /// Our own components, and admins who try out what those find.
    pub const LIBRARY: Self = Self(&[Actor::Staff(Role::Admin), Actor::Component]);
    /// Our own components.
    pub const COMPONENT: Self = Self(&[Actor::Component]);

    /// Whether `actor` is among them.
    pub fn allows(self, actor: Actor) -> bool {
        self.0.contains(&actor)
    }
}

/// One line per call: `call!(Name => "cmd.name", ACCESS, Reply)`.
macro_rules! call {
    ($($name:ident => $subject:literal, $access:ident, $reply:ty;)*) => {
        $(impl $crate::call::Call for $name {
            const NAME: &'static str = $subject;
            const ACCESS: $crate::call::Access = $crate::call::Access::$access;
            type Reply = $reply;
        })*
    };
}
pub(crate) use call;
