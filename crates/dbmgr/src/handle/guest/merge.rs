//! Making one visitor of two, in one transaction: visitors are locked first, then conversations, as everywhere.
//!
//! Which record goes on is not the same question as whose details win. The browser that was here last must not lose its
//! conversation, so its record stays and the other one is deleted; a visitor whom a site knows is never given up for one
//! whom it does not, nor are two merged whom it tells apart.

use super::movable;
use crate::audit::Report;
use crate::cx::Cx;
use crate::gate::Staff;
use crate::halt::Outcome;
use crate::limits::{ERASED_TOLD_MS, GREET_VISITOR, MERGED_CONVERSATIONS, MERGED_ENTRIES};
use switchboard_domain::ban::email_key;
use switchboard_domain::{Conversation, VisitorId, attributes};
use switchboard_storage::details::{self, Details};
use switchboard_storage::visitor::{self, Visitor};
use switchboard_storage::{ban, conversation, identity, merge};
use switchboard_wire::call::edge::CutOff;
use switchboard_wire::notice::{Notice, StateNotice};
use switchboard_wire::view::State;
use switchboard_wire::{Failure, Problem};

/// Who becomes one.
pub(super) struct Asked {
    /// Whose details win.
    pub(super) keep: VisitorId,
    /// The other one.
    pub(super) other: VisitorId,
    /// Where an agent did it, for the audit log.
    pub(super) conversation: Option<String>,
}

/// Makes one visitor of both; answers which id it has from now on.
pub(super) async fn merge(cx: &mut Cx, staff: &Staff, asked: &Asked) -> Outcome<VisitorId> {
    if asked.keep == asked.other {
        return Err(Failure::invalid("other", "choose another visitor: this is the same one").into());
    }
    let both = [asked.keep.clone(), asked.other.clone()];
    visitor::lock_ids(&mut cx.tx, &both).await?;
    let (keep, other) = (load(cx, &asked.keep).await?, load(cx, &asked.other).await?);
    let known = [is_known(cx, &keep).await?, is_known(cx, &other).await?];
    if known == [true; 2] {
        let detail = "your site says that these are two people: they cannot be merged";
        return Err(Failure::new(Problem::Conflict, detail).into());
    }
    let (stays, goes) = if goes_on(&keep, &other, known) { (&keep, &other) } else { (&other, &keep) };

    let moved = movable(cx, &goes.id).await?.ok_or_else(|| {
        let detail = format!(
            "the record that would move has more than {MERGED_CONVERSATIONS} conversations or {MERGED_ENTRIES} \
             entries: these two cannot be merged"
        );
        Failure::new(Problem::Conflict, detail)
    })?;
    let ids: Vec<_> = moved.iter().map(|c| c.id.clone()).collect();
    let now = cx.now;
    merge::move_all(&mut cx.tx, &ids, &goes.id, &stays.id, now).await?;
    let named = write_details(cx, stays, &keep, &other).await?;
    merge::known_since(&mut cx.tx, &stays.id, goes.created_at).await?;
    merge::delete(&mut cx.tx, &goes.id).await?;
    // So that every node hears of it, whatever becomes of the notice: its sockets end.
    ban::meet(&mut cx.tx, ban::ERASED, now + ERASED_TOLD_MS, std::slice::from_ref(&goes.id), now).await?;

    cx.tell(Notice::CutOff(CutOff { visitors: vec![goes.id.to_string()] }));
    tell(cx, moved, &named).await?;
    let detail = serde_json::json!({
        "merged": goes.id, "details_of": keep.id, "conversations": ids.len(), "conversation": asked.conversation
    });
    let report = Report::by(staff, "visitor.merged").detail(detail);
    report.about("visitor", Some(stays.id.as_str()), "").write(cx).await?;
    Ok(stays.id.clone())
}

async fn load(cx: &mut Cx, id: &VisitorId) -> Outcome<Visitor> {
    Ok(visitor::get(&mut cx.tx, id).await?.ok_or_else(|| Failure::not_found("visitor"))?)
}

