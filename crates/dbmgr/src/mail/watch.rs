//! Looks at replies when their time has come: has the visitor seen them?

use super::Mail;
use crate::authority::Authority;
use crate::gate::Mode;
use crate::handle::mail::enqueue;
use crate::handle::settings;
use crate::limits;
use crate::run::transact;
use crate::shared::Shared;
use std::sync::Arc;
use std::time::Duration;
use switchboard_domain::{ConversationId, Millis};
use switchboard_wire::Credential;
use switchboard_wire::Failure;
use switchboard_wire::call::Access;
use tokio::time::sleep;

pub(super) const CALL: (&str, Access) = ("mail.watch", Access::COMPONENT);
/// How often it is looked whether the time has come, in memory, and only while there is something to look at.
const STEP: Duration = Duration::from_secs(1);

pub(super) fn house() -> Authority {
    Authority::Bus(Credential::Component)
}

/// Watches for ever. While nobody has replied it sleeps.
pub(crate) async fn run(shared: Arc<Shared>) {
    let Some(mail) = shared.mail.clone() else { return };
    let mut minutes = 0;
    let mut asked = Millis::MIN;
    loop {
        let now = shared.clock.now();
        if mail.take(Millis::MIN).1.is_none() {
            mail.noted.notified().await;
            continue;
        }
        if now.saturating_sub(asked) >= limits::MAIL_SETTINGS_MS {
            match after(&shared).await {
                Ok(found) => (minutes, asked) = (found, now),
                Err(failure) => tracing::debug!(%failure, "the settings could not be read"),
            }
        }
        if asked > Millis::MIN {
            let (due, _) = mail.take(now.saturating_sub(minutes.saturating_mul(60_000)));
            for id in due {
                look(&shared, &mail, &id).await;
            }
        }
        sleep(STEP).await;
    }
}

/// How many minutes a reply may go unseen.
pub(super) async fn after(shared: &Arc<Shared>) -> Result<i64, Failure> {
    transact(shared, &house(), CALL, Mode::Read, |_, cx| {
        Box::pin(async move { Ok(settings::load(&mut cx.tx).await?.mail.after_minutes) })
    })
    .await
}

async fn look(shared: &Arc<Shared>, mail: &Mail, id: &ConversationId) {
    let looked = transact(shared, &house(), CALL, Mode::Write, |_, cx| {
        let id = id.clone();
        Box::pin(async move { enqueue::reply(cx, &id).await })
    })
    .await;
    match looked {
        Ok(enqueue::Looked::Enqueued) => mail.wake(),
        Ok(enqueue::Looked::Later(written)) => {
            mail.note(id, written);
        }
        Ok(enqueue::Looked::Nothing) => {}
        Err(failure) => {
            tracing::debug!(%failure, conversation = id.as_str(), "looked at again");
            mail.note(id, shared.clock.now());
        }
    }
}
