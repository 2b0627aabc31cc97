//! Every scenario, briefly.

use anyhow::ensure;
use switchboard_proof::scenario::{SCENARIOS, find};
use switchboard_proof::{Plan, Scale};
use switchboard_testkit::Shape;

/// `TEST: "scenario"` or `TEST: "scenario", |plan| change it`, one test each.
macro_rules! short {
    ($($test:ident: $name:literal $(, $change:expr)?;)*) => {
        $(
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $test() -> anyhow::Result<()> {
                let plan = Plan::new(Scale::Short);
                $( let plan = { let mut plan = plan; let change: fn(&mut Plan) = $change; change(&mut plan); plan }; )?
                Box::pin(run($name, &plan)).await
            }
        )*
        /// The scenarios that have a test here.
        const TESTED: &[&str] = &[$($name),*];
    };
}

short! {
    kills_embedded: "kills", |plan| plan.shape = Some(Shape::Embedded);
    kills_cluster: "kills", |plan| plan.shape = Some(Shape::Cluster);
    kills_split_ours: "kills", |plan| {
        plan.shape = Some(Shape::Split);
        plan.part = Some("web,dbmgr,automation".to_owned());
    };
    kills_split_servers: "kills", |plan| {
        plan.shape = Some(Shape::Split);
        plan.part = Some("nats-server,mariadbd,all".to_owned());
    };
    network_cuts_clients: "network", |plan| plan.part = Some("cut".to_owned());
    network_is_slow: "network", |plan| plan.part = Some("slow".to_owned());
    network_of_the_bus: "network", |plan| plan.part = Some("bus".to_owned());
    network_of_the_database: "network", |plan| plan.part = Some("database".to_owned());
    cut_from_the_database: "cut";
    disk_of_sqlite: "disk", |plan| plan.part = Some("sqlite".to_owned());
    clock_of_one_process: "clock", |plan| plan.part = Some("alone".to_owned());
    clock_of_everybody: "clock", |plan| plan.part = Some("all".to_owned());
    disk_of_mariadb: "disk", |plan| plan.part = Some("mariadb".to_owned());
    hostile_frames_and_requests: "hostile", |plan| plan.part = Some("frames,http".to_owned());
    hostile_floods: "hostile", |plan| plan.part = Some("floods,connections of one address".to_owned());
    automations_sqlite: "automations", |plan| plan.shape = Some(Shape::Embedded);
    automations_mariadb: "automations", |plan| plan.shape = Some(Shape::Cluster);
    failpoints: "failpoints";
    mutants: "mutants";
    authority: "authority";
}

async fn run(name: &str, plan: &Plan) -> anyhow::Result<()> {
    let scenario = find(name).ok_or_else(|| anyhow::anyhow!("no scenario {name}"))?;
    let outcome = (scenario.run)(plan).await;
    if !outcome.as_ref().is_ok_and(|section| section.passed) {
        switchboard_testkit::process::print_ended();
    }
    let section = outcome?;
    println!("{}", section.as_text());
    ensure!(section.passed, "{name} did not hold:\n{}", section.as_text());
    ensure!(!section.rows.is_empty(), "{name} measured nothing");
    Ok(())
}

#[tokio::test]
async fn what_is_not_in_the_list_is_not_run() {
    assert!(Box::pin(run("none", &Plan::new(Scale::Short))).await.is_err());
}

#[test]
fn every_scenario_has_a_test_here() {
    let missing: Vec<&str> =
        SCENARIOS.iter().map(|scenario| scenario.name).filter(|name| !TESTED.contains(name)).collect();
    assert!(missing.is_empty(), "add these to tests/short.rs: {missing:?}");
}
