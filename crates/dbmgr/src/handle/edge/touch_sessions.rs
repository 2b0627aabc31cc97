//! These sessions are in use: their consoles are open.

use crate::cx::Cx;
use crate::gate::{self, Actor};
use crate::halt::Outcome;
use crate::limits::TOUCH_AFTER_MS;
use crate::run::Handle;
use switchboard_domain::SessionId;
use switchboard_storage::session;
use switchboard_wire::call::edge::TouchSessions;

impl Handle for TouchSessions {
    async fn handle(self, _: Actor, cx: &mut Cx) -> Outcome<()> {
        let rows = session::actors_of(&mut cx.tx, &self.sessions).await?;
        let stale = |row: &session::Actor| {
            gate::is_good(row, cx.now) && cx.now - row.session.last_seen_at >= TOUCH_AFTER_MS / 2
        };
        let used: Vec<SessionId> = rows.into_iter().filter(stale).map(|row| row.session.id).collect();
        Ok(session::touch(&mut cx.tx, &used, cx.now).await?)
    }
}
