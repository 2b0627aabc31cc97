//! The two sides on one stage: each thing done to the database manager and to the reference.

use switchboard_domain::automation::{Reply, Then};
use switchboard_domain::clock::rfc3339;
use switchboard_domain::conversation::{AgentRef, Command, Facts, Target};
use switchboard_domain::{Author, Conversation, Millis, Presence, Role, Secret, Status, TeamId, Text};
use switchboard_testkit::{Database, TempDir};
use switchboard_wire::call::account::PatchAccount;
use switchboard_wire::call::agent::PutPresence;
use switchboard_wire::call::append::{Append, AppendKind};
use switchboard_wire::call::automation::PatchAutomation;
use switchboard_wire::call::conversation::{Claim, Handoff, Reopen, Resolve, Snooze, Transfer, TransferTo};
use switchboard_wire::call::edge::MarkRead;
use switchboard_wire::call::router::{ApplyReply, Assign, Wake};
use switchboard_wire::call::session::SignIn;
use switchboard_wire::call::visitor::{ArriveVisitor, StartConversation, StartWith};
use switchboard_wire::turn::{self, ReplyMessage, TurnReply};
use switchboard_wire::{Credential, Problem};

use super::model::{Agent, By, Model, Talk};
use super::node::Node;
use super::outcome;
use super::step::{AGENTS, Send, Step, To, VISITORS};
use crate::people::PASSWORD;
use crate::world::{Dice, World};

const CAPACITY: i64 = 2;
const NAMES: [&str; AGENTS] = ["maya", "noah", "zoe"];
/// How long a snooze lasts; far beyond the test.
const SNOOZE_MS: Millis = 3_600_000;

pub(super) struct Scene {
    pub(super) node: Node,
    pub(super) model: Model,
    database: Database,
    admin: Credential,
    staff: Vec<Credential>,
    visitors: Vec<Credential>,
    team: TeamId,
    starts: Vec<(usize, usize, usize, Option<usize>)>,
}

impl Scene {
    /// Hires everybody.
    pub(super) fn set(database: Database, folder: TempDir) -> Self {
        let setup = tokio::runtime::Runtime::new().unwrap();
        let hiring = database.clone();
        let agents = setup.block_on(async move {
            let world = World::open(hiring, TempDir::new().unwrap(), true).await;
            let admin = world.admin().await;
            let mut agents = Vec::new();
            for name in NAMES {
                let agent = world.hire(&admin, Role::Agent, name, Some(CAPACITY)).await;
                agents.push(AgentRef { id: agent.id.parse().unwrap(), name: name.into() });
            }
            world.service.stop().await;
            agents
        });
        let team: TeamId = database.value("SELECT id FROM teams").unwrap().parse().unwrap();
        for agent in &agents[..2] {
            let member = format!("INSERT INTO team_members VALUES ('{team}', '{}')", agent.id);
            database.sql(&member).unwrap();
        }
        let of = |n: usize| if n < 2 { vec![team.clone()] } else { vec![] };
        let agents = (0..).zip(agents).map(|(n, who)| Agent {
            who,
            active: true,
            presence: Presence::Online,
            teams: of(n),
        });
        let model = Model::of(agents.collect());
        let node = Node::start(database.clone(), folder);
        let nobody = Credential::Nobody;
        Self {
            node,
            model,
            database,
            admin: nobody.clone(),
            staff: vec![nobody; AGENTS],
            visitors: Vec::new(),
            team,
            starts: Vec::new(),
        }
    }

    /// An empty floor: no conversations, everybody signed in anew and online.
    pub(super) fn clear(&mut self) {
        let tables = ["conversations", "entries", "read_positions", "visitors"];
        self.database.sql(&tables.map(|table| format!("DELETE FROM {table};")).concat()).unwrap();
        self.admin = self.sign_in("ada");
        self.set_mat(true);
        self.model.talks.clear();
        self.model.forget_sent();
        self.starts.clear();
        for (agent, name) in NAMES.into_iter().enumerate() {
            self.set_active(agent, true);
            self.staff[agent] = self.sign_in(name);
            self.put_presence(agent, Presence::Online);
        }
        (self.visitors, self.model.visitors) = (0..VISITORS).map(|_| self.arrive()).unzip();
    }

