//! One turn from the database to the automation and back.

use std::sync::Arc;
use std::time::Duration;

use switchboard_bus::{Caller, Headers, Inbox, RequestError};
use switchboard_domain::EntryId;
use switchboard_domain::guide::CALLS_PER_TURN;
use switchboard_wire::call::router::{Called, FailTurn, GetTurn, TurnWork};
use switchboard_wire::notice::{Notice, Typing};
use switchboard_wire::subject;
use switchboard_wire::turn::TurnReply;
use switchboard_wire::view::Author;
use tokio::sync::{Semaphore, watch};
use tokio::time::{Instant, timeout_at};

use super::course::{Cause, Course, Next, budget};
use super::frame::{Frame, shorten};
use super::settle::{self, Settled};
use super::slots::{Slot, Slots};
use crate::calls::Calls;
use crate::limits::{TURN_LOOKS, TYPING_EVERY, WRITING_EVERY};
use crate::room::Room;

/// How a turn ended, for the metrics: its reply is in the database.
const REPLIED: &str = "replied";
/// Somebody else has the conversation, or had answered.
const MOVED: &str = "moved";
/// People take over.
const GIVEN_UP: &str = "given_up";

/// How attending to a conversation ended.
#[derive(Debug)]
pub(super) enum Outcome {
    /// There is nothing more to do for it now.
    Done,
    /// Its automation has no slot free; it may wait in line until then.
    Busy { automation: String, most: usize, until: Instant },
}

/// What attending needs besides the room.
pub(super) struct Desk<C> {
    pub(super) room: Arc<Room<C>>,
    pub(super) caller: Caller,
    pub(super) slots: Slots,
    looks: Semaphore,
}

/// What is known of a conversation that is attended to.
pub(super) struct Ticket {
    pub(super) conversation: String,
    /// When its turn was first seen to be due.
    pub(super) since: Instant,
    /// The newest fence that was heard of.
    pub(super) fence: watch::Receiver<i64>,
}

/// What was heard on the inbox.
enum Heard {
    /// The turn is over.
    Over(&'static str),
    /// The attempt failed.
    Failed(Cause, String),
    /// Nothing until the end.
    Silence,
}

impl<C: Calls> Desk<C> {
    pub(super) fn new(room: Arc<Room<C>>, caller: Caller) -> Self {
        Self { room, caller, slots: Slots::default(), looks: Semaphore::new(TURN_LOOKS) }
    }

    /// Attends to a conversation: fetches its turn, and if there is one and a slot for it, has it answered.
    pub(super) async fn attend(&self, ticket: Ticket, slot: Option<Slot>) -> Outcome {
        let Some(work) = self.fetch(&ticket.conversation, &[]).await else { return Outcome::Done };
        let deadline = Duration::from_millis(work.request.deadline_ms.max(1).unsigned_abs());
        let course = Course::new(work.request.attempt - 1, deadline, ticket.since);
        let most = usize::try_from(work.concurrency).unwrap_or(1).max(1);
        let slot = slot.filter(|slot| slot.is_at(&work.automation));
        let slot = slot.or_else(|| self.slots.take(&work.automation, most));
        let over = course.is_over(Instant::now());
        let begun = Instant::now();
        let automation = work.automation.clone();
        let outcome = match slot {
            None if over => {
                tracing::warn!(automation, "too busy: a turn waited in line until its time was over");
                self.give_up(&work, "too busy: no turn of this automation ended in time").await
            }
            Some(_) if over => self.give_up(&work, "its attempts are used up").await,
            None => return Outcome::Busy { automation, most, until: ticket.since + budget(deadline) },
            Some(_slot) => Turn { desk: self, work, course, fence: ticket.fence, told: None }.run().await,
        };
        metrics::counter!("switchboard_turns_total", "automation" => automation.clone(), "outcome" => outcome)
            .increment(1);
        metrics::histogram!("switchboard_turn_seconds", "automation" => automation)
            .record(begun.elapsed().as_secs_f64());
        Outcome::Done
    }

    async fn fetch(&self, conversation: &str, called: &[Called]) -> Option<TurnWork> {
        let _look = self.looks.acquire().await.ok()?;
        match self
            .room
            .calls
            .ask(GetTurn { conversation: conversation.to_owned(), called: called.to_vec() })
            .await
        {
            Ok(work) => work,
            Err(failure) => {
                // It stays due, and is found again.
                tracing::debug!(conversation, %failure, "a turn cannot be fetched");
                None
            }
        }
    }

    async fn give_up(&self, work: &TurnWork, error: &str) -> &'static str {
        let attempts = switchboard_domain::limits::TURN_ATTEMPTS;
        let failed = failure(work, attempts, Duration::ZERO, error);
        settle::insist(&*self.room, failed).await;
        GIVEN_UP
    }
}

/// A turn that is out.
struct Turn<'a, C> {
    desk: &'a Desk<C>,
    work: TurnWork,
    course: Course,
    fence: watch::Receiver<i64>,
    told: Option<Instant>,
}

