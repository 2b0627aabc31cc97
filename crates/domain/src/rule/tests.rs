//! Rules are bounded, say why, and never go round in circles.

use super::*;
use crate::author::AuthorKind;
use crate::conversation::Status;
use crate::hours::{Hours, Span};
use crate::priority::Priority;
use proptest::prelude::*;

fn id(text: &str) -> RuleId {
    text.parse().unwrap()
}

fn told(text: &str) -> Situation {
    let happened = Happened::Message { entry: "e1".parse().unwrap(), seq: 2, text: text.into() };
    Situation {
        happened,
        at: 0,
        by: AuthorKind::Visitor,
        newest: Some(text.into()),
        last_inbound: 2,
        status: Status::Open,
        owner: OwnerKind::Queue,
        team: None,
        tags: vec!["vip".into()],
        priority: Priority::Normal,
        visitor: Person { name: "Ada Lovelace".into(), ..Person::default() },
        hours: [("sales".parse().unwrap(), None)].into(),
        fired: 0,
        unfired: 0,
        done: vec![],
    }
}

fn words(words: &[&str]) -> Pattern {
    Pattern::Words { words: words.iter().map(|word| (*word).to_owned()).collect() }
}

fn regex(expression: &str) -> Pattern {
    Pattern::Regex { expression: expression.into() }
}

fn tag(text: &str) -> Action {
    Action::Tag { tag: text.into() }
}

fn team(name: &str) -> Action {
    Action::Team { team: name.parse().unwrap() }
}

fn rule(name: &str, trigger: Trigger, conditions: Vec<Condition>, actions: Vec<Action>) -> Rule {
    Rule { id: id(name), name: name.into(), on: true, trigger, conditions, actions, stop: false, since: 0 }
}

fn on_refund(name: &str, conditions: Vec<Condition>) -> Rule {
    rule(name, Trigger::Message { pattern: words(&["refund"]) }, conditions, vec![tag("money")])
}

fn outcomes(rules: Vec<Rule>, told: &Situation) -> Vec<Outcome> {
    RuleBook::new(rules).evaluate(told, 0).into_iter().map(|verdict| verdict.outcome).collect()
}

#[test]
fn words_are_whole_and_case_tells_nothing_apart() {
    for (pattern, text, found) in [
        (words(&["refund"]), "A REFUND, please!", true),
        (words(&["refund"]), "refundable", false),
        (words(&["Größe", "taille"]), "welche größe?", true),
        (Pattern::Phrase { text: "money Back".into() }, "my MONEY BACK now", true),
        (Pattern::Phrase { text: "money back".into() }, "money, back", false),
        (regex(r"\border\s+#?\d{4,}\b"), "Order #12345?", true),
        (regex(r"^help$"), "help me", false),
    ] {
        assert_eq!(pattern.ready().unwrap().is_in(text), found, "{pattern:?} in {text}");
    }
}

#[test]
fn a_regular_expression_cannot_take_the_machine() {
    for bad in ["(", "(?=x)", r"(a)\1"] {
        assert!(matches!(regex(bad).check(), Err(BadRule::Regex(_))), "{bad}");
    }
    // Those with hundreds of steps would take a second on a long message.
    for bad in [
        "a{1000}{1000}",
        r"\w{5000}",
        "[ab]*a[ab]{500}",
        "(?:a?){700}b",
        r"(?:\w?a?){3}(?:a?){300}b",
        r"\\w{900}",
    ] {
        assert_eq!(regex(bad).check(), Err(BadRule::RegexLarge), "{bad}");
    }
    // What is large because of the letters of all languages is not.
    for good in [
        r"[\w.+-]+@[\w-]+\.[\w.]+",
        r"\b\d{3}-\d{7}-\d{7}\b",
        r"https?://\S+",
        "(kündig|storn|rückgab|erstatt)\\w*",
    ] {
        assert_eq!(regex(good).check(), Ok(()), "{good}");
    }
    // What takes others exponential time takes this one linear time: 2 000 characters, and an end that fails.
    let ready = regex("^(a+)+$").ready().unwrap();
    assert!(!ready.is_in(&format!("{}b", "a".repeat(1_999))));
    let end = regex("end$").ready().unwrap();
    assert!(end.is_in(&format!("{}end", "é".repeat(REGEX_CHARS - 3))));
    assert!(!end.is_in(&format!("{}end", "é".repeat(REGEX_CHARS))), "it sees the beginning of a message");
    // Behind the longest message nothing is read.
    let phrase = Pattern::Phrase { text: "end".into() }.ready().unwrap();
    assert!(!phrase.is_in(&format!("{}end", "é".repeat(crate::limits::TEXT_CHARS))));
}

