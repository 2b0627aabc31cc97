//! Conversations in memory, changed by the rules of `domain` alone: what the router's calls act on.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use futures_util::future::BoxFuture;

use switchboard_bus::{Bus, Local, Message};
use switchboard_domain::automation::{Reply, Then};
use switchboard_domain::automation_rules::DEFAULT_CONCURRENCY;
use switchboard_domain::conversation::{AgentRef, Change, Command, Facts, Target, What};
use switchboard_domain::{Author, Clock, Conversation, Owner, Text, apply, decide};
use switchboard_router::{Ask, Outward};
use switchboard_wire::call::router::*;
use switchboard_wire::notice::{Notice, StateNotice};
use switchboard_wire::turn::{self, TurnMessage, TurnRequest, TurnVisitor};
use switchboard_wire::view::State;
use switchboard_wire::{Failure, Problem};

/// How long an agent may take to answer, in milliseconds.
pub const ANSWER_MS: i64 = 60_000;

/// The conversations and agents.
pub struct Ledger {
    pub clock: Arc<dyn Clock>,
    bus: Local,
    inner: Mutex<Inner>,
    /// While set, every call finds the database away.
    pub away: AtomicBool,
    /// While set, nothing is told after a change.
    pub silent: AtomicBool,
    /// Calls so far that did not fail.
    pub calls: AtomicU64,
}

#[derive(Default)]
pub struct Inner {
    pub conversations: BTreeMap<String, Conversation>,
    /// Conversation → messages in order: author's kind and text, with the place.
    pub said: HashMap<String, Vec<(i64, String, String)>>,
    pub agents: BTreeMap<String, BoardAgent>,
    pub found: Vec<Found>,
    pub failures: Vec<FailTurn>,
    pub retired: Vec<String>,
    /// Web hooks that the guide of this name has called before it answers, and how long each takes in milliseconds.
    pub guide: Option<(&'static str, usize, u64)>,
    /// The steps that had one called.
    pub called: Vec<String>,
    /// Conversations that are indexed, and those that cannot be.
    pub indexed: BTreeSet<String>,
    pub unreadable: BTreeSet<String>,
    /// Milliseconds for one attempt.
    pub deadline_ms: i64,
}

impl Ledger {
    pub fn new(bus: Local, clock: Arc<dyn Clock>) -> Self {
        let inner = Inner { deadline_ms: 5_000, ..Inner::default() };
        Self {
            clock,
            bus,
            inner: Mutex::new(inner),
            away: AtomicBool::default(),
            silent: AtomicBool::default(),
            calls: AtomicU64::default(),
        }
    }

    pub fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap()
    }

    pub fn get(&self, id: &str) -> Conversation {
        self.lock().conversations[id].clone()
    }

    /// Texts by authors of this kind, in order.
    pub fn texts(&self, id: &str, kind: &str) -> Vec<String> {
        let inner = self.lock();
        let said = inner.said.get(id).into_iter().flatten();
        said.filter(|(_, by, _)| by == kind).map(|(_, _, text)| text.clone()).collect()
    }

    fn up(&self) -> Result<(), Failure> {
        if self.away.load(Ordering::SeqCst) {
            return Err(Failure::unavailable("the database is away"));
        }
        self.calls.fetch_add(1, Ordering::SeqCst);
        Ok(())
    }

    /// Starts a conversation with an automation, or with people (of a team).
    pub async fn start(&self, id: &str, to: Target) {
        let mut conversation = Conversation::new(
            id.parse().unwrap(),
            "visitor".parse().unwrap(),
            "Ada".into(),
            self.clock.now(),
        );
        conversation.visitor_email = None;
        self.lock().conversations.insert(id.into(), conversation);
        let facts = Facts { people_available: true, automation: None, ..Facts::default() };
        self.act(id, Command::Start { visitor: ada(), to, facts }).await.unwrap();
    }