impl<C: Calls> Turn<'_, C> {
    async fn run(mut self) -> &'static str {
        if self.work.call.is_some() && !self.call().await {
            return MOVED;
        }
        if let Some(reply) = self.work.reply.take() {
            return match self.apply(reply).await {
                Settled::Done => REPLIED,
                Settled::Moved => MOVED,
                // The same would be said again, so people take over at once.
                Settled::Refused(error) => self.desk.give_up(&self.work, &error).await,
            };
        }
        let mut inbox = match self.desk.caller.inbox() {
            Ok(inbox) => inbox,
            Err(problem) => return self.desk.give_up(&self.work, &problem.to_string()).await,
        };
        loop {
            self.work.request.attempt = self.course.begin(Instant::now());
            let heard = match self.ask(&inbox).await {
                Ok(()) => self.listen(&mut inbox, self.course.ends(), true).await,
                Err(problem) => Heard::Failed(Cause::Failed, problem.to_string()),
            };
            let (cause, error) = match heard {
                Heard::Over(how) => return how,
                Heard::Failed(cause, error) => (cause, error),
                Heard::Silence => (Cause::Failed, "no reply within its time".to_owned()),
            };
            tracing::info!(
                automation = self.work.automation,
                turn = self.work.request.turn,
                attempt = self.work.request.attempt,
                error,
                "an attempt failed"
            );
            let Next::Retry { attempts, after } = self.course.fail(cause, Instant::now()) else {
                return self.desk.give_up(&self.work, &error).await;
            };
            let failed = failure(&self.work, attempts, after, &error);
            // Not stored is no reason to wait: who takes over after us counts from what is stored.
            if let Err(problem) = self.desk.room.calls.ask(failed).await
                && settle::is_moved(&problem)
            {
                return MOVED;
            }
            // The pause belongs to the replies to the attempts before.
            if let Heard::Over(how) = self.listen(&mut inbox, Instant::now() + after, false).await {
                return how;
            }
        }
    }

    /// Has the web hooks called that a guide asks for, one after the other; answers whether there is still something to
    /// answer then. They are bounded by the guide's rules, and here once more.
    async fn call(&mut self) -> bool {
        let mut called: Vec<Called> = Vec::new();
        while let Some(call) = self.work.call.take() {
            if called.len() >= CALLS_PER_TURN {
                return false;
            }
            self.working(Duration::ZERO, None).await;
            let outward = Arc::clone(&self.desk.room.outward);
            let fence = self.work.request.fence;
            let went = tokio::select! {
                went = outward.call(&self.work.automation, &call) => went,
                _ = self.fence.wait_for(|newest| *newest > fence) => return false,
            };
            called.push(went);
            match self.desk.fetch(&self.work.request.conversation, &called).await {
                // Somebody else's now: another fence, another automation.
                Some(work) if work.request.fence == fence => self.work = work,
                _ => return false,
            }
        }
        true
    }

    /// Sends the request. While the bus is away this waits, as long as the attempt lasts.
    async fn ask(&mut self, inbox: &Inbox) -> Result<(), RequestError> {
        let ends = self.course.ends();
        let left = ends.saturating_duration_since(Instant::now()).as_millis();
        let request = &mut self.work.request;
        request.event_id = EntryId::random(&*self.desk.room.rng).to_string();
        request.deadline_ms = i64::try_from(left).unwrap_or(i64::MAX).max(1);
        let payload = serde_json::to_vec(request).unwrap_or_default();
        let mut state = self.desk.room.automations.state();
        let _ = timeout_at(ends, state.wait_for(|state| state.connected)).await;
        inbox.ask(&subject::turn(&self.work.automation), Headers::default(), payload).await
    }

    /// Reads frames until `until`, or, in an attempt, until that ends.
    async fn listen(&mut self, inbox: &mut Inbox, until: Instant, in_attempt: bool) -> Heard {
        loop {
            let until = if in_attempt { self.course.ends() } else { until };
            let message = tokio::select! {
                message = inbox.next(until) => message,
                // The sender is gone with the room.
                _ = self.fence.wait_for(|fence| *fence > self.work.request.fence) => return Heard::Over(MOVED),
            };
            let Some(message) = message else { return Heard::Silence };
            let failed = match Frame::read(&message) {
                Frame::Working(more) => {
                    self.working(more, None).await;
                    continue;
                }
                Frame::Writing(more, text) => {
                    self.working(more, Some(text)).await;
                    continue;
                }
                Frame::Reply(reply) => match self.apply(reply).await {
                    Settled::Done => return Heard::Over(REPLIED),
                    Settled::Moved => return Heard::Over(MOVED),
                    Settled::Refused(error) => Heard::Failed(Cause::Failed, error),
                },
                Frame::Failed(error) => Heard::Failed(Cause::Failed, error),
                Frame::Absent => Heard::Failed(Cause::Absent, "no instance is there".into()),
            };
            if in_attempt {
                return failed;
            }
        }
    }

    async fn working(&mut self, more: Duration, text: Option<String>) {
        let now = Instant::now();
        self.course.working(more, now);
        let every = if text.is_some() { WRITING_EVERY } else { TYPING_EVERY };
        if self.told.is_some_and(|at| now.duration_since(at) < every) {
            return;
        }
        self.told = Some(now);
        if let Ok(conversation) = self.work.request.conversation.parse() {
            let name = self.desk.room.title(&self.work.automation);
            let author = Author { kind: "automation".into(), id: Some(self.work.automation.clone()), name };
            self.desk.room.tell(&Notice::Typing(Typing { conversation, author, text })).await;
        }
    }

    async fn apply(&self, reply: TurnReply) -> Settled {
        settle::apply(&self.desk.room, &self.work, reply).await
    }
}

fn failure(work: &TurnWork, attempts: i64, retry_in: Duration, error: &str) -> FailTurn {
    FailTurn {
        conversation: work.request.conversation.clone(),
        fence: work.request.fence,
        automation: work.automation.clone(),
        seq: work.seq,
        attempts,
        retry_in_ms: i64::try_from(retry_in.as_millis()).unwrap_or(i64::MAX),
        error: shorten(error),
    }
}
