//! The own sessions.

use crate::cx::Cx;
use crate::gate::{self, Actor};
use crate::halt::Outcome;
use crate::run::Handle;
use switchboard_domain::clock::rfc3339;
use switchboard_storage::session;
use switchboard_wire::call::session::ListSessions;
use switchboard_wire::view::{Page, Session};

impl Handle for ListSessions {
    async fn handle(self, actor: Actor, cx: &mut Cx) -> Outcome<Page<Session>> {
        let staff = actor.staff()?;
        let sessions = session::of_account(&mut cx.tx, staff.id()).await?;
        let live = sessions.into_iter().filter(|row| gate::is_live(row, cx.now));
        let items = live.map(|row| Session {
            current: row.id == *staff.session(),
            id: row.id.to_string(),
            created_at: rfc3339(row.created_at),
            last_seen_at: rfc3339(row.last_seen_at),
            expires_at: rfc3339(row.expires_at),
            address: Some(row.address).filter(|text| !text.is_empty()),
            agent: Some(row.agent).filter(|text| !text.is_empty()),
        });
        Ok(Page { items: items.collect(), next: None })
    }
}
