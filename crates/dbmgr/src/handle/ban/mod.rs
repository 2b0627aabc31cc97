//! Bans: admins ban visitors, e-mail addresses and addresses; an agent the visitor of a conversation that it has.

mod add;
mod ban_visitor;
mod lift;
mod list;

use crate::audit::Report;
use crate::cx::Cx;
use crate::gate::Staff;
use crate::halt::{Halt, Outcome};
use crate::limits::BAN_MEETS;
use switchboard_domain::ban::{self as rules, BadBan, Banned};
use switchboard_domain::clock::rfc3339;
use switchboard_domain::{BanId, VisitorId};
use switchboard_storage::ban::{self, Ban, NEVER};
use switchboard_storage::{Error, Unique, details, visitor};
use switchboard_wire::call::edge::CutOff;
use switchboard_wire::notice::Notice;
use switchboard_wire::{Failure, view};

/// As it is shown.
fn show(ban: &Ban) -> view::Ban {
    view::Ban {
        id: ban.id.to_string(),
        kind: ban.banned.kind().into(),
        value: ban.banned.value().into(),
        reason: ban.reason.clone(),
        until: (ban.ends_at < NEVER).then(|| rfc3339(ban.ends_at)),
        by: ban.by_name.clone(),
        created_at: rfc3339(ban.created_at),
    }
}

/// For how long somebody is banned, and why.
struct Sentence {
    ends_at: i64,
    reason: String,
}

impl Sentence {
    fn read(term: &str, reason: Option<&str>, now: i64) -> Result<Self, Failure> {
        let bad = |field: &'static str| move |bad: BadBan| Failure::invalid(field, &bad);
        let ends_at = rules::ends_at(term, now).map_err(bad("for"))?.unwrap_or(NEVER);
        let reason = rules::reason(reason.unwrap_or_default()).map_err(bad("reason"))?;
        Ok(Self { ends_at, reason })
    }
}

/// Whether a ban that is there already may end earlier than it would have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Again {
    Anew,
    NotShorter,
}

/// Bans, notes whom it meets, and tells the nodes at once; `note` goes into the audit log.
async fn pass(
    cx: &mut Cx,
    staff: &Staff,
    banned: Banned,
    sentence: Sentence,
    again: Again,
    note: Option<&str>,
) -> Outcome<Ban> {
    let visitors = met(cx, &banned).await?;
    // Whoever acts at this moment comes before, or waits.
    let visitors = visitor::lock_ids(&mut cx.tx, &visitors).await?;
    let Sentence { mut ends_at, reason } = sentence;
    let (by_id, by_name) = (Some(staff.id().clone()), staff.row().username.clone());
    let made = match ban::of(&mut cx.tx, &banned).await? {
        Some(before) => {
            if again == Again::NotShorter {
                ends_at = ends_at.max(before.ends_at);
            }
            let changed = Ban { reason, ends_at, by_id, by_name, ..before };
            ban::change(&mut cx.tx, &changed, cx.now).await?;
            changed
        }
        None => {
            let id = BanId::timed(cx.now, cx.shared.rng.as_ref());
            let made = Ban { id, banned, reason, ends_at, by_id, by_name, created_at: cx.now };
            ban::insert(&mut cx.tx, &made).await.map_err(|error| match error {
                // The same was banned at the same time: the next run finds it.
                Error::Conflict(Unique::Banned) => Halt::Again,
                error => error.into(),
            })?;
            made
        }
    };
    ban::meet(&mut cx.tx, made.id.as_str(), made.ends_at, &visitors, cx.now).await?;
    cx.tell(Notice::CutOff(CutOff { visitors: visitors.iter().map(ToString::to_string).collect() }));
    report(cx, staff, &made, "ban.added", note).await?;
    Ok(made)
}

/// The visitors whom it meets now; others it meets when they come.
async fn met(cx: &mut Cx, banned: &Banned) -> Outcome<Vec<VisitorId>> {
    Ok(match banned {
        Banned::Visitor(id) => vec![id.clone()],
        Banned::Email(key) => details::of_email(&mut cx.tx, key, BAN_MEETS).await?,
        Banned::Address(key) => details::of_address(&mut cx.tx, key, BAN_MEETS).await?,
    })
}

async fn report(
    cx: &mut Cx,
    staff: &Staff,
    ban: &Ban,
    action: &'static str,
    conversation: Option<&str>,
) -> Outcome<()> {
    let until = (ban.ends_at < NEVER).then(|| rfc3339(ban.ends_at));
    let detail = serde_json::json!({
        "kind": ban.banned.kind(), "until": until, "reason": ban.reason, "conversation": conversation
    });
    let report = Report::by(staff, action).detail(detail);
    report.about("ban", Some(ban.id.as_str()), ban.banned.value()).write(cx).await
}
