//! A reader wants to follow a conversation from a place on. What it says it has is compared with what is stored.

use super::fit::{Fit, fit};
use super::lines_after;
use crate::act;
use crate::cx::Cx;
use crate::gate::Actor;
use crate::halt::Outcome;
use crate::handle::conversation::reader;
use crate::run::Handle;
use switchboard_domain::Conversation;
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
        let reset = misfit(&mut cx.tx, &c, &self, reader).await?;
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
) -> Result<Option<&'static str>, Error> {
    match fit(c, reader, call.last_seq, call.last_id.as_deref()) {
        Fit::Fits => Ok(None),
        Fit::Misfit(why) => Ok(Some(why)),
        Fit::Look => {
            let stored = entry::at(tx, &c.id, call.last_seq).await?;
            let seen = stored.filter(|entry| reader == Reader::Staff || entry.public);
            let same = seen.is_some_and(|entry| Some(entry.id.as_str()) == call.last_id.as_deref());
            Ok((!same).then_some("mismatch"))
        }
    }
}
