//! The ways to misbehave.

use std::time::Duration;

use serde_json::{Value, json};
use switchboard_testkit::puppet::{Act, Puppet, Role, says, texts, working};

use super::trial::End;

/// What somebody who speaks for Mat calls itself.
pub(super) const STOLEN: &str = "Stolen";
/// Nobody may wait longer.
pub(super) const TOLD: Duration = Duration::from_secs(20);
/// Nor, with an automation that says that it is working.
const WORKING: Duration = Duration::from_secs(65);
/// At once.
const SOON: Duration = Duration::from_secs(5);

const MARKUP: &str = "<script>alert(1)</script><img src=x onerror=alert(2)> **bold** &amp;";

/// What is to become of visitors.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Outcome {
    /// Answered, with exactly this.
    Says(&'static [&'static str]),
    /// With people, and the automation has said nothing.
    People,
    /// With people, and the automation has said `again` ten times.
    TenAndPeople,
    /// The one or the other.
    Either,
    /// With people, whenever an agent passes it on.
    HandsBack,
}

impl Outcome {
    /// Whether that has become of one.
    pub(super) fn fits(self, end: &End) -> bool {
        match self {
            Self::Says(texts) => end.answered && end.said == texts,
            Self::People => !end.answered && end.said.is_empty(),
            // The first of the ten is what is seen first.
            Self::TenAndPeople => end.said == ["again"; 10],
            Self::Either => end.said == ["fine"] || (!end.answered && end.said.is_empty()),
            Self::HandsBack => !end.answered,
        }
    }
}

/// A way to misbehave.
pub(super) struct Case {
    /// Its name, for `--part`.
    pub(super) name: &'static str,
    /// Who is asked.
    pub(super) automation: &'static str,
    /// What it does, for the page.
    pub(super) about: &'static str,
    /// What is to become of its visitors.
    pub(super) outcome: Outcome,
    /// Within this.
    pub(super) goal: Duration,
    play: fn(&Value) -> Vec<Act>,
}

/// The programs of a case; they run until this is dropped.
pub(super) struct Misbehaving {
    /// Whether they are to be gone when visitors come.
    pub(super) leaves: bool,
    _programs: Vec<Puppet>,
}

impl Case {
    /// Starts its programs.
    pub(super) fn start(&self, url: &str) -> Misbehaving {
        let role = match self.name {
            // It says that it is Mat where everybody may answer; Mat's turns it does not get.
            "poses" => Role { name: "mat".into(), title: Some(STOLEN.into()), plays: false },
            _ => Role::honest(self.automation, self.automation),
        };
        let mut all = vec![Puppet::start(url, role, self.play)];
        if self.name == "taken" {
            let other = Role::honest(self.automation, self.automation);
            all.push(Puppet::start(url, other, |_| Vec::new()));
        }
        Misbehaving { leaves: self.name == "absent", _programs: all }
    }

    /// Whether it is found as an automation of its own.
    pub(super) fn is_found(&self) -> bool {
        self.name != "poses"
    }
}

fn reply(texts: &[&str]) -> Value {
    let messages: Vec<Value> = texts.iter().map(|text| json!({ "text": text })).collect();
    json!({ "messages": messages, "then": "wait" })
}

macro_rules! case {
    ($name:literal, $about:literal, $outcome:expr, $goal:expr, $play:expr) => {
        Case { name: $name, automation: $name, about: $about, outcome: $outcome, goal: $goal, play: $play }
    };
}

/// All of them.
pub(super) const CASES: &[Case] = &[
    case!("hangs", "never answers", Outcome::People, TOLD, |_| Vec::new()),
    case!("crashes", "its connection ends at each turn; back at once", Outcome::People, TOLD, |_| vec![
        Act::Crash
    ]),
    case!("twice", "replies twice", Outcome::Says(&["fine"]), SOON, |_| vec![
        says(&["fine"]),
        says(&["twice"])
    ]),
    case!(
        "late",
        "replies after 6 s, when the second attempt is out",
        Outcome::Says(&["fine"]),
        TOLD,
        |_| vec![Act::Pause(Duration::from_secs(6)), says(&["fine"])]
    ),
    case!("too-late", "replies after 19 s", Outcome::People, TOLD, |_| vec![
        Act::Pause(Duration::from_secs(19)),
        says(&["too late"])
    ]),
    case!("huge", "replies with 10 MB", Outcome::People, TOLD, |_| vec![Act::Raw(vec![b'x'; 10 << 20])]),
    case!("large", "replies with 300 KiB of valid JSON", Outcome::People, TOLD, |_| vec![Act::Say(
        json!({ "messages": [{ "text": "fine" }], "then": "wait", "more": "x".repeat(300 << 10) })
    )]),
    case!("markup", "replies with markup", Outcome::Says(&[MARKUP]), SOON, |_| vec![says(&[MARKUP])]),
    case!("foreign", "names another conversation in its reply", Outcome::Says(&["fine"]), SOON, |turn| {
        // The visitor's message is the id of another conversation.
        let mut reply = reply(&["fine"]);
        reply["conversation"] = texts(turn).first().copied().into();
        reply["turn"] = "other".into();
        reply["fence"] = 1.into();
        vec![Act::Say(reply)]
    }),
    case!("loops", "says fifteen messages at once", Outcome::TenAndPeople, SOON, |_| vec![says(
        &["again"; 15]
    )]),
    case!("bounces", "hands back whatever an agent passes to it", Outcome::HandsBack, SOON, |_| vec![
        Act::Say(json!({ "then": { "handoff": { "reason": "not mine" } } }))
    ]),
    case!("astray", "hands over to an automation that does not exist", Outcome::People, SOON, |_| vec![
        Act::Say(json!({ "then": { "handoff": { "automation": "nobody" } } }))
    ]),
    case!("itself", "hands over to itself", Outcome::People, SOON, |_| vec![Act::Say(
        json!({ "then": { "handoff": { "automation": "itself" } } })
    )]),
    case!("nowhere", "hands over to a team that does not exist", Outcome::People, TOLD, |_| vec![Act::Say(
        json!({ "then": { "handoff": { "team": "01ARZ3NDEKTSV4RRFFQ69G5FAV" } } })
    )]),
    case!("works", "says for ever that it is working", Outcome::People, WORKING, |_| {
        (0..200).flat_map(|_| [Act::Say(working(60_000)), Act::Pause(Duration::from_secs(1))]).collect()
    }),
    case!("floods", "5,000 working frames, then nothing", Outcome::People, TOLD, |_| vec![Act::Repeat(
        working(0),
        5_000
    )]),
    case!("pours", "replies 5,000 times", Outcome::Says(&["fine"]), SOON, |_| vec![Act::Repeat(
        reply(&["fine"]),
        5_000
    )]),
    case!("garbage", "replies with what is no JSON", Outcome::People, TOLD, |_| vec![Act::Raw(vec![
        0xff, 0x00, b'{', b'[', 0xfe
    ])]),
    case!("errs", "answers with an error each time", Outcome::People, TOLD, |_| vec![Act::Fail("no voice")]),
    case!("taken", "shares its name with one that hangs", Outcome::Either, TOLD, |_| vec![says(&["fine"])]),
    Case {
        name: "poses",
        automation: "mat",
        about: "somebody else says that it is Mat",
        outcome: Outcome::Says(&["mat"]),
        goal: SOON,
        play: |_| Vec::new(),
    },
    case!("absent", "has no instance any more", Outcome::People, TOLD, |_| Vec::new()),
];
