//! Counting courses: totals, and the same by day, hour, team, agent and automation.

use super::course::Course;
use super::period::Period;
use crate::clock::Millis;
use crate::id::{AccountId, TeamId};
use std::collections::BTreeMap;

/// Hours of a day.
const HOURS: usize = 24;
/// Scores of a rating.
const SCORES: usize = 5;

/// How long something took.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Span {
    /// In how many conversations it came to that.
    pub count: i64,
    /// The average, in seconds.
    pub average_s: Option<i64>,
    /// The median, in seconds: half of them took less.
    pub median_s: Option<i64>,
}

/// What visitors said.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Ratings {
    /// How many.
    pub count: i64,
    /// The average, 1 to 5.
    pub average: Option<f64>,
    /// How many of each score, from 1 to 5.
    pub scores: [i64; SCORES],
}

/// The figures of some conversations.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Figures {
    /// How many began.
    pub started: i64,
    /// How many of them a person had.
    pub handled: i64,
    /// How many of them have ended.
    pub resolved: i64,
    /// In how many the visitor left a message, because nobody was there.
    pub left: i64,
    /// From when it became a matter for people to a person's first message.
    pub first_reply: Span,
    /// From the queue to the first person.
    pub wait: Span,
    /// From the beginning to the end.
    pub resolution: Span,
    /// What visitors said.
    pub ratings: Ratings,
}

/// Some conversations while they are counted.
#[derive(Debug, Clone, Default)]
pub struct Count {
    figures: Figures,
    first_reply: Vec<Millis>,
    wait: Vec<Millis>,
    resolution: Vec<Millis>,
}

impl Count {
    /// Adds one conversation.
    fn add(&mut self, course: &Course) {
        self.add_all_but_reply(course);
        self.first_reply.extend(course.first_reply());
    }

    fn add_all_but_reply(&mut self, course: &Course) {
        let figures = &mut self.figures;
        figures.started += 1;
        figures.handled += i64::from(course.is_handled());
        figures.resolved += i64::from(course.is_resolved());
        figures.left += i64::from(course.left_at.is_some());
        self.wait.extend(course.wait());
        self.resolution.extend(course.resolution());
        let score = course.rating.and_then(|score| usize::try_from(score - 1).ok());
        if let Some(count) = score.and_then(|score| figures.ratings.scores.get_mut(score)) {
            *count += 1;
        }
    }

    /// What they come to.
    pub fn figures(mut self) -> Figures {
        let scores = self.figures.ratings.scores;
        let count: i64 = scores.iter().sum();
        let sum: i64 = (1..).zip(scores).map(|(score, count)| score * count).sum();
        #[expect(clippy::cast_precision_loss, reason = "far fewer than a double can count")]
        let average = (count > 0).then(|| sum as f64 / count as f64);
        Figures {
            first_reply: span(&mut self.first_reply),
            wait: span(&mut self.wait),
            resolution: span(&mut self.resolution),
            ratings: Ratings { count, average, scores },
            ..self.figures
        }
    }

    /// How many began.
    pub fn started(&self) -> i64 {
        self.figures.started
    }
}

fn span(times: &mut [Millis]) -> Span {
    times.sort_unstable();
    let seconds = |ms: Millis| (ms + 500) / 1_000;
    let middle = times.len() / 2;
    let median = match times {
        [] => return Span::default(),
        _ if times.len() % 2 == 1 => times[middle],
        _ => times[middle - 1].midpoint(times[middle]),
    };
    let count = i64::try_from(times.len()).unwrap_or(i64::MAX);
    let average = times.iter().sum::<Millis>() / count;
    Span { count, average_s: Some(seconds(average)), median_s: Some(seconds(median)) }
}

/// Conversations that began within a period, while they are counted.
#[derive(Debug, Clone)]
pub struct Report {
    period: Period,
    /// All of them.
    pub totals: Count,
    /// By the day on which they began, in the order of [`Period::days`].
    pub days: Vec<Count>,
    /// By the hour at which they began, 0 to 23.
    pub hours: Vec<Count>,
    /// By the team in whose queue they were last (none is everybody's), those that were a matter for people.
    pub teams: BTreeMap<Option<TeamId>, Count>,
    /// By the person who had them last; first replies by the person who gave them.
    pub agents: BTreeMap<AccountId, Count>,
    /// By the automation that had them last.
    pub automations: BTreeMap<String, Count>,
    /// Names of agents when they were last seen.
    pub names: BTreeMap<AccountId, String>,
}

