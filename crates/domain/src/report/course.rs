//! The course of a conversation: when it took which step, and who had it.

use crate::clock::Millis;
use crate::conversation::{Conversation, Owner, Status};
use crate::id::{AccountId, ConversationId, TeamId};

/// What reports know of one conversation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Course {
    /// Which one.
    pub conversation: ConversationId,
    /// When it began.
    pub started_at: Millis,
    /// When it first came into a queue.
    pub queued_at: Option<Millis>,
    /// When a person first had it.
    pub assigned_at: Option<Millis>,
    /// When a person first wrote to the visitor.
    pub replied_at: Option<Millis>,
    /// Who that was.
    pub replied_by: Option<AccountId>,
    /// When it last ended.
    pub resolved_at: Option<Millis>,
    /// Whether it has not ended, or goes on again.
    pub open: bool,
    /// When the visitor first left a message, because nobody was there.
    pub left_at: Option<Millis>,
    /// The team whose queue it is or was in last.
    pub team: Option<TeamId>,
    /// The person who had it last.
    pub agent: Option<AccountId>,
    /// That person's name then.
    pub agent_name: Option<String>,
    /// The automation that had it last.
    pub automation: Option<String>,
    /// The visitor's rating, 1 to 5.
    pub rating: Option<i64>,
}

impl Course {
    /// What a transaction adds to the course when it makes `now` out of `was` (nothing of a new one); `left` says whether
    /// a message was left. Nothing for what is only said: of all messages only a person's first one is a step.
    ///
    /// What is `None` in it is not known from this step, and stays as it is stored.
    pub fn step(was: Option<&Conversation>, now: &Conversation, left: bool) -> Option<Self> {
        let state = |c: &Conversation| (c.status, c.fence);
        let moved = was.is_none_or(|was| state(was) != state(now) || was.owner != now.owner);
        let replied = now.people_answered && was.is_none_or(|was| !was.people_answered);
        let rated = was.is_some_and(|was| was.rating != now.rating);
        if !moved && !replied && !rated {
            return None;
        }
        let at = now.updated_at;
        let (agent, agent_name) = match &now.owner {
            Owner::Agent { id, name } => (Some(id.clone()), Some(name.clone())),
            Owner::Automation { .. } | Owner::Queue | Owner::None => (None, None),
        };
        let takes_over = agent.is_some() && was.is_none_or(|was| was.owner != now.owner);
        let ended = moved && now.status == Status::Resolved;
        Some(Self {
            conversation: now.id.clone(),
            started_at: now.created_at,
            queued_at: now.queued_at.or_else(|| was.and_then(|was| was.queued_at)),
            assigned_at: takes_over.then_some(at),
            replied_at: replied.then_some(at),
            replied_by: agent.clone().filter(|_| replied),
            resolved_at: ended.then_some(at),
            open: now.status != Status::Resolved,
            left_at: left.then_some(at),
            team: now.team.clone(),
            agent,
            agent_name,
            automation: now.automation.clone(),
            rating: now.rating,
        })
    }

    /// Since when it was a matter for people.
    pub fn people_since(&self) -> Option<Millis> {
        [self.queued_at, self.assigned_at].into_iter().flatten().min()
    }

    /// Whether a person ever had it.
    pub fn is_handled(&self) -> bool {
        self.assigned_at.is_some() || self.agent.is_some()
    }

    /// Whether it has ended and did not go on.
    pub fn is_resolved(&self) -> bool {
        !self.open && self.resolved_at.is_some()
    }

    /// From when it became a matter for people to a person's first message.
    pub fn first_reply(&self) -> Option<Millis> {
        Some((self.replied_at? - self.people_since()?).max(0))
    }

    /// From the queue to the first person; a person who took it before it was in a queue let nobody wait.
    pub fn wait(&self) -> Option<Millis> {
        Some(self.assigned_at? - self.queued_at?).filter(|wait| *wait >= 0)
    }

