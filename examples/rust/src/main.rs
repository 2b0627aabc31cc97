//! Says it louder.

use switchboard_sdk::{Automation, Handoff, Then, TurnError, TurnReply, TurnRequest, Working, say, serve};

struct Shout;

impl Automation for Shout {
    fn name(&self) -> &str {
        "shout"
    }
    fn title(&self) -> &str {
        "Shout"
    }
    fn description(&self) -> &str {
        "Says it louder."
    }
    async fn turn(&self, turn: TurnRequest, working: &Working) -> Result<TurnReply, TurnError> {
        let last = turn.messages.last().map(|message| message.text.as_str()).unwrap_or_default();
        if last.contains("help") {
            let handoff = Handoff { reason: Some("asked for help".into()), ..Handoff::default() };
            return Ok(TurnReply { then: Then::Handoff(handoff), ..TurnReply::default() });
        }
        if last.contains("think") {
            // At it; shown as typing, 10 s more.
            working.extend(10_000).await;
            tokio::time::sleep(std::time::Duration::from_secs(7)).await;
        }
        Ok(say(turn.messages.iter().map(|message| message.text.to_uppercase())))
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let url = std::env::var("NATS_URL").unwrap_or_else(|_| "nats://127.0.0.1:4222".into());
    Ok(serve(&url, Shout).await?)
}
