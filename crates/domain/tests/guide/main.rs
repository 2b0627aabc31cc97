//! Guides: whatever they are made of and whatever visitors say, a turn is bounded and ends somewhere.

#![expect(clippy::panic, reason = "helpers of tests fail like tests")]

use proptest::prelude::*;
use std::collections::BTreeSet;
use switchboard_domain::guide::answer::Kind;
use switchboard_domain::guide::call::Called;
use switchboard_domain::guide::check::{Around, check, too_large};
use switchboard_domain::guide::run::{Dry, Scene, State, Then, Turn, turn};
use switchboard_domain::guide::{
    Act, CALLS_PER_TURN, Choosable, Guide, STATE_BYTES, STEPS, Step, TURNS, Test, file, template,
};
use switchboard_domain::limits::AUTOMATION_STREAK;

fn step(id: &str, act: Act) -> Step {
    Step { id: id.into(), act }
}

fn say(text: &str, next: Option<&str>) -> Act {
    Act::Say { text: text.into(), next: next.map(str::to_owned) }
}

fn ask(save: &str, answer: Kind, retries: u8, failed: Option<&str>) -> Act {
    let failed = failed.map(str::to_owned);
    Act::Ask { text: "Well?".into(), save: save.into(), answer, retries, again: None, next: None, failed }
}

fn handoff(team: Option<&str>) -> Act {
    Act::Handoff { team: team.map(str::to_owned), reason: None }
}

fn texts(turn: &Turn) -> Vec<&str> {
    turn.messages.iter().map(|said| said.text.as_str()).collect()
}

fn waits(turn: &Turn) -> State {
    match &turn.then {
        Then::Wait(state) => state.clone(),
        then => panic!("it does not wait: {then:?}"),
    }
}

fn reason(turn: &Turn) -> &str {
    match &turn.then {
        Then::Handoff { reason: Some(reason), .. } => reason,
        then => panic!("nobody is told why: {then:?}"),
    }
}

/// What staff alone read about a handover.
fn note(turn: &Turn) -> &str {
    match &turn.then {
        Then::Handoff { note: Some(note), .. } => note,
        then => panic!("staff are not told: {then:?}"),
    }
}

fn set(ids: &[&str]) -> BTreeSet<String> {
    ids.iter().map(|id| (*id).to_owned()).collect()
}

fn teams(ids: &[&str]) -> Around {
    Around { teams: set(ids), automations: set(&["faq"]), webhooks: set(&["w1"]) }
}

#[test]
fn the_greeter_asks_for_what_is_not_known_and_hands_over() {
    let guide = template::greeter(Some("t1"));
    assert_eq!(check(&guide, &teams(&["t1"])), []);
    let mut scene = Scene::default();
    scene.teams.insert("t1".into(), true);
    let first = turn(&guide, 3, None, &["hi"], scene.clone());
    assert_eq!(texts(&first), ["Hello! Somebody will be with you in a moment.", "What is your name?"]);
    let second = turn(&guide, 3, Some(waits(&first)), &["Ada"], scene.clone());
    assert_eq!(second.learnt.get("name").map(String::as_str), Some("Ada"));
    scene.known.insert("name".into(), "Ada".into());
    let third = turn(&guide, 3, Some(waits(&second)), &["nonsense"], scene.clone());
    assert_eq!(texts(&third), [Kind::Email.hint()]);
    assert_eq!(waits(&third), State { version: 3, at: "email".into(), tries: 1, turns: 3 });
    let fourth = turn(&guide, 3, Some(waits(&third)), &["ada@example.com"], scene.clone());
    assert_eq!(fourth.learnt.get("email").map(String::as_str), Some("ada@example.com"));
    assert!(matches!(&fourth.then, Then::Handoff { team: Some(team), .. } if team == "t1"));
    // Whoever is known is asked nothing; out of hours it says so.
    scene.known.insert("email".into(), "ada@example.com".into());
    scene.teams.insert("t1".into(), false);
    let known = turn(&guide, 3, None, &["hi"], scene);
    assert!(texts(&known)[0].contains("Nobody is here"), "{known:?}");
    assert!(matches!(known.then, Then::Handoff { .. }));
}

#[test]
fn what_is_said_in_one_go_answers_one_question_after_the_other() {
    let guide = template::greeter(None);
    let all = turn(&guide, 1, None, &["hi", "Ada", "ada@example.com"], Scene::default());
    assert_eq!(all.learnt.len(), 2);
    assert!(matches!(all.then, Then::Handoff { team: None, .. }));
}