    /// The visitor writes.
    pub async fn say(&self, id: &str, text: &str) {
        let text = Text::try_from(text.to_owned()).unwrap();
        let facts = Facts { people_available: true, automation: Some("Mat".into()), ..Facts::default() };
        self.act(id, Command::VisitorMessage { visitor: ada(), text, client: None, facts }).await.unwrap();
    }

    /// Decides, applies, tells.
    pub async fn act(&self, id: &str, command: Command) -> Result<(), Failure> {
        let notice = {
            let mut inner = self.lock();
            let now = self.clock.now();
            let before =
                inner.conversations.get(id).ok_or_else(|| Failure::not_found("conversation"))?.clone();
            let events = decide(&before, command, now)?;
            if events.is_empty() {
                return Ok(());
            }
            let mut after = before.clone();
            for event in &events {
                after = apply(after, event, now);
                if let What::Message { text, .. } = &event.what {
                    let line = (after.head, event.author.kind.as_str().to_owned(), text.as_str().to_owned());
                    inner.said.entry(id.into()).or_default().push(line);
                }
                if let What::Change(Change::Assigned { to: Owner::Agent { id, .. }, .. }) = &event.what
                    && let Some(agent) = inner.agents.get_mut(id.as_str())
                {
                    agent.idle_since = now;
                }
            }
            let changed = (before.fence, before.status) != (after.fence, after.status);
            let notice = StateNotice { state: State::of(&after), changed };
            inner.conversations.insert(id.into(), after);
            notice
        };
        if !self.silent.load(Ordering::SeqCst) {
            self.tell(&Notice::State(Box::new(notice))).await;
        }
        Ok(())
    }

    /// Publishes a notice.
    pub async fn tell(&self, notice: &Notice) {
        let envelope = notice.encode();
        let mut message = Message::new(envelope.subject.as_str(), envelope.payload);
        for (name, value) in envelope.headers {
            message = message.header(name, value);
        }
        self.bus.publish(message).await.unwrap();
    }

    fn open(inner: &Inner, agent: &str) -> i64 {
        let owned = inner.conversations.values().filter(|c| c.owner.id() == Some(agent));
        i64::try_from(owned.count()).unwrap()
    }

    fn fence(&self, id: &str, fence: i64) -> Result<(), Failure> {
        match self.lock().conversations.get(id) {
            Some(c) if c.fence == fence => Ok(()),
            Some(_) => Err(Failure::new(Problem::Stale, "moved on")),
            None => Err(Failure::not_found("conversation")),
        }
    }
}

pub fn ada() -> Author {
    Author::visitor("visitor", "Ada")
}

pub fn automation(name: &str) -> Target {
    Target::Automation { name: name.into(), title: name.to_uppercase() }
}

pub fn agent(id: &str) -> AgentRef {
    AgentRef { id: id.parse().unwrap(), name: id.to_uppercase() }
}

fn facts() -> Facts {
    Facts { people_available: true, automation: None, ..Facts::default() }
}

impl Ask<GetBoard> for Ledger {
    async fn ask(&self, _: GetBoard) -> Result<Board, Failure> {
        self.up()?;
        let inner = self.lock();
        let mut waiting: Vec<_> = inner.conversations.values().filter(|c| c.owner == Owner::Queue).collect();
        waiting.sort_by_key(|c| (-c.priority, c.queued_at, c.id.clone()));
        let waiting = waiting.into_iter().map(|c| BoardWaiting {
            conversation: c.id.to_string(),
            fence: c.fence,
            team: c.team.as_ref().map(ToString::to_string),
            priority: c.priority,
            queued_at: c.queued_at.unwrap(),
            missed_by: c.missed_by.as_ref().map(ToString::to_string),
            known: None,
            needs: vec![],
        });
        let agents =
            inner.agents.values().map(|a| BoardAgent { open: Self::open(&inner, &a.agent), ..a.clone() });
        Ok(Board {
            queued: i64::try_from(waiting.len()).unwrap(),
            waiting: waiting.collect(),
            agents: agents.collect(),
            teams: vec![],
            now: self.clock.now(),
        })
    }
}

