//! What the router has told of waiting times: so that whoever asks for a conversation is given the estimate too, and not
//! only whoever was connected when it was told.

use crate::limits::ESTIMATES;
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use switchboard_domain::ConversationId;
use switchboard_wire::notice::Queue;
use switchboard_wire::view::Conversation;

/// The last place and estimate of each of the waiting, as told.
#[derive(Debug, Default)]
pub(crate) struct Estimates {
    told: Mutex<HashMap<ConversationId, (i64, i64)>>,
}

impl Estimates {
    /// Places were told.
    pub(super) fn told(&self, notice: &Queue) {
        let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        for (id, position, estimate_s) in &notice.places {
            match estimate_s {
                Some(estimate_s) => {
                    if told.len() >= ESTIMATES && !told.contains_key(id) {
                        // Those of whose leaving we did not hear are among them.
                        told.clear();
                    }
                    told.insert(id.clone(), (*position, *estimate_s));
                }
                None => drop(told.remove(id)),
            }
        }
    }

    /// It does not wait any more.
    pub(super) fn left(&self, id: &ConversationId) {
        let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        if !told.is_empty() {
            told.remove(id);
        }
    }

    /// The conversation with the estimate, if what was told is still its place.
    pub(crate) fn with(&self, mut conversation: Conversation) -> Conversation {
        if let (Some(place), Ok(id)) = (&mut conversation.queue, conversation.id.parse::<ConversationId>()) {
            let told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
            let known = told.get(&id).filter(|(position, _)| *position == place.position);
            place.estimate_s = place.estimate_s.or(known.map(|(_, estimate_s)| *estimate_s));
        }
        conversation
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use switchboard_domain::Conversation as Domain;
    use switchboard_wire::view::{Audience, QueuePlace, State};

    fn waiting(id: &str, position: i64) -> Conversation {
        let domain = Domain::new(id.parse().unwrap(), "v1".parse().unwrap(), "Vera".into(), 0);
        let mut shown = State::of(&domain).shown_to(Audience::Visitor);
        shown.queue = Some(QueuePlace { position, estimate_s: None });
        shown
    }

    fn estimate(estimates: &Estimates, id: &str, position: i64) -> Option<i64> {
        estimates.with(waiting(id, position)).queue.and_then(|place| place.estimate_s)
    }

    fn told(id: &str, position: i64, estimate_s: Option<i64>) -> Queue {
        Queue { places: vec![(id.parse().unwrap(), position, estimate_s)] }
    }

    #[test]
    fn an_estimate_is_given_while_it_is_of_the_same_place() {
        let estimates = Estimates::default();
        assert_eq!(estimate(&estimates, "c1", 2), None);
        estimates.told(&told("c1", 2, Some(120)));
        assert_eq!((estimate(&estimates, "c1", 2), estimate(&estimates, "c2", 2)), (Some(120), None));
        assert_eq!(estimate(&estimates, "c1", 1), None, "it has moved since");
        estimates.told(&told("c1", 1, None));
        assert_eq!(estimate(&estimates, "c1", 2), None, "there is no basis any more");
        estimates.told(&told("c1", 1, Some(60)));
        estimates.left(&"c1".parse().unwrap());
        assert_eq!(estimate(&estimates, "c1", 1), None);
    }

    #[test]
    fn what_is_remembered_is_bounded() {
        let estimates = Estimates::default();
        for n in 0..=ESTIMATES {
            estimates.told(&told(&format!("c{n}"), 1, Some(60)));
        }
        assert!(estimates.told.lock().unwrap().len() <= ESTIMATES);
        assert_eq!(estimate(&estimates, &format!("c{ESTIMATES}"), 1), Some(60));
    }
}
