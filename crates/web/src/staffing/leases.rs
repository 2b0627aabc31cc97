//! Leases: one question per node and half-second for the sessions of all its staff sockets. What the answer finds
//! dead is closed; without an answer content is withheld at once and sockets are closed a little later.

use super::session::Session;
use crate::edge::Shared;
use crate::limits::{LEASE_DEADLINE, LEASE_EVERY, LEASE_LOST, TOUCH_EVERY};
use crate::socket::bye::Bye;
use crate::socket::reader::{Reader, Who};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use switchboard_domain::{Role, TokenHash};
use switchboard_faults::{self as faults, Mutant};
use switchboard_wire::Credential;
use switchboard_wire::call::edge::{Lease, Leases, TouchSessions};
use switchboard_wire::notice::{EndReason, Ended};
use tokio::sync::Notify;
use tokio::time::{Instant, sleep_until, timeout};

/// The staff sockets of a node, by session.
#[derive(Debug, Default)]
pub(crate) struct Sessions {
    open: Mutex<HashMap<TokenHash, Vec<Arc<Reader>>>>,
    /// The first socket opened, or the set of sessions changed.
    changed: Notify,
    here: Notify,
}

impl Sessions {
    fn open(&self) -> MutexGuard<'_, HashMap<TokenHash, Vec<Arc<Reader>>>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A socket of this session has opened.
    pub(crate) fn add(&self, session: &Session, reader: &Arc<Reader>) {
        self.open().entry(session.token.clone()).or_default().push(Arc::clone(reader));
        self.changed.notify_one();
        self.here.notify_one();
    }

    /// It has closed.
    pub(crate) fn remove(&self, session: &Session, reader: &Reader) {
        let mut open = self.open();
        if let Some(readers) = open.get_mut(&session.token) {
            readers.retain(|other| other.id != reader.id);
            if readers.is_empty() {
                open.remove(&session.token);
            }
        }
        drop(open);
        self.here.notify_one();
    }

    /// Waits until who is here may have changed.
    pub(super) async fn here_changed(&self) {
        self.here.notified().await;
    }

    /// Sessions have ended: their sockets end at once.
    pub(crate) fn ended(&self, ended: &Ended) {
        if faults::broken(Mutant::RevokedStays) {
            return;
        }
        let bye = match ended.reason {
            EndReason::SignedOut => Bye::NOT_SIGNED_IN,
            EndReason::Revoked => Bye::REVOKED,
        };
        let open = self.open();
        for reader in ended.sessions.iter().filter_map(|token| open.get(token)).flatten() {
            reader.outbox.end(bye.clone());
        }
    }

    fn tokens(&self) -> Vec<TokenHash> {
        self.open().keys().cloned().collect()
    }

    /// Applies the answer to a question sent at `asked`; answers who is in fewer teams now.
    fn answered(&self, tokens: &[TokenHash], leases: Vec<Lease>, asked: Instant) -> Vec<Arc<Reader>> {
        let now = Instant::now();
        let open = self.open();
        let mut fewer = Vec::new();
        for (token, lease) in tokens.iter().zip(leases) {
            for reader in open.get(token).into_iter().flatten() {
                if apply(reader, &lease, asked, now) {
                    fewer.push(Arc::clone(reader));
                }
            }
        }
        fewer
    }

    /// Closes the sockets for which nobody has vouched for too long.
    fn close_lost(&self, edge: &Shared, now: Instant) {
        for reader in self.open().values().flatten() {
            if let Who::Agent(session) = &reader.who
                && now.saturating_duration_since(session.asked()) >= LEASE_LOST
            {
                reader.outbox.end(Bye::try_later(&*edge.rng));
            }
        }
    }
}

/// Answers whether the reader has lost a team.
fn apply(reader: &Reader, lease: &Lease, asked: Instant, now: Instant) -> bool {
    let Who::Agent(session) = &reader.who else { return false };
    match lease {
        Lease::Good { account, role: Role::Agent, teams } if *account == session.account => {
            let fewer = session.loses(teams);
            if session.renew(teams.clone(), asked, now) {
                reader.outbox.wake();
            }
            return fewer;
        }
        Lease::Revoked if faults::broken(Mutant::RevokedStays) => {}
        Lease::Good { .. } | Lease::Revoked => reader.outbox.end(Bye::REVOKED),
        Lease::SignedOut => reader.outbox.end(Bye::NOT_SIGNED_IN),
    }
    false
}

