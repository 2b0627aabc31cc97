//! Places in the queues: what each waiting conversation was told, and what it is told next.

use std::collections::{HashMap, HashSet};

use switchboard_domain::limits::QUEUE_EXACT;
use switchboard_domain::{ConversationId, TeamId};
use tokio::time::Instant;

use super::pace::Pace;
use crate::limits::PLACE_EVERY;

/// A place as it is told: exact to 20, then 21; the estimate in seconds.
pub(super) type Told = (ConversationId, i64, Option<i64>);

/// What was told to whom. Every team's queue counts for itself, and everybody's too.
#[derive(Debug, Default)]
pub(super) struct Places {
    known: HashMap<ConversationId, Known>,
    pace: HashMap<Option<TeamId>, Pace>,
}

#[derive(Debug)]
struct Known {
    team: Option<TeamId>,
    told: Option<(i64, Option<i64>)>,
    at: Option<Instant>,
}

impl Places {
    /// Takes the queue as it is now, next first, and says what to tell: places that differ from what was told,
    /// at most once per [`PLACE_EVERY`] for each conversation.
    pub(super) fn update(&mut self, waiting: &[(ConversationId, Option<TeamId>)], now: Instant) -> Vec<Told> {
        self.leave(waiting, now);
        let mut lengths: HashMap<&Option<TeamId>, usize> = HashMap::new();
        let mut tell = Vec::new();
        for (conversation, team) in waiting {
            let length = lengths.entry(team).or_default();
            *length += 1;
            let place = i64::try_from(*length).unwrap_or(i64::MAX).min(QUEUE_EXACT + 1);
            let estimate = self.pace.get(team).and_then(|pace| pace.estimate_s(*length, now));
            let known = self.known.entry(conversation.clone()).or_insert_with(|| Known {
                team: team.clone(),
                told: None,
                at: None,
            });
            if known.team != *team {
                known.team.clone_from(team);
            }
            let quiet = known.at.is_some_and(|at| now.duration_since(at) < PLACE_EVERY);
            if known.told != Some((place, estimate)) && !quiet {
                known.told = Some((place, estimate));
                known.at = Some(now);
                tell.push((conversation.clone(), place, estimate));
            }
        }
        tell
    }

    fn leave(&mut self, waiting: &[(ConversationId, Option<TeamId>)], now: Instant) {
        let still: HashSet<&ConversationId> = waiting.iter().map(|(conversation, _)| conversation).collect();
        let pace = &mut self.pace;
        self.known.retain(|conversation, known| {
            let stays = still.contains(conversation);
            if !stays {
                pace.entry(known.team.clone()).or_default().leave(now);
            }
            stays
        });
        // Teams come and go; what has no basis any more is forgotten.
        pace.retain(|_, pace| pace.is_recent(now));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    fn queue(names: &[(&str, Option<&str>)]) -> Vec<(ConversationId, Option<TeamId>)> {
        names.iter().map(|(c, t)| (c.parse().unwrap(), t.map(|t| t.parse().unwrap()))).collect()
    }

    fn said(told: &[Told]) -> Vec<(&str, i64)> {
        told.iter().map(|(c, place, _)| (c.as_str(), *place)).collect()
    }

    #[test]
    fn each_team_counts_for_itself() {
        let mut places = Places::default();
        let told = places
            .update(&queue(&[("a", None), ("b", Some("x")), ("c", None), ("d", Some("x"))]), Instant::now());
        assert_eq!(said(&told), [("a", 1), ("b", 1), ("c", 2), ("d", 2)]);
    }

    #[test]
    fn only_what_changed_is_told_and_not_too_often() {
        let (mut places, start) = (Places::default(), Instant::now());
        let at = |s| start + Duration::from_secs(s);
        let three = queue(&[("a", None), ("b", None), ("c", None)]);
        assert_eq!(places.update(&three, at(0)).len(), 3);
        assert!(places.update(&three, at(60)).is_empty(), "nothing changed");
        assert_eq!(said(&places.update(&three[1..], at(61))), [("b", 1), ("c", 2)]);
        assert!(places.update(&three[2..], at(62)).is_empty(), "told a second ago");
        assert_eq!(said(&places.update(&three[2..], at(71))), [("c", 1)]);
        // Who comes back is new.
        assert!(places.update(&[], at(72)).is_empty());
        assert_eq!(said(&places.update(&three[..1], at(73))), [("a", 1)]);
    }

    #[test]
    fn beyond_twenty_is_one_place() {
        let mut places = Places::default();
        let names: Vec<String> = (0..30).map(|n| format!("c{n}")).collect();
        let waiting: Vec<_> = names.iter().map(|name| (name.parse().unwrap(), None)).collect();
        let told = places.update(&waiting, Instant::now());
        assert_eq!(said(&told).last(), Some(&("c29", 21)));
        assert_eq!(said(&told)[19], ("c19", 20));
        // The 26th moves up to the 25th: the same to its reader.
        let later = Instant::now() + PLACE_EVERY;
        let moved = places.update(&waiting[1..], later);
        assert_eq!(moved.len(), 20, "the 1st to the 20th of those left, nobody behind");
    }
}
