//! A visitor wants a conversation by e-mail. It is written when it is sent (`compose.rs`).

use crate::act;
use crate::cx::Cx;
use crate::gate::{Actor, Party};
use crate::halt::Outcome;
use crate::limits::{
    TRANSCRIPTS, TRANSCRIPTS_COUNTED, TRANSCRIPTS_HOUSE, TRANSCRIPTS_HOUSE_MS, TRANSCRIPTS_MS,
};
use crate::run::Handle;
use switchboard_domain::MailId;
use switchboard_domain::mail::mailbox;
use switchboard_domain::report::Zone;
use switchboard_storage::mail::{self, Mail, TRANSCRIPT};
use switchboard_storage::{entry, meta};
use switchboard_wire::call::mail::MailTranscript;
use switchboard_wire::{Failure, Problem};

/// When somebody who has had so many may ask again, at the latest, in milliseconds.
const PAUSE_MS: u64 = 3_600_000;

impl Handle for MailTranscript {
    async fn handle(self, actor: Actor, cx: &mut Cx) -> Outcome<()> {
        if cx.shared.mail.is_none() {
            let detail = "no mail server is configured here: download the transcript instead";
            return Err(Failure::new(Problem::NotFound, detail).into());
        }
        let zone = Zone::named(self.zone.as_deref()).map_err(|bad| Failure::invalid(bad.field(), &bad))?;
        let visitor = actor.visitor()?;
        let c = act::load_for(cx, &self.id, &Party::Visitor(visitor)).await?;
        let recipient = visitor.email.clone();
        let recipient =
            recipient.ok_or_else(|| Failure::invalid("email", "say your e-mail address first"))?;
        let row = Mail {
            id: MailId::timed(cx.now, cx.shared.rng.as_ref()),
            kind: TRANSCRIPT.into(),
            conversation: c.id,
            visitor: visitor.id.clone(),
            recipient,
            mark: c.head,
            state: "due".into(),
            attempts: 0,
            zone: Some(zone.name().to_owned()),
            due_at: Some(cx.now),
            error: None,
            created_at: cx.now,
            done_at: None,
        };
        // Or anybody could have anything that they have written sent to anybody, in our name.
        if !visitor.verified && !entry::is_answered(&mut cx.tx, &row.conversation).await? {
            let detail = "nobody has answered yet: it can be sent once somebody has, and be downloaded now";
            return Err(Failure::new(Problem::Conflict, detail).into());
        }
        meta::one_at_a_time(&mut cx.tx).await?;
        mail::set_aside(&mut cx.tx, &row).await?;
        // Asked for twice, of the same: it is on its way.
        if !mail::insert(&mut cx.tx, &row).await? {
            return Ok(());
        }
        admit(cx, &row).await
    }
}

/// Whether there are not too many, this one included: of this visitor, to this mailbox, of the house.
async fn admit(cx: &mut Cx, row: &Mail) -> Outcome<()> {
    let since = cx.now - TRANSCRIPTS_MS;
    let made = mail::made_since(&mut cx.tx, TRANSCRIPT, since, TRANSCRIPTS_COUNTED).await?;
    let to = mailbox(&row.recipient);
    let own = made.iter().filter(|made| made.visitor == row.visitor).count();
    let there = made.iter().filter(|made| mailbox(&made.recipient) == to).count();
    if own.max(there) > TRANSCRIPTS {
        let detail = format!("{TRANSCRIPTS} transcripts a day go to one address: download this one instead");
        return Err(Failure::rate_limited(detail, PAUSE_MS).into());
    }
    let since = cx.now - TRANSCRIPTS_HOUSE_MS;
    if made.iter().filter(|made| made.at > since).count() > TRANSCRIPTS_HOUSE {
        let detail = "very many transcripts were sent within the hour: download this one instead";
        return Err(Failure::rate_limited(detail, PAUSE_MS).into());
    }
    Ok(())
}
