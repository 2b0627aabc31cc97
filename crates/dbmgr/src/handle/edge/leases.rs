//! Are these sessions still good? One statement, whatever their number.

use crate::cx::Cx;
use crate::gate::{self, Actor};
use crate::halt::Outcome;
use crate::run::Handle;
use std::collections::HashMap;
use switchboard_domain::{Millis, TeamId};
use switchboard_storage::session::{self, Ended};
use switchboard_wire::call::edge::{Lease, Leases};

impl Handle for Leases {
    async fn handle(self, _: Actor, cx: &mut Cx) -> Outcome<Vec<Lease>> {
        let found = session::with_teams(&mut cx.tx, &self.sessions).await?;
        let by_token: HashMap<&str, &(session::Actor, Vec<TeamId>)> =
            found.iter().map(|row| (row.0.session.token.as_str(), row)).collect();
        let judge = |row: Option<&&(session::Actor, Vec<TeamId>)>| {
            row.map_or(Lease::Revoked, |(row, teams)| lease(row, teams, cx.now))
        };
        Ok(self.sessions.iter().map(|token| judge(by_token.get(token.as_str()))).collect())
    }
}

fn lease(row: &session::Actor, teams: &[TeamId], now: Millis) -> Lease {
    if gate::is_good(row, now) {
        return Lease::Good {
            account: row.session.account.to_string(),
            role: row.role,
            teams: teams.iter().map(ToString::to_string).collect(),
        };
    }
    match row.session.ended {
        Some(Ended::SignedOut) => Lease::SignedOut,
        Some(_) => Lease::Revoked,
        None if !row.active => Lease::Revoked,
        // Past its time.
        None => Lease::SignedOut,
    }
}