#[test]
fn what_is_not_acceptable_is_refused_with_a_reason() {
    let base = || on_refund("r1", vec![]);
    let with = |change: fn(&mut Rule)| {
        let mut rule = base();
        change(&mut rule);
        rule.check()
    };
    assert_eq!(base().check(), Ok(()));
    assert_eq!(with(|r| r.name = "  ".into()), Err(BadRule::Name));
    assert_eq!(with(|r| r.actions.clear()), Err(BadRule::Actions));
    assert_eq!(with(|r| r.actions = vec![tag("x"); ACTIONS + 1]), Err(BadRule::Actions));
    let email = Condition::Email { known: true };
    let mut many = base();
    many.conditions = vec![email; CONDITIONS + 1];
    assert_eq!(many.check(), Err(BadRule::Conditions));
    assert_eq!(with(|r| r.trigger = Trigger::Waiting { longer_than_s: 29 }), Err(BadRule::Wait));
    assert_eq!(with(|r| r.trigger = Trigger::Rated { at_most: 0 }), Err(BadRule::Rating));
    assert_eq!(with(|r| r.actions = vec![team("a"), Action::Resolve]), Err(BadRule::Destinations));
    for bad in ["two words", "e-mail", "don't", "?!"] {
        let pattern = words(&["good", bad]);
        let refused = Rule { trigger: Trigger::Message { pattern }, ..base() }.check();
        assert_eq!(refused, Err(BadRule::Word(bad.into())));
        let why = refused.unwrap_err().to_string();
        assert!(why.contains(bad) && why.contains("phrase"), "{why}");
    }
    assert_eq!(with(|r| r.trigger = Trigger::Message { pattern: words(&[" "]) }), Err(BadRule::Pattern));
    let send =
        |text: &str| rule("r1", Trigger::Started, vec![], vec![Action::Send { text: text.into() }]).check();
    assert_eq!(send("Hi {{visitor.first_name|there}}"), Ok(()));
    assert_eq!(send("Hi {{agent.name}}"), Err(BadRule::Unknown("agent.name".into())));
    assert_eq!(send("Hi {{visitor.name"), Err(BadRule::Open));
}

#[test]
fn ten_thousand_rules_are_refused_and_never_looked_at() {
    let rules: Vec<Rule> = (0..10_000).map(|n| on_refund(&format!("r{n}"), vec![])).collect();
    assert_eq!(check_all(&rules), Err((None, BadRule::TooMany)));
    assert_eq!(RuleBook::new(rules).evaluate(&told("refund"), 0).len(), RULES);
    let twice = [on_refund("r1", vec![]), on_refund("r1", vec![])];
    assert_eq!(check_all(&twice), Err((Some(1), BadRule::Twice)));
    let regexes = (0..=REGEXES)
        .map(|n| rule(&format!("r{n}"), Trigger::Message { pattern: regex("x") }, vec![], vec![tag("x")]));
    let regexes: Vec<Rule> = regexes.collect();
    assert_eq!(check_all(&regexes), Err((Some(REGEXES), BadRule::Regexes)));
}

#[test]
fn a_verdict_says_why() {
    let conditions = vec![
        Condition::Tagged { tag: "vip".into(), has: true },
        Condition::Owner { is: OwnerKind::Agent },
        Condition::Hours { team: "gone".parse().unwrap(), open: false },
    ];
    let verdicts = RuleBook::new(vec![on_refund("r1", conditions)]).evaluate(&told("refund"), 0);
    assert_eq!((&verdicts[0].outcome, verdicts[0].actions.len()), (&Outcome::NotHeld, 0));
    let said: Vec<_> = verdicts[0].checks.iter().map(|check| (check.held, check.why.as_str())).collect();
    assert_eq!(
        said,
        [(true, "it has the tag vip"), (false, "it waits in a queue"), (false, "the team was deleted")]
    );
}

