//! What was told lately, across all conversations: for a reader who is being added, so that nothing told between
//! looking into the database and listening is lost.

use crate::limits::RECENT_NOTICES;
use std::collections::VecDeque;
use std::sync::Arc;
use switchboard_domain::ConversationId;
use switchboard_wire::view::State;

/// A moment in the stream of notices.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(crate) struct Mark(u64);

#[derive(Debug)]
enum Told {
    /// An entry with this place exists.
    Entry(ConversationId, i64),
    State(Arc<State>),
    /// Something may have been told that was not heard.
    Gap,
}

/// The newest notices.
#[derive(Debug, Default)]
pub(super) struct Recent {
    told: VecDeque<Told>,
    /// How many there have been in all.
    count: u64,
}

/// What was told of a conversation since a mark.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Since {
    /// No entry beyond this place; 0 for none at all.
    UpTo(i64),
    /// It is not known any more: look into the database.
    Unknown,
}

impl Recent {
    pub(super) fn mark(&self) -> Mark {
        Mark(self.count)
    }

    pub(super) fn entry(&mut self, conversation: ConversationId, seq: i64) {
        self.add(Told::Entry(conversation, seq));
    }

    pub(super) fn state(&mut self, state: Arc<State>) {
        self.add(Told::State(state));
    }

    pub(super) fn gap(&mut self) {
        self.add(Told::Gap);
    }

    fn add(&mut self, told: Told) {
        self.told.push_back(told);
        self.count += 1;
        if self.told.len() > RECENT_NOTICES {
            self.told.pop_front();
        }
    }

    /// What was told since `mark`; `None` when not everything is known any more.
    fn after(&self, mark: Mark) -> Option<impl Iterator<Item = &Told>> {
        let many = usize::try_from(self.count - mark.0).ok()?;
        let told = self.told.len().checked_sub(many).map(|skip| self.told.iter().skip(skip))?;
        let whole = !told.clone().any(|told| matches!(told, Told::Gap));
        whole.then_some(told)
    }

    /// The last place of this conversation that was told since `mark`.
    pub(super) fn entries_since(&self, mark: Mark, conversation: &ConversationId) -> Since {
        let Some(told) = self.after(mark) else { return Since::Unknown };
        let seqs = told.filter_map(|told| match told {
            Told::Entry(c, seq) => (c == conversation).then_some(*seq),
            Told::State(state) => {
                (state.conversation.id == conversation.as_str()).then_some(state.conversation.head)
            }
            Told::Gap => None,
        });
        Since::UpTo(seqs.max().unwrap_or(0))
    }

    /// The states told since `mark` that `wanted` chooses; `None` when not everything is known any more.
    pub(super) fn states_since(
        &self,
        mark: Mark,
        wanted: impl Fn(&State) -> bool,
    ) -> Option<Vec<Arc<State>>> {
        let states = self.after(mark)?.filter_map(|told| match told {
            Told::State(state) if wanted(state) => Some(Arc::clone(state)),
            _ => None,
        });
        Some(states.collect())
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{conversation, state};
    use super::*;

    #[test]
    fn what_was_told_since_a_mark_is_known_or_known_to_be_unknown() {
        let mut recent = Recent::default();
        recent.entry(conversation(), 1);
        let mark = recent.mark();
        assert_eq!(recent.entries_since(mark, &conversation()), Since::UpTo(0));
        recent.entry("other".parse().unwrap(), 9);
        recent.entry(conversation(), 2);
        recent.state(Arc::new(state(3)));
        assert_eq!(recent.entries_since(mark, &conversation()), Since::UpTo(3));
        assert_eq!(recent.states_since(mark, |_| true).map(|all| all.len()), Some(1));
        assert_eq!(recent.states_since(mark, |_| false).map(|all| all.len()), Some(0));
        let before_gap = recent.mark();
        recent.gap();
        let after_gap = recent.mark();
        assert_eq!(recent.entries_since(before_gap, &conversation()), Since::Unknown);
        assert_eq!(recent.entries_since(after_gap, &conversation()), Since::UpTo(0));
        assert!(recent.states_since(before_gap, |_| true).is_none());
        (0..=RECENT_NOTICES).for_each(|_| recent.entry(conversation(), 4));
        assert_eq!(recent.entries_since(after_gap, &conversation()), Since::Unknown, "too long ago");
        assert_eq!(recent.told.len(), RECENT_NOTICES);
    }
}
