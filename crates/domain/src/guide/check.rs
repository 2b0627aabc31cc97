//! What is wrong with a guide, all of it, by step.

use super::{Act, Guide, KEPT, OPTIONS, RETRIES, STEP_ID_CHARS, STEP_TEXT_CHARS, STEPS, Test};
use crate::attributes;
use crate::limits::CHOICE_CHARS;
use crate::tag::tag;
use std::collections::{BTreeMap, BTreeSet};

/// Most problems that are told at once.
pub const PROBLEMS: usize = 50;

/// Something to put right before a guide can be published.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The step's place, from 0; none when it concerns the guide.
    pub place: Option<usize>,
    /// The step's id.
    pub step: Option<String>,
    /// The field.
    pub field: &'static str,
    /// What to do.
    pub text: String,
}

/// What steps may name, as it is around the guide.
#[derive(Debug, Clone, Default)]
pub struct Around {
    /// The ids of the teams.
    pub teams: BTreeSet<String>,
    /// The names of the other automations.
    pub automations: BTreeSet<String>,
    /// The ids of the web hooks.
    pub webhooks: BTreeSet<String>,
}

/// All problems, at most [`PROBLEMS`].
pub fn check(guide: &Guide, around: &Around) -> Vec<Problem> {
    let of_guide = |text: String| vec![Problem { place: None, step: None, field: "steps", text }];
    if guide.steps.is_empty() {
        return of_guide("add a first step".into());
    }
    if guide.steps.len() > STEPS {
        return of_guide(format!("a guide has at most {STEPS} steps, this one has {}", guide.steps.len()));
    }
    let places: BTreeMap<&str, usize> =
        guide.steps.iter().enumerate().rev().map(|(place, step)| (step.id.as_str(), place)).collect();
    let mut found = Vec::new();
    for (place, step) in guide.steps.iter().enumerate() {
        let mut bad = |field, text: String| {
            found.push(Problem { place: Some(place), step: Some(step.id.clone()), field, text });
        };
        if !is_step_id(&step.id) {
            bad("id", format!("an id is 1 to {STEP_ID_CHARS} characters of a-z, 0-9, - and _"));
        } else if places.get(step.id.as_str()) != Some(&place) {
            bad("id", format!("another step is called {:?} already", step.id));
        }
        for (field, way) in step.act.ways() {
            if let Some(id) = way.filter(|id| !places.contains_key(id)) {
                let id: String = id.chars().take(STEP_ID_CHARS).collect();
                bad(field, format!("there is no step {id:?}: choose another one to go to"));
            }
        }
        check_act(&step.act, around, &mut bad);
    }
    for place in cycle(guide, &places) {
        let text = "from here the guide goes round in circles without asking anything".to_owned();
        let step = guide.steps.get(place).map(|step| step.id.clone());
        found.push(Problem { place: Some(place), step, field: "next", text });
    }
    found.truncate(PROBLEMS);
    found
}

/// What of a draft is larger than any guide may be, so that it is not even tried.
pub fn too_large(guide: &Guide) -> Vec<Problem> {
    let mut found = Vec::new();
    for (place, step) in guide.steps.iter().enumerate() {
        let mut bad = |field, text: String| {
            found.push(Problem { place: Some(place), step: Some(step.id.clone()), field, text });
        };
        let (texts, options) = step.act.texts();
        for (field, text) in texts {
            if text.chars().count() > STEP_TEXT_CHARS {
                bad(field, format!("at most {STEP_TEXT_CHARS} characters"));
            }
        }
        if options.len() > OPTIONS || options.iter().any(|option| option.label.chars().count() > CHOICE_CHARS)
        {
            bad("options", format!("at most {OPTIONS} options of {CHOICE_CHARS} characters"));
        }
    }
    found.truncate(PROBLEMS);
    found
}

fn is_step_id(id: &str) -> bool {
    let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_' || b == b'-';
    (1..=STEP_ID_CHARS).contains(&id.len()) && id.bytes().all(plain)
}

