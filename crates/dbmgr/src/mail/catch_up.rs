//! Finds the replies that nobody remembers, because the dbmgr that stored them has died, was not told that they are stored,
//! or had too many in mind. The one that routes looks when it begins, and every few minutes: no dbmgr has to die twice for
//! that. What it finds it watches like its own; whoever looks second finds that there is an e-mail already.

use super::{Mail, watch};
use crate::gate::Mode;
use crate::limits;
use crate::run::transact;
use crate::shared::Shared;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use switchboard_domain::Millis;
use switchboard_storage::conversation;
use switchboard_wire::Failure;

/// Looks now and then, for ever; the sweep says when.
pub(super) async fn run(shared: &Arc<Shared>, mail: &Mail) {
    let mut since = None;
    loop {
        mail.look_at.store(Millis::MAX, Ordering::Relaxed);
        let now = shared.clock.now();
        let pause = match look(shared, mail, since).await {
            Ok(all) => {
                if all {
                    since = Some(now - limits::REPLIES_OVERLAP_MS);
                }
                limits::REPLIES_LOOK_EVERY_MS
            }
            Err(failure) => {
                tracing::warn!(%failure, "replies that nobody has seen are looked for again");
                limits::REPLIES_LOOK_AGAIN_MS
            }
        };
        mail.look_at.store(now + pause, Ordering::Relaxed);
        mail.look.notified().await;
    }
}

/// Looks at what has changed since then, at first at all that may still wait for its time; answers whether all is
/// remembered now.
async fn look(shared: &Arc<Shared>, mail: &Mail, since: Option<Millis>) -> Result<bool, Failure> {
    let waits = watch::after(shared).await?.saturating_mul(60_000);
    let found = transact(shared, &watch::house(), watch::CALL, Mode::Read, |_, cx| {
        Box::pin(async move {
            let since = since.unwrap_or(cx.now - waits - limits::REPLIES_CAUGHT_UP_MS);
            let limit = i64::try_from(limits::REPLIES_WATCHED).unwrap_or(i64::MAX);
            Ok(conversation::replied_since(&mut cx.tx, since, limit).await?)
        })
    })
    .await?;
    Ok(found.iter().fold(true, |all, (id, at)| mail.note(id, *at) && all))
}