/// Keeps the leases of all staff sockets, for ever. Without such sockets it asks nothing.
pub(crate) async fn run(edge: Shared) {
    let sessions = &edge.sessions;
    let mut touched = Instant::now();
    loop {
        let tokens = sessions.tokens();
        if tokens.is_empty() {
            sessions.changed.notified().await;
            touched = Instant::now();
            continue;
        }
        let asked = Instant::now();
        let question = edge.ask(Credential::Component, Leases { sessions: tokens.clone() });
        match timeout(LEASE_DEADLINE, question).await {
            Ok(Ok(leases)) if leases.len() == tokens.len() => {
                for reader in sessions.answered(&tokens, leases, asked) {
                    edge.hub.check_sight(&edge, &reader);
                }
            }
            Ok(Ok(_)) => tracing::error!("the answer about leases does not fit the question"),
            Ok(Err(failure)) => tracing::debug!(%failure, "nobody vouches for staff sockets"),
            Err(_) => tracing::debug!("nobody vouches for staff sockets in time"),
        }
        sessions.close_lost(&edge, Instant::now());
        if touched.elapsed() >= TOUCH_EVERY {
            touched = Instant::now();
            touch(&edge, tokens);
        }
        sleep_until(asked + LEASE_EVERY).await;
    }
}

/// Open sockets count as use; beside the leases, so that it does not hold them up.
fn touch(edge: &Shared, sessions: Vec<TokenHash>) {
    let edge = Arc::clone(edge);
    tokio::spawn(async move {
        if let Err(failure) = edge.ask(Credential::Component, TouchSessions { sessions }).await {
            tracing::debug!(%failure, "the use of sessions was not noted");
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::limits::LEASE_GOOD;
    use std::time::Duration;

    fn agent(asked: Instant) -> (Arc<Session>, Arc<Reader>) {
        let session = Session::new(TokenHash::of("s"), "a1".into(), "A".into(), vec![], asked);
        let session = Arc::new(session);
        (Arc::clone(&session), Reader::new(1, Who::Agent(session)))
    }

    fn good(account: &str, role: Role) -> Lease {
        Lease::Good { account: account.into(), role, teams: vec![] }
    }

    #[tokio::test]
    async fn the_answer_decides() {
        let now = Instant::now();
        let (session, reader) = agent(now);
        apply(&reader, &good("a1", Role::Agent), now, now);
        assert!(!reader.outbox.is_over());
        for (lease, code) in [
            (Lease::SignedOut, 4001),
            (Lease::Revoked, 4003),
            (good("another", Role::Agent), 4003),
            (good("a1", Role::Admin), 4003),
        ] {
            let (_, reader) = agent(now);
            apply(&reader, &lease, now, now);
            assert_eq!(reader.outbox.take(true).bye.map(|bye| bye.code), Some(code), "{lease:?}");
        }
        let sessions = Sessions::default();
        sessions.add(&session, &reader);
        sessions.ended(&Ended { sessions: vec![TokenHash::of("s")], reason: EndReason::SignedOut });
        assert_eq!(reader.outbox.take(true).bye, Some(Bye::NOT_SIGNED_IN));
        sessions.remove(&session, &reader);
        assert!(sessions.tokens().is_empty());
    }

    #[tokio::test]
    async fn who_leaves_a_team_is_looked_at_again_and_nobody_else() {
        let now = Instant::now();
        let (session, reader) = agent(now);
        let sessions = Sessions::default();
        sessions.add(&session, &reader);
        let fewer = |teams: &[&str], ms| {
            let teams = teams.iter().map(ToString::to_string).collect();
            let lease = Lease::Good { account: "a1".into(), role: Role::Agent, teams };
            sessions.answered(&[TokenHash::of("s")], vec![lease], now + Duration::from_millis(ms)).len()
        };
        assert_eq!((fewer(&["t", "u"], 1), fewer(&["t", "u"], 2), fewer(&["u"], 3)), (0, 0, 1));
        assert_eq!(fewer(&["u"], 4), 0, "once");
    }

    #[tokio::test]
    async fn a_renewal_wakes_a_socket_that_was_withholding() {
        let asked = Instant::now();
        let (session, reader) = agent(asked);
        let later = asked + LEASE_GOOD + Duration::from_millis(300);
        assert!(!session.is_good(later));
        apply(&reader, &good("a1", Role::Agent), later - Duration::from_millis(100), later);
        assert!(session.is_good(later));
        timeout(Duration::from_secs(1), reader.outbox.ready()).await.unwrap();
    }
}
