//! Rules for the hours of a team: its open conversations are met once when it opens and when it closes, also when nobody was
//! there to see it.

use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};
use switchboard_dbmgr::Options;
use switchboard_domain::Millis;
use switchboard_testkit::wait;
use switchboard_wire::call::rule::{AddRule, OneRule, TryRule};
use switchboard_wire::call::team::{AddTeam, PatchTeam};
use switchboard_wire::call::visitor::StartWith;

use crate::on_both;
use crate::people::Person;
use crate::world::World;

on_both!(a_team_that_never_opens_is_told_of);

const HOUR: Millis = 3_600_000;
const DAY: Millis = 24 * HOUR;
/// Teams are looked at every few seconds.
const SOON: Duration = Duration::from_secs(30);

fn nine_to_five() -> Value {
    let day = json!([{ "from": "09:00", "to": "17:00" }]);
    json!({ "hours": { "zone": "UTC", "week": vec![day; 7], "holidays": [] } })
}

async fn team(world: &World, admin: &Person, rules: Value) -> String {
    let rules = Some(serde_json::from_value(rules).unwrap());
    world.call(&admin.by, AddTeam { name: "Sales".into(), answer_s: None, rules }).await.unwrap().team.id
}

fn rule(team: &str, open: bool, more: &Value) -> Value {
    let mut rule = json!({
        "name": if open { "Opens" } else { "Closes" }, "on": true, "conditions": [], "stop": false,
        "trigger": { "when": "hours", "team": team, "open": open },
    });
    rule.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    rule
}

async fn add(world: &World, admin: &Person, rule: Value) -> OneRule {
    world.call(&admin.by, AddRule { rule: serde_json::from_value(rule).unwrap() }).await.unwrap()
}

/// Goes on to this hour of a day, as the clocks on the wall in UTC show it.
fn at_hour(world: &World, hour: Millis) {
    use switchboard_domain::Clock as _;
    let now = world.clock.now();
    world.clock.forward((hour * HOUR - now.rem_euclid(DAY)).rem_euclid(DAY));
}

async fn runs(world: &World, count: i64) {
    let found = async || Ok((world.count("SELECT COUNT(*) FROM rule_runs") >= count).then_some(()));
    wait::until("rules have seen it", SOON, found).await.unwrap();
}

