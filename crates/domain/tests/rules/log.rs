//! The reference: nothing but the list of what has happened. Every question is answered by looking through it.

use switchboard_domain::{Author, AuthorKind, Millis, Owner, Status, TeamId};

/// What happened, and when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fact {
    pub at: Millis,
    pub what: What,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum What {
    /// A message.
    Said {
        by: Author,
        text: String,
    },
    /// A note.
    Noted {
        by: Author,
    },
    /// An event entry.
    Event(Event),
    /// An automation answered everything up to here.
    Turn {
        seq: i64,
    },
    /// An attempt failed.
    Missed {
        attempts: i64,
        retry_at: Millis,
    },
    Tagged(Vec<String>),
    Untagged(Vec<String>),
    /// From -1 to 2.
    Prioritised(i64),
    Regrouped(Option<TeamId>),
    Rated(i64),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    pub name: &'static str,
    pub by: Author,
    /// Who has it from now on, if that is another one.
    pub to: Option<Owner>,
    /// Whose queue it is from now on, if that changes.
    pub team: Option<Option<TeamId>>,
    /// How it stands from now on, if that changes.
    pub status: Option<Status>,
    /// The end of a snooze, or by when an agent must have answered.
    pub time: Option<Millis>,
    /// Why it went back to the queue.
    pub reason: &'static str,
}

impl Event {
    pub fn new(name: &'static str, by: Author) -> Self {
        Self { name, by, to: None, team: None, status: None, time: None, reason: "" }
    }
}

/// All that has happened, oldest first.
#[derive(Debug, Clone, Default)]
pub struct Log(pub Vec<Fact>);

impl Log {
    pub fn add(&mut self, at: Millis, whats: impl IntoIterator<Item = What>) {
        self.0.extend(whats.into_iter().map(|what| Fact { at, what }));
    }

    /// What became an entry, with its number.
    pub fn lines(&self) -> impl DoubleEndedIterator<Item = (i64, &Fact)> {
        let lines: Vec<&Fact> = self.0.iter().filter(|fact| is_line(&fact.what)).collect();
        (1..).take(lines.len()).collect::<Vec<_>>().into_iter().zip(lines)
    }

    fn events(&self) -> impl DoubleEndedIterator<Item = (&Fact, &Event)> {
        self.0.iter().filter_map(|fact| match &fact.what {
            What::Event(event) => Some((fact, event)),
            _ => None,
        })
    }

    /// The times at which it changed hands, and to whom.
    fn hands(&self) -> impl DoubleEndedIterator<Item = (&Fact, &Owner)> {
        self.events().filter_map(|(fact, event)| Some((fact, event.to.as_ref()?)))
    }

    pub fn owner(&self) -> Owner {
        self.hands().next_back().map_or(Owner::None, |(_, to)| to.clone())
    }

    pub fn status(&self) -> Status {
        self.events().rev().find_map(|(_, event)| event.status).unwrap_or(Status::Open)
    }

    pub fn team(&self) -> Option<TeamId> {
        let team = self.0.iter().rev().find_map(|fact| match &fact.what {
            What::Event(event) => event.team.clone(),
            What::Regrouped(team) => Some(team.clone()),
            _ => None,
        });
        team.flatten()
    }

    /// The number that every change of owner raises.
    pub fn fence(&self) -> i64 {
        i64::try_from(self.hands().count()).unwrap()
    }

    pub fn head(&self) -> i64 {
        self.lines().next_back().map_or(0, |(seq, _)| seq)
    }

    pub fn public_head(&self) -> i64 {
        self.public_before(i64::MAX)
    }

    /// The last place before `seq` that the visitor sees.
    pub fn public_before(&self, seq: i64) -> i64 {
        let seen = |fact: &Fact| !matches!(fact.what, What::Noted { .. });
        self.lines().rev().find(|(at, fact)| *at < seq && seen(fact)).map_or(0, |(at, _)| at)
    }

    pub fn updated_at(&self) -> Millis {
        self.lines().next_back().map_or(0, |(_, fact)| fact.at)
    }

    /// The visitor's messages: number and time.
    pub fn inbound(&self) -> Vec<(i64, Millis)> {
        self.lines()
            .filter(|(_, fact)| said_by(&fact.what, AuthorKind::Visitor))
            .map(|(n, f)| (n, f.at))
            .collect()
    }

    /// Those that nobody has answered: an agent answers all, a turn those up to its message, an end all.
    pub fn unanswered(&self) -> Vec<(i64, Millis)> {
        let (mut open, mut seq) = (Vec::new(), 0);
        for fact in &self.0 {
            seq += i64::from(is_line(&fact.what));
            match &fact.what {
                what if said_by(what, AuthorKind::Visitor) => open.push((seq, fact.at)),
                what if said_by(what, AuthorKind::Agent) => open.clear(),
                What::Turn { seq } => open.retain(|(message, _)| message > seq),
                What::Event(event) if event.status == Some(Status::Resolved) => open.clear(),
                _ => {}
            }
        }
        open
    }

    /// Since when the visitor waits: from a message or the queue to an answer, an end or a snooze.
    pub fn waiting_since(&self) -> Option<Millis> {
        let mut since = None;
        for (n, fact) in self.0.iter().enumerate() {
            let upto = || Self(self.0[..=n].to_vec());
            match &fact.what {
                what if said_by(what, AuthorKind::Visitor) => since = since.or(Some(fact.at)),
                what if said_by(what, AuthorKind::Agent) => since = None,
                // What the turn does not answer waits from now on.
                What::Turn { .. } => since = (!upto().unanswered().is_empty()).then_some(fact.at),
                What::Event(event) if matches!(event.status, Some(Status::Resolved | Status::Snoozed)) => {
                    since = None
                }
                What::Event(event) if event.to == Some(Owner::Queue) => since = since.or(Some(fact.at)),
                _ => {}
            }
        }
        since
    }