impl Ask<GetDue> for Ledger {
    async fn ask(&self, call: GetDue) -> Result<DueList, Failure> {
        self.up()?;
        let (inner, now) = (self.lock(), self.clock.now());
        let mut planned: Vec<_> = inner.conversations.values().filter(|c| c.due_at.is_some()).collect();
        planned.sort_by_key(|c| c.due_at);
        let due = planned.iter().take_while(|c| c.due_at <= Some(now)).map(|c| Due {
            conversation: c.id.to_string(),
            fence: c.fence,
            kind: match (&c.owner, c.snoozed_until) {
                (_, Some(_)) => DueKind::Wake,
                (Owner::Automation { .. }, _) => DueKind::Turn,
                _ => DueKind::Answer,
            },
        });
        let due = due.take(usize::try_from(call.limit).unwrap()).collect();
        Ok(DueList { due, next_at: planned.iter().filter_map(|c| c.due_at).find(|at| *at > now) })
    }
}

impl Ask<GetTurn> for Ledger {
    async fn ask(&self, call: GetTurn) -> Result<Option<TurnWork>, Failure> {
        self.up()?;
        let inner = self.lock();
        let Some(c) = inner.conversations.get(&call.conversation) else { return Ok(None) };
        let Owner::Automation { id: automation, .. } = &c.owner else { return Ok(None) };
        let said = inner.said.get(&call.conversation).into_iter().flatten();
        let open = said.filter(|(seq, by, _)| by == "visitor" && *seq > c.answered).take(10);
        let messages: Vec<_> = open
            .map(|(seq, _, text)| TurnMessage { seq: *seq, text: text.clone(), at: String::new() })
            .collect();
        let Some(seq) = messages.last().map(|m| m.seq) else { return Ok(None) };
        let request = TurnRequest {
            turn: format!("{}-{}-{seq}", c.id, c.fence),
            event_id: String::new(),
            conversation: call.conversation,
            fence: c.fence,
            visitor: TurnVisitor::default(),
            messages,
            history: vec![],
            attempt: c.attempts + 1,
            deadline_ms: inner.deadline_ms,
            state: None,
        };
        let done = call.called.len();
        let guide = inner.guide.filter(|(name, ..)| name == automation);
        let call = guide.filter(|(_, calls, _)| done < *calls).map(|_| GuideCall {
            id: format!("{}.{done}", request.turn),
            step: format!("step-{done}"),
            webhook: "w1".into(),
            body: "{}".into(),
        });
        let text = format!("after {done} calls");
        let message = turn::ReplyMessage { text, ..Default::default() };
        let reply = turn::TurnReply { messages: vec![message], ..Default::default() };
        Ok(Some(TurnWork {
            automation: automation.clone(),
            request,
            seq,
            reply: guide.filter(|_| call.is_none()).map(|_| reply),
            call,
            concurrency: DEFAULT_CONCURRENCY,
        }))
    }
}

/// Somebody's server, which takes its time.
pub struct Beyond(pub Arc<Ledger>);

impl Outward for Beyond {
    fn call<'a>(&'a self, _: &'a str, call: &'a GuideCall) -> BoxFuture<'a, Called> {
        Box::pin(async {
            let takes = self.0.lock().guide.map_or(0, |(.., takes)| takes);
            tokio::time::sleep(Duration::from_millis(takes)).await;
            self.0.lock().called.push(call.step.clone());
            Called { step: call.step.clone(), answer: Some(BTreeMap::new()), error: None }
        })
    }
}

