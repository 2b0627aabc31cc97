//! Sends what is due: each e-mail is claimed by its transaction before it goes out, so that it goes out as often as it
//! has attempts at most, whatever dies; and always under the same Message-ID.

use super::transport::NotSent;
use super::{Mail, catch_up};
use crate::authority::Authority;
use crate::gate::Mode;
use crate::handle::mail::compose;
use crate::limits;
use crate::run::transact;
use crate::shared::Shared;
use futures_util::future::join_all;
use std::sync::Arc;
use switchboard_domain::Millis;
use switchboard_domain::mail::{KEPT_MS, again};
use switchboard_storage::mail::{self as table, Mail as Row};
use switchboard_wire::Credential;
use switchboard_wire::Failure;
use switchboard_wire::call::Access;

const CALL: (&str, Access) = ("mail.post", Access::COMPONENT);

fn house() -> Authority {
    Authority::Bus(Credential::Component)
}

/// What the one that routes does for e-mail, for ever: it sends whenever it is woken, which the sweep does when something
/// is due, and looks for replies that nobody remembers.
pub(crate) async fn run(shared: Arc<Shared>) {
    let Some(mail) = shared.mail.clone() else { return };
    tokio::join!(send(&shared, &mail), catch_up::run(&shared, &mail));
}

async fn send(shared: &Arc<Shared>, mail: &Arc<Mail>) {
    loop {
        loop {
            match round(shared, mail).await {
                Ok(0) => break,
                Ok(_) => {}
                Err(failure) => {
                    tracing::warn!(%failure, "e-mails could not be looked at");
                    break;
                }
            }
        }
        mail.due.notified().await;
    }
}

/// Sends some of what is due; answers how many were claimed.
async fn round(shared: &Arc<Shared>, mail: &Arc<Mail>) -> Result<usize, Failure> {
    let claimed = transact(shared, &house(), CALL, Mode::Write, |_, cx| {
        let mail = Arc::clone(mail);
        Box::pin(async move {
            table::sweep(&mut cx.tx, cx.now - KEPT_MS, cx.now, limits::MAILS_SWEPT).await?;
            let rows = table::claim(&mut cx.tx, cx.now, limits::MAILS_AT_ONCE).await?;
            let mut claimed = Vec::with_capacity(rows.len());
            for mut row in rows {
                row.attempts += 1;
                let letter = compose::letter(cx, &mail.public_url, &row).await?;
                match &letter {
                    Some(_) => match again(row.attempts, cx.now) {
                        Some(at) => row.due_at = Some(at),
                        None => {
                            row.error = Some("the last attempt was not finished".into());
                            close(&mut row, "failed", cx.now);
                        }
                    },
                    None => close(&mut row, "dropped", cx.now),
                }
                table::note(&mut cx.tx, &row).await?;
                claimed.push((row, letter));
            }
            Ok(claimed)
        })
    })
    .await?;
    let sending = claimed.iter().filter_map(|(row, letter)| {
        let outgoing = letter.clone()?;
        Some(async move { (row.clone(), mail.transport.send(&outgoing).await) })
    });
    let results: Vec<(Row, Result<(), NotSent>)> = join_all(sending).await;
    transact(shared, &house(), CALL, Mode::Write, |_, cx| {
        let results = results.clone();
        Box::pin(async move {
            for (mut row, result) in results {
                match result {
                    Ok(()) => {
                        row.error = None;
                        close(&mut row, "sent", cx.now);
                    }
                    Err(NotSent::Never(why)) => {
                        row.error = Some(why);
                        close(&mut row, "failed", cx.now);
                    }
                    Err(NotSent::NotNow(why)) => {
                        row.error = Some(why);
                        match again(row.attempts, cx.now) {
                            Some(at) => row.due_at = Some(at),
                            None => close(&mut row, "failed", cx.now),
                        }
                    }
                }
                if let Some(why) = &row.error {
                    tracing::warn!(
                        mail = row.id.as_str(),
                        attempts = row.attempts,
                        why,
                        "an e-mail was not sent"
                    );
                }
                table::note(&mut cx.tx, &row).await?;
            }
            Ok(())
        })
    })
    .await?;
    Ok(claimed.len())
}

fn close(row: &mut Row, state: &str, now: Millis) {
    row.state = state.into();
    row.due_at = None;
    row.done_at = Some(now);
}
