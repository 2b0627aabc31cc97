//! Over a limit there is a visible, polite refusal that says when to come back; never silence.

use std::net::{IpAddr, Ipv4Addr};

use anyhow::ensure;
use bytes::Bytes;
use http::Method;
use serde_json::json;
use switchboard_testkit::socket::Refused;
use switchboard_testkit::system::Setup;
use switchboard_testkit::{
    Http, Reply, Shape, Socket, Staff, System, Visitor, on_shapes, staff::SOON, unique, wait,
};

use crate::support::send;

on_shapes!(Embedded, Split: [
    visitors_who_write_too_much, addresses_that_open_too_much, addresses_with_too_many_sockets, sign_ins_that_fail_too_often,
    frames_that_come_too_fast, addresses_that_upload_too_much, whatever_a_visitor_changes_counts_as_a_message,
]);

fn retry_after(reply: &Reply) -> anyhow::Result<u64> {
    reply.problem(429)?;
    Ok(reply.header("retry-after").unwrap_or_default().parse()?)
}

async fn visitors_who_write_too_much(shape: Shape) -> anyhow::Result<()> {
    let system = System::start(shape).await?;
    let visitor = system.visitor().await?;
    let id = visitor.ask_people("first").await?;
    let mut socket = visitor.socket().await?;
    let ids: Vec<String> = (0..200).map(|_| unique("flood")).collect();
    for client in &ids {
        socket.send(&send(&id, client, "flood")).await?;
    }
    // A refusal needs no database and may overtake what is being committed: answers come in any order.
    let (mut taken, mut refused) = (0, 0);
    for _ in &ids {
        let frame =
            socket.expect_where("an answer", SOON, |f| f["type"] == "ack" || f["type"] == "nack").await?;
        if frame["type"] == "ack" {
            taken += 1;
        } else {
            ensure!(frame["code"] == "rate_limited" && frame["retry_after"].is_number(), "{frame}");
            refused += 1;
        }
    }
    // The first message of the conversation was one of the burst of 50.
    ensure!(taken >= 49 && refused > 50, "{taken} taken, {refused} refused");
    ensure!(
        visitor.texts(&id, "visitor").await?.len() == taken + 1,
        "accepted and dropped, or refused and kept"
    );
    // The same limit over HTTP, and another visitor is not touched by it.
    let body = json!({ "client_msg_id": unique("flood"), "body": { "text": "flood" } });
    let reply = visitor.http.post(&format!("/visitor/conversations/{id}/messages"), body).await?;
    ensure!(reply.status == 201 || retry_after(&reply)? <= 60, "{:?}", reply.headers);
    system.visitor().await?.ask_people("another").await?;
    Ok(())
}

async fn whatever_a_visitor_changes_counts_as_a_message(shape: Shape) -> anyhow::Result<()> {
    let limits = "[limits]\nvisitor_messages_per_s = 1\nvisitor_burst = 5\n";
    let system = Setup::new(shape).configuration(limits).start().await?;
    let calls = [
        ("/rating", json!({ "score": 1 })),
        ("/resolve", json!({})),
        ("/handoff", json!({})),
        ("", json!({ "to": { "people": true } })),
    ];
    for (call, body) in calls {
        let visitor = system.visitor().await?;
        let id = visitor.ask_people("first").await?;
        let path = match call {
            "" => "/visitor/conversations".to_owned(),
            call => format!("/visitor/conversations/{id}{call}"),
        };
        let mut refused = 0;
        for _ in 0..20 {
            let reply = visitor.http.post(&path, body.clone()).await?;
            if reply.status == 429 {
                ensure!(retry_after(&reply)? <= 60);
                refused += 1;
            }
        }
        ensure!((5..20).contains(&refused), "{path}: {refused} refused");
    }
    Ok(())
}

async fn frames_that_come_too_fast(shape: Shape) -> anyhow::Result<()> {
    let limits = "[limits]\nsocket_frames_per_s = 2\nvisitor_messages_per_s = 0\nvisitor_burst = 0\n";
    let system = Setup::new(shape).configuration(limits).start().await?;
    let visitor = system.visitor().await?;
    let id = visitor.ask_people("first").await?;
    let mut socket = visitor.socket().await?;
    // Four seconds' worth at once, and what comes while they are sent.
    for _ in 0..40 {
        socket.send(&send(&id, &unique("flood"), "flood")).await?;
    }
    let mut taken = 0;
    for _ in 0..40 {
        let frame =
            socket.expect_where("an answer", SOON, |f| f["type"] == "ack" || f["type"] == "nack").await?;
        taken += u32::from(frame["type"] == "ack");
        ensure!(frame["type"] == "ack" || frame["code"] == "rate_limited", "{frame}");
    }
    ensure!((8..=20).contains(&taken), "{taken} taken");
    Ok(())
}