impl Report {
    /// Without any conversation yet.
    pub fn new(period: Period) -> Self {
        Self {
            days: vec![Count::default(); period.days().len()],
            hours: vec![Count::default(); HOURS],
            period,
            totals: Count::default(),
            teams: BTreeMap::new(),
            agents: BTreeMap::new(),
            automations: BTreeMap::new(),
            names: BTreeMap::new(),
        }
    }

    /// What it is about.
    pub fn period(&self) -> &Period {
        &self.period
    }

    /// Adds a conversation; one that began outside is left out.
    pub fn add(&mut self, course: &Course) {
        let Some((day, hour)) = self.period.place(course.started_at) else { return };
        self.totals.add(course);
        for part in [self.days.get_mut(day), self.hours.get_mut(hour)].into_iter().flatten() {
            part.add(course);
        }
        if course.people_since().is_some() || course.is_handled() {
            self.teams.entry(course.team.clone()).or_default().add(course);
        }
        if let Some(agent) = &course.agent {
            self.agents.entry(agent.clone()).or_default().add_all_but_reply(course);
            self.names.extend(course.agent_name.clone().map(|name| (agent.clone(), name)));
        }
        if let (Some(agent), Some(time)) = (&course.replied_by, course.first_reply()) {
            self.agents.entry(agent.clone()).or_default().first_reply.push(time);
        }
        if let Some(name) = &course.automation {
            self.automations.entry(name.clone()).or_default().add(course);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const HOUR: Millis = 3_600_000;

    fn week() -> Period {
        Period::of(Some("2026-03-27"), Some("2026-04-02"), Some("Europe/Berlin"), 0).unwrap()
    }

    fn course(number: usize, started_at: Millis) -> Course {
        Course {
            conversation: format!("c{number}").parse().unwrap(),
            started_at,
            queued_at: None,
            assigned_at: None,
            replied_at: None,
            replied_by: None,
            resolved_at: None,
            open: true,
            left_at: None,
            team: None,
            agent: None,
            agent_name: None,
            automation: None,
            rating: None,
        }
    }

    fn figures(courses: &[Course]) -> Figures {
        let mut report = Report::new(week());
        courses.iter().for_each(|course| report.add(course));
        report.totals.figures()
    }

    #[test]
    fn nothing_comes_to_nothing() {
        assert_eq!(figures(&[]), Figures::default());
        let outside = [course(1, week().start() - 1), course(2, week().end())];
        assert_eq!(figures(&outside), Figures::default());
    }

    #[test]
    fn averages_and_medians_are_of_those_that_came_to_it() {
        let start = week().start() + HOUR;
        let taken = |number, wait, reply| Course {
            queued_at: Some(start),
            assigned_at: Some(start + wait),
            replied_at: Some(start + reply),
            ..course(number, start)
        };
        let all =
            [taken(1, 1_000, 2_000), taken(2, 3_000, 10_000), taken(3, 8_000, 60_000), course(4, start)];
        let totals = figures(&all);
        assert_eq!((totals.started, totals.handled, totals.resolved), (4, 3, 0));
        assert_eq!(totals.wait, Span { count: 3, average_s: Some(4), median_s: Some(3) });
        assert_eq!(totals.first_reply, Span { count: 3, average_s: Some(24), median_s: Some(10) });
        let two = figures(&all[..2]);
        assert_eq!(two.wait, Span { count: 2, average_s: Some(2), median_s: Some(2) });
        let rated =
            [Some(5), Some(4), Some(5), None, Some(9)].map(|rating| Course { rating, ..course(1, start) });
        let ratings = figures(&rated).ratings;
        assert_eq!((ratings.count, ratings.scores), (3, [0, 0, 0, 1, 2]));
        assert_eq!(ratings.average, Some(14.0 / 3.0));
    }

    #[test]
    fn a_first_reply_is_credited_to_whoever_gave_it() {
        let (maya, noor): (AccountId, AccountId) = ("maya".parse().unwrap(), "noor".parse().unwrap());
        let start = week().start();
        let passed_on = Course {
            queued_at: Some(start),
            assigned_at: Some(start),
            replied_at: Some(start + 5_000),
            replied_by: Some(maya.clone()),
            agent: Some(noor.clone()),
            agent_name: Some("Noor".into()),
            ..course(1, start)
        };
        let mut report = Report::new(week());
        report.add(&passed_on);
        let mut of = |agent| report.agents.remove(agent).unwrap().figures();
        let (maya, noor_figures) = (of(&maya), of(&noor));
        assert_eq!((maya.started, maya.first_reply.count), (0, 1));
        assert_eq!((noor_figures.started, noor_figures.first_reply.count), (1, 0));
        assert_eq!(report.names[&noor], "Noor");
    }

    prop_compose! {
        fn any_course()(
            within in 0..7 * 24_i64,
            steps in prop::array::uniform4(prop::option::of(0..900_000_i64)),
            open in any::<bool>(),
            team in prop::option::of("[ab]"),
            agent in prop::option::of("[mno]"),
            automation in prop::option::of("mat|chat"),
            rating in prop::option::of(1..=5_i64),
        ) -> Course {
            let started_at = week().start() + within * HOUR;
            let [queued, assigned, replied, resolved] = steps.map(|step| step.map(|step| started_at + step));
            Course {
                queued_at: queued,
                assigned_at: assigned,
                replied_at: replied,
                replied_by: agent.as_deref().map(|agent| agent.parse().unwrap()),
                resolved_at: resolved,
                open,
                team: team.map(|team| team.parse().unwrap()),
                agent: agent.map(|agent| agent.parse().unwrap()),
                automation,
                rating,
                ..course(1, started_at)
            }
        }
    }

    proptest! {
        #[test]
        fn the_parts_are_the_whole_in_any_order(courses in prop::collection::vec(any_course(), 0..40)) {
            let mut report = Report::new(week());
            courses.iter().for_each(|course| report.add(course));
            let mut backwards = Report::new(week());
            courses.iter().rev().for_each(|course| backwards.add(course));
            let totals = report.totals.figures();
            prop_assert_eq!(totals, backwards.totals.figures());
            let inside = courses.iter().filter(|course| week().place(course.started_at).is_some()).count();
            prop_assert_eq!(usize::try_from(totals.started).unwrap(), inside);
            for parts in [report.days, report.hours] {
                let parts: Vec<Figures> = parts.into_iter().map(Count::figures).collect();
                let sum = |what: fn(&Figures) -> i64| parts.iter().map(what).sum::<i64>();
                prop_assert_eq!(sum(|f| f.started), totals.started);
                prop_assert_eq!(sum(|f| f.resolved), totals.resolved);
                prop_assert_eq!(sum(|f| f.first_reply.count), totals.first_reply.count);
                prop_assert_eq!(sum(|f| f.ratings.count), totals.ratings.count);
            }
            let had: i64 = report.agents.into_values().map(|count| count.figures().started).sum();
            let with_agent = courses.iter().filter(|c| c.agent.is_some() && week().place(c.started_at).is_some());
            prop_assert_eq!(usize::try_from(had).unwrap(), with_agent.count());
        }

        #[test]
        fn a_median_has_half_on_either_side(mut times in prop::collection::vec(0..1_000_000_i64, 1..60)) {
            let times_s: Vec<i64> = times.iter().map(|ms| (ms + 500) / 1_000).collect();
            let span = span(&mut times);
            let median = span.median_s.unwrap();
            let below = times_s.iter().filter(|s| **s < median).count();
            let above = times_s.iter().filter(|s| **s > median).count();
            prop_assert!(below * 2 <= times_s.len() && above * 2 <= times_s.len(), "{} {}", below, above);
            prop_assert!(span.average_s.unwrap() <= *times_s.iter().max().unwrap());
            prop_assert!(span.average_s.unwrap() >= *times_s.iter().min().unwrap());
        }
    }
}
