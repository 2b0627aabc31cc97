//! Following a conversation: replay from anywhere, then live, and `reset` when what the client has does not fit.

use std::time::Duration;

use anyhow::ensure;
use serde_json::{Value, json};
use switchboard_testkit::{Client, Shape, Socket, System, on_shapes, staff::SOON};

use crate::support::{Scene, seqs};

on_shapes!(Embedded, Cluster, Split: [
    replay_then_live_without_a_gap, what_does_not_fit_is_reset, the_epoch_is_one_for_all, a_long_history_comes_in_pages,
    who_leaves_hears_no_more, what_was_reset_goes_on_live, who_comes_back_while_another_reads,
]);

/// Takes the next `count` entries of a conversation.
async fn take(socket: &mut Socket, id: &str, count: usize) -> anyhow::Result<Vec<Value>> {
    let mut entries = Vec::new();
    while entries.len() < count {
        let frame = socket
            .expect_where("an entry", SOON, |f| f["type"] == "entry" && f["entry"]["conversation"] == id)
            .await?;
        entries.push(frame["entry"].clone());
    }
    Ok(entries)
}

async fn replay_then_live_without_a_gap(shape: Shape) -> anyhow::Result<()> {
    let system = System::start(shape).await?;
    let visitor = system.visitor().await?;
    let id = visitor.ask_people("number 0").await?;
    for n in 1..10 {
        visitor.say(&id, &format!("number {n}")).await?;
    }
    let history = visitor.entries(&id).await?;

    let mut near = visitor.clone();
    near.http = near.http.at(system.far_http().address());
    let mut socket = near.open().await?;
    socket.send(&json!({ "type": "hello", "token": visitor.token })).await?;
    let welcome = socket.expect("welcome", SOON).await?;
    ensure!(welcome["me"]["id"] == visitor.id.as_str(), "{welcome}");
    ensure!(welcome["conversations"][0]["id"] == id.as_str(), "{welcome}");
    ensure!(welcome["conversations"][0]["head"] == history.len(), "{welcome}");
    ensure!(welcome["server_version"].is_string() && !welcome["epoch"].is_null(), "{welcome}");
    socket.send(&json!({ "type": "resume", "conversation": id, "last_seq": 0 })).await?;
    ensure!(take(&mut socket, &id, history.len()).await? == history);
    drop(socket);

    // Away for three messages; back from the middle, with hello this time.
    let middle = &history[4];
    for n in 10..13 {
        visitor.say(&id, &format!("number {n}")).await?;
    }
    let all = visitor.entries(&id).await?;
    let mut socket = visitor.open().await?;
    let resume = json!([{
        "conversation": id, "epoch": welcome["epoch"], "last_seq": middle["seq"], "last_id": middle["id"],
    }]);
    socket.send(&json!({ "type": "hello", "token": visitor.token, "resume": resume })).await?;
    socket.expect("welcome", SOON).await?;
    ensure!(take(&mut socket, &id, all.len() - 5).await? == all[5..]);
    visitor.say(&id, "live").await?;
    let live = take(&mut socket, &id, 1).await?;
    ensure!(live[0]["body"]["text"] == "live" && live[0]["seq"] == all.len() + 1, "{live:?}");
    ensure!(socket.of_type("reset").is_empty(), "{:?}", socket.of_type("reset"));
    Ok(())
}

