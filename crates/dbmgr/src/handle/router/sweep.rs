//! Puts right what a change by hand in SQL left. It looks without a lock first, and writes only when there is
//! something to do.

use crate::act::{self, Act};
use crate::authority::Authority;
use crate::cx::Cx;
use crate::gate::Mode;
use crate::halt::Outcome;
use crate::handle::guest::retain::{self, Past};
use crate::handle::settings;
use crate::limits::{ENDED_SESSION_MS, FILES_SWEPT, RETAIN_ROUNDS, SWEEP};
use crate::metric;
use crate::run::{Run, transact};
use crate::shared::Shared;
use crate::staff;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use switchboard_domain::conversation::Command;
use switchboard_domain::limits::SESSION_IDLE_MS;
use switchboard_domain::{AccountId, ConversationId, Millis, Owner, Role};
use switchboard_faults::{self as faults, Mutant};
use switchboard_storage::sweep::{self, Litter, Seen, Times};
use switchboard_storage::{Tx, account, automation, ban, conversation, file, presence, session, team};
use switchboard_wire::call::Access;
use switchboard_wire::call::router::{Sweep, Swept};
use switchboard_wire::{Call, Failure};

const CALL: (&str, Access) = (Sweep::NAME, Sweep::ACCESS);
/// Transactions of one sweep at most; the next one goes on.
const ROUNDS: usize = 20;

impl Run for Sweep {
    async fn run(self, by: Authority, shared: Arc<Shared>) -> Result<Swept, Failure> {
        if let Some(mail) = &shared.mail {
            mail.swept(shared.clock.now());
        }
        let mut swept = Swept::default();
        let mut kept_days = None;
        for _ in 0..ROUNDS {
            let seen =
                transact(&shared, &by, CALL, Mode::Read, |_, cx| Box::pin(look(&mut cx.tx, cx.now))).await?;
            if let Some(mail) = shared.mail.as_ref().filter(|_| seen.mails) {
                mail.wake();
            }
            kept_days = settings::read(seen.settings.as_deref()).retention_days;
            let litter = seen.litter;
            if litter.sessions || litter.presence {
                swept.sessions +=
                    transact(&shared, &by, CALL, Mode::Write, |_, cx| Box::pin(clear(cx, litter))).await?;
            }
            if litter.agents {
                transact(&shared, &by, CALL, Mode::Write, |_, cx| Box::pin(retire(cx))).await?;
            }
            if litter.conversations {
                let moved = transact(&shared, &by, CALL, Mode::Write, |_, cx| Box::pin(adopt(cx))).await?;
                metrics::counter!(metric::SWEPT).increment(u64::try_from(moved).unwrap_or_default());
                swept.conversations += moved;
            }
            if litter.teams {
                transact(&shared, &by, CALL, Mode::Write, |_, cx| Box::pin(disband(cx))).await?;
            }
            if litter.bans {
                transact(&shared, &by, CALL, Mode::Write, |_, cx| Box::pin(forget_bans(cx))).await?;
            }
            if litter.files {
                transact(&shared, &by, CALL, Mode::Write, |_, cx| Box::pin(forget_files(cx))).await?;
            }
            if litter == Litter::default() {
                break;
            }
        }
        if let Some(days) = kept_days {
            swept.erased = retain(&shared, &by, days).await?;
        }
        Ok(swept)
    }
}

/// Erases what is older than things are kept, as much as a sweep should; answers how many conversations.
async fn retain(shared: &Arc<Shared>, by: &Authority, days: i64) -> Result<i64, Failure> {
    let mut erased = 0;
    for _ in 0..RETAIN_ROUNDS {
        let past = transact(shared, by, CALL, Mode::Read, |_, cx| {
            Box::pin(async move { retain::look(&mut cx.tx, days, cx.now).await })
        });
        let Some(past) = past.await? else { break };
        erased += transact(shared, by, CALL, Mode::Write, |_, cx| {
            let past: Past = past.clone();
            Box::pin(async move { retain::erase(cx, &past).await })
        })
        .await?;
    }
    Ok(erased)
}

