//! `switchboard turn`: an automation is tried from the command line, and told what is wrong with it.

use std::time::Duration;

use anyhow::ensure;
use serde_json::json;
use switchboard_testkit::program::Program;
use switchboard_testkit::puppet::{Act, Puppet, Role, says, texts, working};
use switchboard_testkit::{Done, NatsServer, Shape, TempDir, on_shapes};

use crate::support::done;

on_shapes!(Embedded: [what_is_wrong_is_said]);

async fn what_is_wrong_is_said(_: Shape) -> anyhow::Result<()> {
    let (nats, folder) = (NatsServer::start()?, TempDir::new()?);
    let url = nats.url();
    let turn = |args: &[&str]| -> anyhow::Result<Done> {
        Program::new(folder.path(), &[&["turn"], args].concat()).flag("--nats", &url).run("")
    };
    let nobody = turn(&["shout", "hello"])?;
    ensure!(nobody.code == 1 && nobody.stderr.contains("no instance is there"), "{nobody:?}");

    let _shout = Puppet::start(&url, Role::honest("shout", "Shout"), |turn| match texts(turn)[0] {
        "think" => vec![Act::Say(working(900)), Act::Pause(Duration::from_millis(700)), says(&["thought"])],
        "twice" => vec![says(&["one"]), says(&["two"])],
        "blank" => vec![says(&["fine", "  "])],
        "json" => vec![Act::Raw(b"hello".to_vec())],
        "fail" => vec![Act::Fail("no voice")],
        "hang" => vec![],
        "choose" => vec![Act::Say(json!({
            "messages": [{ "text": "Which?", "choices": [{ "label": "Blue", "value": "b" }] }],
            "then": { "handoff": { "reason": "colour" } }, "tags": ["paint"],
        }))],
        _ => vec![says(
            &texts(turn)
                .iter()
                .map(|text| text.to_uppercase())
                .collect::<Vec<_>>()
                .iter()
                .map(String::as_str)
                .collect::<Vec<_>>(),
        )],
    });
    let mute = Role { name: "mute".into(), title: None, plays: true };
    let _mute = Puppet::start(&url, mute, |_| vec![says(&["fine"])]);
    tokio::time::sleep(Duration::from_millis(500)).await;

    let fine = done(turn(&["shout", "hello", "you"])?)?;
    ensure!(fine.stdout.starts_with("HELLO\nYOU\nthen: wait"), "{fine:?}");
    let chosen = done(turn(&["shout", "choose"])?)?.stdout;
    ensure!(
        chosen.contains("[Blue] b") && chosen.contains("tags: paint") && chosen.contains("people: colour"),
        "{chosen}"
    );
    let thought = done(turn(&["shout", "think", "--deadline-ms", "300"])?)?;
    ensure!(thought.stderr.contains("working: 900 ms") && thought.stdout.contains("thought"), "{thought:?}");
    let twice = done(turn(&["shout", "twice"])?)?;
    ensure!(twice.stderr.contains("only the first reply counts"), "{twice:?}");
    let read: serde_json::Value = serde_json::from_str(&done(turn(&["shout", "hi", "--json"])?)?.stdout)?;
    ensure!(read["messages"][0]["text"] == "HI", "{read}");
    for (args, why) in [
        (&["shout", "blank"][..], "messages[1].text"),
        (&["shout", "json"], "cannot be read"),
        (&["shout", "fail"], "no voice"),
        (&["shout", "hang", "--deadline-ms", "200"], "no reply within its time"),
        (&["mute", "hello"], "$SRV.INFO.mute"),
        (&["Shout", "hello"], "no automation's name"),
        (&["shout", " "], "the text"),
    ] {
        let refused = turn(args)?;
        ensure!(refused.code == 1 && refused.stderr.contains(why), "{args:?}: {refused:?}");
    }
    ensure!(turn(&["shout"])?.code == 2, "nothing to say is wrong usage");
    Ok(())
}
