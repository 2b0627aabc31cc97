//! A reader wants to follow a conversation from a place on. What it says it has is compared with what is stored.

use super::lines_after;
use crate::act;
use crate::cx::Cx;
use crate::gate::Actor;
use crate::halt::Outcome;
use crate::handle::conversation::reader;
use crate::metric;
use crate::run::Handle;
use switchboard_domain::Conversation;
use switchboard_faults::{self as faults, Mutant};
use switchboard_storage::entry::{self, Reader};
use switchboard_storage::{Error, Tx};
use switchboard_wire::call::edge::{Follow, Followed};
use switchboard_wire::view::State;

impl Handle for Follow {
    async fn handle(self, actor: Actor, cx: &mut Cx) -> Outcome<Followed> {
        let party = actor.party()?;
        let c = act::load_for(cx, &self.conversation, &party).await?;
        let mut state = State::of(&c);
        state.conversation.queue = act::place(&mut cx.tx, &c).await?;
        let audience = act::audience(&party);
        let (reader, head) = (reader(audience), state.head_for(audience));
        let reset = misfit(&mut cx.tx, &c, &self, reader, head).await?;
        let reset = reset.filter(|_| !faults::broken(Mutant::ResumeTrusts));
        if reset.is_some() || self.last_seq == head {
            return Ok(Followed { state, reset: reset.map(Into::into), lines: Vec::new(), more: false });
        }
        let (mut lines, more) = lines_after(&mut cx.tx, &c.id, self.last_seq, reader).await?;
        // What was written after the state was read comes as a notice, or with the next page.
        lines.retain(|line| line.seq <= head);
        let more = more && lines.last().is_some_and(|line| line.seq < head);
        Ok(Followed { state, reset: None, lines, more })
    }
}

/// Why what the reader has does not fit, if it does not.
async fn misfit(
    tx: &mut Tx,
    c: &Conversation,
    call: &Follow,
    reader: Reader,
    head: i64,
) -> Result<Option<&'static str>, Error> {
    if call.last_seq > head {
        // The edge has compared the epochs: somebody saw what the database no longer has.
        metrics::counter!(metric::LOST_COMMITS).increment(1);
        tracing::error!(
            conversation = %c.id, has = call.last_seq, head,
            "a reader has seen more than is stored: was the database restored without `epoch rotate`?"
        );
        return Ok(Some("ahead"));
    }
    if call.last_seq < 0 {
        return Ok(Some("mismatch"));
    }
    let Some(last_id) = call.last_id.as_deref().filter(|_| call.last_seq > 0) else { return Ok(None) };
    let known = match (reader, call.last_seq) {
        (Reader::Staff, last) if last == c.head => c.head_id.clone(),
        (_, last) if last == c.public_head => c.public_head_id.clone(),
        (reader, last) => {
            let stored = entry::at(tx, &c.id, last).await?;
            stored.filter(|entry| reader == Reader::Staff || entry.public).map(|entry| entry.id)
        }
    };
    Ok(known.is_none_or(|id| id.as_str() != last_id).then_some("mismatch"))
}