async fn is_known(cx: &mut Cx, visitor: &Visitor) -> Outcome<bool> {
    Ok(identity::is_known(&mut cx.tx, &visitor.id).await?)
}

/// Whether `keep`'s record goes on rather than the other one's; `known` says whom of them a site knows.
fn goes_on(keep: &Visitor, other: &Visitor, known: [bool; 2]) -> bool {
    if known[0] != known[1] { known[0] } else { keep.last_seen_at >= other.last_seen_at }
}

/// What is known of the one who stays: `keep`'s details, and where it has none the other's.
async fn write_details(cx: &mut Cx, stays: &Visitor, keep: &Visitor, other: &Visitor) -> Outcome<Visitor> {
    let over = |mine: &Option<String>, theirs: &Option<String>| mine.clone().or_else(|| theirs.clone());
    let vouched = stays.verified && keep.id == stays.id;
    let row = Visitor {
        name: over(&keep.name, &other.name),
        email: if vouched { keep.email.clone() } else { over(&keep.email, &other.email) },
        locale: over(&keep.locale, &other.locale),
        // Where the browser is that goes on.
        page: over(&stays.page, &other.page),
        inbox: over(&stays.inbox, &other.inbox),
        last_seen_at: keep.last_seen_at.max(other.last_seen_at),
        // Nobody vouches for what the other one said of itself.
        verified: vouched,
        ..stays.clone()
    };
    visitor::update(&mut cx.tx, &row).await?;
    let (mine, theirs) =
        (details::get(&mut cx.tx, &keep.id).await?, details::get(&mut cx.tx, &other.id).await?);
    let own = if keep.id == stays.id { &mine } else { &theirs };
    let address = own.address.clone().or_else(|| mine.address.clone()).or_else(|| theirs.address.clone());
    // More than there may be of them: the winner's are kept.
    let attributes =
        attributes::over(&theirs.attributes, &mine.attributes).unwrap_or_else(|_| mine.attributes.clone());
    let known = Details { email_key: row.email.as_deref().map(email_key), address, attributes };
    details::put(&mut cx.tx, &row.id, &known).await?;
    let name = row.name.as_deref().unwrap_or_default();
    conversation::rename_visitor(&mut cx.tx, &row.id, name, row.email.as_deref()).await?;
    Ok(row)
}

/// Tells of the conversations that moved, and of the newest that were there before and may have another name now.
async fn tell(cx: &mut Cx, moved: Vec<Conversation>, row: &Visitor) -> Outcome<()> {
    let own = conversation::of_visitor(&mut cx.tx, &row.id, None, GREET_VISITOR).await?;
    let ids: Vec<_> = moved.iter().map(|c| c.id.clone()).collect();
    let before = own.into_iter().map(|found| found.conversation).filter(|c| !ids.contains(&c.id));
    let renamed = moved.into_iter().map(|c| Conversation {
        visitor: row.id.clone(),
        visitor_name: row.name.clone().unwrap_or_default(),
        visitor_email: row.email.clone(),
        ..c
    });
    for c in renamed.chain(before).collect::<Vec<_>>() {
        cx.tell(Notice::State(Box::new(StateNotice { state: State::of(&c), changed: true })));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use switchboard_domain::TokenHash;

    fn visitor(id: &str, last_seen_at: i64) -> Visitor {
        Visitor {
            id: id.parse().unwrap(),
            token: TokenHash::of(id),
            name: None,
            email: None,
            locale: None,
            page: None,
            inbox: None,
            verified: false,
            created_at: 0,
            last_seen_at,
            banned_until: None,
        }
    }

    #[test]
    fn the_browser_that_was_here_last_goes_on_unless_only_the_other_is_known() {
        for (keep, other, stays) in [
            ((9, false), (5, false), true),
            ((5, false), (9, false), false),
            ((5, true), (9, false), true),
            ((9, false), (5, true), false),
            ((5, false), (5, false), true),
        ] {
            let known = [keep.1, other.1];
            let (keep, other) = (visitor("k", keep.0), visitor("o", other.0));
            assert_eq!(goes_on(&keep, &other, known), stays, "{keep:?} {other:?} {known:?}");
        }
    }
}
