//! What stands in an e-mail, when it is sent: with links of its own, whose secrets nobody else is ever told.

use super::{OPEN, STOP};
use crate::cx::Cx;
use crate::halt::Outcome;
use crate::limits::REPLIES_LOOKED_AT;
use crate::mail::Outgoing;
use switchboard_domain::Secret;
use switchboard_domain::mail::{LINK_MS, Quote, letter as write};
use switchboard_storage::mail::{self, Link, Mail};
use switchboard_storage::read::{self, Side};
use switchboard_storage::{conversation, entry, visitor};

/// The e-mail; none when there is no reason for it any more: the visitor has come back, was erased or banned, or wants
/// none.
pub(crate) async fn letter(cx: &mut Cx, public_url: &str, row: &Mail) -> Outcome<Option<Outgoing>> {
    let Some(c) = conversation::get(&mut cx.tx, &row.conversation).await? else { return Ok(None) };
    let visitor = visitor::get(&mut cx.tx, &row.visitor).await?;
    let may = visitor.is_some_and(|visitor| visitor.banned(cx.now).is_none());
    if !may || c.visitor != row.visitor || mail::is_stopped(&mut cx.tx, &row.conversation).await? {
        return Ok(None);
    }
    let read = read::get(&mut cx.tx, &c.id, Side::Visitor).await?.map_or(0, |position| position.seq);
    let seen = read.max(c.last_inbound);
    let replies = entry::replies_after(&mut cx.tx, &c.id, seen, REPLIES_LOOKED_AT).await?;
    let quotes: Vec<Quote> = replies
        .iter()
        .filter(|reply| reply.seq <= row.mark)
        .map(|reply| Quote { name: reply.author.name.clone(), text: text_of(&reply.body) })
        .collect();
    if quotes.is_empty() {
        return Ok(None);
    }
    let open = link(cx, row, OPEN).await?;
    let stop = link(cx, row, STOP).await?;
    let letter = write(
        &quotes,
        &format!("{public_url}/chat#mail={}", open.expose()),
        &format!("{public_url}/chat#stop-mail={}", stop.expose()),
    );
    Ok(Some(Outgoing {
        id: row.id.to_string(),
        to: row.recipient.clone(),
        letter,
        unsubscribe: Some(format!("{public_url}/api/v1/visitor/mail/stop/{}", stop.expose())),
        at: row.created_at,
    }))
}

/// What a message says; of one with nothing but files, that there are some.
fn text_of(body: &str) -> String {
    let body: serde_json::Value = serde_json::from_str(body).unwrap_or_default();
    body["text"].as_str().filter(|text| !text.is_empty()).unwrap_or("[files]").to_owned()
}

/// A fresh link. Each attempt has its own: of two that arrive both work.
async fn link(cx: &mut Cx, row: &Mail, purpose: &str) -> Outcome<Secret> {
    let secret = Secret::new(cx.shared.rng.as_ref());
    let link = Link {
        secret: secret.hash(),
        purpose: purpose.into(),
        conversation: row.conversation.clone(),
        visitor: row.visitor.clone(),
        expires_at: cx.now + LINK_MS,
    };
    mail::insert_link(&mut cx.tx, &link).await?;
    Ok(secret)
}
