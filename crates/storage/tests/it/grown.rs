//! Logs that have grown are found, whatever became of their conversations, and without reading those that have not.

use crate::fixture::{Fixture, NOW, a_conversation, add, both};
use switchboard_domain::{Conversation, Owner, Status, TeamId};
use switchboard_storage::grown;

both!(logs_that_have_grown_are_found_whatever_became_of_them, what_has_not_grown_is_not_read);

fn a(id: &str, status: Status, team: Option<&str>, updated_at: i64) -> Conversation {
    let owner = match status {
        Status::Open => Owner::Agent { id: "maya".parse().unwrap(), name: "Maya".into() },
        Status::Snoozed => Owner::Automation { id: "mat".into(), name: "Mat".into() },
        Status::Resolved => Owner::None,
    };
    let team: Option<TeamId> = team.map(|id| id.parse().unwrap());
    Conversation {
        id: id.parse().unwrap(),
        status,
        owner,
        team,
        updated_at,
        start_key: None,
        ..a_conversation()
    }
}

async fn found(f: &Fixture, at: i64, limit: i64) -> Vec<String> {
    let mut tx = f.store.read().await.unwrap();
    let mut found = Vec::new();
    let each = |id: switchboard_domain::ConversationId, head| {
        assert_eq!(head, a_conversation().head);
        found.push(id.to_string());
    };
    grown::since(&mut tx, at, limit, each).await.unwrap();
    found
}

async fn logs_that_have_grown_are_found_whatever_became_of_them(f: Fixture) {
    let queued = Conversation { owner: Owner::Queue, ..a("c1", Status::Open, None, 100) };
    let all = [
        queued,
        a("c2", Status::Open, None, 300),
        a("c3", Status::Snoozed, Some("blue"), 200),
        a("c4", Status::Resolved, Some("blue"), 200),
        a("c5", Status::Resolved, None, 99),
        a("c6", Status::Open, Some("blue"), 100),
        a("c7", Status::Open, Some("blue"), 100),
        a("c8", Status::Open, Some("blue"), 101),
        a("c9", Status::Open, Some("red"), 99),
        a("d1", Status::Open, Some("white"), 500),
    ];
    add(&f.store, &all).await;
    for limit in [1, 2, 3, 10] {
        assert_eq!(found(&f, 100, limit).await, ["c1", "c2", "c6", "c7", "c8", "d1", "c3", "c4"], "{limit}");
    }
    assert_eq!(found(&f, 300, 10).await, ["c2", "d1"]);
    assert_eq!(found(&f, 501, 10).await, Vec::<String>::new());
}

async fn what_has_not_grown_is_not_read(f: Fixture) {
    let teams = [None, Some("blue"), Some("red")];
    let all: Vec<Conversation> = (0..1_500_usize)
        .map(|n| {
            let status = if n % 10 == 0 { Status::Snoozed } else { Status::Open };
            a(&format!("c{n:04}"), status, teams[n % 3], NOW + i64::try_from(n).unwrap())
        })
        .collect();
    add(&f.store, &all).await;
    assert_eq!(found(&f, NOW + 1_490, 200).await.len(), 10);
    let part = |range: &str| {
        format!(
            "SELECT updated_at, id, head FROM conversations WHERE status = 'open' AND {range} AND updated_at >= {0} \
             AND (updated_at > {0} OR id > '') ORDER BY updated_at, id LIMIT 200",
            NOW + 1_490
        )
    };
    let next = "SELECT team_id FROM conversations WHERE status = 'open' AND team_id > 'blue' ORDER BY team_id LIMIT 1";
    let plan = if f.is_sqlite() { "EXPLAIN QUERY PLAN" } else { "EXPLAIN" };
    for query in [part("team_id IS NULL"), part("team_id = 'blue'"), next.to_owned()] {
        let plan = f.sql(&format!("{plan} {query}"));
        assert!(plan.contains("conversations_team"), "{query}: {plan}");
        assert!(!plan.contains("TEMP B-TREE") && !plan.contains("filesort"), "{query}: {plan}");
    }
    if !f.is_sqlite() {
        // What the server has really read, rows of all kinds: less than a page, of 1,500.
        let reads = |query: &str| {
            let reads = f.sql(&format!("FLUSH STATUS; {query}; SHOW STATUS LIKE 'Handler_read%'"));
            let counts =
                reads.lines().filter_map(|line| line.strip_prefix("Handler_read")?.split('\t').nth(1));
            counts.map(|count| count.parse::<i64>().unwrap()).sum::<i64>()
        };
        for query in [part("team_id IS NULL"), part("team_id = 'blue'"), next.to_owned()] {
            assert!(reads(&query) < 20, "{query}");
        }
    }
}