#[test]
fn every_trigger_is_for_its_own() {
    let entry = || "e1".parse().unwrap();
    let happened = [
        Happened::Started,
        Happened::Message { entry: entry(), seq: 2, text: "refund".into() },
        Happened::Waiting { since: 0, for_ms: 60_000 },
        Happened::Tagged { entry: entry(), tag: "vip".into() },
        Happened::Rated { entry: entry(), rating: 2 },
        Happened::Hours { team: "sales".parse().unwrap(), open: true, at: 60_000 },
    ];
    let triggers = [
        Trigger::Started,
        Trigger::Message { pattern: words(&["refund"]) },
        Trigger::Waiting { longer_than_s: 60 },
        Trigger::Tagged { tag: "vip".into() },
        Trigger::Rated { at_most: 2 },
        Trigger::Hours { team: "sales".parse().unwrap(), open: true },
    ];
    for (place, happened) in happened.into_iter().enumerate() {
        let rules = triggers
            .iter()
            .enumerate()
            .map(|(n, trigger)| rule(&format!("r{n}"), trigger.clone(), vec![], vec![tag("x")]));
        let outcomes = outcomes(rules.collect(), &Situation { happened, ..told("refund") });
        for (n, outcome) in outcomes.iter().enumerate() {
            assert_eq!(*outcome == Outcome::Fires, n == place, "{n} of {place}");
        }
    }
    let still = Situation { happened: Happened::Waiting { since: 0, for_ms: 59_999 }, ..told("") };
    let waiting = rule("w", triggers[2].clone(), vec![], vec![tag("x")]);
    assert_eq!(outcomes(vec![waiting.clone()], &still), [Outcome::OtherTrigger]);
    assert_eq!(RuleBook::new(vec![waiting]).shortest_wait(), Some(60_000));
}

#[test]
fn a_rule_for_hours_is_for_one_team_and_one_way() {
    let sales: TeamId = "sales".parse().unwrap();
    let opens = rule("r1", Trigger::Hours { team: sales.clone(), open: true }, vec![], vec![tag("x")]);
    let closes = rule("r2", Trigger::Hours { team: sales.clone(), open: false }, vec![], vec![tag("x")]);
    let book = RuleBook::new(vec![
        Rule { since: 50, ..opens.clone() },
        Rule { on: false, ..opens.clone() },
        Rule { since: 70, ..closes },
    ]);
    assert_eq!((book.turns().len(), book.turns_since(), book.logs_since()), (1, Some(50), None));
    let by_itself = AuthorKind::System;
    for (team, open, at, concerns) in [
        (&sales, true, 60, true),
        (&sales, true, 40, false),
        (&sales, false, 60, false),
        (&sales, false, 70, true),
        (&"support".parse().unwrap(), true, 60, false),
    ] {
        let happened = Happened::Hours { team: team.clone(), open, at };
        assert_eq!(book.concerns(&happened, by_itself, at), concerns, "{team} at {at}");
    }
    let teams = |always_open: bool| Known {
        teams: [sales.clone()].into(),
        always_open: always_open.then(|| sales.clone()).into_iter().collect(),
        ..Known::default()
    };
    assert_eq!(troubles(&opens, &Known::default()), [Trouble::Team { team: sales.clone() }]);
    assert_eq!(troubles(&opens, &teams(true)), [Trouble::Hours { team: sales.clone() }]);
    assert!(troubles(&opens, &teams(false)).is_empty());
}

#[test]
fn hours_are_the_teams() {
    let day = vec![Span { from: "09:00".into(), to: "17:00".into() }];
    let week = [day, vec![], vec![], vec![], vec![], vec![], vec![]];
    let hours = Hours { zone: "UTC".into(), week, holidays: vec![] };
    let mut told = told("refund");
    told.hours.insert("sales".parse().unwrap(), Some(hours));
    let closed = vec![Condition::Hours { team: "sales".parse().unwrap(), open: false }];
    let book = RuleBook::new(vec![on_refund("r1", closed)]);
    // 2026-11-23 is a Monday.
    for (at, outcome) in
        [("2026-11-23T10:00:00Z", Outcome::NotHeld), ("2026-11-23T17:00:00Z", Outcome::Fires)]
    {
        let now = crate::clock::parse_rfc3339(at).unwrap();
        assert_eq!(book.evaluate(&told, now)[0].outcome, outcome, "{at}");
    }
}