    fn sign_in(&self, username: &str) -> Credential {
        let secret = Secret::new(&Dice);
        let call = SignIn {
            username: username.into(),
            password: PASSWORD.into(),
            token_hash: secret.hash(),
            address: None,
            agent: None,
        };
        self.node.call(Credential::Nobody, call).unwrap();
        Credential::Staff(secret.hash())
    }

    fn arrive(&self) -> (Credential, Author) {
        let secret = Secret::new(&Dice);
        let call = ArriveVisitor { token_hash: Some(secret.hash()), ..ArriveVisitor::default() };
        let visitor = self.node.call(Credential::Nobody, call).unwrap().visitor;
        (Credential::Visitor(secret.hash()), Author::visitor(visitor.id, "Visitor"))
    }

    pub(super) fn credential(&self, by: By) -> Credential {
        match by {
            By::Visitor(n) => self.visitors[n].clone(),
            By::Agent(n) => self.staff[n].clone(),
        }
    }

    pub(super) fn id(&self, talk: usize) -> String {
        self.model.talks[talk].c.id.to_string()
    }

    pub(super) fn key(n: usize) -> String {
        format!("client-message-{n:04}")
    }

    pub(super) fn words(n: usize) -> String {
        format!("words {n} 🦀 \\ '")
    }

    pub(super) fn append_of(&self, send: &Send) -> Append {
        Append {
            by: self.credential(send.by),
            conversation: self.id(send.talk),
            kind: if send.note { AppendKind::Note } else { AppendKind::Message },
            client_msg_id: Self::key(send.key),
            // Trimmed before it is compared with what is stored.
            text: format!(" {}\n", Self::words(send.words)),
            files: vec![],
            want_entry: false,
        }
    }

    pub(super) fn start(&mut self, visitor: usize, to: To, key: Option<usize>, words: Option<usize>) {
        let now = self.node.now();
        let with = match to {
            To::Mat => StartWith::Automation("mat".into()),
            To::Team => StartWith::Team(self.team.to_string()),
            To::NoTeam => StartWith::Team("nowhere".into()),
            To::Agent(_) => StartWith::People,
        };
        let call = StartConversation {
            to: with,
            client_msg_id: key.map(|n| format!("start-message-{n:04}")),
            text: words.map(Self::words),
        };
        let real = self.node.call(self.visitors[visitor].clone(), call);
        let earlier =
            self.starts.iter().find(|(who, used, ..)| Some((*who, *used)) == key.map(|key| (visitor, key)));
        if let Some(&(_, _, talk, said)) = earlier {
            // Begun already: another first message is refused, no message at all is not.
            let same = words.is_none() || said.is_none() || words == said;
            let expected = if same { Ok((self.id(talk), true)) } else { Err(Problem::Conflict) };
            assert_eq!(outcome(real).map(|done| (done.conversation.id, done.repeated)), expected);
            return;
        }
        let (target, team) = match to {
            To::Mat if self.model.mat_active => (mat(), None),
            To::Mat | To::NoTeam => return assert_eq!(outcome(real).map(drop), Err(Problem::NotFound)),
            To::Team => (Target::Team(Some(self.team.clone())), Some(self.team.clone())),
            To::Agent(_) => (Target::Team(None), None),
        };
        let done = real.unwrap();
        assert!(!done.repeated);
        let author = self.model.visitors[visitor].clone();
        let id = done.conversation.id.parse().unwrap();
        let c = Conversation::new(id, author.id.clone().unwrap().parse().unwrap(), String::new(), now);
        let talk = self.model.talks.len();
        self.model.talks.push(Talk { c, visitor, log: Vec::new(), read: 0 });
        let facts = self.model.facts(team.as_ref());
        let begin = Command::Start { visitor: author.clone(), to: target, facts: facts.clone() };
        self.model.carry_out(talk, begin, now).unwrap();
        if let Some(n) = words {
            let text = Text::try_from(Self::words(n)).unwrap();
            let say = Command::VisitorMessage { visitor: author, text, client: None, facts };
            self.model.carry_out(talk, say, now).unwrap();
        }
        if let Some(key) = key {
            self.starts.push((visitor, key, talk, words));
        }
    }

