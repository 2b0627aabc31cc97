//! Trying an automation without a bus: say something, look at the reply.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use switchboard_domain::limits::DEFAULT_TURN_DEADLINE_MS;
use switchboard_wire::turn::{Then, TurnMessage, TurnReply, TurnRequest, TurnVisitor};

use crate::attempt::{attempt, deadline};
use crate::automation::Automation;
use crate::error::TurnError;
use crate::working::{Asked, Working};

/// A conversation with an automation, without a bus, for its author's tests. Deadlines, panics and malformed
/// replies count as they do in earnest.
#[derive(Debug)]
pub struct Rehearsal<A> {
    automation: A,
    visitor: TurnVisitor,
    deadline_ms: i64,
    seq: i64,
    asked: Arc<Mutex<Vec<Asked>>>,
}

impl<A: Automation> Rehearsal<A> {
    /// A visitor without a name begins to chat.
    pub fn new(automation: A) -> Self {
        let visitor = TurnVisitor { id: "visitor".into(), ..TurnVisitor::default() };
        let deadline_ms = DEFAULT_TURN_DEADLINE_MS;
        Self { automation, visitor, deadline_ms, seq: 1, asked: Arc::default() }
    }

    /// Another visitor.
    #[must_use]
    pub fn visitor(mut self, visitor: TurnVisitor) -> Self {
        self.visitor = visitor;
        self
    }

    /// Another deadline, in milliseconds.
    #[must_use]
    pub fn deadline_ms(mut self, deadline_ms: i64) -> Self {
        self.deadline_ms = deadline_ms;
        self
    }

    /// The visitor writes these messages, one after the other, before the automation looks.
    ///
    /// # Errors
    /// What the platform would count as a failed attempt.
    pub async fn say(&mut self, texts: &[&str]) -> Result<TurnReply, TurnError> {
        let messages = texts.iter().map(|text| {
            self.seq += 1;
            TurnMessage { seq: self.seq, text: (*text).into(), at: "2026-01-01T09:00:00.000Z".into() }
        });
        let messages = messages.collect();
        let turn = TurnRequest {
            turn: format!("turn-{}", self.seq),
            event_id: format!("event-{}", self.seq),
            conversation: "conversation".into(),
            fence: 1,
            visitor: self.visitor.clone(),
            messages,
            history: Vec::new(),
            attempt: 1,
            deadline_ms: self.deadline_ms,
            state: None,
        };
        self.turn(turn).await
    }

    /// The visitor writes these messages, and the automation must answer with exactly these texts and wait; answers the
    /// reply for a closer look.
    ///
    /// # Errors
    /// What it said instead, or why there was no reply.
    pub async fn replies(&mut self, said: &[&str], expected: &[&str]) -> Result<TurnReply, TurnError> {
        let reply = self.say(said).await?;
        let texts: Vec<&str> = reply.messages.iter().map(|message| message.text.as_str()).collect();
        if texts != expected || reply.then != Then::Wait {
            return Err(TurnError::failed(format!(
                "to {said:?} it said {texts:?}, then {:?}; expected was {expected:?}, then Wait",
                reply.then
            )));
        }
        Ok(reply)
    }

    /// A turn made by hand.
    ///
    /// # Errors
    /// What the platform would count as a failed attempt.
    pub async fn turn(&mut self, turn: TurnRequest) -> Result<TurnReply, TurnError> {
        let working = Working::rehearsed(Arc::clone(&self.asked), deadline(&turn));
        let reply = attempt(&self.automation, turn, &working).await?;
        self.seq += i64::try_from(reply.messages.len()).unwrap_or(i64::MAX / 2);
        Ok(reply)
    }

    /// The extensions that the automation has asked for so far.
    pub fn extensions(&self) -> Vec<Duration> {
        self.asked.lock().unwrap_or_else(PoisonError::into_inner).iter().map(|asked| asked.more).collect()
    }

    /// What it has shown so far of what it was going to say.
    pub fn shown(&self) -> Vec<String> {
        let asked = self.asked.lock().unwrap_or_else(PoisonError::into_inner);
        asked.iter().filter_map(|asked| asked.text.clone()).collect()
    }
}
