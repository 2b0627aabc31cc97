//! Running a call: begin, admit, handle, commit, tell; again when the transaction met another one.

use crate::authority::Authority;
use crate::cx::Cx;
use crate::dbmgr::broken;
use crate::gate::{self, Actor, Mode};
use crate::halt::{self, Halt, Outcome};
use crate::limits;
use crate::metric;
use crate::registry::Boxed;
use crate::shared::Shared;
use crate::tally::Tally;
use futures_util::future::BoxFuture;
use std::sync::Arc;
use std::time::Duration;
use switchboard_faults::{self as faults, Point};
use switchboard_storage::{Error, Tx};
use switchboard_wire::call::Access;
use switchboard_wire::call::router::ApplyReply;
use switchboard_wire::{Call, Failure};
use tokio::time::timeout;

/// A call that is carried out by one transaction. It cannot run without an [`Actor`], which only the gate makes.
pub(crate) trait Handle: Call + Clone {
    /// Carries it out. What it writes and tells counts only when it answers `Ok`; it may run several times.
    fn handle(self, actor: Actor, cx: &mut Cx) -> impl Future<Output = Outcome<Self::Reply>> + Send;
}

/// A call that can be carried out: every [`Handle`], and the few that have work to do outside a transaction.
pub(crate) trait Run: Call {
    /// Carries it out for whoever `by` turns out to be.
    fn run(
        self,
        by: Authority,
        shared: Arc<Shared>,
    ) -> impl Future<Output = Result<Self::Reply, Failure>> + Send;
}

impl<C: Handle> Run for C {
    async fn run(self, by: Authority, shared: Arc<Shared>) -> Result<C::Reply, Failure> {
        let mode = if C::NAME.starts_with("cmd.") { Mode::Write } else { Mode::Read };
        transact(&shared, &by, (C::NAME, C::ACCESS), mode, |actor, cx| {
            Box::pin(self.clone().handle(actor, cx))
        })
        .await
    }
}

/// Runs `work` in a transaction for whoever `by` turns out to be, if `access` allows it. `call` is the name for the
/// log and the access.
pub(crate) async fn transact<T, F>(
    shared: &Arc<Shared>,
    by: &Authority,
    call: (&'static str, Access),
    mode: Mode,
    work: F,
) -> Result<T, Failure>
where
    F: for<'a> Fn(Actor, &'a mut Cx) -> BoxFuture<'a, Outcome<T>> + Send + Sync,
    T: Send + 'static,
{
    let erased: &Work<'_> = &|actor, cx| {
        let working = work(actor, cx);
        Box::pin(async move { Ok(Box::new(working.await?) as Boxed) })
    };
    let reply = transact_boxed(shared, by, call, mode, erased).await?;
    reply.downcast::<T>().map(|reply| *reply).map_err(|_| broken())
}

/// What is done in a transaction; see [`Boxed`].
type Work<'w> = dyn for<'a> Fn(Actor, &'a mut Cx) -> BoxFuture<'a, Outcome<Boxed>> + Send + Sync + 'w;

async fn transact_boxed(
    shared: &Arc<Shared>,
    by: &Authority,
    call: (&'static str, Access),
    mode: Mode,
    work: &Work<'_>,
) -> Result<Boxed, Failure> {
    let mut run = 1;
    loop {
        let halt = match once(shared, by, call, mode, work).await {
            Ok(reply) => return Ok(reply),
            Err(halt) => halt,
        };
        match halt {
            Halt::Refused(failure) => return Err(failure),
            Halt::Database(error) if !error.is_rerun() || run >= limits::RUNS => {
                return Err(halt::tell(&error, call.0));
            }
            Halt::Again if run >= limits::RUNS => {
                return Err(Failure::unavailable("others kept being faster; try again"));
            }
            Halt::Database(_) | Halt::Again => {}
        }
        metrics::counter!(metric::RERUNS).increment(1);
        tokio::time::sleep(pause(shared, run)).await;
        run += 1;
    }
}

/// A random part of a bound that grows, so that two who met do not meet again.
fn pause(shared: &Shared, run: u32) -> Duration {
    let bound = limits::RERUN_PAUSE * run / 2;
    let part = u32::try_from(shared.rng.u128() % 1_000).unwrap_or_default();
    bound * part / 1_000
}

async fn once(
    shared: &Arc<Shared>,
    by: &Authority,
    (name, access): (&'static str, Access),
    mode: Mode,
    work: &Work<'_>,
) -> Outcome<Boxed> {
    let _place = match &shared.line {
        Some(line) if mode == Mode::Write => {
            Some(timeout(limits::CALL, line.acquire()).await.map_err(|_| {
                Failure::unavailable("too much is being written; nothing was done, try again shortly")
            })?)
        }
        _ => None,
    };
    let mut tx = match mode {
        Mode::Write => shared.store.write().await?,
        Mode::Read => read(shared).await?,
    };
    let now = shared.clock.now();
    let actor = match gate::admit(&mut tx, by, access, mode, now).await {
        Ok(actor) => actor,
        Err(halt) => {
            tx.rollback().await;
            return Err(halt);
        }
    };
    if let Ok(staff) = actor.staff() {
        shared.touches.note(&staff.row().session, now);
    }
    let mut cx = Cx { tx, now, shared: Arc::clone(shared), notices: Vec::new(), tally: Tally::default() };
    match work(actor, &mut cx).await {
        Ok(reply) => {
            let unsettled = cx.tx.unsettled(now);
            let committed = match mode {
                Mode::Write => commit(cx.tx, name).await,
                Mode::Read => cx.tx.commit().await,
            };
            if let Err(error) = committed {
                if matches!(error, Error::CommitUnknown(_)) {
                    shared.relay.lose(&cx.notices);
                }
                return Err(error.into());
            }
            cx.tally.committed();
            shared.relay.tell(&cx.notices);
            if unsettled {
                shared.settle().await?;
            }
            Ok(reply)
        }
        Err(halt) => {
            cx.tx.rollback().await;
            Err(halt)
        }
    }
}

async fn commit(tx: Tx, name: &str) -> Result<(), Error> {
    let (before, after) = if faults::ON && name == ApplyReply::NAME {
        (Point::ReplyCommitBefore, Point::ReplyCommitAfter)
    } else {
        (Point::CallCommitBefore, Point::CallCommitAfter)
    };
    faults::at(before);
    tx.commit().await?;
    faults::at(after);
    Ok(())
}

/// A connection for reading, tried twice: a pooled one may have died unnoticed, and reading again does no harm.
async fn read(shared: &Shared) -> Result<Tx, Error> {
    match shared.store.read().await {
        Err(error) if error.is_unavailable() => shared.store.read().await,
        read => read,
    }
}
