//! Drafts and summaries for agents, over a bus.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on")]

#[expect(dead_code, reason = "another test uses the rest")]
mod support;

use std::sync::Arc;
use std::time::Duration;
use support::{Act, assistant, server, settings};
use switchboard_assistant::help;
use switchboard_bus::{Bus, Caller, Local};
use switchboard_wire::call::assist::{Assist, Assisted, Line, Task, Writer};
use switchboard_wire::{Credential, Failure, Problem};

async fn ask(bus: &Arc<dyn Bus>, task: Task) -> Result<Assisted, Failure> {
    let line = |by, text: &str| Line { by, text: text.into() };
    let lines = vec![
        line(Writer::Visitor, "where is my refund?"),
        line(Writer::Agent, "Let me look."),
        line(Writer::Note, "a difficult one"),
        line(Writer::Visitor, "Talk to a person"),
    ];
    let caller = Caller::new(Arc::clone(bus)).await.unwrap();
    caller.call(&Credential::Component, &Assist { task, lines }, Duration::from_secs(5)).await
}

#[tokio::test]
async fn agents_get_drafts_and_summaries() {
    let bus: Arc<dyn Bus> = Arc::new(Local::new());
    assert_eq!(ask(&bus, Task::Ready).await.unwrap_err().problem, Problem::Unavailable);
    let (base, asked) = server(vec![Act::Whole("It comes within 14 days.".into())]).await;
    let helping = help(Arc::clone(&bus), assistant(settings(&base))).await.unwrap();
    assert_eq!(ask(&bus, Task::Ready).await, Ok(Assisted::default()));
    let draft = ask(&bus, Task::Draft).await.unwrap();
    assert_eq!(draft.text, "It comes within 14 days.");
    assert_eq!(draft.sources[0].url, "https://help.example/help/refunds");
    ask(&bus, Task::Summary).await.unwrap();
    let bodies: Vec<String> = asked.lock().unwrap().iter().map(|(_, body)| body.to_string()).collect();
    assert_eq!(bodies.len(), 2);
    assert!(bodies[0].contains("14 days") && !bodies[0].contains("difficult"), "{}", bodies[0]);
    assert!(bodies[1].contains("difficult"), "{}", bodies[1]);
    assert!(helping.drain(Duration::from_secs(1)).await);
}

#[tokio::test]
async fn an_agent_reads_what_is_wrong() {
    let bus: Arc<dyn Bus> = Arc::new(Local::new());
    let (base, _) = server(vec![Act::Status(401)]).await;
    let _helping = help(Arc::clone(&bus), assistant(settings(&base))).await.unwrap();
    let failure = ask(&bus, Task::Draft).await.unwrap_err();
    assert_eq!(failure.problem, Problem::Unavailable);
    assert!(failure.detail.contains("is the key right?") && !failure.detail.contains("sk-"), "{failure}");
}