#[test]
fn choices_are_heard_in_any_case_and_asked_again_with_their_buttons() {
    let option = |label: &str, next: &str| Choosable { label: label.into(), next: Some(next.into()) };
    let options = vec![option("Sales", "buy"), option("Help", "people")];
    let choose = Act::Choose {
        text: "{name}, what?".into(),
        options,
        save: Some("topic".into()),
        retries: 1,
        failed: None,
    };
    let guide = Guide {
        steps: vec![
            step("what", choose),
            step("buy", Act::Tag { tag: "sales".into(), next: None }),
            step("keep", Act::Set { key: "seen".into(), value: "{topic}!".into(), next: None }),
            step("end", Act::Resolve {}),
            step("people", handoff(None)),
        ],
    };
    assert_eq!(check(&guide, &teams(&[])), []);
    let mut scene = Scene::default();
    scene.known.insert("name".into(), "Ada".into());
    let first = turn(&guide, 1, None, &["hi"], scene.clone());
    assert_eq!((texts(&first), first.messages[0].choices.len()), (vec!["Ada, what?"], 2));
    let again = turn(&guide, 1, Some(waits(&first)), &["eh"], scene.clone());
    assert_eq!(again.messages, first.messages);
    let bought = turn(&guide, 1, Some(waits(&again)), &[" sALES "], scene.clone());
    assert_eq!(bought.then, Then::Resolve);
    assert_eq!(bought.tags, set(&["sales"]));
    assert_eq!(bought.learnt.get("seen").map(String::as_str), Some("Sales!"));
    let lost = turn(&guide, 1, Some(waits(&again)), &["eh"], scene);
    assert!(reason(&lost).contains("did not fit"));
}

#[test]
fn conditions_ask_language_page_tags_and_answers() {
    let mut scene =
        Scene { locale: Some("de-AT".into()), page: Some("/shop/shoes?x=1".into()), ..Scene::default() };
    scene.tags.insert("vip".into());
    scene.known.insert("plan".into(), "Pro".into());
    let holds = |test: Test| {
        let condition = Act::Condition { test, then: Some("yes".into()), otherwise: Some("no".into()) };
        let guide = Guide {
            steps: vec![step("c", condition), step("yes", Act::Resolve {}), step("no", handoff(None))],
        };
        turn(&guide, 1, None, &["hi"], scene.clone()).then == Then::Resolve
    };
    let language = |text: &str| holds(Test::Language { language: text.into() });
    assert!(language("de") && language("DE-at") && !language("d") && !language("en"));
    let page = |text: &str| holds(Test::Page { pattern: text.into() });
    assert!(page("/shop/*") && page("*shoes*") && page("/shop/shoes?x=1") && page("*") && page("/s*o*1"));
    assert!(!page("/shop") && !page("/blog/*") && !page("*shoes") && !page("/shop/shoes?x=1*1"));
    assert!(holds(Test::Tagged { tag: "vip".into() }) && !holds(Test::Tagged { tag: "v".into() }));
    assert!(holds(Test::Equals { key: "plan".into(), value: "pro".into() }));
    assert!(holds(Test::Known { key: "plan".into() }) && !holds(Test::Known { key: "name".into() }));
    assert!(!holds(Test::Open { team: "gone".into() }), "a team that is gone is not open");
}

fn call(keep: &[&str], next: Option<&str>, otherwise: Option<&str>) -> Act {
    let keep = keep.iter().map(|key| (*key).to_owned()).collect();
    let (next, otherwise) = (next.map(str::to_owned), otherwise.map(str::to_owned));
    Act::Call { webhook: "w1".into(), keep, next, otherwise }
}

fn called(step: &str, answer: Result<&[(&str, &str)], &str>) -> Called {
    let pairs = |all: &[(&str, &str)]| all.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
    Called { step: step.into(), answer: answer.map(pairs).map_err(str::to_owned) }
}

