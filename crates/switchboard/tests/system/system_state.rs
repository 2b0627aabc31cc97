//! How the installation is, for super admins: the nodes that are there, their sockets, database and bus.

use anyhow::{Context, ensure};
use serde_json::Value;
use switchboard_testkit::{Http, Shape, System, on_shapes, staff::SOON, wait};

on_shapes!(Embedded, Cluster, Split: [every_node_is_told_of_with_its_sockets]);

async fn every_node_is_told_of_with_its_sockets(shape: Shape) -> anyhow::Result<()> {
    let system = System::start(shape).await?;
    let root = system.super_admin().await?;
    let empty = root.http.get("/system").await?.expect(200)?;
    ensure!(sockets(&empty)? == 0, "{empty}");
    let visitor = system.visitor().await?;
    let _socket = visitor.socket().await?;
    // A node that does not answer in time is not told of.
    let all = async |http: Http| {
        let look = wait::until("every node says so", SOON, async || {
            let said = http.get("/system").await?.expect(200)?;
            Ok((said["nodes"].as_array().map(Vec::len) == Some(system.node_count())).then_some(said))
        });
        anyhow::Ok(Box::pin(look).await?.0)
    };
    let said = all(root.http.clone()).await?;
    ensure!(sockets(&said)? == 1, "{said}");
    let nodes = said["nodes"].as_array().context("no nodes")?;
    ensure!(nodes.iter().all(|node| node["version"] == said["version"] && node["up_s"].is_u64()), "{said}");
    let kind = if system.nats.is_none() { "sqlite" } else { "mysql" };
    ensure!(said["database"]["kind"] == kind && said["bus"]["up"] == true, "{said}");
    ensure!(said["dbmgrs"].as_u64() >= Some(1), "{said}");
    // Whichever node is asked: all of them are known.
    let far = all(root.http.clone().by(&system.far_http())).await?;
    ensure!(far["nodes"].as_array().context("no nodes")?.len() == nodes.len(), "{far} {said}");
    if shape == Shape::Cluster {
        ensure!(nodes.len() == 2, "{said}");
        system.nats.as_ref().context("no bus")?.kill()?;
        system.until_status("/readyz", 503, SOON).await?;
        let alone = root.http.get("/system").await?.expect(200)?;
        ensure!(alone["bus"]["up"] == false && alone["bus"]["trouble"].is_string(), "{alone}");
        ensure!(alone["nodes"].as_array().map(Vec::len) == Some(1), "{alone}");
    }
    Ok(())
}

fn sockets(said: &Value) -> anyhow::Result<u64> {
    let nodes = said["nodes"].as_array().context("no nodes")?;
    Ok(nodes.iter().filter_map(|node| node["visitors"].as_u64()).sum())
}