#[test]
fn one_that_stops_lets_no_others_follow_only_when_it_fires() {
    let mut first = on_refund("r1", vec![]);
    first.stop = true;
    let rules = vec![first, on_refund("r2", vec![])];
    let stopped = Outcome::StoppedBy { rule: id("r1") };
    assert_eq!(outcomes(rules.clone(), &told("refund")), [Outcome::Fires, stopped]);
    assert_eq!(outcomes(rules, &told("hello")), [Outcome::NoMatch, Outcome::NoMatch]);
}

#[test]
fn what_the_house_does_triggers_nothing_and_a_flood_ends() {
    let own = Situation { by: AuthorKind::System, ..told("refund") };
    assert_eq!(outcomes(vec![on_refund("r1", vec![])], &own), [Outcome::ByItself]);
    let flood = Situation { fired: FIRINGS - 1, ..told("refund") };
    let rules = vec![on_refund("r1", vec![]), on_refund("r2", vec![])];
    assert_eq!(outcomes(rules, &flood), [Outcome::Fires, Outcome::TooMany]);
}

#[test]
fn a_flood_of_messages_is_no_flood_of_rows() {
    let never = vec![Condition::Email { known: true }];
    let rules = vec![on_refund("r1", never.clone()), on_refund("r2", vec![]), on_refund("r3", never)];
    let book = RuleBook::new(rules);
    let (mut unfired, mut fired) = (0, 0);
    for _ in 0..1_000 {
        let told = Situation { fired, unfired, ..told("refund") };
        let kept = noted(book.evaluate(&told, 0), &told);
        let firing = kept.iter().filter(|one| one.outcome == Outcome::Fires).count();
        fired += i64::try_from(firing).unwrap();
        unfired += i64::try_from(kept.len() - firing).unwrap();
    }
    assert_eq!((fired, usize::try_from(unfired).unwrap()), (FIRINGS, UNFIRED));
    // What fires is always written down, or it would fire again.
    let told = Situation { unfired, ..told("refund") };
    let kept = noted(book.evaluate(&told, 0), &told);
    assert_eq!(kept.iter().map(|one| &one.outcome).collect::<Vec<_>>(), [&Outcome::Fires]);
}

#[test]
fn what_cannot_be_done_is_skipped_and_leaves_the_conversation_where_it_is() {
    let known = Known {
        teams: ["sales".parse().unwrap()].into(),
        automations: ["mat".into(), "night".into()].into(),
        closed: ["night".into()].into(),
        ..Known::default()
    };
    let fires = |name: &str, actions: Vec<Action>| Verdict {
        rule: id(name),
        outcome: Outcome::Fires,
        checks: vec![],
        actions,
    };
    let automation = |name: &str| Action::Automation { name: name.into() };
    let verdicts = [
        fires("r1", vec![tag("vip"), tag("new"), team("gone")]),
        fires("r2", vec![automation("off"), tag("new")]),
        fires("r2b", vec![automation("night")]),
        fires("r3", vec![team("sales")]),
        fires("r4", vec![automation("mat"), Action::Priority { priority: "normal".into() }]),
    ];
    let skips = |told: &Situation| {
        plan(&verdicts, told, &known).into_iter().map(|step| step.skip).collect::<Vec<_>>()
    };
    let already = Some(Skip::Already);
    let expected =
        [already, None, Some(Skip::NoTeam), Some(Skip::NoAutomation), already, Some(Skip::Closed), None];
    assert_eq!(skips(&told(""))[..7], expected);
    assert_eq!(skips(&told(""))[7..], [Some(Skip::Elsewhere), already]);
    let over = Situation { status: Status::Resolved, ..told("") };
    assert_eq!(skips(&over)[6], Some(Skip::Resolved));
    // Its hours come again: nothing is wrong with the rule.
    let at_night = rule("r1", Trigger::Started, vec![], vec![automation("night")]);
    assert_eq!(troubles(&at_night, &known), []);
    let broken = rule("r1", Trigger::Started, vec![], vec![team("gone")]);
    assert_eq!(troubles(&broken, &known), [Trouble::Team { team: "gone".parse().unwrap() }]);
}