#[test]
fn a_web_hook_is_called_before_anything_is_said_and_its_answer_decides() {
    let guide = Guide {
        steps: vec![
            step("set", Act::Set { key: "order".into(), value: "17".into(), next: None }),
            step("look", call(&["plan"], None, Some("sorry"))),
            step("tell", say("You have {plan}{other}.", Some("end"))),
            step("sorry", say("We cannot see it now.", None)),
            step("end", Act::Resolve {}),
        ],
    };
    assert_eq!(check(&guide, &teams(&[])), []);
    let played = |called: Vec<Called>| turn(&guide, 1, None, &["hi"], Scene { called, ..Scene::default() });
    let Then::Call(wanted) = played(vec![]).then else { panic!("it does not call") };
    assert_eq!((wanted.step.as_str(), wanted.webhook.as_str()), ("look", "w1"));
    assert_eq!(wanted.known.get("order").map(String::as_str), Some("17"));
    let well = played(vec![called("look", Ok(&[("plan", "gold"), ("other", "x")]))]);
    assert_eq!((texts(&well), &well.then), (vec!["You have gold."], &Then::Resolve));
    assert_eq!(well.learnt.get("plan").map(String::as_str), Some("gold"));
    assert_eq!(well.learnt.get("other"), None, "what is not asked for is not kept");
    let failed = played(vec![called("look", Err("no answer in time"))]);
    assert_eq!(texts(&failed), ["We cannot see it now."]);
    let other = played(vec![called("elsewhere", Ok(&[]))]);
    assert_eq!(texts(&other), ["We cannot see it now."], "an answer to another step is none");

    let bare = Guide { steps: vec![step("look", call(&[], None, None))] };
    let why = "10.0.0.7 is an address of a private or special network";
    let lost = Scene { called: vec![called("look", Err(why))], ..Scene::default() };
    let lost = turn(&bare, 1, None, &["hi"], lost);
    assert_eq!(reason(&lost), "the guide could not look something up", "visitors can read it");
    assert!(note(&lost).contains(why), "staff read what was wrong");
}

#[test]
fn calls_are_bounded_and_a_dry_run_makes_none() {
    let round = Guide {
        steps: vec![
            step("look", call(&[], Some("again"), None)),
            step("again", call(&[], Some("look"), None)),
        ],
    };
    let places: Vec<_> = check(&round, &teams(&[])).iter().map(|bad| bad.field).collect();
    assert_eq!(places, ["next", "next"], "a circle of calls cannot be published");
    let scene = Scene { dry: Some(Dry::Answered), ..Scene::default() };
    let played = turn(&round, 1, None, &["hi"], scene.clone());
    assert_eq!(played.calls.len(), CALLS_PER_TURN);
    assert!(note(&played).contains("calls in one turn"));
    let failing = turn(&round, 1, None, &["hi"], Scene { dry: Some(Dry::Failed), ..scene });
    assert_eq!(failing.calls.len(), 1);
    assert!(note(&failing).contains("web hook failed"));
}

#[test]
fn another_automation_goes_on() {
    let guide = Guide {
        steps: vec![step("a", say("One moment.", None)), step("b", Act::Go { automation: "faq".into() })],
    };
    assert_eq!(check(&guide, &teams(&[])), []);
    let played = turn(&guide, 1, None, &["hi"], Scene::default());
    assert_eq!(texts(&played), ["One moment."]);
    assert_eq!(played.then, Then::Go { automation: "faq".into() });
    let found = check(&guide, &Around::default());
    assert_eq!((found[0].place, found[0].field), (Some(1), "automation"));
    let hookless = Guide { steps: vec![step("a", call(&["Bad Key"], None, None))] };
    let found = check(&hookless, &Around::default());
    assert_eq!(found.iter().map(|bad| bad.field).collect::<Vec<_>>(), ["webhook", "keep"]);
}

#[test]
fn what_was_broken_after_publishing_goes_to_people_with_the_reason() {
    let round = Guide {
        steps: vec![
            step("a", say("a", Some("b"))),
            step("b", Act::Tag { tag: "t".into(), next: Some("a".into()) }),
        ],
    };
    let spoken = turn(&round, 1, None, &["hi"], Scene::default());
    assert_eq!(spoken.messages.len(), AUTOMATION_STREAK);
    assert!(reason(&spoken).contains("more to say"));
    let silent = Guide { steps: vec![step("a", Act::Tag { tag: "t".into(), next: Some("a".into()) })] };
    assert!(reason(&turn(&silent, 1, None, &["hi"], Scene::default())).contains("circles"));
    let gone = Guide { steps: vec![step("a", handoff(Some("t9")))] };
    let handed = turn(&gone, 1, None, &["hi"], Scene::default());
    assert!(matches!(&handed.then, Then::Handoff { team: None, .. }));
    assert!(reason(&handed).contains("gone"));
    let lost = State { at: "elsewhere".into(), ..State::default() };
    assert!(reason(&turn(&gone, 1, Some(lost), &["hi"], Scene::default())).contains("gone"));
    let missing = Guide { steps: vec![step("a", say("a", Some("x")))] };
    assert!(reason(&turn(&missing, 1, None, &["hi"], Scene::default())).contains("not there"));
    assert!(reason(&turn(&Guide::default(), 1, None, &["hi"], Scene::default())).contains("end"));
}