    /// Since when it is in the queue.
    pub fn queued_at(&self) -> Option<Millis> {
        self.hands().next_back().filter(|(_, to)| **to == Owner::Queue).map(|(fact, _)| fact.at)
    }

    pub fn had_people(&self) -> bool {
        self.hands().any(|(_, to)| matches!(to, Owner::Queue | Owner::Agent { .. }))
    }

    pub fn people_answered(&self) -> bool {
        self.0.iter().any(|fact| said_by(&fact.what, AuthorKind::Agent))
    }

    /// The automation that had it last.
    pub fn automation(&self) -> Option<String> {
        self.hands().rev().find_map(|(_, to)| match to {
            Owner::Automation { id, .. } => Some(id.clone()),
            _ => None,
        })
    }

    /// The agent who let it lapse, while nobody has taken it since.
    pub fn missed_by(&self) -> Option<String> {
        let mut hands = self.events().filter(|(_, event)| event.to.is_some());
        let (_, last) = hands.next_back()?;
        let (_, before) = hands.next_back()?;
        let id = before.to.as_ref()?.id()?.to_owned();
        (last.name == "requeued" && last.reason == "no_answer").then_some(id)
    }

    /// Who ended it, while it is ended.
    pub fn resolved_by(&self) -> Option<Author> {
        let (_, last) = self.events().rev().find(|(_, event)| event.status.is_some())?;
        (last.status == Some(Status::Resolved)).then(|| last.by.clone())
    }

    pub fn snoozed_until(&self) -> Option<Millis> {
        let (_, last) = self.events().rev().find(|(_, event)| event.status.is_some())?;
        last.time.filter(|_| last.status == Some(Status::Snoozed))
    }

    /// Failed attempts at the turn that is due.
    pub fn attempts(&self) -> i64 {
        self.misses().last().map_or(0, |(attempts, _)| *attempts)
    }

    /// The failed attempts since it changed hands or a turn was answered.
    fn misses(&self) -> Vec<(i64, Millis)> {
        let mut misses = Vec::new();
        for fact in &self.0 {
            match &fact.what {
                What::Missed { attempts, retry_at } => misses.push((*attempts, *retry_at)),
                What::Turn { .. } => misses.clear(),
                What::Event(event) if event.to.is_some() => misses.clear(),
                _ => {}
            }
        }
        misses
    }

    /// When somebody must look at it: a snooze ends, an automation owes an answer, an agent has not answered yet.
    pub fn due_at(&self) -> Option<Millis> {
        if let Some(until) = self.snoozed_until() {
            return Some(until);
        }
        match self.owner() {
            Owner::Automation { .. } => {
                let (_, first) = *self.unanswered().first()?;
                // It owes since the message came, but not before it had the conversation, or had answered the rest.
                let began = self.0.iter().rev().find(|fact| match &fact.what {
                    What::Turn { .. } => true,
                    What::Event(event) => event.to.is_some(),
                    _ => false,
                })?;
                Some(self.misses().last().map_or(first.max(began.at), |(_, retry_at)| *retry_at))
            }
            Owner::Agent { .. } => {
                let (given, event) = self.events().rev().find(|(_, event)| event.to.is_some())?;
                let since = self.0.iter().rev().take_while(|fact| !std::ptr::eq(*fact, given));
                let settled = |fact: &Fact| match &fact.what {
                    what if said_by(what, AuthorKind::Agent) => true,
                    // Put aside, it comes back without a deadline.
                    What::Event(event) => event.status.is_some(),
                    _ => false,
                };
                event.time.filter(|_| event.name == "assigned" && !since.into_iter().any(settled))
            }
            Owner::Queue | Owner::None => None,
        }
    }

    /// The newest message.
    pub fn last_said(&self) -> Option<&str> {
        self.0.iter().rev().find_map(|fact| match &fact.what {
            What::Said { text, .. } => Some(text.as_str()),
            _ => None,
        })
    }

    pub fn tags(&self) -> Vec<String> {
        let mut tags: Vec<String> = Vec::new();
        for fact in &self.0 {
            if let What::Untagged(gone) = &fact.what {
                tags.retain(|tag| !gone.contains(tag));
            }
            let What::Tagged(more) = &fact.what else { continue };
            for tag in more {
                if !tags.contains(tag) && tags.len() < 20 {
                    tags.push(tag.clone());
                }
            }
        }
        tags
    }

    pub fn priority(&self) -> i64 {
        let last = self.0.iter().rev().find_map(|fact| match fact.what {
            What::Prioritised(number) => Some(number),
            _ => None,
        });
        last.unwrap_or(0)
    }

    pub fn rating(&self) -> Option<i64> {
        self.0.iter().rev().find_map(|fact| match fact.what {
            What::Rated(score) => Some(score),
            _ => None,
        })
    }
}

pub fn is_line(what: &What) -> bool {
    matches!(what, What::Said { .. } | What::Noted { .. } | What::Event(_))
}

fn said_by(what: &What, kind: AuthorKind) -> bool {
    matches!(what, What::Said { by, .. } if by.kind == kind)
}
