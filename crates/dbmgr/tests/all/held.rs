//! A row that somebody has locked by hand holds up who needs it, and nobody else.

use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use switchboard_testkit::{Database, process::find_program, wait};
use switchboard_wire::Problem;
use switchboard_wire::call::conversation::Claim;
use switchboard_wire::call::visitor::StartWith;

use crate::people::{key, message};
use crate::world::{World, problem};

/// Others must not notice; far below the 3 s that the server waits for a lock.
const UNNOTICED: Duration = Duration::from_millis(1_200);
/// How long a lock is held.
const HELD: Duration = Duration::from_millis(1_500);

/// An operator's client with an open transaction that has run `statement`; the lock ends with it.
struct Hand(Child);

impl Hand {
    fn lock(world: &World, statement: &str) -> Self {
        let Database::MariaDb(server, url) = &world.database else { panic!("only there") };
        let name = url.rsplit('/').next().unwrap();
        let script = format!("START TRANSACTION; {statement}; SELECT SLEEP({});", HELD.as_secs_f64() * 20.0);
        let port = server.port().to_string();
        let child = Command::new(find_program("mariadb", "mariadb-client").unwrap())
            .args([
                "--no-defaults",
                "-uroot",
                "-h127.0.0.1",
                "-P",
                &port,
                "--protocol=tcp",
                "-e",
                &script,
                name,
            ])
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        let sleeping = "SELECT COUNT(*) FROM information_schema.processlist WHERE db = DATABASE() AND state = 'User sleep'";
        wait::until_blocking("a lock by hand", Duration::from_secs(10), || world.count(sleeping) > 0)
            .unwrap();
        Self(child)
    }
}

impl Drop for Hand {
    fn drop(&mut self) {
        self.0.kill().unwrap();
        self.0.wait().unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_locked_conversation_holds_up_only_itself() {
    let world = World::mariadb().await;
    let (vera, otto) = (world.visitor().await, world.visitor().await);
    let locked = world.begin(&vera, StartWith::People).await;
    let free = world.begin(&otto, StartWith::People).await;
    let other = world.begin(&vera, StartWith::People).await;
    let hand =
        Hand::lock(&world, &format!("SELECT id FROM conversations WHERE id = '{}' FOR UPDATE", locked.id));
    let began = Instant::now();
    let items = |n: usize| {
        vec![
            message(&vera, &locked.id, &key(), &format!("locked {n}")),
            message(&otto, &free.id, &key(), &format!("free {n}")),
            message(&vera, &other.id, &key(), &format!("other {n}")),
        ]
    };
    let first = items(0);
    let waiting = async {
        let mut seqs = Vec::new();
        for item in [first[0].clone(), message(&vera, &locked.id, &key(), "locked 1")] {
            seqs.push(world.append(vec![item]).await.remove(0).unwrap().seq);
        }
        (seqs, began.elapsed())
    };
    let others = async {
        for item in &first[1..] {
            world.append(vec![item.clone()]).await.remove(0).unwrap();
        }
        let took = began.elapsed();
        tokio::time::sleep(HELD).await;
        drop(hand);
        took
    };
    let ((seqs, waited), took) = tokio::join!(waiting, others);
    assert!(took < UNNOTICED, "others waited {took:?}");
    assert!(waited >= HELD, "it was locked, and yet written after {waited:?}");
    assert_eq!(seqs[1], seqs[0] + 1, "in the order in which they were sent");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_locked_account_writes_nothing_and_holds_up_nobody() {
    let world = World::mariadb().await;
    let (admin, maya) = world.agent("maya").await;
    let noah = world.online_agent(&admin, "noah", None).await;
    let visitor = world.visitor().await;
    let (mine, his) =
        (world.begin(&visitor, StartWith::People).await, world.begin(&visitor, StartWith::People).await);
    world.call(&maya.by, Claim { id: mine.id.clone(), fence: mine.fence }).await.unwrap();
    world.call(&noah.by, Claim { id: his.id.clone(), fence: his.fence }).await.unwrap();
    let hand = Hand::lock(&world, "UPDATE accounts SET active = 0 WHERE username = 'maya'");
    let began = Instant::now();
    let hers = async { world.say(&maya, &mine.id, "am I still here?").await };
    let others = async {
        world.say(&noah, &his.id, "hello").await.unwrap();
        world.say(&visitor, &mine.id, "hello").await.unwrap();
        let took = began.elapsed();
        tokio::time::sleep(HELD).await;
        // The client is killed in the middle, so its deactivation is rolled back.
        drop(hand);
        took
    };
    let (answer, took) = tokio::join!(hers, others);
    assert!(took < UNNOTICED, "others waited {took:?}");
    assert!(answer.is_ok() && began.elapsed() >= HELD);
    // Once it is committed, it counts.
    world.database.sql("UPDATE accounts SET active = 0 WHERE username = 'maya'").unwrap();
    assert_eq!(problem(world.say(&maya, &mine.id, "and now?").await), Problem::Unauthenticated);
}