#[test]
fn braces_that_are_no_variables_stay_and_cost_nothing() {
    let known = [("name".to_owned(), "Ada".to_owned())].into();
    let scene = Scene { known, ..Scene::default() };
    let said = |text: &str| {
        let guide = Guide { steps: vec![step("s", say(text, None)), step("r", Act::Resolve {})] };
        texts(&turn(&guide, 1, None, &["hi"], scene.clone()))[0].to_owned()
    };
    for (text, filled) in [
        ("{name}", "Ada"),
        ("{{name}}", "{Ada}"),
        ("-{no} {name", "- {name"),
        ("{Name} {} {é} {", "{Name} {} {é} {"),
        ("{a{name}b}", "{aAdab}"),
    ] {
        assert_eq!(said(text), filled);
    }
    let key = "k".repeat(32);
    assert_eq!(said(&format!("-{{{key}}}-{{k{key}}}-")), format!("--{{k{key}}}-"), "32 characters are a key");
    // Each brace was looked behind to the end: seconds for what one body of HTTP holds.
    let began = std::time::Instant::now();
    said(&"{".repeat(600_000));
    assert!(began.elapsed() < std::time::Duration::from_secs(2), "{:?}", began.elapsed());
}

#[test]
fn what_is_larger_than_a_guide_may_be_is_told_by_step() {
    let long = "x".repeat(2_001);
    let steps = vec![step("a", say("hello", None)), step("b", say(&long, None)), step("c", handoff(None))];
    let found = too_large(&Guide { steps: steps.clone() });
    assert_eq!((found.len(), found[0].place, found[0].field), (1, Some(1), "text"));
    assert!(too_large(&Guide { steps: [&steps[..1], &steps[2..]].concat() }).is_empty());
    let options = vec![Choosable { label: "x".into(), next: None }; 21];
    let many = Act::Choose { text: "?".into(), options, save: None, retries: 0, failed: None };
    assert_eq!(too_large(&Guide { steps: vec![step("m", many)] })[0].field, "options");
}

#[test]
fn nonsense_for_ever_ends_with_people() {
    let guide = Guide { steps: vec![step("again", ask("n", Kind::Number, 5, Some("again")))] };
    assert_eq!(check(&guide, &teams(&[])), [], "a circle through a question is allowed");
    let mut state = None;
    for _ in 0..TURNS {
        state = Some(waits(&turn(&guide, 1, state, &["nonsense"], Scene::default())));
    }
    assert!(reason(&turn(&guide, 1, state, &["nonsense"], Scene::default())).contains("too long"));
}

#[test]
fn problems_are_told_by_step() {
    let problem = |steps: Vec<Step>| {
        let found = check(&Guide { steps }, &teams(&["t1"]));
        found.into_iter().map(|bad| (bad.place, bad.field, bad.text)).next().unwrap()
    };
    assert_eq!(problem(vec![]).0, None);
    assert!(problem(vec![step("a", say("x", Some("nowhere")))]).2.contains("nowhere"));
    assert_eq!(problem(vec![step("a", say("x", None)), step("a", say("x", None))]).0, Some(1));
    assert_eq!(problem(vec![step("A b", say("x", None))]).1, "id");
    assert_eq!(problem(vec![step("a", say(" ", None))]).1, "text");
    assert_eq!(problem(vec![step("a", ask("Bad Key", Kind::Text, 0, None))]).1, "save");
    assert_eq!(problem(vec![step("a", ask("k", Kind::Text, 99, None))]).1, "retries");
    assert_eq!(problem(vec![step("a", handoff(Some("t2")))]).1, "team");
    let circle = problem(vec![step("a", say("x", None)), step("b", say("x", Some("a")))]);
    assert_eq!((circle.0, circle.1), (Some(0), "next"));
    assert!(problem(vec![step("a", Act::Resolve {}); 10_000]).2.contains("10000"));
}

#[test]
fn a_long_guide_without_circles_is_none() {
    let steps: Vec<Step> = (0..STEPS).map(|n| step(&format!("s{n}"), say("x", None))).collect();
    assert_eq!(check(&Guide { steps }, &teams(&[])), []);
}

