//! The helper for authors' tests counts what counts in earnest.

use std::time::Duration;

use switchboard_sdk::{Automation, Rehearsal, TurnError, TurnReply, TurnRequest, TurnVisitor, Working, say};

/// Extends for ever, or greets by name.
struct Slow;

impl Automation for Slow {
    fn name(&self) -> &str {
        "slow"
    }
    fn title(&self) -> &str {
        "Slow"
    }
    fn description(&self) -> &str {
        "Takes its time."
    }
    async fn turn(&self, turn: TurnRequest, working: &Working) -> Result<TurnReply, TurnError> {
        if turn.messages[0].text == "for ever" {
            loop {
                working.extend(10_000).await;
                tokio::time::sleep(Duration::from_secs(7)).await;
            }
        }
        working.extend(1).await;
        let name = turn.visitor.name.unwrap_or_else(|| "stranger".into());
        Ok(say(turn.messages.iter().map(|message| format!("{} {name}", message.text))))
    }
}

#[tokio::test(start_paused = true)]
async fn a_turn_can_be_stretched_to_a_minute_and_no_further() {
    let mut rehearsal = Rehearsal::new(Slow);
    let begin = tokio::time::Instant::now();
    let error = rehearsal.say(&["for ever"]).await.unwrap_err();
    assert_eq!(error.code, 504);
    assert_eq!(begin.elapsed().as_secs(), 60);
    assert_eq!(rehearsal.extensions().len(), 9);
}

#[tokio::test]
async fn extending_never_shortens() {
    let visitor = TurnVisitor { name: Some("Ada".into()), ..TurnVisitor::default() };
    let mut rehearsal = Rehearsal::new(Slow).visitor(visitor).deadline_ms(5_000);
    let reply = rehearsal.say(&["hello", "good bye"]).await.unwrap();
    let texts: Vec<_> = reply.messages.iter().map(|message| message.text.as_str()).collect();
    assert_eq!(texts, ["hello Ada", "good bye Ada"]);
}

#[tokio::test]
async fn what_was_expected_is_compared_and_what_came_instead_is_told() {
    let mut rehearsal = Rehearsal::new(Slow);
    rehearsal.replies(&["hello"], &["hello stranger"]).await.unwrap();
    let wrong = rehearsal.replies(&["hello"], &["good day"]).await.unwrap_err();
    assert!(wrong.detail.contains("hello stranger") && wrong.detail.contains("good day"), "{wrong}");
}
