//! A small world that keeps its promises, to be broken one promise at a time.

use serde_json::{Value, json};

use crate::history::{Ack, Attempt, Entry, Histories, Observation, Observer, Record, Refusal, Role, Seen};

/// A record and the histories that fit it, growing step by step.
#[derive(Debug, Clone, Default)]
pub struct World {
    pub record: Record,
    pub histories: Histories,
    now: u64,
}

impl World {
    /// Vera with her conversation `people`, her other window, and Maya, an agent; Olga with her conversation `mat`.
    pub fn new() -> Self {
        let mut world = Self::default();
        for (name, role, follows) in [
            ("vera", Role::Visitor, vec!["people"]),
            ("window", Role::Visitor, vec!["people"]),
            ("olga", Role::Visitor, vec!["mat"]),
            ("maya", Role::Agent, vec!["people", "mat"]),
        ] {
            let follows = follows.into_iter().map(str::to_owned).collect();
            world.record.observers.insert(name.to_owned(), Observer { role, follows, left: false });
        }
        world.event("people", &json!({ "event": "started", "to": { "kind": "queue" } }));
        world.event("mat", &json!({ "event": "started", "to": { "kind": "automation", "id": "mat" } }));
        world
    }

    fn tick(&mut self) -> u64 {
        self.now += 1;
        self.now
    }

    /// Somebody sends something; answers its id.
    pub fn send(&mut self, sender: &str, conversation: &str, kind: &str, text: &str) -> String {
        let sent = self.tick();
        let id = format!("id-{sent}");
        self.record.attempts.push(Attempt {
            id: id.clone(),
            conversation: conversation.to_owned(),
            sender: sender.to_owned(),
            kind: kind.to_owned(),
            text: text.to_owned(),
            sent,
        });
        id
    }

    /// It is stored; answers its number.
    pub fn store(&mut self, id: &str) -> u64 {
        let attempt = self.attempt(id);
        let role = match self.record.observers[&attempt.sender].role {
            Role::Visitor => "visitor",
            Role::Agent => "agent",
        };
        let author = json!({ "kind": role, "id": attempt.sender });
        let body = json!({ "text": attempt.text });
        self.append(&attempt.conversation, &attempt.kind, &author, &body, Some(id))
    }

    pub fn attempt(&self, id: &str) -> Attempt {
        self.record.attempts.iter().find(|attempt| attempt.id == id).expect("an attempt").clone()
    }

    pub fn event(&mut self, conversation: &str, body: &Value) -> u64 {
        self.append(conversation, "event", &json!({ "kind": "system" }), body, None)
    }

    /// Mat answers.
    pub fn answer(&mut self, conversation: &str, text: &str) -> u64 {
        let author = json!({ "kind": "automation", "id": "mat" });
        self.append(conversation, "message", &author, &json!({ "text": text }), None)
    }

    pub fn append(
        &mut self,
        conversation: &str,
        kind: &str,
        author: &Value,
        body: &Value,
        client: Option<&str>,
    ) -> u64 {
        let at = self.tick();
        let history = self.histories.entry(conversation.to_owned()).or_default();
        let seq = history.staff.len() as u64 + 1;
        let mut entry = json!({
            "conversation": conversation, "seq": seq, "id": format!("{conversation}-{at}"), "at": at.to_string(),
            "kind": kind, "author": author, "body": body,
        });
        if let Some(client) = client {
            entry["client_msg_id"] = json!(client);
        }
        history.staff.push(Entry(entry.clone()));
        if kind != "note" {
            history.visitor.push(Entry(entry));
        }
        seq
    }

    /// The stored entry of this number.
    pub fn entry(&mut self, conversation: &str, seq: u64) -> &mut Entry {
        &mut self.histories.get_mut(conversation).expect("a history").staff[seq as usize - 1]
    }

    pub fn ack(&mut self, id: &str) {
        let attempt = self.attempt(id);
        let received = self.tick();
        let history = &self.histories[&attempt.conversation];
        let entry = history.staff.iter().find(|e| e.client_msg_id() == Some(id)).expect("stored");
        self.record.acks.push(Ack {
            id: id.to_owned(),
            conversation: attempt.conversation,
            seq: entry.seq(),
            entry: entry.id().to_owned(),
            at: entry.at().to_owned(),
            received,
        });
    }

    pub fn refuse(&mut self, id: &str) {
        self.record.refusals.push(Refusal { id: id.to_owned(), code: "conflict".to_owned() });
    }

    /// An observer is shown an entry, if it is for its eyes.
    pub fn show(&mut self, observer: &str, conversation: &str, seq: u64) {
        let role = self.record.observers[observer].role;
        let entry = self.histories[conversation].staff[seq as usize - 1].clone();
        if entry.is_for(role) {
            self.show_any(observer, entry);
        }
    }

    pub fn show_any(&mut self, observer: &str, entry: Entry) {
        self.seen(observer, Seen::Entry(entry));
    }

    pub fn seen(&mut self, observer: &str, seen: Seen) {
        self.record.observations.push(Observation { observer: observer.to_owned(), connection: 1, seen });
    }

    /// How much an observer has been shown of a conversation since the last reset.
    pub fn head(&self, conversation: &str) -> u64 {
        self.histories[conversation].staff.len() as u64
    }

    /// Sends, stores and acknowledges.
    pub fn say(&mut self, sender: &str, conversation: &str, text: &str) -> String {
        let id = self.send(sender, conversation, "message", text);
        self.store(&id);
        self.ack(&id);
        id
    }

    /// Everybody is shown everything that they follow, from the beginning.
    pub fn show_all(&mut self) {
        for (name, observer) in self.record.observers.clone() {
            for conversation in observer.follows {
                for seq in 1..=self.head(&conversation) {
                    self.show(&name, &conversation, seq);
                }
            }
        }
    }
}
