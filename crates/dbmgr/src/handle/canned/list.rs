//! The canned replies that somebody may send or keep, by shortcut.

use super::{holders, show};
use crate::cx::Cx;
use crate::gate::Actor;
use crate::halt::Outcome;
use crate::page;
use crate::run::Handle;
use switchboard_domain::{CannedId, Role};
use switchboard_storage::canned::{self, Canned, Whose};
use switchboard_wire::call::canned::ListCanned;
use switchboard_wire::view::{CannedReply, Page};

impl Handle for ListCanned {
    async fn handle(self, actor: Actor, cx: &mut Cx) -> Outcome<Page<CannedReply>> {
        let after = self.cursor.as_deref().map(|cursor| place(cursor).ok_or_else(page::bad_cursor));
        let after = after.transpose()?;
        let staff = actor.staff()?;
        let own;
        let whose = match staff.role() {
            Role::Agent => {
                own = holders(cx, staff).await?;
                Whose::Of(&own)
            }
            Role::Admin | Role::SuperAdmin => Whose::Shared,
        };
        let limit = page::limit(self.limit);
        let after = after.as_ref().map(|(shortcut, id)| (*shortcut, id));
        let rows = canned::list(&mut cx.tx, whose, after, limit + 1).await?;
        Ok(page::of(rows, limit, |row: &Canned| format!("{} {}", row.shortcut, row.id), show))
    }
}

/// Behind which one a page begins.
fn place(cursor: &str) -> Option<(&str, CannedId)> {
    let (shortcut, id) = cursor.split_once(' ')?;
    Some((shortcut, id.parse().ok()?)).filter(|_| switchboard_domain::canned::shortcut(shortcut).is_ok())
}
