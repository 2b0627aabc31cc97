//! Reports: every step of a conversation is in them, plain messages cost nothing, and only admins read them.

use switchboard_wire::Problem;
use switchboard_wire::call::conversation::{Claim, Handoff, Rate, Resolve, Transfer, TransferTo};
use switchboard_wire::call::report::{GetReport, GetReportRows};
use switchboard_wire::call::visitor::StartWith;
use switchboard_wire::view::{Report, ReportPart, ReportRow};

use crate::on_both;
use crate::people::Person;
use crate::world::{World, problem};

on_both!(
    the_steps_of_a_conversation_are_counted,
    an_automations_conversations_are_its_own,
    a_rating_that_comes_later_counts,
    an_export_gives_every_conversation_once,
    what_is_too_long_or_not_ones_own_is_refused,
);

async fn report(world: &World, by: &Person) -> Report {
    let call = GetReport { from: None, to: None, zone: None };
    world.call(&by.by, call).await.unwrap()
}

async fn rows(world: &World, by: &Person) -> Vec<ReportRow> {
    let mut rows = Vec::new();
    let mut after = None;
    loop {
        let call = GetReportRows { from: None, to: None, zone: None, after };
        let piece = world.call(&by.by, call).await.unwrap();
        rows.extend(piece.rows);
        match piece.next {
            Some(next) => after = Some(next),
            None => return rows,
        }
    }
}

fn keyed<'a>(parts: &'a [ReportPart], key: &str) -> &'a ReportPart {
    parts.iter().find(|part| part.key == key).unwrap_or_else(|| panic!("no {key} in {parts:?}"))
}

async fn the_steps_of_a_conversation_are_counted(world: World) {
    let (admin, maya) = world.agent("maya").await;
    let noor = world.online_agent(&admin, "noor", None).await;
    let visitor = world.visitor().await;
    let c = world.begin(&visitor, StartWith::People).await;
    world.say(&visitor, &c.id, "hello").await.unwrap();
    let first = report(&world, &admin).await;
    assert_eq!((first.totals.started, first.totals.handled, first.totals.wait.count), (1, 0, 0));
    world.clock.forward(10_000);
    world.call(&maya.by, Claim { id: c.id.clone(), fence: c.fence }).await.unwrap();
    world.clock.forward(20_000);
    world.say(&maya, &c.id, "hi").await.unwrap();
    world.clock.forward(20_000);
    world.say(&maya, &c.id, "are you there?").await.unwrap();
    let fence = world.state(&maya, &c.id).await.fence;
    let to = TransferTo::Agent(noor.id.clone());
    let call = Transfer { id: c.id.clone(), fence, to, note: None };
    let fence = world.call(&maya.by, call).await.unwrap().fence;
    world.clock.forward(10_000);
    world.say(&noor, &c.id, "Noor here").await.unwrap();
    world.call(&noor.by, Resolve { id: c.id.clone(), fence: Some(fence) }).await.unwrap();
    world.call(&visitor.by, Rate { id: c.id.clone(), score: 4, comment: None }).await.unwrap();

    let report = report(&world, &admin).await;
    let totals = &report.totals;
    assert_eq!((totals.started, totals.handled, totals.resolved, totals.left_messages), (1, 1, 1, 0));
    let about = |span: Option<i64>, s: i64| span.is_some_and(|found| (s..s + 5).contains(&found));
    assert!(about(totals.wait.median_s, 10), "{totals:?}");
    assert!(about(totals.first_reply.median_s, 30) && about(totals.resolution.average_s, 60), "{totals:?}");
    assert_eq!(totals.ratings.scores, [0, 0, 0, 1, 0]);
    assert_eq!((report.days.len(), report.hours.len(), report.zone.as_str()), (7, 24, "UTC"));
    let (of_maya, of_noor) = (keyed(&report.agents, &maya.id), keyed(&report.agents, &noor.id));
    assert_eq!(
        (of_noor.name.as_str(), of_noor.figures.started, of_noor.figures.first_reply.count),
        ("noor", 1, 0)
    );
    assert_eq!((of_maya.figures.started, of_maya.figures.first_reply.count), (0, 1));
    assert_eq!(keyed(&report.teams, "").figures.started, 1, "everybody's queue");
    // One row, however often it changed hands.
    assert_eq!(world.count("SELECT COUNT(*) FROM conversation_facts"), 1);
}