async fn look(tx: &mut Tx, now: Millis) -> Outcome<Seen> {
    let times = Times { now, idle_before: now - SESSION_IDLE_MS, keep: ENDED_SESSION_MS };
    Ok(sweep::look(tx, times).await?)
}

async fn forget_bans(cx: &mut Cx) -> Outcome<()> {
    Ok(ban::sweep(&mut cx.tx, cx.now, SWEEP).await?)
}

async fn forget_files(cx: &mut Cx) -> Outcome<()> {
    let expired = file::expired(&mut cx.tx, cx.now, FILES_SWEPT).await?;
    file::sweep(&mut cx.tx, &expired, cx.now).await?;
    Ok(())
}

/// Sessions that ended by themselves or by their owner are kept a while, so that open sockets learn why.
fn bounds(now: Millis) -> (Millis, Millis, Millis) {
    let kept = now - ENDED_SESSION_MS;
    (kept, kept - SESSION_IDLE_MS, kept)
}

/// Deletes dead sessions and forgets who is there no more; answers how many sessions.
async fn clear(cx: &mut Cx, litter: Litter) -> Outcome<i64> {
    let (expired, idle, ended) = bounds(cx.now);
    let sessions = session::sweep(&mut cx.tx, expired, idle, ended, SWEEP).await?;
    if litter.presence {
        presence::sweep(&mut cx.tx, SWEEP).await?;
    }
    Ok(i64::try_from(sessions).unwrap_or(i64::MAX))
}

/// Who has no session left is not there, whatever was said before: sessions deleted by hand are ended sessions.
async fn retire(cx: &mut Cx) -> Outcome<()> {
    let idle_before = cx.now - SESSION_IDLE_MS;
    let agents = presence::unattended(&mut cx.tx, cx.now, idle_before, SWEEP).await?;
    // Accounts are locked first, as everywhere.
    account::share(&mut cx.tx, &agents).await?;
    // Looked at again, locked: one may have signed in since.
    for agent in presence::unattended(&mut cx.tx, cx.now, idle_before, SWEEP).await? {
        if agents.contains(&agent) {
            staff::go_offline(cx, &agent, "offline").await?;
        }
    }
    Ok(())
}

/// Gives orphans to people. Their owners are looked at again, locked: one may have come back.
async fn adopt(cx: &mut Cx) -> Outcome<i64> {
    let orphans = conversation::orphans(&mut cx.tx, SWEEP).await?;
    if orphans.is_empty() || faults::broken(Mutant::SweepDropped) {
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
    let mut facts = BTreeMap::new();
    for name in orphans.iter().filter_map(|c| automation_name(&c.owner)) {
        if !facts.contains_key(name) {
            facts.insert(name.to_owned(), act::facts_of_handoff(cx, name, None).await?);
        }
    }
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
            Owner::Automation { id, .. } => Command::Handoff {
                by: switchboard_domain::Author::system(),
                team: None,
                reason: Some("automation_inactive".into()),
                facts: facts.get(id).cloned().unwrap_or_default(),
            },
            Owner::Queue | Owner::None => continue,
        };
        act.decide(command, cx.now, cx.shared.rng.as_ref())?;
        moved += 1;
    }
    act::save(cx, acts).await?;
    Ok(moved)
}

/// Gives what deleted teams have left to their heirs, or to everybody.
async fn disband(cx: &mut Cx) -> Outcome<()> {
    team::note_unknown(&mut cx.tx, SWEEP).await?;
    for (gone, heir) in team::gone(&mut cx.tx, SWEEP).await? {
        if act::regroup(cx, &gone, heir.as_ref()).await? > 0 {
            // The rest, if any, in the next round: a transaction has its size.
            return Ok(());
        }
        team::settled(&mut cx.tx, &gone).await?;
    }
    Ok(())
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
