//! Puts right what a change by hand in SQL left. It looks without a lock first, and writes only when there is
//! something to do.

use crate::act::{self, Act};
use crate::authority::Authority;
use crate::cx::Cx;
use crate::gate::Mode;
use crate::halt::Outcome;
use crate::limits::{ENDED_SESSION_MS, SWEEP};
use crate::metric;
use crate::run::{Run, transact};
use crate::shared::Shared;
use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use switchboard_domain::conversation::Command;
use switchboard_domain::limits::SESSION_IDLE_MS;
use switchboard_domain::{AccountId, Conversation, ConversationId, Millis, Owner, Role};
use switchboard_storage::{Tx, account, automation, conversation, presence, session};
use switchboard_wire::call::Access;
use switchboard_wire::call::router::{Sweep, Swept};
use switchboard_wire::{Call, Failure};

const CALL: (&str, Access) = (Sweep::NAME, Sweep::ACCESS);
/// Transactions of one sweep at most; the next one goes on.
const ROUNDS: usize = 20;
/// Every so many sweeps dead sessions and the presence of those who are gone are looked for too: nothing waits for
/// that, as conversations do.
const THOROUGH: u64 = 5;

impl Run for Sweep {
    async fn run(self, by: Authority, shared: Arc<Shared>) -> Result<Swept, Failure> {
        let mut swept = Swept::default();
        let thorough = shared.sweeps.fetch_add(1, Ordering::Relaxed).is_multiple_of(THOROUGH);
        for _ in 0..ROUNDS {
            let found = transact(&shared, &by, CALL, Mode::Read, |_, cx| {
                Box::pin(look(&mut cx.tx, cx.now, thorough))
            })
            .await?;
            if found.is_nothing() {
                break;
            }
            let done = transact(&shared, &by, CALL, Mode::Write, |_, cx| {
                let found = found.clone();
                Box::pin(async move { put_right(cx, found).await })
            })
            .await?;
            swept.conversations += done.conversations;
            swept.sessions += done.sessions;
        }
        let moved = u64::try_from(swept.conversations).unwrap_or_default();
        metrics::counter!(metric::SWEPT).increment(moved);
        Ok(swept)
    }
}

/// What there is to do.
#[derive(Debug, Clone)]
struct Found {
    orphans: Vec<Conversation>,
    sessions: bool,
    presence: bool,
}

impl Found {
    fn is_nothing(&self) -> bool {
        self.orphans.is_empty() && !self.sessions && !self.presence
    }
}

async fn look(tx: &mut Tx, now: Millis, thorough: bool) -> Outcome<Found> {
    let orphans = conversation::orphans(tx, SWEEP).await?;
    if !thorough {
        return Ok(Found { orphans, sessions: false, presence: false });
    }
    let (expired, idle, ended) = bounds(now);
    let sessions = !session::dead(tx, expired, idle, ended, 1).await?.is_empty();
    let presence = !presence::astray(tx, 1).await?.is_empty();
    Ok(Found { orphans, sessions, presence })
}

/// Sessions that ended by themselves or by their owner are kept a while, so that open sockets learn why.
fn bounds(now: Millis) -> (Millis, Millis, Millis) {
    let kept = now - ENDED_SESSION_MS;
    (kept, kept - SESSION_IDLE_MS, kept)
}

async fn put_right(cx: &mut Cx, found: Found) -> Outcome<Swept> {
    let (expired, idle, ended) = bounds(cx.now);
    let sessions = session::sweep(&mut cx.tx, expired, idle, ended, SWEEP).await?;
    if found.presence {
        presence::sweep(&mut cx.tx, SWEEP).await?;
    }
    let conversations = adopt(cx, &found.orphans).await?;
    Ok(Swept { conversations, sessions: i64::try_from(sessions).unwrap_or(i64::MAX) })
}

/// Gives orphans to people. Their owners are looked at again, locked: one may have come back.
async fn adopt(cx: &mut Cx, orphans: &[Conversation]) -> Outcome<i64> {
    if orphans.is_empty() {
        return Ok(0);
    }
    let agents: BTreeSet<AccountId> = orphans.iter().filter_map(|c| agent(&c.owner)).collect();
    let agents: Vec<AccountId> = agents.into_iter().collect();
    let back = account::share(&mut cx.tx, &agents).await?.into_iter();
    let back = back.filter(|row| row.active && row.role == Role::Agent).map(|row| row.id.to_string());
    let mut back: BTreeSet<String> = back.collect();
    let names: BTreeSet<&str> = orphans.iter().filter_map(|c| automation_name(&c.owner)).collect();
    for name in names {
        if automation::share(&mut cx.tx, name).await?.is_some_and(|row| row.active) {
            back.insert(name.to_owned());
        }
    }
    let facts = act::facts_of_queue(&mut cx.tx, None).await?;
    let ids: Vec<ConversationId> = orphans.iter().map(|c| c.id.clone()).collect();
    let locked = conversation::lock_many(&mut cx.tx, &ids).await?;
    let mut acts: Vec<Act> = locked.into_iter().map(Act::of).collect();
    // Whoever has taken one since is not among those who are gone.
    acts.retain(|act| orphans.iter().any(|c| c.id == act.c.id && c.owner == act.c.owner));
    acts.retain(|act| act.c.owner.id().is_some_and(|id| !back.contains(id)));
    let mut moved = 0;
    for act in &mut acts {
        let command = match &act.c.owner {
            Owner::Agent { .. } => Command::Requeue { fence: None, reason: "deactivated" },
            Owner::Automation { .. } => Command::Handoff {
                by: switchboard_domain::Author::system(),
                team: None,
                reason: Some("automation_inactive".into()),
                facts: facts.clone(),
            },
            Owner::Queue | Owner::None => continue,
        };
        act.decide(command, cx.now, cx.shared.rng.as_ref())?;
        moved += 1;
    }
    act::save(cx, acts).await?;
    Ok(moved)
}

fn agent(owner: &Owner) -> Option<AccountId> {
    match owner {
        Owner::Agent { id, .. } => Some(id.clone()),
        _ => None,
    }
}

fn automation_name(owner: &Owner) -> Option<&str> {
    match owner {
        Owner::Automation { id, .. } => Some(id),
        _ => None,
    }
}
