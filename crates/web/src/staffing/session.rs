//! A staff session that has sockets open here, and how long we may believe in it.

use crate::limits::LEASE_GOOD;
use std::sync::{Mutex, MutexGuard, PoisonError};
use switchboard_domain::TokenHash;
use tokio::time::Instant;

/// A session with its lease. Content goes to its sockets only while the lease is good.
#[derive(Debug)]
pub(crate) struct Session {
    /// The hash of its secret.
    pub(crate) token: TokenHash,
    /// Whose it is.
    pub(crate) account: String,
    /// The name that people see, as it was when the socket opened.
    pub(crate) name: String,
    lease: Mutex<Lease>,
}

#[derive(Debug)]
struct Lease {
    /// When the question was sent whose answer was good.
    asked: Instant,
    teams: Vec<String>,
}

impl Session {
    /// A session that an answer just found good.
    pub(crate) fn new(
        token: TokenHash,
        account: String,
        name: String,
        teams: Vec<String>,
        asked: Instant,
    ) -> Self {
        Self { token, account, name, lease: Mutex::new(Lease { asked, teams }) }
    }

    fn lease(&self) -> MutexGuard<'_, Lease> {
        self.lease.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Prolongs the lease; `true` when it had lapsed meanwhile.
    pub(crate) fn renew(&self, teams: Vec<String>, asked: Instant, now: Instant) -> bool {
        let mut lease = self.lease();
        // `now` may have waited for the lock while a socket found the lease lapsed.
        let now = now.max(Instant::now());
        let lapsed = now.saturating_duration_since(lease.asked) >= LEASE_GOOD;
        if asked > lease.asked {
            *lease = Lease { asked, teams };
        }
        lapsed
    }

    /// Whether this agent was in a team that is not among these.
    pub(crate) fn loses(&self, teams: &[String]) -> bool {
        self.lease().teams.iter().any(|team| !teams.contains(team))
    }

    /// Whether content may be written now.
    pub(crate) fn is_good(&self, now: Instant) -> bool {
        now.saturating_duration_since(self.lease().asked) < LEASE_GOOD
    }

    /// Since when nobody has vouched for it.
    pub(crate) fn asked(&self) -> Instant {
        self.lease().asked
    }

    /// Whether conversations of this team are this agent's to see; those without a team are everybody's.
    pub(crate) fn is_in(&self, team: Option<&str>) -> bool {
        team.is_none_or(|team| self.lease().teams.iter().any(|own| own == team))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn a_lease_counts_from_the_question_and_ends_by_itself() {
        let asked = Instant::now();
        let session = Session::new(TokenHash::of("s"), "a".into(), "A".into(), vec!["t".into()], asked);
        let ms = |ms| asked + Duration::from_millis(ms);
        assert!(session.is_good(ms(999)));
        assert!(!session.is_good(ms(1_000)));
        // The answer to a question of 900 ms ago is good for 100 ms.
        assert!(session.renew(vec![], ms(500), ms(1_400)), "it had lapsed");
        assert!(session.is_good(ms(1_499)) && !session.is_good(ms(1_500)));
        assert!(!session.renew(vec!["u".into()], ms(1_000), ms(1_450)));
        // An answer that comes late does not shorten what a later question gave.
        session.renew(vec![], ms(600), ms(1_460));
        assert!(session.is_good(ms(1_999)));
        assert!(session.loses(&["t".into()]) && !session.loses(&["t".into(), "u".into()]));
        assert!(session.is_in(Some("u")) && session.is_in(None) && !session.is_in(Some("t")));
    }
}
