//! What a rule does to a conversation. The system is the author of it, so it triggers no rule; what is so already is no
//! change, and what cannot be done leaves everything as it is.

use super::Conversation;
use super::command::{Facts, Target};
use super::decide::{Decision, Refusal, handoff, landing};
use super::event::{Change, Event, What};
use super::owner::{Owner, Status};
use crate::author::Author;
use crate::clock::Millis;
use crate::limits;
use crate::message::Text;
use crate::priority::Priority;

/// What is told as the reason where a rule takes a conversation from an automation.
const REASON: &str = "a rule";

/// What a rule does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Doing {
    /// It puts this label on.
    Tag(String),
    /// It says how urgent it is.
    Prioritise(Priority),
    /// It writes to the visitor, which is no answer: who waits goes on waiting.
    Send(Text),
    /// It gives it to a team or to an automation.
    Give {
        /// To which.
        to: Target,
        /// What is true around that queue.
        facts: Facts,
    },
    /// It puts it aside.
    Snooze(Millis),
    /// It ends it.
    Resolve,
}

/// What happens to `c` when a rule does this.
pub(super) fn by_rule(c: &Conversation, doing: Doing, now: Millis) -> Decision {
    let by = Author::system();
    Ok(match doing {
        Doing::Tag(tag) if c.tags.contains(&tag) => vec![],
        Doing::Tag(_) if c.tags.len() >= limits::TAGS => return Err(Refusal::TooManyTags),
        Doing::Tag(tag) => vec![Event::new(by, What::Tagged { tags: vec![tag] })],
        Doing::Prioritise(priority) if Priority::of(c.priority) == priority => vec![],
        Doing::Prioritise(priority) => vec![Event::new(by, What::Prioritised { priority })],
        _ if c.status == Status::Resolved => return Err(Refusal::Resolved),
        Doing::Send(text) => vec![Event::new(by, What::Message { text, choices: vec![] })],
        Doing::Give { to, facts } => give(c, by, to, &facts),
        Doing::Snooze(until) => {
            if until <= now || until > now + limits::SNOOZE_MS {
                return Err(Refusal::BadTime);
            }
            match c.owner {
                Owner::Automation { .. } | Owner::None => return Err(Refusal::NotOwner),
                Owner::Queue | Owner::Agent { .. } if c.snoozed_until == Some(until) => vec![],
                Owner::Queue | Owner::Agent { .. } => vec![Event::change(by, Change::Snoozed { until })],
            }
        }
        Doing::Resolve => vec![Event::change(by, Change::Resolved)],
    })
}

fn give(c: &Conversation, by: Author, to: Target, facts: &Facts) -> Vec<Event> {
    let (owner, team) = landing(to);
    match (&c.owner, &owner) {
        (Owner::Queue, Owner::Queue) if c.team == team => vec![],
        // Neither owner nor status changes, only whose queue it waits in: its place stays.
        (Owner::Queue, Owner::Queue) => vec![Event::new(by, What::Regrouped { team })],
        (Owner::Automation { id, .. }, Owner::Automation { id: other, .. }) if id == other => vec![],
        // The visitor is told that people have it now, as whenever an automation hands over.
        (Owner::Automation { .. }, Owner::Queue) => handoff(c, by, team, Some(REASON.into()), facts),
        _ => vec![Event::change(by, Change::Transferred { to: owner, team })],
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Command, apply, decide};
    use super::*;
    use crate::author::AuthorKind;
    use crate::id::TeamId;

    fn does(c: Conversation, doing: Doing, at: Millis) -> Conversation {
        let events = decide(&c, Command::ByRule(doing), at).unwrap();
        assert!(events.iter().all(|event| event.author.kind == AuthorKind::System));
        events.iter().fold(c, |c, event| apply(c, event, at))
    }

    fn begun(to: Target) -> Conversation {
        let c = Conversation::new("c1".parse().unwrap(), "v1".parse().unwrap(), "Ada".into(), 1);
        let facts = Facts { people_available: true, ..Facts::default() };
        let start = Command::Start { visitor: Author::visitor("v1", "Ada"), to, facts };
        decide(&c, start, 1).unwrap().iter().fold(c, |c, event| apply(c, event, 1))
    }

    fn give(team: &str) -> Doing {
        let team: TeamId = team.parse().unwrap();
        Doing::Give {
            to: Target::Team(Some(team)),
            facts: Facts { people_available: true, ..Facts::default() },
        }
    }

    #[test]
    fn from_one_queue_to_another_it_keeps_its_place() {
        let c = begun(Target::Team(None));
        let moved = does(c.clone(), give("sales"), 60_000);
        assert_eq!((moved.queued_at, moved.waiting_since), (Some(1), Some(1)));
        assert_eq!(moved.team.as_ref().map(TeamId::as_str), Some("sales"));
        assert_eq!(moved.fence, c.fence, "it has not changed hands");
        assert_eq!(does(moved.clone(), give("sales"), 70_000), moved, "it is there already");
    }

    #[test]
    fn from_an_automation_to_people_it_is_handed_off() {
        let c = begun(Target::Automation { name: "faq".into(), title: "FAQ".into() });
        let events = decide(&c, Command::ByRule(give("sales")), 5).unwrap();
        assert!(
            matches!(&events[0].what, What::Change(Change::HandedOff { reason: Some(why), .. }) if why == REASON)
        );
        let same = Target::Automation { name: "faq".into(), title: "FAQ".into() };
        let same = Doing::Give { to: same, facts: Facts::default() };
        assert_eq!(does(c.clone(), same, 5), c);
        let snooze = decide(&c, Command::ByRule(Doing::Snooze(1_000)), 5);
        assert_eq!(snooze, Err(Refusal::NotOwner));
    }

    #[test]
    fn what_it_writes_is_no_answer_and_what_is_over_stays_so() {
        let c = begun(Target::Team(None));
        let text: Text = "One moment, please.".to_owned().try_into().unwrap();
        let told = does(c.clone(), Doing::Send(text.clone()), 9);
        assert_eq!((told.waiting_since, told.answered), (c.waiting_since, c.answered));
        let put = does(c.clone(), Doing::Snooze(90_000), 9);
        assert_eq!((put.status, put.due_at), (Status::Snoozed, Some(90_000)));
        let over = does(c, Doing::Resolve, 9);
        for doing in [Doing::Send(text), give("sales"), Doing::Resolve, Doing::Snooze(90_000)] {
            assert_eq!(decide(&over, Command::ByRule(doing), 10), Err(Refusal::Resolved));
        }
        let tagged = does(over, Doing::Tag("unhappy".into()), 10);
        assert_eq!((tagged.tags.len(), tagged.status), (1, Status::Resolved));
        assert_eq!(does(tagged, Doing::Prioritise(Priority::Urgent), 11).priority, 2);
    }
}
