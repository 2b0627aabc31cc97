//! Somebody sets a clock while people talk: nobody is signed out, and what is due is due when it was said to be.

use std::time::Duration;

use crate::people::Person;
use crate::world::World;
use switchboard_domain::clock::parse_rfc3339;
use switchboard_domain::limits::{DEFAULT_ANSWER_MS, SESSION_IDLE_MS};
use switchboard_domain::{Clock as _, Millis};
use switchboard_testkit::{Database, TempDir};
use switchboard_wire::call::router::Assign;
use switchboard_wire::call::session::GetSession;
use switchboard_wire::call::visitor::StartWith;
use tokio::time::sleep;

/// In hours.
const STEPS: [Millis; 2] = [1, -2];
const HOUR_MS: Millis = 3_600_000;
/// Two looks at the database's time, and a moment.
const LOOKED: Duration = Duration::from_millis(11_000);
/// What the test itself takes.
const SLACK_MS: Millis = 15_000;

struct Chat<'a> {
    world: &'a World,
    maya: Person,
    visitor: Person,
    id: String,
}

impl Chat<'_> {
    async fn goes_on(&self, since: Millis, after: &str) {
        let Self { world, maya, visitor, id } = self;
        assert!(world.call(&maya.by, GetSession {}).await.is_ok(), "signed out {after}");
        assert_eq!(world.state(visitor, id).await.owner.kind, "agent", "lapsed {after}");
        let said = world.say(visitor, id, "are you there?").await.unwrap();
        let apart = parse_rfc3339(&said.at).unwrap() - since;
        assert!((-1_000..3 * SLACK_MS).contains(&apart), "{apart} ms on {after}");
    }
}

async fn the_clock_is_set(world: World, led_by_us: bool) {
    let (_, maya) = world.agent("maya").await;
    let visitor = world.visitor().await;
    let since = world.clock.now();
    let c = world.begin(&visitor, StartWith::People).await;
    let assign = Assign { conversation: c.id.clone(), fence: c.fence, agent: maya.id.clone() };
    world.house(assign).await;
    let chat = Chat { world: &world, maya, visitor, id: c.id };
    for hours in STEPS {
        world.clock.set(hours * HOUR_MS);
        chat.goes_on(since, &format!("just after {hours} h")).await;
        sleep(LOOKED).await;
        chat.goes_on(since, &format!("a while after {hours} h")).await;
        let corrected = world.count("SELECT COUNT(*) FROM meta WHERE name = 'clock'");
        assert_eq!(corrected, i64::from(led_by_us), "who leads?");
    }
    // And then time passes, by every clock.
    world.clock.forward(DEFAULT_ANSWER_MS);
    let lapsed = async {
        while world.state(&chat.visitor, &chat.id).await.owner.kind != "queue" {
            sleep(Duration::from_millis(50)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(10), lapsed).await.expect("the answer was due");
    world.clock.forward(SESSION_IDLE_MS);
    assert!(world.call(&chat.maya.by, GetSession {}).await.is_err(), "idle is idle");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_machines_clock_is_set() {
    the_clock_is_set(World::routed().await, true).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_database_servers_clock_leads_and_ours_is_set() {
    let world = World::open(Database::mariadb().unwrap(), TempDir::new().unwrap(), false).await;
    the_clock_is_set(world, false).await;
}