async fn addresses_that_open_too_much(shape: Shape) -> anyhow::Result<()> {
    let system = System::start(shape).await?;
    let source = |n: u8| system.http().from_source(IpAddr::V4(Ipv4Addr::new(127, 0, 7, n)));
    let known = Visitor::arrive(&source(1)).await?;
    let mut made = 1;
    let refusal = loop {
        let reply = source(1).post("/visitor/session", json!({})).await?;
        if reply.status != 201 {
            break reply;
        }
        made += 1;
        ensure!(made <= 200, "no end of visitor sessions");
    };
    ensure!((60..=110).contains(&made), "refused after {made}");
    ensure!(retry_after(&refusal)? <= 60);
    source(2).post("/visitor/session", json!({})).await?.expect(201)?;
    // Who is known already is none more.
    let again = known.http.post("/visitor/session", json!({ "name": "Vera" })).await?.expect(200)?;
    ensure!(again["visitor"]["id"] == known.id.as_str() && again["visitor"]["name"] == "Vera", "{again}");
    Ok(())
}

async fn addresses_with_too_many_sockets(shape: Shape) -> anyhow::Result<()> {
    let system = System::start(shape).await?;
    let visitor = system.visitor().await?;
    let (one, other) = (IpAddr::V4(Ipv4Addr::new(127, 0, 9, 1)), IpAddr::V4(Ipv4Addr::new(127, 0, 9, 2)));
    let mut open = Vec::new();
    let refused = loop {
        match Socket::open_from(&visitor.http, "/visitor/socket", Some(one)).await {
            Ok(socket) => open.push(socket),
            Err(refused) => break refused,
        }
        ensure!(open.len() <= 150, "no end of sockets");
    };
    ensure!(open.len() == 100 && matches!(refused, Refused::Status(429)), "after {}: {refused}", open.len());
    ensure!(Socket::open_from(&visitor.http, "/visitor/socket", Some(other)).await.is_ok());
    // A place is free again when one closes.
    open.pop();
    let again = wait::until("a free place", SOON, async || {
        Ok(Socket::open_from(&visitor.http, "/visitor/socket", Some(one)).await.ok())
    });
    Box::pin(again).await?;
    Ok(())
}

async fn sign_ins_that_fail_too_often(shape: Shape) -> anyhow::Result<()> {
    let system = System::start(shape).await?;
    let root = system.super_admin().await?;
    let source = |n: u8| system.http().from_source(IpAddr::V4(Ipv4Addr::new(127, 0, 8, n)));
    let attempt = async |http: Http, password: &str| {
        http.post("/session", json!({ "username": root.username, "password": password })).await
    };
    let mut failed = 0;
    let refusal = loop {
        let reply = attempt(source(1), "wrong wrong wrong wrong").await?;
        if reply.status != 401 {
            break reply;
        }
        failed += 1;
        ensure!(failed <= 30, "no end of guessing");
    };
    ensure!((10..=12).contains(&failed), "refused after {failed}");
    retry_after(&refusal)?;
    // Not even the right password helps from there; the owner gets in from elsewhere.
    retry_after(&attempt(source(1), &root.password).await?)?;
    Staff::sign_in(&source(2), &root.username, &root.password).await?;
    Ok(())
}

async fn addresses_that_upload_too_much(shape: Shape) -> anyhow::Result<()> {
    let system = Setup::new(shape).configuration("[files]\naddress_mib_per_hour = 1\n").start().await?;
    let up = async |visitor: &Visitor| {
        let id = visitor.ask_people("look").await?;
        let path = format!("/api/v1/visitor/conversations/{id}/files?name=some.bin");
        let body = Bytes::from(vec![7; 700 * 1024]);
        visitor.http.raw(Method::POST, &path, Some(("application/octet-stream", body))).await
    };
    up(&system.visitor().await?).await?.expect(201)?;
    // Whoever else it says it is: what is left fits no second one, and an hour brings a whole one back.
    let seconds = retry_after(&up(&system.visitor().await?).await?)?;
    ensure!((60..=3_600).contains(&seconds), "again in {seconds} s");
    ensure!(system.database.value("SELECT COUNT(*) FROM files")? == "1", "the refused one left something");
    Ok(())
}