    pub(super) fn read(&mut self, agent: usize, talk: usize, seq: i64) {
        if talk >= self.model.talks.len() {
            return;
        }
        let by = By::Agent(agent);
        let real = self.node.call(self.credential(by), MarkRead { conversation: self.id(talk), seq });
        let expected = self.model.admit(by).and_then(|()| self.model.may_see(by, talk));
        assert_eq!(outcome(real), expected);
        if expected.is_ok() {
            let talk = &mut self.model.talks[talk];
            talk.read = talk.read.max(seq.min(talk.c.head));
        }
    }

    pub(super) fn put_presence(&mut self, agent: usize, status: Presence) {
        let now = self.node.now();
        let real = self.node.call(self.staff[agent].clone(), PutPresence { status });
        let expected = self.model.admit(By::Agent(agent));
        assert_eq!(outcome(real).map(drop), expected);
        match (expected, status) {
            (Err(_), _) => {}
            (Ok(()), Presence::Offline) => self.model.leave(agent, "offline", now),
            (Ok(()), _) => self.model.agents[agent].presence = status,
        }
    }

    pub(super) fn set_active(&mut self, agent: usize, active: bool) {
        let now = self.node.now();
        let call = PatchAccount {
            role: Role::Agent,
            id: self.model.agents[agent].who.id.to_string(),
            active: Some(active),
            display_name: None,
            capacity: None,
            teams: None,
            skills: None,
        };
        let shown = self.node.call(self.admin.clone(), call).unwrap().account;
        assert_eq!(shown.active, active);
        let before = std::mem::replace(&mut self.model.agents[agent].active, active);
        if before && !active {
            self.model.leave(agent, "deactivated", now);
        }
        if !before && active {
            // Reactivation revives no session.
            let dead = self.node.call(self.staff[agent].clone(), PutPresence { status: Presence::Online });
            assert_eq!(outcome(dead).map(drop), Err(Problem::Unauthenticated));
            self.staff[agent] = self.sign_in(NAMES[agent]);
        }
    }

    pub(super) fn set_mat(&mut self, active: bool) {
        let now = self.node.now();
        let call = PatchAutomation {
            name: "mat".into(),
            active: Some(active),
            public: None,
            deadline_ms: None,
            rules: None,
        };
        self.node.call(self.admin.clone(), call).unwrap();
        let before = std::mem::replace(&mut self.model.mat_active, active);
        if before && !active {
            let facts = self.model.facts(None);
            for talk in 0..self.model.talks.len() {
                if self.model.talks[talk].c.owner.is_automation("mat") {
                    let (by, reason) = (Author::system(), None);
                    let command = Command::Handoff { by, team: None, reason, facts: facts.clone() };
                    self.model.carry_out(talk, command, now).unwrap();
                }
            }
        }
    }

    /// All snoozes are over: their ends are moved into the past, as no clock can be.
    pub(super) fn let_snoozes_end(&mut self) {
        for talk in 0..self.model.talks.len() {
            // Not yet.
            self.node.call(Credential::Component, Wake { conversation: self.id(talk) }).unwrap();
        }
        let over = "UPDATE conversations SET snoozed_until = 1, due_at = 1 WHERE status = 'snoozed'";
        self.database.sql(over).unwrap();
        for talk in 0..self.model.talks.len() {
            self.node.call(Credential::Component, Wake { conversation: self.id(talk) }).unwrap();
            let now = self.node.now();
            self.model.carry_out(talk, Command::Wake, now).unwrap();
        }
    }

