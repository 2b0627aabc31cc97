//! The reference: the rules of `domain` over lists in memory, with who may, what is repeated and who is there.

use std::collections::HashMap;

use switchboard_domain::conversation::{AgentRef, Command, Facts, Refusal, decide, record};
use switchboard_domain::entry::Client;
use switchboard_domain::message::body_hash;
use switchboard_domain::{
    Author, Conversation, Entry, EntryKind, Millis, Owner, Presence, Status, TeamId, Text,
};
use switchboard_wire::{Failure, Problem};

/// An agent as the reference sees one.
#[derive(Debug, Clone)]
pub(super) struct Agent {
    pub(super) who: AgentRef,
    pub(super) active: bool,
    pub(super) presence: Presence,
    pub(super) teams: Vec<TeamId>,
}

/// A conversation with its log and how far staff have read.
#[derive(Debug, Clone)]
pub(super) struct Talk {
    pub(super) c: Conversation,
    pub(super) visitor: usize,
    pub(super) log: Vec<Entry>,
    pub(super) read: i64,
}

/// Who acts, by number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum By {
    Visitor(usize),
    Agent(usize),
}

#[derive(Debug, Default)]
pub(super) struct Model {
    pub(super) agents: Vec<Agent>,
    pub(super) visitors: Vec<Author>,
    pub(super) talks: Vec<Talk>,
    pub(super) mat_active: bool,
    /// Conversation, sender and client id: the body's hash and the place.
    sent: HashMap<(usize, String, String), (String, i64)>,
}

pub(super) type Outcome<T> = Result<T, Problem>;

impl Model {
    /// Nothing has happened yet.
    pub(super) fn of(agents: Vec<Agent>) -> Self {
        Self { agents, mat_active: true, ..Self::default() }
    }

    /// What was sent is of conversations that are no more.
    pub(super) fn forget_sent(&mut self) {
        self.sent.clear();
    }

    /// Whether somebody may act at all.
    pub(super) fn admit(&self, by: By) -> Outcome<()> {
        match by {
            By::Agent(n) if !self.agents[n].active => Err(Problem::Unauthenticated),
            By::Agent(_) | By::Visitor(_) => Ok(()),
        }
    }

    /// Whether somebody may know of a conversation.
    pub(super) fn may_see(&self, by: By, talk: usize) -> Outcome<()> {
        let talk = &self.talks[talk];
        let may = match by {
            By::Visitor(n) => talk.visitor == n,
            By::Agent(n) => talk.c.is_visible_to(&self.agents[n].who.id, &self.agents[n].teams),
        };
        if may { Ok(()) } else { Err(Problem::NotFound) }
    }

    /// Whether an agent may be given something.
    pub(super) fn is_there(&self, agent: usize) -> bool {
        self.agents[agent].presence != Presence::Offline
    }

    pub(super) fn author(&self, by: By) -> Author {
        match by {
            By::Visitor(n) => self.visitors[n].clone(),
            By::Agent(n) => self.agents[n].who.author(),
        }
    }

    /// What is true around a queue.
    pub(super) fn facts(&self, team: Option<&TeamId>) -> Facts {
        let there = |agent: &&Agent| agent.active && agent.presence == Presence::Online;
        let of_team = |agent: &Agent| team.is_none_or(|team| agent.teams.contains(team));
        Facts {
            people_available: self.agents.iter().filter(there).any(of_team),
            automation: None,
            handoff_team: None,
            streak: 0,
        }
    }

    /// The same around a conversation.
    fn facts_around(&self, c: &Conversation) -> Facts {
        let mat = c.automation.as_deref() == Some("mat") && self.mat_active;
        Facts { automation: mat.then(|| "Mat".into()), ..self.facts(c.team.as_ref()) }
    }

    /// Carries out a command on a conversation.
    pub(super) fn carry_out(&mut self, talk: usize, command: Command, now: Millis) -> Outcome<()> {
        let talk = &mut self.talks[talk];
        let refused = |refusal: Refusal| Failure::from(refusal).problem;
        for event in decide(&talk.c, command, now).map_err(refused)? {
            let id = format!("model-{}", talk.c.head + 1).parse().unwrap();
            let entry;
            (talk.c, entry) = record(talk.c.clone(), &event, id, now);
            talk.log.extend(entry);
        }
        Ok(())
    }

    /// A message or note; answers its place, and whether it was there.
    pub(super) fn send(
        &mut self,
        by: By,
        talk: usize,
        (kind, key, words): (EntryKind, &str, &str),
        now: Millis,
    ) -> Outcome<(i64, bool)> {
        if kind == EntryKind::Note && matches!(by, By::Visitor(_)) {
            return Err(Problem::Forbidden);
        }
        self.admit(by)?;
        let author = self.author(by);
        let body_hash = body_hash(kind.as_str(), words);
        let sent = (talk, author.sender(), key.to_owned());
        if let Some((stored, seq)) = self.sent.get(&sent) {
            return if *stored == body_hash { Ok((*seq, true)) } else { Err(Problem::Conflict) };
        }
        self.may_see(by, talk)?;
        let text = Text::try_from(words.to_owned()).unwrap();
        let id = switchboard_domain::ClientMsgId::try_from(key.to_owned()).unwrap();
        let client = Some(Client { sender: author.sender(), id, body_hash: body_hash.clone() });
        let command = match (by, kind) {
            (By::Agent(n), EntryKind::Note) => {
                Command::Note { agent: self.agents[n].who.clone(), text, client }
            }
            (By::Agent(n), _) => Command::AgentMessage { agent: self.agents[n].who.clone(), text, client },
            (By::Visitor(_), _) => {
                let facts = self.facts_around(&self.talks[talk].c);
                Command::VisitorMessage { visitor: author, text, client, facts }
            }
        };
        self.carry_out(talk, command, now)?;
        let written = self.talks[talk].log.iter().rev().find(|entry| entry.client.is_some()).unwrap();
        let seq = written.seq;
        self.sent.insert(sent, (body_hash, seq));
        Ok((seq, false))
    }

    /// An agent goes: what the agent has goes back to the queue.
    pub(super) fn leave(&mut self, agent: usize, reason: &'static str, now: Millis) {
        self.agents[agent].presence = Presence::Offline;
        let id = self.agents[agent].who.id.clone();
        for talk in 0..self.talks.len() {
            if self.talks[talk].c.owner.is_agent(&id) {
                self.carry_out(talk, Command::Requeue { fence: None, reason }, now).unwrap();
            }
        }
    }

    /// How many open conversations an agent has.
    pub(super) fn load(&self, agent: usize) -> usize {
        let id = &self.agents[agent].who.id;
        self.talks.iter().filter(|talk| talk.c.status == Status::Open && talk.c.owner.is_agent(id)).count()
    }

    /// The place in its queue, for what waits there.
    pub(super) fn place(&self, talk: usize) -> Option<i64> {
        let waits = |c: &Conversation| c.owner == Owner::Queue && c.status == Status::Open;
        let c = &self.talks[talk].c;
        waits(c).then(|| {
            let same = |other: &&Talk| waits(&other.c) && other.c.team == c.team;
            let ahead = |other: &&Talk| (other.c.queued_at, &other.c.id) < (c.queued_at, &c.id);
            let ahead = self.talks.iter().filter(same).filter(ahead).count();
            i64::try_from(ahead).unwrap() + 1
        })
    }
}
