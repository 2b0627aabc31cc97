//! The one gate. An [`Actor`] is made here and nowhere else, inside the transaction that carries out the call, and no
//! handler runs without one.

use crate::authority::Authority;
use crate::broken;
use crate::halt::Outcome;
use switchboard_domain::conversation::AgentRef;
use switchboard_domain::limits::SESSION_IDLE_MS;
use switchboard_domain::{AccountId, Author, Millis, Role, SessionId};
use switchboard_storage::ban::NEVER;
use switchboard_storage::{Tx, session, visitor};
use switchboard_wire::call::{Access, Actor as Kind};
use switchboard_wire::{Credential, Failure};

/// Whether the transaction may write; what it reads of the actor is then locked until the commit, so that a
/// deactivation either came before and is seen, or waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mode {
    Read,
    Write,
}

/// Somebody whose credential was good in this very transaction, and who may make the call.
#[derive(Debug)]
pub(crate) struct Actor {
    who: Who,
}

#[derive(Debug)]
enum Who {
    Anyone,
    Component,
    Operator,
    Staff(Box<Staff>),
    Visitor(Box<visitor::Visitor>),
}

/// A signed-in, active member of staff.
#[derive(Debug)]
pub(crate) struct Staff {
    row: session::Actor,
}

impl Staff {
    /// The account's id.
    pub(crate) fn id(&self) -> &AccountId {
        &self.row.session.account
    }

    /// The session's id.
    pub(crate) fn session(&self) -> &SessionId {
        &self.row.session.id
    }

    /// Session and account as they are stored.
    pub(crate) fn row(&self) -> &session::Actor {
        &self.row
    }

    /// The account's role.
    pub(crate) fn role(&self) -> Role {
        self.row.role
    }

    /// As one who acts on conversations.
    pub(crate) fn agent(&self) -> AgentRef {
        AgentRef { id: self.id().clone(), name: self.row.display_name.clone() }
    }
}

/// The two who take part in conversations.
#[derive(Debug)]
pub(crate) enum Party<'a> {
    Agent(&'a Staff),
    Visitor(&'a visitor::Visitor),
}

/// Who manages accounts.
#[derive(Debug)]
pub(crate) enum Manager<'a> {
    /// The operator at the machine, who deals in super admins.
    Operator,
    /// A super admin or an admin.
    Staff(&'a Staff),
}

impl Manager<'_> {
    /// The role that is managed.
    pub(crate) fn manages(&self) -> Option<Role> {
        match self {
            Self::Operator => Some(Role::SuperAdmin),
            Self::Staff(staff) => staff.role().manages(),
        }
    }
}

impl Actor {
    /// The member of staff.
    pub(crate) fn staff(&self) -> Outcome<&Staff> {
        match &self.who {
            Who::Staff(staff) => Ok(staff),
            _ => Err(Failure::wrong_role().into()),
        }
    }

    /// The visitor.
    pub(crate) fn visitor(&self) -> Outcome<&visitor::Visitor> {
        self.known_visitor().ok_or_else(|| Failure::wrong_role().into())
    }

    /// The visitor, where anybody may come.
    pub(crate) fn known_visitor(&self) -> Option<&visitor::Visitor> {
        match &self.who {
            Who::Visitor(visitor) => Some(visitor),
            _ => None,
        }
    }

    /// The agent or visitor.
    pub(crate) fn party(&self) -> Outcome<Party<'_>> {
        match &self.who {
            Who::Staff(staff) if staff.role() == Role::Agent => Ok(Party::Agent(staff)),
            Who::Visitor(visitor) => Ok(Party::Visitor(visitor)),
            _ => Err(Failure::wrong_role().into()),
        }
    }

    /// The one who manages accounts of `role`.
    pub(crate) fn manager(&self, role: Role) -> Outcome<Manager<'_>> {
        let manager = match &self.who {
            Who::Operator => Manager::Operator,
            Who::Staff(staff) => Manager::Staff(staff),
            _ => return Err(Failure::wrong_role().into()),
        };
        if manager.manages() == Some(role) { Ok(manager) } else { Err(Failure::wrong_role().into()) }
    }

    /// The operator at the machine.
    pub(crate) fn operator(&self) -> Outcome<()> {
        match &self.who {
            Who::Operator => Ok(()),
            _ => Err(Failure::wrong_role().into()),
        }
    }
}

