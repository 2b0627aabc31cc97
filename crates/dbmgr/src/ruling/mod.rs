//! Rules at work.
//!
//! Each dbmgr keeps the rules in memory, made ready, and reads them again when it is told that they have changed
//! ([`known`]). What a rule does, and the note that it did, are one transaction, and the note is unique for its
//! occurrence ([`react`](react::react)): so whoever comes twice does nothing, and nobody has to know whether somebody else
//! has been there.
//!
//! What rules are for is met in three places. A conversation that is started, a tag and a rating are met in their own
//! transaction. Messages are met behind their commit, from notices, beside the router in the process that holds its
//! lock; whatever was not heard is found in the log again ([`logs`]). Waits, and teams that open or close, are looked for
//! beside that, while a rule watches for them ([`waits`], [`turns`]). Without rules none of that asks the database for
//! anything, but for a tag and a rating, which read the rules as they are: nobody comes back to those.

mod known;
mod logs;
mod office;
mod react;
mod scene;
mod turns;
mod waits;

pub(crate) use known::{Known, keep_reading};
pub(crate) use office::run;
pub(crate) use react::{Met, react};
pub(crate) use scene::{known_of, scene};

use crate::authority::Authority;
use crate::cx::Cx;
use crate::gate::Mode;
use crate::halt::Outcome;
use crate::run::transact;
use crate::shared::Shared;
use futures_util::future::BoxFuture;
use serde_json::Value;
use std::sync::Arc;
use switchboard_domain::conversation::Conversation;
use switchboard_domain::rule::Happened;
use switchboard_domain::{AuthorKind, Entry, EntryId, EntryKind};
use switchboard_wire::call::Access;
use switchboard_wire::{Credential, Failure};

/// Runs `work` in a transaction of our own, and tells what it has to tell.
async fn work<T, F>(shared: &Arc<Shared>, mode: Mode, work: F) -> Result<T, Failure>
where
    F: for<'a> Fn(&'a mut Cx) -> BoxFuture<'a, Outcome<T>> + Send + Sync,
    T: Send + 'static,
{
    let us = Authority::Bus(Credential::Component);
    transact(shared, &us, ("cmd.rule", Access::COMPONENT), mode, |_, cx| work(cx)).await
}

/// What an entry is to rules.
fn happened((id, seq): (&EntryId, i64), kind: EntryKind, by: AuthorKind, body: &Value) -> Option<Happened> {
    match (kind, by) {
        (EntryKind::Message, AuthorKind::Visitor) => {
            let text = body.get("text")?.as_str()?.to_owned();
            Some(Happened::Message { entry: id.clone(), seq, text })
        }
        (EntryKind::Event, _) => (body.get("event")?.as_str()? == "started").then_some(Happened::Started),
        _ => None,
    }
}

/// What these new entries of a conversation are to rules, in order.
pub(crate) fn met(entries: &[Entry]) -> Vec<Met> {
    let met = |entry: &Entry| {
        let (by, at) = (entry.author.kind, entry.at);
        let happened =
            happened((&entry.id, entry.seq), entry.kind, by, &serde_json::from_str(&entry.body).ok()?)?;
        Some(Met { conversation: entry.conversation.clone(), happened, by, at })
    };
    entries.iter().filter_map(met).collect()
}

/// Lets rules see, in the transaction in which they were written, what they are for of a conversation that was just
/// saved; answers it as it is then. Where this process does not know of a rule yet, the log is read later.
pub(crate) async fn at_once(cx: &mut Cx, c: Conversation, met: Vec<Met>) -> Outcome<Conversation> {
    let known = cx.shared.rules.get();
    let mut c = c;
    for one in met {
        if known.book.concerns(&one.happened, one.by, one.at) {
            c = react(cx, &known.book, &one).await?.unwrap_or(c);
        }
    }
    Ok(c)
}

/// Lets rules see the tags that were just put on, which no log tells.
pub(crate) async fn tagged(
    cx: &mut Cx,
    before: &[String],
    c: Conversation,
    by: AuthorKind,
) -> Outcome<Conversation> {
    let fresh: Vec<String> = c.tags.iter().filter(|tag| !before.contains(tag)).cloned().collect();
    if fresh.is_empty() {
        return Ok(c);
    }
    let id = |cx: &Cx| EntryId::timed(cx.now, cx.shared.rng.as_ref());
    let happened = fresh.into_iter().map(|tag| Happened::Tagged { entry: id(cx), tag }).collect();
    for_certain(cx, c, happened, by).await
}

/// Lets rules see a rating, which no log tells.
pub(crate) async fn rated(cx: &mut Cx, c: Conversation, rating: i64) -> Outcome<Conversation> {
    let entry = EntryId::timed(cx.now, cx.shared.rng.as_ref());
    for_certain(cx, c, vec![Happened::Rated { entry, rating }], AuthorKind::Visitor).await
}

/// Nobody comes back to this: what is in memory does not do, the rules are those of the database.
async fn for_certain(
    cx: &mut Cx,
    c: Conversation,
    happened: Vec<Happened>,
    by: AuthorKind,
) -> Outcome<Conversation> {
    let known = known::now(cx).await?;
    let mut c = c;
    for happened in happened {
        let met = Met { conversation: c.id.clone(), happened, by, at: cx.now };
        if known.book.concerns(&met.happened, by, met.at) {
            c = react(cx, &known.book, &met).await?.unwrap_or(c);
        }
    }
    Ok(c)
}