    /// One command on one conversation.
    pub(super) fn command(&mut self, step: &Step) {
        let now = self.node.now();
        let (by, talk) = match *step {
            Step::Claim { agent, talk, .. }
            | Step::Transfer { agent, talk, .. }
            | Step::Reopen { agent, talk, .. }
            | Step::Snooze { agent, talk, .. } => (Some(By::Agent(agent)), talk),
            Step::Resolve { by, talk, .. } => (Some(by), talk),
            Step::Handoff { visitor, talk } => (Some(By::Visitor(visitor)), talk),
            Step::Assign { talk, .. } | Step::Reply { talk, .. } => (None, talk),
            _ => unreachable!("not a command"),
        };
        if talk >= self.model.talks.len() {
            return;
        }
        let until = now + SNOOZE_MS;
        let real = self.real_command(step, by, talk, until);
        let allowed = by.map_or(Ok(()), |by| self.model.admit(by));
        let expected = allowed
            .and_then(|()| self.target(step))
            .and_then(|_| by.map_or(Ok(()), |by| self.model.may_see(by, talk)))
            .and_then(|()| self.model_command(step, talk, until))
            .and_then(|command| self.model.carry_out(talk, command, now));
        assert_eq!(real, expected, "{step:?} at {:?}", self.model.talks[talk].c);
    }

    fn real_command(&self, step: &Step, by: Option<By>, talk: usize, until: Millis) -> Result<(), Problem> {
        let id = self.id(talk);
        let fence = |off: i64| self.model.talks[talk].c.fence + off;
        let who = by.map_or(Credential::Component, |by| self.credential(by));
        let node = &self.node;
        match *step {
            Step::Claim { off, .. } => outcome(node.call(who, Claim { id, fence: fence(off) })).map(drop),
            Step::Transfer { off, to, note, .. } => {
                let to = match to {
                    To::Agent(n) => TransferTo::Agent(self.model.agents[n].who.id.to_string()),
                    To::Team => TransferTo::Team(self.team.to_string()),
                    To::NoTeam => TransferTo::Team("nowhere".into()),
                    To::Mat => TransferTo::Automation("mat".into()),
                };
                let note = note.then(|| "look".into());
                outcome(node.call(who, Transfer { id, fence: fence(off), to, note })).map(drop)
            }
            Step::Resolve { off, .. } => {
                let fence = matches!(by, Some(By::Agent(_))).then(|| fence(off));
                outcome(node.call(who, Resolve { id, fence })).map(drop)
            }
            Step::Reopen { off, .. } => outcome(node.call(who, Reopen { id, fence: fence(off) })).map(drop),
            Step::Snooze { off, .. } => {
                outcome(node.call(who, Snooze { id, fence: fence(off), until: rfc3339(until) })).map(drop)
            }
            Step::Handoff { .. } => outcome(node.call(who, Handoff { id })).map(drop),
            Step::Assign { agent, off, .. } => {
                let agent = self.model.agents[agent].who.id.to_string();
                outcome(node.call(who, Assign { conversation: id, fence: fence(off), agent }))
            }
            Step::Reply { off, words, then, .. } => {
                let message = |n| ReplyMessage { text: Self::words(n), ..ReplyMessage::default() };
                let reply = TurnReply {
                    messages: (0..words).map(message).collect(),
                    then: match then {
                        0 => turn::Then::Wait,
                        1 => turn::Then::Handoff(turn::Handoff::default()),
                        _ => turn::Then::Resolve,
                    },
                    ..TurnReply::default()
                };
                let c = &self.model.talks[talk].c;
                let (first, seq) = (Some(c.answered + 1), c.last_inbound);
                let (conversation, fence, automation) = (id, fence(off), "mat".into());
                outcome(node.call(who, ApplyReply { conversation, fence, automation, first, seq, reply }))
            }
            _ => unreachable!("not a command"),
        }
    }

