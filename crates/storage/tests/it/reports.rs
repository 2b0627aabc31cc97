//! Courses of conversations: first times stay the first, last ones the last, and a period is read in pieces.

use crate::fixture::{Fixture, NOW, both};
use switchboard_domain::report::Course;
use switchboard_storage::course;

both!(steps_add_up_to_a_course, a_period_is_read_in_pieces, a_report_reads_an_index);

fn a_course(id: &str, started_at: i64) -> Course {
    Course {
        conversation: id.parse().unwrap(),
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

async fn save(f: &Fixture, steps: &[Course]) {
    let mut tx = f.store.write().await.unwrap();
    course::save(&mut tx, steps).await.unwrap();
    tx.commit().await.unwrap();
}

async fn steps_add_up_to_a_course(f: Fixture) {
    let agent = |name: &str| Some(name.parse().unwrap());
    let name = |name: &str| Some(name.to_owned());
    let start = a_course("c1", NOW);
    save(&f, &[Course { queued_at: Some(1), left_at: Some(1), automation: name("mat"), ..start.clone() }])
        .await;
    let first =
        Course { assigned_at: Some(2), agent: agent("maya"), agent_name: name("Maya"), ..start.clone() };
    save(&f, &[first]).await;
    save(&f, &[Course { replied_at: Some(3), replied_by: agent("maya"), ..start.clone() }]).await;
    let team = Some("t1".parse().unwrap());
    let second = Course {
        queued_at: Some(4),
        assigned_at: Some(5),
        left_at: Some(5),
        team: team.clone(),
        agent: agent("noor"),
        agent_name: name("Noor 🦀"),
        replied_at: Some(6),
        replied_by: agent("noor"),
        ..start.clone()
    };
    save(&f, &[second]).await;
    save(&f, &[Course { resolved_at: Some(7), open: false, team: team.clone(), ..start.clone() }]).await;
    let rated = Course { rating: Some(4), open: false, team: team.clone(), ..start.clone() };
    save(&f, &[rated]).await;
    let all = Course {
        queued_at: Some(1),
        assigned_at: Some(2),
        replied_at: Some(3),
        replied_by: agent("maya"),
        resolved_at: Some(7),
        open: false,
        left_at: Some(1),
        team,
        agent: agent("noor"),
        agent_name: name("Noor 🦀"),
        automation: name("mat"),
        rating: Some(4),
        ..start
    };
    let mut tx = f.store.read().await.unwrap();
    assert_eq!(course::began(&mut tx, (NOW, NOW + 1), None, 10).await.unwrap(), [all]);
}

async fn a_period_is_read_in_pieces(f: Fixture) {
    // Several at the same moment, and as many as take several statements.
    let all: Vec<Course> = (0..700).map(|n| a_course(&format!("c{n:03}"), NOW + n / 10)).collect();
    let mut shuffled = all.clone();
    shuffled.sort_by_key(|course| course.conversation.as_str().bytes().rev().collect::<Vec<u8>>());
    save(&f, &shuffled).await;
    let mut tx = f.store.read().await.unwrap();
    let (start, end) = (NOW + 5, NOW + 65);
    let mut seen: Vec<Course> = Vec::new();
    loop {
        let after = seen.last().map(|last| (last.started_at, last.conversation.clone()));
        let after = after.as_ref().map(|(at, id)| (*at, id));
        let piece = course::began(&mut tx, (start, end), after, 7).await.unwrap();
        if piece.is_empty() {
            break;
        }
        seen.extend(piece);
    }
    assert_eq!(seen, all[50..650]);
    assert_eq!(course::count(&mut tx, start, end, 1_000).await.unwrap(), 600);
    assert_eq!(course::count(&mut tx, start, end, 11).await.unwrap(), 11, "no further than it is asked to");
}

async fn a_report_reads_an_index(f: Fixture) {
    let query = "SELECT agent_name FROM conversation_facts WHERE started_at >= 1 AND started_at < 2 \
                 AND (started_at > 1 OR conversation_id > 'x') ORDER BY started_at, conversation_id LIMIT 10";
    let all: Vec<Course> = (0..700).map(|n| a_course(&format!("c{n:03}"), NOW + n)).collect();
    save(&f, &all).await;
    let plan = if f.is_sqlite() { "EXPLAIN QUERY PLAN" } else { "EXPLAIN" };
    let plan = f.sql(&format!("{plan} {query}"));
    assert!(plan.contains("conversation_facts_started"), "{plan}");
    assert!(!plan.contains("TEMP B-TREE") && !plan.contains("filesort"), "{plan}");
}