#[test]
fn what_the_visitor_has_written_since_is_not_ended_or_put_aside_unread() {
    let thanks = |action: Action| rule("r1", Trigger::Started, vec![], vec![tag("glad"), action]);
    for action in [Action::Resolve, Action::Snooze { for_s: 60 }] {
        let mut rule = thanks(action.clone());
        rule.trigger = Trigger::Message { pattern: words(&["thanks"]) };
        let skips = |told: &Situation| {
            let verdicts = RuleBook::new(vec![rule.clone()]).evaluate(told, 0);
            plan(&verdicts, told, &Known::default()).into_iter().map(|step| step.skip).collect::<Vec<_>>()
        };
        assert_eq!(skips(&told("thanks")), [None, None], "{action:?}");
        let overtaken = Situation { last_inbound: 3, ..told("thanks") };
        assert_eq!(skips(&overtaken), [None, Some(Skip::Overtaken)], "{action:?}");
        // It is a wait that is over then, whoever wrote in it.
        let waits = Situation { happened: Happened::Waiting { since: 1, for_ms: 60_000 }, ..overtaken };
        rule.trigger = Trigger::Waiting { longer_than_s: 60 };
        let verdicts = RuleBook::new(vec![rule.clone()]).evaluate(&waits, 0);
        assert_eq!(plan(&verdicts, &waits, &Known::default())[1].skip, None, "{action:?}");
    }
}

#[test]
fn what_is_put_in_is_text() {
    let person = Person {
        name: "{{visitor.email}}\u{7} X".into(),
        email: Some("a@b.org".into()),
        ..Person::default()
    };
    assert_eq!(fill("Hi {{visitor.name}}!", &person), "Hi {{visitor.email}} X!");
    assert_eq!(fill("{{ visitor.email }} {{visitor.name", &person), "a@b.org {{visitor.name");
    assert_eq!(fill("Hi {{visitor.first_name|there}}.", &Person::default()), "Hi there.");
}

#[test]
fn a_wait_is_one_occurrence_and_rules_are_read_as_they_are_written() {
    let wait = |for_ms| Happened::Waiting { since: 5, for_ms }.occurrence();
    assert_eq!(wait(1), wait(2));
    let written = serde_json::to_string(&on_refund("r1", vec![Condition::Team { team: None }])).unwrap();
    assert_eq!(
        serde_json::from_str::<Rule>(&written).unwrap(),
        on_refund("r1", vec![Condition::Team { team: None }])
    );
}

fn any_rule() -> impl Strategy<Value = (bool, bool, bool, u8, u8)> {
    any::<(bool, bool, bool, u8, u8)>()
}

proptest! {
    #[test]
    fn never_more_than_the_bounds(
        made in prop::collection::vec(any_rule(), 0..60),
        text in "[a-z ]{0,20}( refund)?",
        fired in 0_i64..60,
    ) {
        let rules: Vec<Rule> = made.iter().enumerate().map(|(n, (on, stop, holds, count, kind))| {
            let conditions = vec![Condition::Tagged { tag: "vip".into(), has: *holds }];
            let mut rule = on_refund(&format!("r{n}"), conditions);
            if kind % 3 == 0 { rule.trigger = Trigger::Started; }
            let actions = [team("sales"), tag("a"), Action::Resolve, Action::Send { text: "x".into() }];
            rule.actions = (0..=usize::from(count % 4)).map(|n| actions[n].clone()).collect();
            Rule { on: *on, stop: *stop, ..rule }
        }).collect();
        let told = Situation { fired, ..told(&text) };
        let book = RuleBook::new(rules.clone());
        let verdicts = book.evaluate(&told, 0);
        prop_assert_eq!(&verdicts, &book.evaluate(&told, 0));
        prop_assert_eq!(verdicts.len(), rules.len());
        let fires = |verdict: &&Verdict| verdict.outcome == Outcome::Fires;
        let count = i64::try_from(verdicts.iter().filter(fires).count()).unwrap();
        prop_assert!(count <= (FIRINGS - fired).max(0));
        let mut stopped = false;
        for (verdict, rule) in verdicts.iter().zip(&rules) {
            let fired = verdict.outcome == Outcome::Fires;
            prop_assert!(!fired || (rule.on && !stopped && rule.check().is_ok()));
            prop_assert!(fired || verdict.actions.is_empty());
            stopped |= fired && rule.stop;
        }
        let known = Known { teams: ["sales".parse().unwrap()].into(), ..Known::default() };
        let steps = plan(&verdicts, &told, &known);
        let moved = steps.iter().filter(|step| step.skip.is_none() && step.action.is_destination());
        prop_assert!(moved.count() <= 1);
    }

    #[test]
    fn what_is_filled_is_never_longer_than_a_message(text in ".{0,300}", name in ".{0,200}") {
        let person = Person { name, ..Person::default() };
        prop_assert!(fill(&text, &person).chars().count() <= crate::limits::TEXT_CHARS);
    }
}