/// Where the database has a clock of its own that one leads, and no test sets it: whole systems look at that.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_open_conversation_of_a_team_is_met_once() {
    let world = World::routed().await;
    at_hour(&world, 6);
    let (admin, _) = world.agent("maya").await;
    let team = team(&world, &admin, nine_to_five()).await;
    let greets = json!({ "actions": [{ "then": "tag", "tag": "morning" }] });
    add(&world, &admin, rule(&team, true, &greets)).await;
    let queued = json!([{ "if": "owner", "is": "queue" }]);
    let says = json!({ "conditions": queued, "actions": [{ "then": "send", "text": "Back at nine." }] });
    let closes = add(&world, &admin, rule(&team, false, &says)).await;
    assert!(closes.rule.troubles.is_empty(), "{closes:?}");

    let visitor = world.visitor().await;
    let of_team = || StartWith::Team(team.clone());
    let waits = world.begin(&visitor, of_team()).await;
    let elsewhere = world.begin(&visitor, StartWith::People).await;
    let later = world.begin(&visitor, of_team()).await;
    let snooze = format!(
        "UPDATE conversations SET status = 'snoozed', snoozed_until = created_at + {DAY}, due_at = created_at + {DAY} \
         WHERE id = '{}'",
        later.id
    );
    world.database.sql(&snooze).unwrap();

    // Nine o'clock: one is met. Who comes behind it comes to a team that is open.
    at_hour(&world, 9);
    runs(&world, 1).await;
    let fresh = world.begin(&visitor, of_team()).await;
    let tags = |id: &str| world.database.value(&format!("SELECT tags FROM conversations WHERE id = '{id}'"));
    assert!(tags(&waits.id).unwrap().contains("morning"));

    // It closes; whoever looks after rules next meets nothing again.
    at_hour(&world, 17);
    runs(&world, 3).await;
    let world = world.again(&Options::default()).await;
    tokio::time::sleep(Duration::from_secs(2)).await;
    let fired = "SELECT COUNT(*) FROM rule_runs WHERE fired = 1";
    let all = "SELECT COUNT(*) FROM rule_runs";
    assert_eq!((world.count(fired), world.count(all)), (3, 3));
    for (id, said) in [(&waits.id, 1), (&fresh.id, 1), (&elsewhere.id, 0), (&later.id, 0)] {
        let system = format!(
            "SELECT COUNT(*) FROM entries WHERE conversation_id = '{id}' AND author_kind = 'system' \
             AND kind = 'message'"
        );
        assert_eq!(world.count(&system), said, "{id}");
        let tags = world.database.value(&format!("SELECT tags FROM conversations WHERE id = '{id}'"));
        assert_eq!(tags.unwrap().contains("morning"), *id == waits.id, "{id}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_nobody_saw_is_met_by_whoever_comes_next() {
    let world = World::routed().await;
    at_hour(&world, 6);
    let (admin, _) = world.agent("maya").await;
    let team = team(&world, &admin, nine_to_five()).await;
    for open in [true, false] {
        let tag = if open { "morning" } else { "evening" };
        add(&world, &admin, rule(&team, open, &json!({ "actions": [{ "then": "tag", "tag": tag }] }))).await;
    }
    let visitor = world.visitor().await;
    let c = world.begin(&visitor, StartWith::Team(team.clone())).await;
    // It opens and closes while nobody is there: the last is what is so.
    let clock = Arc::clone(&world.clock);
    let world = world.again_after(&Options::default(), || clock.forward(12 * HOUR)).await;
    runs(&world, 1).await;
    let world = world.again(&Options::default()).await;
    tokio::time::sleep(Duration::from_secs(2)).await;
    assert_eq!(world.count("SELECT COUNT(*) FROM rule_runs"), 1);
    let tags =
        world.database.value(&format!("SELECT tags FROM conversations WHERE id = '{}'", c.id)).unwrap();
    assert!(tags.contains("evening") && !tags.contains("morning"), "{tags}");
}

async fn a_team_that_never_opens_is_told_of(world: World) {
    let (admin, _) = world.agent("maya").await;
    let team = team(&world, &admin, json!({})).await;
    let made = rule(&team, true, &json!({ "actions": [{ "then": "tag", "tag": "morning" }] }));
    let added = add(&world, &admin, made.clone()).await;
    assert!(added.rule.troubles[0].contains("never opens"), "{added:?}");
    let rules = Some(serde_json::from_value(nine_to_five()).unwrap());
    let patch = PatchTeam { id: team.clone(), name: None, answer_s: None, rules };
    world.call(&admin.by, patch).await.unwrap();
    let again = add(&world, &admin, made.clone()).await;
    assert!(again.rule.troubles.is_empty(), "{again:?}");

    // A dry run is of its conversations, and of no others.
    let visitor = world.visitor().await;
    let (mine, other) = (StartWith::Team(team.clone()), StartWith::People);
    for (to, fires, why) in [(mine, true, "every condition"), (other, false, "no open conversation of this")]
    {
        let c = world.begin(&visitor, to).await;
        let rule = serde_json::from_value(made.clone()).unwrap();
        let tried = world.call(&admin.by, TryRule { rule, conversation: Some(c.id), sample: None }).await;
        let tried = tried.unwrap();
        assert!(tried.fires == fires && tried.why.contains(why), "{tried:?}");
    }
    let rule = serde_json::from_value(made).unwrap();
    let sample = Some(serde_json::from_value(json!({ "tags": [] })).unwrap());
    let tried = world.call(&admin.by, TryRule { rule, conversation: None, sample }).await.unwrap();
    assert!(tried.fires && tried.steps.len() == 1, "{tried:?}");
}