    /// From the beginning to the last end.
    pub fn resolution(&self) -> Option<Millis> {
        self.is_resolved().then(|| self.resolved_at.map(|at| (at - self.started_at).max(0))).flatten()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::author::Author;
    use crate::conversation::{AgentRef, Command, Facts, Target, apply, decide};

    fn act(c: &mut Conversation, command: Command, at: Millis) -> Option<Course> {
        let (was, new) = (c.clone(), c.head == 0);
        let events = decide(c, command, at).unwrap();
        let left = events.iter().any(|event| event.body().contains("left_message"));
        *c = events.iter().fold(c.clone(), |c, event| apply(c, event, at));
        Course::step((!new).then_some(&was), c, left)
    }

    #[test]
    fn steps_are_what_changes_hands_and_the_first_word_of_a_person() {
        let id = |text: &str| text.parse().unwrap();
        let mut c = Conversation::new(id("c"), "v".parse().unwrap(), "Ada".into(), 1_000);
        let visitor = Author::visitor("v", "Ada");
        let maya = AgentRef { id: "maya".parse().unwrap(), name: "Maya".into() };
        let nobody = Facts { people_available: false, automation: None, ..Facts::default() };
        let text = |text: &str| crate::Text::try_from(text.to_owned()).unwrap();

        let to = Target::Team(None);
        let start = Command::Start { visitor: visitor.clone(), to, facts: nobody.clone() };
        let step = act(&mut c, start, 1_000).unwrap();
        assert_eq!((step.started_at, step.queued_at, step.left_at), (1_000, Some(1_000), Some(1_000)));
        assert_eq!((step.assigned_at, step.open, step.is_handled()), (None, true, false));

        let says = |word: &str| Command::VisitorMessage {
            visitor: visitor.clone(),
            text: text(word),
            client: None,
            facts: nobody.clone(),
        };
        assert_eq!(act(&mut c, says("hello"), 2_000), None, "what is said is no step");

        let claim = Command::Claim { agent: maya.clone(), fence: c.fence };
        let step = act(&mut c, claim, 5_000).unwrap();
        assert_eq!((step.assigned_at, step.queued_at, step.wait()), (Some(5_000), Some(1_000), Some(4_000)));
        assert_eq!(step.agent_name.as_deref(), Some("Maya"));

        let answer = || Command::AgentMessage { agent: maya.clone(), text: text("hi"), client: None };
        let step = act(&mut c, answer(), 9_000).unwrap();
        assert_eq!((step.replied_at, step.replied_by), (Some(9_000), Some(maya.id.clone())));
        assert_eq!((step.assigned_at, step.left_at), (None, None), "nothing is said twice");
        assert_eq!(act(&mut c, answer(), 10_000), None, "only the first one is a step");

        let end = Command::AgentResolve { agent: maya.clone(), fence: c.fence };
        let step = act(&mut c, end, 61_000).unwrap();
        assert_eq!((step.is_resolved(), step.resolution(), step.agent), (true, Some(60_000), None));

        let rate = Command::Rate { visitor: visitor.clone(), score: 4, comment: None };
        let step = act(&mut c, rate, 70_000).unwrap();
        assert_eq!((step.rating, step.open, step.resolved_at), (Some(4), false, None));

        let step = act(&mut c, says("one more thing"), 80_000).unwrap();
        assert!(step.open && step.queued_at == Some(80_000));
        let claim = Command::Claim { agent: maya.clone(), fence: c.fence };
        act(&mut c, claim, 81_000).unwrap();
        assert_eq!(act(&mut c, answer(), 82_000), None, "the first word was said before it ended");
    }

    #[test]
    fn times_that_make_no_sense_are_none() {
        let id: ConversationId = "c".parse().unwrap();
        let c = Conversation::new(id, "v".parse().unwrap(), "Ada".into(), 1_000);
        let course = Course::step(None, &c, false).unwrap();
        assert_eq!((course.first_reply(), course.wait(), course.resolution()), (None, None, None));
        let taken = Course { assigned_at: Some(2_000), queued_at: Some(3_000), ..course };
        assert_eq!((taken.wait(), taken.people_since()), (None, Some(2_000)));
        let back = Course { replied_at: Some(1_500), ..taken };
        assert_eq!(back.first_reply(), Some(0), "a clock that was set back lets nobody wait");
    }
}
