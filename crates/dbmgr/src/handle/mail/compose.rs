//! What stands in an e-mail, when it is sent: with links of its own, whose secrets nobody else is ever told.

use crate::cx::Cx;
use crate::halt::Outcome;
use crate::limits::{REPLIES_LOOKED_AT, TRANSCRIPT_BYTES, TRANSCRIPT_ENTRIES};
use crate::mail::Outgoing;
use switchboard_domain::ban::email_key;
use switchboard_domain::mail::{LINK_MS, Quote, Words, letter as write, transcript as write_transcript};
use switchboard_domain::report::Zone;
use switchboard_domain::{Conversation, Secret};
use switchboard_storage::entry::Reader;
use switchboard_storage::mail::{self, Link, Mail, OPEN, REPLY, STOP, TRANSCRIPT};
use switchboard_storage::read::{self, Side};
use switchboard_storage::{conversation, entry, visitor};
use switchboard_wire::Failure;
use switchboard_wire::transcript::{Words as Lines, head, line};
use switchboard_wire::view::{self, Audience, State};

/// The e-mail; none when there is no reason for it any more: the visitor was erased or banned, or has another address now,
/// or, where it is about a reply, has come back or wants none.
///
/// The visitor is locked: who proves who it is ends the links that are there, and none is made for the address from before
/// at the same time.
pub(crate) async fn letter(cx: &mut Cx, public_url: &str, row: &Mail) -> Outcome<Option<Outgoing>> {
    let Some(c) = conversation::get(&mut cx.tx, &row.conversation).await? else { return Ok(None) };
    let Some(visitor) = visitor::share(&mut cx.tx, &row.visitor).await? else { return Ok(None) };
    let address = visitor.email.as_deref().map(email_key);
    let may = visitor.banned(cx.now).is_none() && address == Some(email_key(&row.recipient));
    if !may || c.visitor != row.visitor {
        return Ok(None);
    }
    let words = Words::of(visitor.locale.as_deref());
    match row.kind.as_str() {
        REPLY => reply(cx, public_url, row, &c, words).await,
        TRANSCRIPT => transcript(cx, public_url, row, &c, words).await.map(Some),
        _ => Ok(None),
    }
}

/// What the visitor asked for, as it is now.
async fn transcript(
    cx: &mut Cx,
    public_url: &str,
    row: &Mail,
    c: &Conversation,
    words: &Words,
) -> Outcome<Outgoing> {
    let zone = Zone::named(row.zone.as_deref()).or_else(|_| Zone::named(None));
    let zone = zone.map_err(|bad| Failure::invalid(bad.field(), &bad))?;
    let limit = TRANSCRIPT_ENTRIES + 1;
    let entries = entry::before(&mut cx.tx, &c.id, i64::MAX, Reader::Visitor, limit).await?;
    let told = Lines::of(Some(words.language));
    let lines: Vec<String> =
        entries.iter().filter_map(|entry| line(&view::Entry::of(entry), &zone, told)).collect();
    let whole = i64::try_from(entries.len()).is_ok_and(|count| count < limit);
    let text = head(&State::of(c).shown_to(Audience::Visitor), &zone, told) + &newest(&lines, whole, words);
    let open = link(cx, row, OPEN).await?;
    let letter = write_transcript(&text, &format!("{public_url}/chat#mail={}", open.expose()), words);
    Ok(Outgoing {
        id: row.id.to_string(),
        to: row.recipient.clone(),
        letter,
        unsubscribe: None,
        at: row.created_at,
    })
}

/// The last lines, as many as an e-mail takes; `whole` says that these are all there are.
fn newest(lines: &[String], mut whole: bool, words: &Words) -> String {
    let mut left = TRANSCRIPT_BYTES;
    let mut first = lines.len();
    while let Some(fits) = first.checked_sub(1).and_then(|n| left.checked_sub(lines[n].len())) {
        (first, left) = (first - 1, fits);
    }
    whole &= first == 0;
    let before = if whole { String::new() } else { format!("… {}\n", words.before) };
    before + &lines[first..].concat()
}

/// The replies that the visitor has not seen.
async fn reply(
    cx: &mut Cx,
    public_url: &str,
    row: &Mail,
    c: &Conversation,
    words: &Words,
) -> Outcome<Option<Outgoing>> {
    if mail::is_stopped(&mut cx.tx, &row.conversation).await? {
        return Ok(None);
    }
    let read = read::get(&mut cx.tx, &c.id, Side::Visitor).await?.map_or(0, |position| position.seq);
    let seen = read.max(c.last_inbound);
    let replies = entry::replies_after(&mut cx.tx, &c.id, seen, REPLIES_LOOKED_AT).await?;
    let quotes: Vec<Quote> = replies
        .iter()
        .filter(|reply| reply.seq <= row.mark)
        .map(|reply| Quote { name: reply.author.name.clone(), text: text_of(&reply.body, words) })
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
        words,
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
fn text_of(body: &str, words: &Words) -> String {
    let body: serde_json::Value = serde_json::from_str(body).unwrap_or_default();
    body["text"].as_str().filter(|text| !text.is_empty()).unwrap_or(words.files).to_owned()
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_conversation_keeps_its_end() {
        let line = |n: usize| format!("{n:<1023}\n");
        let all: Vec<String> = (0..300).map(line).collect();
        let text = newest(&all, true, Words::of(None));
        assert!(text.starts_with("… What was before") && text.ends_with(&line(299)));
        assert_eq!(text.lines().count(), 1 + TRANSCRIPT_BYTES / 1_024);
        assert_eq!(newest(&all[..2], true, Words::of(None)), line(0) + &line(1));
        assert!(newest(&all[..2], false, Words::of(None)).starts_with('…'), "there were more");
        assert_eq!(newest(&[], true, Words::of(None)), "");
    }
}