async fn what_does_not_fit_is_reset(shape: Shape) -> anyhow::Result<()> {
    let scene = Scene::open(shape).await?;
    let (visitor, id) = scene.chatting().await?;
    let stranger = scene.system.visitor().await?;
    let theirs = stranger.ask_people("not yours").await?;
    let head = visitor.conversation(&id).await?;
    let mut socket = visitor.open().await?;
    socket.send(&json!({ "type": "hello", "token": visitor.token })).await?;
    let epoch = socket.expect("welcome", SOON).await?["epoch"].clone();

    let (seq, last_id) = (head["head"].as_u64().unwrap_or_default(), head["head_id"].clone());
    let misfits = [
        json!({ "conversation": id, "epoch": "another epoch", "last_seq": seq, "last_id": last_id }),
        json!({ "conversation": id, "epoch": epoch, "last_seq": seq, "last_id": "another id" }),
        json!({ "conversation": id, "epoch": epoch, "last_seq": seq + 100, "last_id": last_id }),
        json!({ "conversation": "none-such", "epoch": epoch, "last_seq": 0 }),
        json!({ "conversation": theirs, "last_seq": 0 }),
    ];
    for mut frame in misfits {
        let conversation = frame["conversation"].clone();
        frame["type"] = json!("resume");
        socket.send(&frame).await?;
        let reset = socket.expect("reset", SOON).await?;
        ensure!(reset["conversation"] == conversation, "{frame}: {reset}");
        if conversation != id.as_str() {
            ensure!(reset["reason"] == "not_found", "{frame}: {reset}");
        }
    }
    ensure!(
        !socket.frames().iter().any(|frame| frame.to_string().contains("not yours")),
        "somebody else's entries"
    );
    // After a reset the client loads again, and all is well.
    socket.send(&json!({ "type": "resume", "conversation": id, "last_seq": 0 })).await?;
    let entries = visitor.entries(&id).await?;
    ensure!(seqs(&take(&mut socket, &id, entries.len()).await?) == seqs(&entries));
    Ok(())
}

/// A reset says what to throw away; a visitor's own conversations are followed all the same.
async fn what_was_reset_goes_on_live(shape: Shape) -> anyhow::Result<()> {
    let scene = Scene::open(shape).await?;
    let (visitor, id) = scene.chatting().await?;
    let head = visitor.conversation(&id).await?;
    let (seq, last_id) = (head["head"].clone(), head["head_id"].clone());
    for epoch in ["another epoch", "and another"] {
        let mut socket = visitor.open().await?;
        let resume = json!([{ "conversation": id, "epoch": epoch, "last_seq": seq, "last_id": last_id }]);
        socket.send(&json!({ "type": "hello", "token": visitor.token, "resume": resume })).await?;
        socket.expect("welcome", SOON).await?;
        let reset = socket.expect("reset", SOON).await?;
        ensure!(reset["conversation"] == id.as_str() && reset["reason"] == "epoch", "{reset}");
        visitor.say(&id, epoch).await?;
        let live = take(&mut socket, &id, 1).await?;
        ensure!(live[0]["body"]["text"] == epoch, "{live:?}");
    }
    Ok(())
}

/// The node has the newest entries in memory as long as somebody follows: what was missed comes from there.
async fn who_comes_back_while_another_reads(shape: Shape) -> anyhow::Result<()> {
    let system = System::start(shape).await?;
    let visitor = system.visitor().await?;
    let id = visitor.ask_people("number 0").await?;
    let mut stays = visitor.socket().await?;
    stays.send(&json!({ "type": "resume", "conversation": id, "last_seq": 0 })).await?;
    let mut had = visitor.entries(&id).await?;
    take(&mut stays, &id, had.len()).await?;
    let epoch = stays.of_type("welcome")[0]["epoch"].clone();
    for (missed, at_hello) in [(1, true), (1, false), (2, false), (5, true), (5, false)] {
        for n in 0..missed {
            visitor.say(&id, &format!("{n} of {missed}")).await?;
        }
        let last = had.last().cloned().unwrap_or_default();
        let mut place =
            json!({ "conversation": id, "epoch": epoch, "last_seq": last["seq"], "last_id": last["id"] });
        let mut hello = json!({ "type": "hello", "token": visitor.token });
        let mut back = visitor.open().await?;
        if at_hello {
            hello["resume"] = json!([place]);
            back.send(&hello).await?;
        } else {
            place["type"] = json!("resume");
            back.send(&hello).await?;
            back.send(&place).await?;
        }
        let got = take(&mut back, &id, missed).await?;
        let all = visitor.entries(&id).await?;
        ensure!(got == all[had.len()..], "{:?} of {:?}", seqs(&got), seqs(&all));
        ensure!(back.of_type("reset").is_empty(), "{:?}", back.of_type("reset"));
        had = all;
    }
    Ok(())
}

