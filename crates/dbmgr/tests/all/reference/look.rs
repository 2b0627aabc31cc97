//! What everybody sees after each step, and readers who come back.

use serde_json::{Value, json};
use switchboard_domain::{Entry, EntryKind, Status};
use switchboard_wire::call::conversation::{GetConversation, GetEntries, ListConversations, View};
use switchboard_wire::call::edge::Follow;
use switchboard_wire::{Credential, Problem};

use super::model::By;
use super::outcome;
use super::scene::Scene;
use super::step::{AGENTS, VISITORS};

impl Scene {
    /// The log of a conversation as somebody may see it.
    fn visible(&self, by: By, talk: usize) -> Vec<&Entry> {
        let staff = matches!(by, By::Agent(_));
        self.model.talks[talk].log.iter().filter(|entry| staff || entry.kind != EntryKind::Note).collect()
    }

    /// Every conversation, seen by everybody: state, log and unread, or nothing at all.
    pub(super) fn look_at_everything(&self) {
        let visitors = (0..VISITORS).map(By::Visitor);
        let everybody: Vec<By> = visitors.chain((0..AGENTS).map(By::Agent)).collect();
        for talk in 0..self.model.talks.len() {
            for &by in &everybody {
                let allowed = self.model.admit(by).and_then(|()| self.model.may_see(by, talk));
                self.look_at(by, talk, allowed);
            }
        }
        for agent in 0..AGENTS {
            self.look_at_list(agent);
        }
    }

    fn look_at(&self, by: By, talk: usize, allowed: Result<(), Problem>) {
        let (who, id) = (self.credential(by), self.id(talk));
        let shown = outcome(self.node.call(who.clone(), GetConversation { id: id.clone() }));
        let all = GetEntries { id, after: None, before: None, limit: None };
        let lines = outcome(self.node.call(who, all)).map(|page| page.items);
        if allowed.is_err() {
            assert_eq!((shown.map(drop), lines.map(drop)), (allowed, allowed), "{by:?}");
            return;
        }
        let (shown, lines) = (shown.unwrap(), lines.unwrap());
        let c = &self.model.talks[talk].c;
        let log = self.visible(by, talk);
        assert_eq!((shown.status, shown.fence), (c.status, c.fence), "{by:?}");
        assert_eq!((shown.owner.kind.as_str(), shown.owner.id.as_deref()), (c.owner.kind(), c.owner.id()));
        assert_eq!(shown.head, log.last().map_or(0, |entry| entry.seq), "the last place that {by:?} sees");
        assert_eq!(shown.team, c.team.as_ref().map(ToString::to_string));
        assert_eq!(shown.queue.map(|queue| queue.position), self.model.place(talk));
        let lines: Vec<Value> = lines.iter().map(|line| essence(line.get())).collect();
        assert_eq!(lines, log.into_iter().map(essence_of).collect::<Vec<_>>(), "{by:?}");
    }

    /// An agent's own list, with what is unread.
    fn look_at_list(&self, agent: usize) {
        let (by, me) = (By::Agent(agent), &self.model.agents[agent].who.id);
        let call = ListConversations {
            view: View::Mine,
            status: None,
            q: None,
            tag: None,
            team: None,
            limit: None,
            cursor: None,
        };
        let real = outcome(self.node.call(self.credential(by), call));
        if let Err(problem) = self.model.admit(by) {
            return assert_eq!(real.map(drop), Err(problem));
        }
        let mine = self.model.talks.iter().filter(|talk| talk.c.owner.is_agent(me));
        let unread = |talk: &super::model::Talk| {
            let from_visitor =
                |e: &&Entry| e.kind == EntryKind::Message && e.author.kind.as_str() == "visitor";
            talk.log.iter().filter(from_visitor).filter(|entry| entry.seq > talk.read).count()
        };
        let mut expected: Vec<_> = mine
            .map(|talk| (talk.c.id.to_string(), i64::try_from(unread(talk)).unwrap(), talk.c.status))
            .collect();
        let mut seen: Vec<(String, i64, Status)> = real
            .unwrap()
            .items
            .into_iter()
            .map(|row| (row.conversation.id, row.unread, row.conversation.status))
            .collect();
        expected.sort_by(|a, b| a.0.cmp(&b.0));
        seen.sort_by(|a, b| a.0.cmp(&b.0));
        assert_eq!(seen, expected);
    }

    /// Somebody comes back with a place: `back` entries before the end, or one beyond it; with that entry's id or
    /// with another one.
    pub(super) fn resume(&self, by: By, talk: usize, back: i64, right: bool) {
        if talk >= self.model.talks.len() {
            return;
        }
        let log = self.visible(by, talk);
        let head = log.last().map_or(0, |entry| entry.seq);
        let at = i64::try_from(log.len()).unwrap() - 1 - back;
        let had = usize::try_from(at).ok().and_then(|at| log.get(at));
        let last_seq = if back < 0 { head + 1 } else { had.map_or(0, |entry| entry.seq) };
        let id = match had {
            Some(entry) if right => Some(self.id_at(talk, entry.seq)),
            _ => Some("another".into()).filter(|_| !right),
        };
        let follow = Follow { conversation: self.id(talk), last_seq, last_id: id };
        let real = outcome(self.node.call(self.credential(by), follow));
        if let Err(problem) = self.model.admit(by).and_then(|()| self.model.may_see(by, talk)) {
            return assert_eq!(real.map(drop), Err(problem));
        }
        let real = real.unwrap();
        let reset = match () {
            () if back < 0 => Some("ahead"),
            () if last_seq > 0 && !right => Some("mismatch"),
            () => None,
        };
        assert_eq!(real.reset.as_deref(), reset);
        let missed = log.into_iter().filter(|entry| entry.seq > last_seq && reset.is_none());
        let seen: Vec<Value> = real.lines.iter().map(|line| essence(line.entry.get())).collect();
        assert_eq!(seen, missed.map(essence_of).collect::<Vec<_>>());
        assert!(!real.more);
    }

    /// The id that the database has given to an entry.
    fn id_at(&self, talk: usize, seq: i64) -> String {
        let call = switchboard_wire::call::edge::GetLines {
            conversation: self.id(talk),
            after: seq - 1,
            audience: switchboard_wire::view::Audience::Staff,
        };
        self.node.call(Credential::Component, call).unwrap().lines[0].id.clone()
    }
}

/// What of a line both sides know: not its id and time.
fn essence(line: &str) -> Value {
    let line: Value = serde_json::from_str(line).unwrap();
    json!([
        line["seq"],
        line["kind"],
        line["author"]["kind"],
        line["author"]["id"],
        without_time(&line["body"])
    ])
}

fn essence_of(entry: &Entry) -> Value {
    let body: Value = serde_json::from_str(&entry.body).unwrap();
    let author = &entry.author;
    json!([entry.seq, entry.kind.as_str(), author.kind.as_str(), author.id, without_time(&body)])
}

/// The end of a snooze is the database manager's own time; the reason of a handoff is for people.
fn without_time(body: &Value) -> Value {
    let mut body = body.clone();
    if let Some(fields) = body.as_object_mut() {
        fields.remove("until");
        fields.remove("reason");
    }
    body
}
