//! Finding visitors by e-mail address or id.

use super::show;
use crate::cx::Cx;
use crate::gate::Actor;
use crate::halt::Outcome;
use crate::limits::SEARCH_CHARS;
use crate::page;
use crate::run::Handle;
use switchboard_domain::VisitorId;
use switchboard_storage::{details, visitor};
use switchboard_wire::Failure;
use switchboard_wire::call::guest::FindVisitors;
use switchboard_wire::view::{Guest, Page};

impl Handle for FindVisitors {
    async fn handle(self, _: Actor, cx: &mut Cx) -> Outcome<Page<Guest>> {
        let q = self.q.as_deref().map(str::trim).filter(|q| !q.is_empty());
        let Some(q) = q else { return Ok(Page { items: Vec::new(), next: None }) };
        if q.chars().count() > SEARCH_CHARS {
            let reason = format!("search for at most {SEARCH_CHARS} characters");
            return Err(Failure::invalid("q", &reason).into());
        }
        let limit = page::limit(self.limit);
        let mut ids: Vec<VisitorId> = q.parse().into_iter().collect();
        ids.extend(details::search(&mut cx.tx, q, limit).await?);
        ids.truncate(usize::try_from(limit).unwrap_or_default());
        let mut found = Vec::with_capacity(ids.len());
        for id in ids {
            if let Some(row) = visitor::get(&mut cx.tx, &id).await? {
                let now = cx.now;
                found.push(show(&mut cx.tx, row, now).await?);
            }
        }
        Ok(page::of(found, limit, |guest| guest.id.clone(), Clone::clone))
    }
}
