//! A supervisor looks at a conversation.

use crate::act;
use crate::audit::Report;
use crate::cx::Cx;
use crate::gate::{Actor, Staff};
use crate::halt::Outcome;
use crate::limits::{WATCH_NOTED_MS, WATCH_SITTING_MS};
use crate::page;
use crate::run::Handle;
use switchboard_domain::ConversationId;
use switchboard_domain::limits::PAGE_ITEMS;
use switchboard_storage::entry::{self, Reader};
use switchboard_storage::{conversation, details, visitor, watch};
use switchboard_wire::call::watch::{Watch, Watched};
use switchboard_wire::notice::{Looking, Notice};
use switchboard_wire::view::{self, Audience, Line, State};

/// What somebody who watches is called among those who look.
const SUPERVISOR: &str = "supervisor";

impl Handle for Watch {
    async fn handle(self, actor: Actor, cx: &mut Cx) -> Outcome<Watched> {
        let staff = actor.staff()?;
        let id = act::parse(&self.id)?;
        let c = conversation::get(&mut cx.tx, &id).await?.ok_or_else(act::not_found)?;
        sit(cx, staff, &id).await?;
        let mut conversation = State::of(&c).shown_to(Audience::Staff);
        conversation.queue = act::place(&mut cx.tx, &c).await?;
        if let Some(row) = visitor::get(&mut cx.tx, &c.visitor).await? {
            conversation.visitor = view::Visitor {
                id: row.id.into(),
                name: row.name,
                email: row.email,
                locale: row.locale,
                page: row.page,
                verified: row.verified,
                attributes: details::get(&mut cx.tx, &c.visitor).await?.attributes,
            };
        }
        let rows = match self.after {
            Some(after) => entry::after(&mut cx.tx, &id, after, Reader::Staff, PAGE_ITEMS).await?,
            None => entry::before(&mut cx.tx, &id, i64::MAX, Reader::Staff, PAGE_ITEMS).await?,
        };
        let head = rows.last().map_or(self.after.unwrap_or(0), |last| last.seq);
        let mut lines: Vec<Line> = rows.iter().map(Line::of).collect();
        let sizes = |line: &Line| line.entry.get().len();
        let mut more = head < c.head;
        if self.after.is_some() {
            let fit = page::fitting(lines.iter().map(sizes));
            more |= fit < lines.len();
            lines.truncate(fit);
        } else {
            // Of the newest those nearest to the end.
            let fit = page::fitting(lines.iter().rev().map(sizes));
            lines.drain(..lines.len() - fit);
        }
        Ok(Watched { conversation, entries: lines.into_iter().map(|line| line.entry).collect(), more })
    }
}

/// Notes that the supervisor is here: in the audit log when a sitting begins, and to agents now and then.
async fn sit(cx: &mut Cx, staff: &Staff, id: &ConversationId) -> Outcome<()> {
    let before = watch::seen_at(&mut cx.tx, staff.id(), id).await?;
    let since = before.map_or(i64::MAX, |before| cx.now - before);
    if since < WATCH_NOTED_MS {
        return Ok(());
    }
    watch::see(&mut cx.tx, staff.id(), id, cx.now).await?;
    if since >= WATCH_SITTING_MS {
        watch::forget(&mut cx.tx, staff.id(), cx.now - WATCH_SITTING_MS).await?;
        let report = Report::by(staff, "conversation.watched");
        report.about("conversation", Some(id.as_str()), "").write(cx).await?;
    }
    let (kind, name) = (SUPERVISOR.into(), staff.row().display_name.clone());
    let author = view::Author { kind, id: Some(staff.id().to_string()), name };
    cx.tell(Notice::Looking(Looking { conversation: id.clone(), author }));
    Ok(())
}
