//! A supervisor writes a private note.

use crate::act;
use crate::audit::Report;
use crate::cx::Cx;
use crate::gate::Actor;
use crate::halt::Outcome;
use crate::run::Handle;
use std::sync::Arc;
use switchboard_domain::conversation::Command;
use switchboard_domain::entry::Client;
use switchboard_domain::message::body_hash;
use switchboard_domain::{ClientMsgId, Text};
use switchboard_storage::entry::{self, ClientKey};
use switchboard_wire::call::watch::{Whisper, Whispered};
use switchboard_wire::view::Line;
use switchboard_wire::{Failure, Problem};

/// What is hashed besides the text, so that a note and a whisper are never taken for each other.
const KIND: &str = "whisper";

impl Handle for Whisper {
    async fn handle(self, actor: Actor, cx: &mut Cx) -> Outcome<Whispered> {
        let staff = actor.staff()?;
        let id = ClientMsgId::try_from(self.client_msg_id);
        let id = id.map_err(|reason| Failure::invalid("client_msg_id", &reason))?;
        let text = Text::try_from(self.text).map_err(|reason| Failure::invalid("body.text", &reason))?;
        let mut act = act::lock(cx, &act::parse(&self.id)?).await?;
        let sender = staff.agent().author().sender();
        let body_hash = body_hash(KIND, text.as_str());
        let key = ClientKey { conversation: act.c.id.clone(), sender: sender.clone(), id: id.clone() };
        if let Some(stored) = entry::by_client(&mut cx.tx, &[key]).await?.pop() {
            if stored.client.as_ref().is_none_or(|client| client.body_hash != body_hash) {
                let detail = "another note was stored under this client_msg_id: use a new one for a new note";
                return Err(Failure::new(Problem::Conflict, detail).into());
            }
            return Ok(Whispered { entry: Line::of(&stored).entry, repeated: true });
        }
        let client = Some(Client { sender, id, body_hash });
        let rng = Arc::clone(&cx.shared.rng);
        act.decide(Command::Note { agent: staff.agent(), text, client }, cx.now, rng.as_ref())?;
        act.whispered();
        let entry = act.entries().last().map(|entry| Line::of(entry).entry);
        let entry = entry.ok_or_else(|| Failure::new(Problem::Internal, "the note was not made"))?;
        let about = act.c.id.to_string();
        act::save(cx, vec![act]).await?;
        let report = Report::by(staff, "conversation.whispered");
        report.about("conversation", Some(&about), "").write(cx).await?;
        Ok(Whispered { entry, repeated: false })
    }
}