    /// Whom a step means, if there is such a one who can take it.
    fn target(&self, step: &Step) -> Result<Option<Target>, Problem> {
        let Step::Transfer { to, .. } = step else { return Ok(None) };
        Ok(Some(match *to {
            To::Agent(n) if !self.model.agents[n].active => return Err(Problem::NotFound),
            To::Agent(n) if !self.model.is_there(n) => return Err(Problem::Offline),
            To::Agent(n) => Target::Agent(self.model.agents[n].who.clone()),
            To::Team => Target::Team(Some(self.team.clone())),
            To::Mat if self.model.mat_active => mat(),
            To::NoTeam | To::Mat => return Err(Problem::NotFound),
        }))
    }

    /// The command of a step, or what the database manager itself has against it.
    fn model_command(&self, step: &Step, talk: usize, until: Millis) -> Result<Command, Problem> {
        let c = &self.model.talks[talk].c;
        let agent_of = |n: usize| self.model.agents[n].who.clone();
        let there = |n: usize| if self.model.is_there(n) { Ok(()) } else { Err(Problem::Offline) };
        Ok(match *step {
            Step::Claim { agent, off, .. } => {
                there(agent)?;
                Command::Claim { agent: agent_of(agent), fence: c.fence + off }
            }
            Step::Reopen { agent, off, .. } => {
                there(agent)?;
                Command::Reopen { agent: agent_of(agent), fence: c.fence + off }
            }
            Step::Transfer { agent, off, note, .. } => Command::Transfer {
                agent: agent_of(agent),
                fence: c.fence + off,
                to: self.target(step)?.unwrap(),
                note: note.then(|| Text::try_from("look".to_owned()).unwrap()),
            },
            Step::Resolve { by: By::Agent(n), off, .. } => {
                Command::AgentResolve { agent: agent_of(n), fence: c.fence + off }
            }
            Step::Resolve { by, .. } => Command::VisitorResolve { visitor: self.model.author(by) },
            Step::Snooze { agent, off, .. } => {
                Command::Snooze { agent: agent_of(agent), fence: c.fence + off, until }
            }
            Step::Handoff { visitor, .. } => {
                let team = c.team.clone().filter(|_| c.status == Status::Resolved);
                let facts = self.model.facts(team.as_ref());
                let by = self.model.visitors[visitor].clone();
                Command::Handoff { by, team: None, reason: None, facts }
            }
            Step::Assign { agent, off, .. } => {
                let candidate = &self.model.agents[agent];
                let room = self.model.load(agent) < usize::try_from(CAPACITY).unwrap();
                match () {
                    () if !candidate.active => return Err(Problem::Stale),
                    () if candidate.presence != Presence::Online => return Err(Problem::Offline),
                    () if !room => return Err(Problem::Taken),
                    () if c.team.as_ref().is_some_and(|t| !candidate.teams.contains(t)) => {
                        return Err(Problem::Stale);
                    }
                    () => {}
                }
                Command::Assign { agent: agent_of(agent), fence: c.fence + off, answer_by: until }
            }
            Step::Reply { off, words, then, .. } => {
                if !self.model.mat_active {
                    return Err(Problem::Stale);
                }
                let text = |n| (Text::try_from(Self::words(n)).unwrap(), vec![]);
                let (then, facts) = match then {
                    0 => (Then::Wait, Facts::default()),
                    1 => (Then::Handoff { team: None, reason: None }, self.model.facts(None)),
                    _ => (Then::Resolve, Facts::default()),
                };
                let reply =
                    Reply { messages: (0..words).map(text).collect(), then, tags: vec![], note: None };
                let (automation, title, turn) = ("mat".into(), "Mat".into(), c.last_inbound);
                let first = Some(c.answered + 1);
                Command::Reply { automation, title, fence: c.fence + off, first, turn, reply, facts }
            }
            _ => unreachable!("not a command"),
        })
    }
}

fn mat() -> Target {
    Target::Automation { name: "mat".into(), title: "Mat".into() }
}