#[test]
fn a_file_comes_back_and_a_hostile_one_is_refused_by_step() {
    let guide = template::greeter(Some("t1"));
    let text = file::write("Greeter", &guide);
    assert_eq!(file::read(&text), Ok(("Greeter".into(), guide)));
    let steps = |steps: &str| format!(r#"{{"format":"{}","title":"x","steps":{steps}}}"#, file::FORMAT);
    let bad = file::read(&steps(r#"[{"id":"a","kind":"resolve"},{"id":"b","kind":"explode"}]"#)).unwrap_err();
    assert_eq!((bad[0].place, bad[0].step.as_deref()), (Some(1), Some("b")));
    assert!(bad[0].text.contains("explode"), "{bad:?}");
    let extra = file::read(&steps(r#"[{"id":"a","kind":"say","text":"x","colour":"red"}]"#)).unwrap_err();
    assert!(extra[0].text.contains("colour"), "{extra:?}");
    for hostile in ["", "[", "{}", "null", &"[".repeat(100_000), &" ".repeat(300_000), &steps("7")] {
        assert!(file::read(hostile).is_err());
    }
    let many = steps(&format!("[{}]", vec!["7"; 10_000].join(",")));
    assert!(file::read(&many).unwrap_err()[0].text.contains("10000"));
}

fn id() -> impl Strategy<Value = Option<String>> {
    proptest::option::of((0..9_u8).prop_map(|n| format!("s{n}")))
}

fn act() -> impl Strategy<Value = Act> {
    let kinds = prop_oneof![Just(Kind::Text), Just(Kind::Number), Just(Kind::Email), Just(Kind::Name)];
    let option = ("[ab]", id()).prop_map(|(label, next)| Choosable { label, next });
    prop_oneof![
        ("[a-z{}]{0,9}", id()).prop_map(|(text, next)| Act::Say { text, next }),
        (kinds, 0..4_u8, id(), id()).prop_map(|(answer, retries, next, failed)| Act::Ask {
            text: "{k} ?".into(),
            save: "k".into(),
            answer,
            retries,
            again: None,
            next,
            failed
        }),
        (proptest::collection::vec(option, 0..3), 0..4_u8, id()).prop_map(|(options, retries, failed)| {
            Act::Choose { text: "which?".into(), options, save: None, retries, failed }
        }),
        (id(), id()).prop_map(|(then, otherwise)| Act::Condition {
            test: Test::Known { key: "k".into() },
            then,
            otherwise
        }),
        ("[kl]", "[a-z{}]{0,3}", id()).prop_map(|(key, value, next)| Act::Set { key, value, next }),
        id().prop_map(|next| Act::Tag { tag: "t".into(), next }),
        Just(Act::Handoff { team: Some("gone".into()), reason: None }),
        (id(), id()).prop_map(|(next, otherwise)| Act::Call {
            webhook: "w1".into(),
            keep: vec!["k".into()],
            next,
            otherwise
        }),
        Just(Act::Go { automation: "faq".into() }),
        Just(Act::Resolve {}),
    ]
}

proptest! {
    #[test]
    fn every_turn_is_bounded_and_every_run_ends(
        acts in proptest::collection::vec(act(), 0..8),
        said in proptest::collection::vec(proptest::collection::vec("[ab0-9@.]{0,4}", 1..4), 110),
        fails in any::<bool>(),
    ) {
        let steps = acts.into_iter().enumerate().map(|(n, act)| step(&format!("s{n}"), act)).collect();
        let guide = Guide { steps };
        let sound = check(&guide, &teams(&["gone"])).is_empty();
        let mut state = None;
        let mut over = false;
        for texts in &said {
            let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
            let (began, mut scene) = (state.take(), Scene::default());
            let mut played = turn(&guide, 1, began.clone(), &texts, scene.clone());
            while let Then::Call(call) = played.then {
                let answer = if fails { Err("down".into()) } else { Ok([("k".into(), "v".into())].into()) };
                scene.called.push(Called { step: call.step, answer });
                prop_assert!(scene.called.len() <= CALLS_PER_TURN);
                played = turn(&guide, 1, began.clone(), &texts, scene.clone());
            }
            prop_assert!(played.messages.len() <= AUTOMATION_STREAK);
            prop_assert!(played.messages.iter().all(|said| !said.text.trim().is_empty()));
            match played.then {
                Then::Wait(next) => {
                    prop_assert!(serde_json::to_string(&next).unwrap().len() <= STATE_BYTES);
                    prop_assert!(guide.steps.iter().any(|step| step.id == next.at && step.act.waits()));
                    state = Some(next);
                }
                Then::Handoff { reason, .. } => {
                    if let Some(reason) = reason {
                        prop_assert!(!(sound && reason.contains("not there")), "{}", reason);
                    }
                    over = true;
                    break;
                }
                Then::Go { .. } | Then::Resolve | Then::Call(_) => {
                    over = true;
                    break;
                }
            }
        }
        prop_assert!(over, "a run of 110 turns is still waiting");
    }
}