fn check_act(act: &Act, around: &Around, bad: &mut impl FnMut(&'static str, String)) {
    match act {
        Act::Say { text, .. } => check_text(text, "text", bad),
        Act::Ask { text, save, retries, again, .. } => {
            check_text(text, "text", bad);
            if let Some(again) = again {
                check_text(again, "again", bad);
            }
            check_key(save, "save", bad);
            check_retries(*retries, bad);
        }
        Act::Choose { text, options, save, retries, .. } => {
            check_text(text, "text", bad);
            if let Some(save) = save {
                check_key(save, "save", bad);
            }
            check_retries(*retries, bad);
            let labels = options.iter().map(|option| option.label.trim().to_lowercase());
            let labels: Vec<String> = labels.filter(|label| !label.is_empty()).collect();
            if options.is_empty() || options.len() > OPTIONS {
                bad("options", format!("give 1 to {OPTIONS} options"));
            } else if labels.iter().collect::<BTreeSet<_>>().len() < labels.len() {
                bad("options", "two options say the same: change one of them".into());
            }
            let fits = |label: &str| !label.trim().is_empty() && label.chars().count() <= CHOICE_CHARS;
            if options.iter().any(|option| !fits(&option.label)) {
                bad("options", format!("an option has 1 to {CHOICE_CHARS} characters"));
            }
        }
        Act::Condition { test, .. } => check_test(test, &around.teams, bad),
        Act::Set { key, value, .. } => {
            check_key(key, "key", bad);
            if value.chars().count() > attributes::VALUE_CHARS {
                bad("value", format!("at most {} characters", attributes::VALUE_CHARS));
            }
        }
        Act::Tag { tag: text, .. } => {
            if let Err(problem) = tag(text) {
                bad("tag", problem.to_string());
            }
        }
        Act::Handoff { team, reason } => {
            if let Some(id) = team.as_ref().filter(|id| !around.teams.contains(*id)) {
                bad("team", gone(id));
            }
            if reason.as_ref().is_some_and(|text| text.chars().count() > attributes::VALUE_CHARS) {
                bad("reason", format!("at most {} characters", attributes::VALUE_CHARS));
            }
        }
        Act::Call { webhook, keep, .. } => {
            if !around.webhooks.contains(webhook) {
                bad("webhook", "choose a web hook that there is".into());
            }
            if keep.len() > KEPT {
                bad("keep", format!("keep at most {KEPT} attributes"));
            }
            keep.iter().for_each(|key| check_key(key, "keep", bad));
        }
        Act::Go { automation } => {
            if !around.automations.contains(automation) {
                bad("automation", "choose another automation that there is".into());
            }
        }
        Act::Resolve {} => {}
    }
}

fn check_test(test: &Test, teams: &BTreeSet<String>, bad: &mut impl FnMut(&'static str, String)) {
    let blank = |text: &str| text.trim().is_empty() || text.chars().count() > STEP_TEXT_CHARS;
    match test {
        Test::Known { key } | Test::Equals { key, .. } => check_key(key, "test", bad),
        Test::Open { team } if !teams.contains(team) => bad("test", gone(team)),
        Test::Language { language: text } | Test::Page { pattern: text } | Test::Tagged { tag: text }
            if blank(text) =>
        {
            bad("test", "say what to compare with".into());
        }
        Test::Open { .. } | Test::Language { .. } | Test::Page { .. } | Test::Tagged { .. } => {}
    }
}

fn gone(team: &str) -> String {
    let team: String = team.chars().take(STEP_ID_CHARS).collect();
    format!("there is no team with the id {team:?}: choose another one")
}

fn check_text(text: &str, field: &'static str, bad: &mut impl FnMut(&'static str, String)) {
    if text.trim().is_empty() || text.chars().count() > STEP_TEXT_CHARS || text.contains('\0') {
        bad(field, format!("write 1 to {STEP_TEXT_CHARS} characters"));
    }
}

fn check_key(key: &str, field: &'static str, bad: &mut impl FnMut(&'static str, String)) {
    if let Err(problem) = attributes::key(key) {
        bad(field, problem.to_string());
    }
}

fn check_retries(retries: u8, bad: &mut impl FnMut(&'static str, String)) {
    if retries > RETRIES {
        bad("retries", format!("ask again at most {RETRIES} times"));
    }
}

/// The steps that lie on a circle without a question: what is left when again and again every step is taken away from
/// which no other one is reached without waiting. It needs no recursion, however long the guide is.
fn cycle(guide: &Guide, places: &BTreeMap<&str, usize>) -> BTreeSet<usize> {
    let mut ways: BTreeMap<usize, BTreeSet<usize>> = BTreeMap::new();
    for (place, step) in guide.steps.iter().enumerate().filter(|(_, step)| !step.act.waits()) {
        let to = step.act.ways().into_iter().filter_map(|(_, way)| match way {
            Some(id) => places.get(id).copied(),
            None => Some(place + 1).filter(|below| *below < guide.steps.len()),
        });
        ways.insert(place, to.collect());
    }
    loop {
        let dead: Vec<usize> = ways.iter().filter(|(_, to)| to.is_empty()).map(|(place, _)| *place).collect();
        let left: BTreeSet<usize> = ways.keys().copied().filter(|place| !dead.contains(place)).collect();
        let before: usize = ways.values().map(BTreeSet::len).sum();
        ways.retain(|place, _| left.contains(place));
        for to in ways.values_mut() {
            to.retain(|place| left.contains(place));
        }
        let after: usize = ways.values().map(BTreeSet::len).sum();
        if dead.is_empty() && before == after {
            return left;
        }
    }
}