impl Ask<ApplyReply> for Ledger {
    async fn ask(&self, call: ApplyReply) -> Result<(), Failure> {
        self.up()?;
        let mut messages = vec![];
        for message in call.reply.messages {
            messages.push((Text::try_from(message.text).map_err(|e| Failure::invalid("text", &e))?, vec![]));
        }
        let then = match call.reply.then {
            turn::Then::Wait => Then::Wait,
            turn::Then::Resolve => Then::Resolve,
            turn::Then::Handoff(handoff) => Then::Handoff { team: None, reason: handoff.reason },
        };
        let command = Command::Reply {
            title: call.automation.to_uppercase(),
            automation: call.automation,
            fence: call.fence,
            first: call.first,
            turn: call.seq,
            reply: Reply { messages, then, tags: vec![], note: None },
            facts: facts(),
        };
        self.act(&call.conversation, command).await
    }
}

impl Ask<FailTurn> for Ledger {
    async fn ask(&self, call: FailTurn) -> Result<(), Failure> {
        self.up()?;
        self.lock().failures.push(call.clone());
        let command = Command::TurnFailed {
            automation: call.automation,
            fence: call.fence,
            turn: call.seq,
            attempts: call.attempts,
            retry_at: self.clock.now() + call.retry_in_ms,
            facts: facts(),
        };
        self.act(&call.conversation, command).await
    }
}

impl Ask<Assign> for Ledger {
    async fn ask(&self, call: Assign) -> Result<(), Failure> {
        self.up()?;
        let answer_by = self.clock.now() + ANSWER_MS;
        self.act(
            &call.conversation,
            Command::Assign { agent: agent(&call.agent), fence: call.fence, answer_by },
        )
        .await
    }
}

impl Ask<Lapse> for Ledger {
    async fn ask(&self, call: Lapse) -> Result<(), Failure> {
        self.up()?;
        self.fence(&call.conversation, call.fence)?;
        let command = Command::Requeue { fence: Some(call.fence), reason: "no_answer" };
        self.act(&call.conversation, command).await
    }
}

impl Ask<Wake> for Ledger {
    async fn ask(&self, call: Wake) -> Result<(), Failure> {
        self.up()?;
        self.act(&call.conversation, Command::Wake).await
    }
}

impl Ask<RetireAgent> for Ledger {
    async fn ask(&self, call: RetireAgent) -> Result<(), Failure> {
        self.up()?;
        let held: Vec<String> = {
            let mut inner = self.lock();
            inner.retired.push(call.agent.clone());
            inner.agents.remove(&call.agent);
            let held = inner.conversations.values().filter(|c| c.owner.id() == Some(call.agent.as_str()));
            held.map(|c| c.id.to_string()).collect()
        };
        for id in held {
            self.act(&id, Command::Requeue { fence: None, reason: "vanished" }).await?;
        }
        Ok(())
    }
}

impl Ask<GetUnindexed> for Ledger {
    async fn ask(&self, _: GetUnindexed) -> Result<Unindexed, Failure> {
        Ok(Unindexed::default())
    }
}

impl Ask<IndexLines> for Ledger {
    async fn ask(&self, call: IndexLines) -> Result<Indexed, Failure> {
        if self.away.load(Ordering::SeqCst) {
            return Err(Failure::unavailable("the database is away"));
        }
        let mut inner = self.lock();
        if call.conversations.iter().any(|id| inner.unreadable.contains(id)) {
            return Err(Failure::new(Problem::Internal, "a row that a hand has spoilt"));
        }
        inner.indexed.extend(call.conversations);
        Ok(Indexed::default())
    }
}

impl Ask<Sweep> for Ledger {
    async fn ask(&self, _: Sweep) -> Result<Swept, Failure> {
        self.up()?;
        Ok(Swept::default())
    }
}

impl Ask<RecordAutomations> for Ledger {
    async fn ask(&self, call: RecordAutomations) -> Result<(), Failure> {
        self.up()?;
        self.lock().found = call.found;
        Ok(())
    }
}