async fn an_automations_conversations_are_its_own(world: World) {
    let admin = world.admin().await;
    let visitor = world.visitor().await;
    let c = world.begin(&visitor, StartWith::Automation("mat".into())).await;
    world.begin(&visitor, StartWith::Automation("mat".into())).await;
    world.call(&visitor.by, Handoff { id: c.id.clone() }).await.unwrap();
    let report = report(&world, &admin).await;
    let mat = keyed(&report.automations, "mat");
    assert_eq!((mat.name.as_str(), mat.figures.started, mat.figures.left_messages), ("Mat", 2, 1));
    assert_eq!(keyed(&report.teams, "").figures.started, 1, "only what came to people");
    assert_eq!((report.totals.left_messages, report.totals.handled), (1, 0));
}

async fn a_rating_that_comes_later_counts(world: World) {
    let (admin, maya) = world.agent("maya").await;
    let visitor = world.visitor().await;
    let c = world.begin(&visitor, StartWith::People).await;
    let fence = world.call(&maya.by, Claim { id: c.id.clone(), fence: c.fence }).await.unwrap().fence;
    world.call(&maya.by, Resolve { id: c.id.clone(), fence: Some(fence) }).await.unwrap();
    for score in [2, 5] {
        world.call(&visitor.by, Rate { id: c.id.clone(), score, comment: None }).await.unwrap();
        let totals = report(&world, &admin).await.totals;
        assert_eq!((totals.resolved, totals.ratings.count), (1, 1), "it stays resolved, and is rated once");
        assert_eq!(totals.ratings.average, Some(f64::from(i32::try_from(score).unwrap())));
    }
    world.say(&visitor, &c.id, "one more thing").await.unwrap();
    assert_eq!(report(&world, &admin).await.totals.resolved, 0, "it goes on");
}

async fn an_export_gives_every_conversation_once(world: World) {
    let (admin, maya) = world.agent("maya").await;
    let visitor = world.visitor().await;
    let mut ids = Vec::new();
    for _ in 0..3 {
        ids.push(world.begin(&visitor, StartWith::People).await.id);
        world.clock.forward(1_000);
    }
    let c = world.state(&maya, &ids[1]).await;
    world.call(&maya.by, Claim { id: c.id.clone(), fence: c.fence }).await.unwrap();
    let found = rows(&world, &admin).await;
    assert_eq!(found.iter().map(|row| &row.conversation).collect::<Vec<_>>(), ids.iter().collect::<Vec<_>>());
    assert_eq!((found[1].agent.as_deref(), found[0].agent.as_deref()), (Some("maya"), None));
    assert!(found[1].wait_s.is_some() && found[1].started.len() == "2026-11-26 17:04:09".len());
    // More than a piece holds.
    let more: Vec<String> = (0..1_500).map(|n| format!("('x{n}', {}, 1)", 1_000 + n)).collect();
    let insert = "INSERT INTO conversation_facts (conversation_id, started_at, open) VALUES ";
    world.database.sql(&format!("{insert}{}", more.join(", "))).unwrap();
    let day = || Some("1970-01-01".to_owned());
    let mut seen = 0;
    let mut after = None;
    loop {
        let call = GetReportRows { from: day(), to: day(), zone: None, after };
        let piece = world.call(&admin.by, call).await.unwrap();
        seen += piece.rows.len();
        after = piece.next;
        if after.is_none() {
            break;
        }
    }
    assert_eq!(seen, 1_500);
}

async fn what_is_too_long_or_not_ones_own_is_refused(world: World) {
    let (admin, maya) = world.agent("maya").await;
    let call = |from: &str, to: &str, zone: &str| GetReport {
        from: Some(from.into()),
        to: Some(to.into()),
        zone: Some(zone.into()),
    };
    let fine = call("2026-01-01", "2026-04-02", "Europe/Berlin");
    assert_eq!(world.call(&admin.by, fine.clone()).await.unwrap().days.len(), 92);
    for by in [&maya, &world.visitor().await] {
        assert_eq!(problem(world.call(&by.by, fine.clone()).await), Problem::Forbidden);
    }
    for bad in [
        call("2026-01-01", "2026-04-03", "UTC"),
        call("2026-01-02", "2026-01-01", "UTC"),
        call("yesterday", "2026-01-01", "UTC"),
        call("2026-01-01", "2026-01-02", "Europe/Atlantis"),
    ] {
        assert_eq!(problem(world.call(&admin.by, bad).await), Problem::Invalid);
    }
    let after = Some("nonsense".to_owned());
    let rows = GetReportRows { from: None, to: None, zone: None, after };
    assert_eq!(problem(world.call(&admin.by, rows).await), Problem::BadRequest);
}