#[test]
fn what_happened_before_a_rule_was_made_does_not_concern_it() {
    let later = Rule { since: 5, ..on_refund("r1", vec![]) };
    let book = RuleBook::new(vec![later, Rule { on: false, ..on_refund("r2", vec![]) }]);
    let message = |text: &str| told(text).happened;
    for (text, by, at, concerns) in [
        ("refund", AuthorKind::Visitor, 5, true),
        ("refund", AuthorKind::Visitor, 4, false),
        ("hello", AuthorKind::Visitor, 5, false),
        ("refund", AuthorKind::System, 5, false),
    ] {
        assert_eq!(book.concerns(&message(text), by, at), concerns, "{text} at {at}");
        let verdicts = book.evaluate(&Situation { by, at, ..told(text) }, 9);
        assert_eq!(verdicts[0].outcome == Outcome::Fires, concerns, "{text} at {at}");
    }
    assert!(book.reads_logs());
    assert_eq!((book.logs_since(), book.shortest_wait(), book.waits().count()), (Some(5), None, 0));
}

#[test]
fn a_server_that_is_not_told_anything_is_a_trouble_and_a_resolved_conversation_is_none() {
    let hook: crate::id::WebhookId = "h1".parse().unwrap();
    let notify = vec![Action::Notify { webhook: hook.clone() }];
    let on_rating = rule("r1", Trigger::Rated { at_most: 2 }, vec![], notify);
    let happened = Happened::Rated { entry: "e9".parse().unwrap(), rating: 1 };
    let told = Situation { happened, status: Status::Resolved, ..told("") };
    let verdicts = RuleBook::new(vec![on_rating.clone()]).evaluate(&told, 0);
    let known = Known { webhooks: [hook.clone()].into(), ..Known::default() };
    assert_eq!(plan(&verdicts, &told, &known)[0].skip, None);
    assert_eq!(plan(&verdicts, &told, &Known::default())[0].skip, Some(Skip::NoWebhook));
    assert_eq!(troubles(&on_rating, &Known::default()), [Trouble::Webhook { webhook: hook }]);
    assert!(troubles(&on_rating, &known).is_empty());
}

#[test]
fn what_fired_for_an_occurrence_fires_once_and_stops_nothing_later() {
    let wait =
        |name: &str, longer_than_s| rule(name, Trigger::Waiting { longer_than_s }, vec![], vec![tag("a")]);
    let rules = vec![Rule { stop: true, ..wait("r1", 60) }, wait("r2", 120)];
    let waits = |for_ms, done: &[&str]| {
        let happened = Happened::Waiting { since: 1, for_ms };
        let done = done.iter().map(|name| id(name)).collect();
        outcomes(rules.clone(), &Situation { happened, by: AuthorKind::System, done, ..told("") })
    };
    assert_eq!(waits(60_000, &[]), [Outcome::Fires, Outcome::OtherTrigger]);
    assert_eq!(waits(120_000, &[]), [Outcome::Fires, Outcome::StoppedBy { rule: id("r1") }]);
    assert_eq!(waits(90_000, &["r1"]), [Outcome::Done, Outcome::OtherTrigger]);
    assert_eq!(waits(120_000, &["r1"]), [Outcome::Done, Outcome::Fires]);
}
