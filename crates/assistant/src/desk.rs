//! Help for agents: a draft, or a summary.

use crate::automation::Assistant;
use crate::limits::{HELP, HELPED_AT_ONCE, QUESTIONS, SUMMARY_TOKENS};
use crate::prompt::{self, Source};
use crate::trouble::Trouble;
use std::sync::Arc;
use std::time::Duration;
use switchboard_bus::{Bus, BusError, Server, serve_calls};
use switchboard_domain::faq;
use switchboard_wire::call::assist::{Assist, Assisted, Cited, Line, Task, Writer};
use switchboard_wire::subject::{self, AUTOMATION_GROUP};
use switchboard_wire::{Call, Failure};
use tokio::sync::Semaphore;
use tokio::time::Instant;

/// An assistant that helps agents until it is dropped.
#[derive(Debug)]
pub struct Helping(Server);

impl Helping {
    /// Takes nothing new and finishes what is in hand.
    pub async fn drain(self, deadline: Duration) -> bool {
        self.0.drain(deadline).await
    }
}

/// Begins to answer [`Assist`] on this bus. Whoever asks has looked whether the agent may read the conversation.
///
/// # Errors
/// What [`Bus::subscribe`] refuses.
pub async fn help(bus: Arc<dyn Bus>, assistant: Assistant) -> Result<Helping, BusError> {
    let limit = Arc::new(Semaphore::new(HELPED_AT_ONCE));
    let handler = move |_, asked: Assist, until: Instant| {
        let assistant = assistant.clone();
        async move { assistant.assist(asked, until).await }
    };
    let subject = subject::call(Assist::NAME);
    Ok(Helping(serve_calls::<Assist, _, _>(bus, &subject, Some(AUTOMATION_GROUP), limit, handler).await?))
}

impl Assistant {
    async fn assist(&self, asked: Assist, until: Instant) -> Result<Assisted, Failure> {
        let until = until.min(Instant::now() + HELP);
        match asked.task {
            Task::Ready => Ok(Assisted::default()),
            Task::Draft => self.draft(&asked.lines, until).await,
            Task::Summary => {
                let messages = prompt::for_summary(&asked.lines);
                let text = self.model.say(&messages, SUMMARY_TOKENS, until).await.map_err(said)?;
                Ok(Assisted { text, sources: Vec::new() })
            }
        }
    }

    async fn draft(&self, lines: &[Line], until: Instant) -> Result<Assisted, Failure> {
        // Not only the newest: that may be thanks, or a wish for a person.
        let asked =
            lines.iter().rev().filter(|line| line.by == Writer::Visitor && !faq::is_person(&line.text));
        let mut asked: Vec<&str> = asked.take(QUESTIONS).map(|line| line.text.as_str()).collect();
        asked.reverse();
        let hits =
            if asked.is_empty() { Vec::new() } else { self.look(&asked.join("\n"), &[], None).await?.hits };
        let sources = Source::of(&hits);
        let messages = prompt::for_draft(&sources, lines);
        let text = self.model.say(&messages, self.model.settings.max_tokens, until).await.map_err(said)?;
        let base = &self.model.settings.base;
        let cite =
            |source: Source| Cited { url: format!("{base}/help/{}", source.slug), title: source.title };
        Ok(Assisted { text, sources: sources.into_iter().map(cite).collect() })
    }
}

#[expect(clippy::needless_pass_by_value, reason = "it is what map_err gives")]
fn said(trouble: Trouble) -> Failure {
    tracing::warn!(%trouble, "the assistant's model did not answer an agent");
    Failure::unavailable(format!("the assistant's model did not answer: {trouble}"))
}
