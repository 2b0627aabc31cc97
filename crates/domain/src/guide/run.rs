//! Walking a guide: from what the visitor said to what is said back, in bounded steps, always to an end.

use super::answer::Kind;
use super::call::{Call, Called};
use super::{Act, CALLS_PER_TURN, Guide, STATE_BYTES, STEPS_PER_TURN, Step, TURNS, Test};
use crate::attributes::{ATTRIBUTES, Attributes, KEY_CHARS, VALUE_CHARS};
use crate::limits::{AUTOMATION_STREAK, TEXT_CHARS};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// Where a run stands.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct State {
    /// The version with which it began, and goes on.
    pub version: i64,
    /// The question that waits for an answer.
    pub at: String,
    /// How often it has been asked again.
    #[serde(default)]
    pub tries: u8,
    /// How many turns there were.
    #[serde(default)]
    pub turns: u32,
}

/// What is known when a turn begins.
#[derive(Debug, Clone, Default)]
pub struct Scene {
    /// What is known of the visitor, `name` and `email` among it.
    pub known: Attributes,
    /// The browser's language.
    pub locale: Option<String>,
    /// Where the visitor is.
    pub page: Option<String>,
    /// The conversation's tags.
    pub tags: BTreeSet<String>,
    /// The teams that there are, and whether each is open.
    pub teams: BTreeMap<String, bool>,
    /// The calls of this turn that were made, in order.
    pub called: Vec<Called>,
    /// In a dry run no call is made: how all of them are taken to end.
    pub dry: Option<Dry>,
}

/// How web hooks are taken to answer in a dry run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dry {
    /// Well, and with nothing to keep.
    Answered,
    /// Not at all.
    Failed,
}

/// A message of the guide.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Said {
    /// The text.
    pub text: String,
    /// What the visitor may press.
    pub choices: Vec<String>,
}

/// What follows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Then {
    /// It waits for an answer.
    Wait(State),
    /// People take over.
    Handoff {
        /// Whose queue; none for everybody's.
        team: Option<String>,
        /// Why, for whoever takes over. The visitor can read it too.
        reason: Option<String>,
        /// What only staff read of it: what went wrong at a server outside.
        note: Option<String>,
    },
    /// Another automation goes on.
    Go {
        /// Its name.
        automation: String,
    },
    /// A web hook is to be called first, and the turn to be played again with its answer; nothing of this one counts.
    Call(Call),
    /// The conversation is over.
    Resolve,
}

/// What a turn comes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Turn {
    /// What is said, in order; at most [`AUTOMATION_STREAK`].
    pub messages: Vec<Said>,
    /// What follows.
    pub then: Then,
    /// Tags to add.
    pub tags: BTreeSet<String>,
    /// What is known now and was not before; empty values are to be forgotten.
    pub learnt: Attributes,
    /// The calls that it went past.
    pub calls: Vec<Call>,
}

/// Plays a turn: begins the guide when there is no state, or answers the question at which it stands.
///
/// It always ends, waiting at a question, with people, or resolved: steps, messages, turns and the state are bounded, and
/// whatever does not go on goes to people, with the reason.
pub fn turn(guide: &Guide, version: i64, state: Option<State>, said: &[&str], scene: Scene) -> Turn {
    let mut walk = Walk {
        guide,
        scene,
        messages: Vec::new(),
        tags: BTreeSet::new(),
        learnt: Attributes::new(),
        calls: Vec::new(),
    };
    let then = walk.walk(version, state, said);
    let then = match then {
        Then::Wait(state)
            if serde_json::to_string(&state).map_or(usize::MAX, |text| text.len()) > STATE_BYTES =>
        {
            people("the guide's state grew too long")
        }
        then => then,
    };
    Turn { messages: walk.messages, then, tags: walk.tags, learnt: walk.learnt, calls: walk.calls }
}

struct Walk<'a> {
    guide: &'a Guide,
    scene: Scene,
    messages: Vec<Said>,
    tags: BTreeSet<String>,
    learnt: Attributes,
    calls: Vec<Call>,
}

