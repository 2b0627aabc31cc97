//! Whether the visitor of a conversation gets an e-mail about replies that it has not seen.

use crate::cx::Cx;
use crate::halt::Outcome;
use crate::handle::settings;
use crate::limits::REPLIES_LOOKED_AT;
use switchboard_domain::mail::{Decision, Facts, decide};
use switchboard_domain::{ConversationId, MailId, Millis};
use switchboard_storage::mail::{self, Mail, REPLY};
use switchboard_storage::read::{self, Side};
use switchboard_storage::{conversation, entry, visitor};

/// What came of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Looked {
    /// There is an e-mail to be sent.
    Enqueued,
    /// The oldest reply that is not seen was written then, which is not long enough ago.
    Later(Millis),
    /// There is none, and none to come.
    Nothing,
}

/// Looks, with the conversation locked, so that two who look make one e-mail.
pub(crate) async fn reply(cx: &mut Cx, id: &ConversationId) -> Outcome<Looked> {
    let settings = settings::load(&mut cx.tx).await?.mail;
    if !settings.replies {
        return Ok(Looked::Nothing);
    }
    let Some(c) = conversation::lock(&mut cx.tx, id).await? else { return Ok(Looked::Nothing) };
    let visitor = visitor::get(&mut cx.tx, &c.visitor).await?;
    let Some(visitor) = visitor.filter(|visitor| visitor.banned(cx.now).is_none()) else {
        return Ok(Looked::Nothing);
    };
    let Some(recipient) = visitor.email else { return Ok(Looked::Nothing) };
    if mail::is_stopped(&mut cx.tx, id).await? {
        return Ok(Looked::Nothing);
    }
    let facts = facts(cx, id, c.last_inbound).await?;
    match decide(facts, settings.after_minutes, cx.now) {
        Decision::No => Ok(Looked::Nothing),
        Decision::Later(_) => Ok(Looked::Later(facts.oldest.map_or(cx.now, |(_, at)| at))),
        Decision::Mail(mark) => {
            let row = Mail {
                id: MailId::timed(cx.now, cx.shared.rng.as_ref()),
                kind: REPLY.into(),
                conversation: id.clone(),
                visitor: visitor.id,
                recipient,
                mark,
                state: "due".into(),
                attempts: 0,
                zone: None,
                due_at: Some(cx.now),
                error: None,
                created_at: cx.now,
                done_at: None,
            };
            let made = mail::insert(&mut cx.tx, &row).await?;
            Ok(if made { Looked::Enqueued } else { Looked::Nothing })
        }
    }
}

/// What is known of what the visitor has seen.
async fn facts(cx: &mut Cx, id: &ConversationId, last_inbound: i64) -> Outcome<Facts> {
    let read = read::get(&mut cx.tx, id, Side::Visitor).await?.map_or(0, |position| position.seq);
    let seen = read.max(last_inbound);
    let replies = entry::replies_after(&mut cx.tx, id, seen, REPLIES_LOOKED_AT).await?;
    Ok(Facts {
        seen,
        oldest: replies.first().map(|reply| (reply.seq, reply.at)),
        newest: replies.last().map(|reply| reply.seq),
        mailed: mail::mailed(&mut cx.tx, id, REPLY).await?,
    })
}
