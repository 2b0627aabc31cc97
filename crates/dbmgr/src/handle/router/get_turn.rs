//! The turn that a conversation has to be answered, if it still has one.

use crate::act;
use crate::cx::Cx;
use crate::gate::Actor;
use crate::halt::Outcome;
use crate::handle::guide::play::{self, Played, Run};
use crate::run::Handle;
use switchboard_domain::clock::rfc3339;
use switchboard_domain::limits::{AUTOMATION_STREAK, PAGE_ITEMS, TURN_HISTORY};
use switchboard_domain::{AuthorKind, Conversation, Entry, EntryKind, Owner, Status};
use switchboard_storage::automation_rules::{self, Beside};
use switchboard_storage::entry::{self, Reader};
use switchboard_storage::{Error, Tx, conversation, visitor};
use switchboard_wire::call::router::{GetTurn, GuideCall, TurnWork};
use switchboard_wire::turn::{TurnMessage, TurnRequest, TurnVisitor};
use switchboard_wire::view::Line;

impl Handle for GetTurn {
    async fn handle(self, _: Actor, cx: &mut Cx) -> Outcome<Option<TurnWork>> {
        let id = act::parse(&self.conversation)?;
        let Some(c) = conversation::get(&mut cx.tx, &id).await? else { return Ok(None) };
        let Owner::Automation { id: name, .. } = &c.owner else { return Ok(None) };
        if c.status != Status::Open || !c.is_unanswered() {
            return Ok(None);
        }
        // What an inactive automation has is swept to people.
        let found = automation_rules::for_turn(&mut cx.tx, name, &c.id, c.fence).await?;
        let Some((row, rules, Beside { guide, state })) = found.filter(|(row, ..)| row.active) else {
            return Ok(None);
        };
        let messages = unanswered(&mut cx.tx, &c).await?;
        let Some(seq) = messages.last().map(|message| message.seq) else { return Ok(None) };
        let limit = i64::try_from(TURN_HISTORY).unwrap_or(i64::MAX);
        let history = entry::before(&mut cx.tx, &c.id, c.head + 1, Reader::Visitor, limit).await?;
        let writer = visitor::get(&mut cx.tx, &c.visitor).await?;
        let nth = self.called.len();
        let played = match guide {
            Some(published) => {
                let said: Vec<&str> = messages.iter().map(|message| message.text.as_str()).collect();
                let run = Run { name, published, state: state.as_deref(), called: self.called };
                Some(play::reply(cx, &c, run, writer.as_ref(), &said).await?)
            }
            None => None,
        };
        let (reply, call) = match played {
            None => (None, None),
            Some(Played::Reply(reply)) => (Some(reply), None),
            Some(Played::Call { step, webhook, body }) => {
                // The same when the turn is looked up again with more to answer, or by another router.
                let first = messages.first().map_or(seq, |message| message.seq);
                let id = format!("{}.{}.{first}.{nth}", c.id, c.fence);
                (None, Some(GuideCall { id, step, webhook, body }))
            }
        };
        let request = TurnRequest {
            // The same for every attempt at this turn, and for no other turn.
            turn: format!("{}.{}.{seq}", c.id, c.fence),
            event_id: format!("{:032x}", cx.shared.rng.u128()),
            conversation: c.id.to_string(),
            fence: c.fence,
            visitor: TurnVisitor {
                id: c.visitor.to_string(),
                name: writer.as_ref().and_then(|row| row.name.clone()),
                email: writer.as_ref().and_then(|row| row.email.clone()),
                locale: writer.as_ref().and_then(|row| row.locale.clone()),
                verified: writer.is_some_and(|row| row.verified),
            },
            messages,
            history: history.iter().map(|entry| Line::of(entry).entry).collect(),
            attempt: c.attempts + 1,
            deadline_ms: row.deadline_ms,
            state,
        };
        Ok(Some(TurnWork { automation: row.name, request, seq, reply, call, concurrency: rules.concurrency }))
    }
}

/// The oldest unanswered messages of the visitor, as many as the automation may answer one by one.
async fn unanswered(tx: &mut Tx, c: &Conversation) -> Result<Vec<TurnMessage>, Error> {
    let mut found = Vec::new();
    let mut after = c.answered;
    while found.len() < AUTOMATION_STREAK {
        let page = entry::after(tx, &c.id, after, Reader::Visitor, PAGE_ITEMS).await?;
        let Some(last) = page.last() else { break };
        after = last.seq;
        found.extend(page.iter().filter(|entry| is_inbound(entry)).map(message));
        if after >= c.last_inbound {
            break;
        }
    }
    found.truncate(AUTOMATION_STREAK);
    Ok(found)
}

fn is_inbound(entry: &Entry) -> bool {
    entry.kind == EntryKind::Message && entry.author.kind == AuthorKind::Visitor
}

fn message(entry: &Entry) -> TurnMessage {
    let body: serde_json::Value = serde_json::from_str(&entry.body).unwrap_or_default();
    let text = body.get("text").and_then(serde_json::Value::as_str).unwrap_or_default().to_owned();
    TurnMessage { seq: entry.seq, text, at: rfc3339(entry.at) }
}
