//! Bans that are not over, newest first.

use super::show;
use crate::cx::Cx;
use crate::gate::Actor;
use crate::halt::Outcome;
use crate::page;
use crate::run::Handle;
use switchboard_domain::BanId;
use switchboard_storage::ban::{self, Ban};
use switchboard_wire::call::ban::ListBans;
use switchboard_wire::view::{self, Page};

impl Handle for ListBans {
    async fn handle(self, _: Actor, cx: &mut Cx) -> Outcome<Page<view::Ban>> {
        let before: Option<BanId> =
            self.cursor.as_deref().map(str::parse).transpose().map_err(|_| page::bad_cursor())?;
        let limit = page::limit(self.limit);
        let rows = ban::list(&mut cx.tx, cx.now, before.as_ref(), limit + 1).await?;
        Ok(page::of(rows, limit, |row: &Ban| row.id.to_string(), show))
    }
}