/// Lets `by` in for a call of this `access`, or says why not.
pub(crate) async fn admit(
    tx: &mut Tx,
    by: &Authority,
    access: Access,
    mode: Mode,
    now: Millis,
) -> Outcome<Actor> {
    let who = match by {
        Authority::Operator => Some(Who::Operator),
        Authority::Bus(Credential::Nobody) => None,
        Authority::Bus(Credential::Component) => Some(Who::Component),
        Authority::Bus(Credential::Staff(token)) => {
            let found = match mode {
                Mode::Write => session::lock_actor(tx, token).await?,
                Mode::Read => session::actors_of(tx, std::slice::from_ref(token)).await?.pop(),
            };
            let found = broken::session(token, found.filter(|row| is_good(row, now)));
            found.map(|row| Who::Staff(Box::new(Staff { row })))
        }
        Authority::Bus(Credential::Visitor(token)) => {
            let found = match mode {
                Mode::Write => visitor::lock(tx, token).await?,
                Mode::Read => visitor::by_token(tx, token).await?,
            };
            if let Some(until) = found.as_ref().and_then(|visitor| visitor.banned(now)) {
                return Err(banned(until, now).into());
            }
            found.map(|visitor| Who::Visitor(Box::new(visitor)))
        }
    };
    let kind = match &who {
        None => None,
        Some(Who::Anyone) => Some(Kind::Anyone),
        Some(Who::Component | Who::Operator) => Some(Kind::Component),
        Some(Who::Visitor(_)) => Some(Kind::Visitor),
        Some(Who::Staff(staff)) if staff.row.must_change_password => Some(Kind::Newcomer),
        Some(Who::Staff(staff)) => Some(Kind::Staff(staff.role())),
    };
    match (who, kind) {
        (Some(who), Some(kind)) if access.allows(kind) => Ok(Actor { who }),
        (Some(_), Some(Kind::Newcomer)) => Err(Failure::password_change_required().into()),
        (Some(_), _) => Err(Failure::wrong_role().into()),
        (None, _) if access.allows(Kind::Anyone) => Ok(Actor { who: Who::Anyone }),
        (None, _) => Err(Failure::unauthenticated().into()),
    }
}

/// Whether a session is good and its account may act.
pub(crate) fn is_good(row: &session::Actor, now: Millis) -> bool {
    row.active && is_live(&row.session, now)
}

/// Whether a session has neither ended nor expired.
pub(crate) fn is_live(session: &session::Session, now: Millis) -> bool {
    session.ended.is_none() && now < session.expires_at && now - session.last_seen_at < SESSION_IDLE_MS
}

/// [`admit`] for a batch of appends, whose rows were locked in bulk: the agent of a session.
pub(crate) fn admit_agent(row: &session::Actor, now: Millis) -> Result<AgentRef, Failure> {
    if !is_good(row, now) {
        return Err(Failure::unauthenticated());
    }
    if row.must_change_password {
        return Err(Failure::password_change_required());
    }
    if row.role != Role::Agent {
        return Err(Failure::wrong_role());
    }
    Ok(AgentRef { id: row.session.account.clone(), name: row.display_name.clone() })
}

/// [`admit`] for a batch of appends: the visitor of a token.
pub(crate) fn admit_visitor(row: &visitor::Visitor, now: Millis) -> Result<Author, Failure> {
    row.banned(now).map_or_else(|| Ok(author(row)), |until| Err(banned(until, now)))
}

/// What a visitor is told who may not act before `until`.
pub(crate) fn banned(until: Millis, now: Millis) -> Failure {
    Failure::banned((until < NEVER).then_some(until), now)
}

/// A visitor as the author of entries.
pub(crate) fn author(visitor: &visitor::Visitor) -> Author {
    Author::visitor(visitor.id.as_str(), shown_name(visitor))
}

/// What people see of a visitor who has given no name.
pub(crate) fn shown_name(visitor: &visitor::Visitor) -> String {
    visitor.name.clone().unwrap_or_else(|| "Visitor".into())
}