/// Where to go.
enum Way {
    To(usize),
    End(Then),
}

fn people(reason: &str) -> Then {
    Then::Handoff { team: None, reason: Some(reason.to_owned()), note: None }
}

/// Why a server did not answer names addresses and settings: that is not for visitors.
fn without_answer(why: &str) -> Then {
    let note = format!("The guide's web hook failed: {why}.");
    Then::Handoff {
        team: None,
        reason: Some("the guide could not look something up".into()),
        note: Some(note),
    }
}

impl Walk<'_> {
    fn walk(&mut self, version: i64, state: Option<State>, said: &[&str]) -> Then {
        let turns = state.as_ref().map_or(0, |state| state.turns).saturating_add(1);
        if turns > TURNS {
            return people("the visitor has gone through the guide for too long");
        }
        let (mut way, mut said) = match state {
            // What opens a conversation answers no question.
            None => (Way::To(0), said.get(1..).unwrap_or_default().iter()),
            Some(state) => {
                let Some(place) = self.guide.place(&state.at) else {
                    return people("the step at which the guide stood is gone");
                };
                let mut said = said.iter();
                let Some(first) = said.next() else { return Then::Wait(State { turns, ..state }) };
                match self.hear(place, state.tries, first) {
                    Heard::On(way) => (way, said),
                    // What was written in one go and does not fit counts once.
                    Heard::Again(tries) => {
                        return Then::Wait(State { version: state.version, at: state.at, tries, turns });
                    }
                }
            }
        };
        for _ in 0..STEPS_PER_TURN {
            let place = match way {
                Way::To(place) => place,
                Way::End(then) => return then,
            };
            let Some(step) = self.guide.steps.get(place) else {
                return people("the guide came to its end");
            };
            if step.act.waits() {
                if !self.ask(step) {
                    return people("the guide had more to say than fits into one turn");
                }
                let waiting = |tries| Then::Wait(State { version, at: step.id.clone(), tries, turns });
                let Some(next) = said.next() else { return waiting(0) };
                match self.hear(place, 0, next) {
                    Heard::On(on) => way = on,
                    Heard::Again(tries) => return waiting(tries),
                }
            } else {
                way = self.take(place, step);
            }
        }
        people("the guide went round in circles")
    }

    /// Takes a step that does not wait.
    fn take(&mut self, place: usize, step: &Step) -> Way {
        match &step.act {
            Act::Say { text, next } => {
                let text = self.fill(text);
                if self.say(Said { text, choices: Vec::new() }) {
                    self.way(place, next.as_deref())
                } else {
                    Way::End(people("the guide had more to say than fits into one turn"))
                }
            }
            Act::Condition { test, then, otherwise } => {
                let way = if self.holds(test) { then } else { otherwise };
                self.way(place, way.as_deref())
            }
            Act::Set { key, value, next } => {
                let value = self.fill(value);
                self.learn(key, &value);
                self.way(place, next.as_deref())
            }
            Act::Tag { tag, next } => {
                if let Ok(tag) = crate::tag::tag(tag) {
                    self.scene.tags.insert(tag.clone());
                    self.tags.insert(tag);
                }
                self.way(place, next.as_deref())
            }
            Act::Handoff { team, reason } => Way::End(self.hand_over(team.as_deref(), reason.as_deref())),
            Act::Call { webhook, keep, next, otherwise } => match self.call(&step.id, webhook) {
                Asked::Not(call) => Way::End(Then::Call(call)),
                Asked::Answered(answer) => {
                    for (key, value) in answer.iter().filter(|(key, _)| keep.contains(key)) {
                        self.learn(key, value);
                    }
                    self.way(place, next.as_deref())
                }
                Asked::Failed(_) if otherwise.is_some() => self.way(place, otherwise.as_deref()),
                Asked::Failed(why) => Way::End(without_answer(&why)),
            },
            Act::Go { automation } => Way::End(Then::Go { automation: automation.clone() }),
            Act::Resolve {} => Way::End(Then::Resolve),
            Act::Ask { .. } | Act::Choose { .. } => Way::To(place),
        }
    }

    /// What a web hook answered, or would in a dry run.
    fn call(&mut self, step: &str, webhook: &str) -> Asked {
        let nth = self.calls.len();
        if nth >= CALLS_PER_TURN {
            return Asked::Failed(format!("more than {CALLS_PER_TURN} calls in one turn"));
        }
        let call = Call { step: step.into(), webhook: webhook.into(), known: self.scene.known.clone() };
        let asked = match (self.scene.dry, self.scene.called.get(nth)) {
            (Some(Dry::Answered), _) => Asked::Answered(Attributes::new()),
            (Some(Dry::Failed), _) => Asked::Failed("as the dry run was told".into()),
            (None, None) => return Asked::Not(call),
            // A team has opened or closed since, for instance; one call more for that would not be bounded.
            (None, Some(called)) if called.step != step => {
                Asked::Failed("the guide took another way meanwhile".into())
            }
            (None, Some(called)) => called.answer.clone().map_or_else(Asked::Failed, Asked::Answered),
        };
        self.calls.push(call);
        asked
    }

    /// A team that is gone leaves everybody's queue, and the agent reads why.
    fn hand_over(&self, team: Option<&str>, reason: Option<&str>) -> Then {
        let reason = reason.map(|text| self.fill(text)).filter(|text| !text.trim().is_empty());
        match team {
            Some(id) if !self.scene.teams.contains_key(id) => {
                let gone = "the team to which the guide hands over is gone";
                let reason = reason.map_or_else(|| gone.to_owned(), |reason| format!("{reason} ({gone})"));
                Then::Handoff { team: None, reason: Some(reason), note: None }
            }
            team => Then::Handoff { team: team.map(str::to_owned), reason, note: None },
        }
    }

    fn way(&self, place: usize, next: Option<&str>) -> Way {
        match next {
            None => Way::To(place + 1),
            Some(id) => match self.guide.place(id) {
                Some(place) => Way::To(place),
                None => Way::End(people("the guide goes on with a step that is not there")),
            },
        }
    }

    /// Asks what a step asks; answers whether there was room for it.
    fn ask(&mut self, step: &Step) -> bool {
        match &step.act {
            Act::Ask { text, .. } => {
                let text = self.fill(text);
                self.say(Said { text, choices: Vec::new() })
            }
            Act::Choose { text, options, .. } => {
                let text = self.fill(text);
                let choices = options.iter().map(|option| option.label.clone()).collect();
                self.say(Said { text, choices })
            }
            _ => false,
        }
    }

    /// Hears an answer to the question at this place.
    fn hear(&mut self, place: usize, tries: u8, said: &str) -> Heard {
        let Some(step) = self.guide.steps.get(place) else {
            return Heard::On(Way::End(people("the step at which the guide stood is gone")));
        };
        let (retries, again, failed) = match &step.act {
            Act::Ask { save, answer, retries, again, next, failed, .. } => {
                if let Some(value) = answer.fit(said) {
                    self.learn(save, &value);
                    return Heard::On(self.way(place, next.as_deref()));
                }
                let again = again.as_deref().map_or_else(|| answer.hint().to_owned(), |text| self.fill(text));
                (*retries, Said { text: again, choices: Vec::new() }, failed)
            }
            Act::Choose { text, options, save, retries, failed } => {
                let meant = said.trim().to_lowercase();
                if let Some(chosen) =
                    options.iter().find(|option| option.label.trim().to_lowercase() == meant)
                {
                    if let Some(save) = save {
                        self.learn(save, &chosen.label);
                    }
                    return Heard::On(self.way(place, chosen.next.as_deref()));
                }
                let choices = options.iter().map(|option| option.label.clone()).collect();
                (*retries, Said { text: self.fill(text), choices }, failed)
            }
            _ => return Heard::On(Way::End(people("the guide stood where nothing is asked"))),
        };
        if tries < retries && self.say(again) {
            return Heard::Again(tries + 1);
        }
        Heard::On(match failed.as_deref() {
            Some(id) => self.way(place, Some(id)),
            None => Way::End(people("the visitor's answers did not fit the guide's question")),
        })
    }

    /// Says something, if there is room and something to say.
    fn say(&mut self, mut said: Said) -> bool {
        if self.messages.len() >= AUTOMATION_STREAK {
            return false;
        }
        said.text = said.text.trim().chars().filter(|c| *c != '\0').take(TEXT_CHARS).collect();
        if said.text.is_empty() {
            said.text = "…".into();
        }
        self.messages.push(said);
        true
    }

    /// Keeps a value, as far as there is room among what is known.
    fn learn(&mut self, key: &str, value: &str) {
        let value: String = value.trim().chars().filter(|c| *c != '\0').take(VALUE_CHARS).collect();
        let own = |key: &str| matches!(key, "name" | "email");
        // The visitor's own name and address are what they can be, or stay as they are.
        let fits = match key {
            "name" => Kind::Name.fit(&value).is_some(),
            "email" => Kind::Email.fit(&value).is_some(),
            _ => true,
        };
        if !fits {
            return;
        }
        let attributes = self.scene.known.keys().filter(|key| !own(key)).count();
        if !own(key) && !self.scene.known.contains_key(key) && (attributes >= ATTRIBUTES || value.is_empty())
        {
            return;
        }
        if value.is_empty() {
            self.scene.known.remove(key);
        } else {
            self.scene.known.insert(key.to_owned(), value.clone());
        }
        self.learnt.insert(key.to_owned(), value);
    }

    /// Puts what is known where `{key}` stands; what is not known is left out.
    fn fill(&self, text: &str) -> String {
        let mut filled = String::new();
        let mut rest = text;
        while let Some((before, behind)) = rest.split_once('{') {
            filled.push_str(before);
            // Behind what cannot be a key any more there is no look for its end.
            let length = behind.bytes().take(KEY_CHARS + 1).position(|byte| byte == b'}');
            let key = length.and_then(|length| Some((behind.get(..length)?, behind.get(length + 1..)?)));
            match key {
                Some((key, after)) if crate::attributes::key(key).is_ok() => {
                    filled.push_str(self.scene.known.get(key).map_or("", String::as_str));
                    rest = after;
                }
                _ => {
                    filled.push('{');
                    rest = behind;
                }
            }
        }
        filled.push_str(rest);
        filled
    }

    fn holds(&self, test: &Test) -> bool {
        match test {
            Test::Known { key } => self.scene.known.contains_key(key),
            Test::Equals { key, value } => {
                let known = self.scene.known.get(key);
                known.is_some_and(|known| known.to_lowercase() == value.trim().to_lowercase())
            }
            Test::Language { language } => {
                let (want, is) =
                    (language.to_lowercase(), self.scene.locale.as_deref().map(str::to_lowercase));
                is.is_some_and(|is| {
                    is == want || is.strip_prefix(&want).is_some_and(|rest| rest.starts_with(['-', '_']))
                })
            }
            Test::Page { pattern } => self.scene.page.as_deref().is_some_and(|page| matches(pattern, page)),
            Test::Open { team } => self.scene.teams.get(team).copied().unwrap_or_default(),
            Test::Tagged { tag } => self.scene.tags.contains(tag.trim()),
        }
    }
}

/// What a web hook answered.
enum Asked {
    Answered(Attributes),
    Failed(String),
    Not(Call),
}

/// What came of an answer.
enum Heard {
    On(Way),
    Again(u8),
}

/// Whether `*` in the pattern can stand for something so that it is the text. Each part is taken where it comes first,
/// so it is done in one pass.
fn matches(pattern: &str, text: &str) -> bool {
    let Some((first, rest)) = pattern.split_once('*') else { return pattern == text };
    let Some(mut text) = text.strip_prefix(first) else { return false };
    let mut parts: Vec<&str> = rest.split('*').collect();
    let last = parts.pop().unwrap_or_default();
    for part in parts {
        let Some((_, behind)) = text.split_once(part) else { return false };
        text = behind;
    }
    text.ends_with(last)
}