async fn the_epoch_is_one_for_all(shape: Shape) -> anyhow::Result<()> {
    let scene = Scene::open(shape).await?;
    let (visitor, _) = scene.chatting().await?;
    let mut far = visitor.clone();
    far.http = far.http.at(scene.system.far_http().address());
    let mut epochs = Vec::new();
    for client in [&visitor, &far] {
        let mut socket = client.open().await?;
        socket.send(&json!({ "type": "hello", "token": client.token })).await?;
        epochs.push(socket.expect("welcome", SOON).await?["epoch"].clone());
    }
    epochs.push(scene.socket.of_type("welcome")[0]["epoch"].clone());
    ensure!(epochs.iter().all(|epoch| *epoch == epochs[0] && !epoch.is_null()), "{epochs:?}");
    Ok(())
}

async fn a_long_history_comes_in_pages(shape: Shape) -> anyhow::Result<()> {
    let system = System::start(shape).await?;
    let visitor = system.visitor().await?;
    let id = visitor.ask_people("first").await?;
    let nodes = [system.http()];
    let writer = Client::visitor(&visitor, &nodes);
    // More than fits into one page of 256 KiB or 200 entries, at the pace that a visitor may write.
    for n in 0..260 {
        let _ = writer.send(&id, &format!("{n} {}", "x".repeat(1_500)));
    }
    writer.drained(Duration::from_secs(90)).await?;
    let history = visitor.entries(&id).await?;
    ensure!(history.len() >= 262, "{}", history.len());
    let reader = Client::visitor(&visitor, &[system.far_http()]);
    reader.shown(&id, history.len(), SOON).await?;
    reader.check(&id, &history)?;
    writer.check(&id, &history)
}

async fn who_leaves_hears_no_more(shape: Shape) -> anyhow::Result<()> {
    let mut scene = Scene::open(shape).await?;
    let (visitor, id) = scene.chatting().await?;
    scene.given(&id).await?;
    let mut vera = visitor.socket().await?;
    let leave = json!({ "type": "leave", "conversation": id });
    for socket in [&mut vera, &mut scene.socket] {
        socket.send(&leave).await?;
        // Answered after what was sent before.
        socket.send(&json!({ "type": "resume", "conversation": "none", "last_seq": 0 })).await?;
        socket.expect("reset", SOON).await?;
    }
    visitor.say(&id, "does anybody hear me?").await?;
    let last = visitor.entries(&id).await?.len();
    let mut other = visitor.socket().await?;
    other.send(&json!({ "type": "resume", "conversation": id, "last_seq": 0 })).await?;
    take(&mut other, &id, last).await?;
    tokio::time::sleep(Duration::from_millis(500)).await;
    for socket in [&mut vera, &mut scene.socket] {
        let deaf =
            socket.of_type("entry").iter().all(|f| f["entry"]["body"]["text"] != "does anybody hear me?");
        ensure!(deaf, "{:?}", socket.frames());
        socket.send(&json!({ "type": "resume", "conversation": id, "last_seq": 0 })).await?;
        socket
            .expect_where("the past", SOON, |f| {
                f["type"] == "entry" && f["entry"]["body"]["text"] == "does anybody hear me?"
            })
            .await?;
    }
    visitor.say(&id, "and now?").await?;
    for socket in [&mut vera, &mut scene.socket] {
        let present = |f: &Value| f["type"] == "entry" && f["entry"]["body"]["text"] == "and now?";
        socket.expect_where("the present", SOON, present).await?;
    }
    Ok(())
}
