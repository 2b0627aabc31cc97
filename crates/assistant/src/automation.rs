//! The automation: one turn, answered or handed over.

use crate::answer::{Answer, Stance};
use crate::limits::{ARTICLES, BEAT, BEAT_HOLDS_MS, SHOW_EVERY, WHOLE};
use crate::model::Model;
use crate::prompt::{self, Source};
use crate::settings::Settings;
use crate::spent::Spent;
use crate::trouble::Trouble;
use crate::{summary, talk, words};
use std::sync::Arc;
use switchboard_domain::faq;
use switchboard_outbound::Client;
use switchboard_sdk::{
    Articles, Automation, Handoff, ReplyChoice, ReplyMessage, Then, TurnError, TurnReply, TurnRequest,
    Working, clip,
};
use switchboard_wire::call::article::SearchArticles;
use switchboard_wire::call::assist::Line;
use switchboard_wire::view::ArticlesFound;
use tokio::time::{Instant, interval};

/// The name, on the bus and in the history.
pub const NAME: &str = "assistant";

/// Answers from the articles with a language model.
#[derive(Clone)]
pub struct Assistant {
    pub(crate) model: Model,
    pub(crate) articles: Arc<dyn Articles>,
}

impl std::fmt::Debug for Assistant {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Assistant").field("model", &self.model).finish_non_exhaustive()
    }
}

/// How a question came out.
enum Came {
    /// An answer, and what it has cost.
    Out(String, u64),
    /// Nothing that is sure.
    Doubt,
    /// The visitor wants a person.
    Person,
}

impl Assistant {
    /// From these articles, by this way to the endpoint.
    #[must_use]
    pub fn new(articles: Arc<dyn Articles>, client: Client, settings: Settings) -> Self {
        Self { model: Model::new(client, settings), articles }
    }

    /// The articles that fit; where the question alone finds none surely, those that fit with what was asked before.
    pub(crate) async fn look(
        &self,
        question: &str,
        earlier: &[Line],
        locale: Option<&str>,
    ) -> Result<ArticlesFound, switchboard_wire::Failure> {
        let limit = i64::try_from(ARTICLES).unwrap_or(1);
        let search = |query: String| SearchArticles { query, locale: locale.map(ToOwned::to_owned), limit };
        let found = self.articles.search(search(question.to_owned())).await?;
        let Some(wider) = talk::wider(earlier, question).filter(|_| !found.sure && found.asks) else {
            return Ok(found);
        };
        let again = self.articles.search(search(wider)).await?;
        Ok(if again.hits.is_empty() { found } else { again })
    }

    /// Asks the model, and shows what it writes.
    async fn answer(
        &self,
        (turn, earlier): (&TurnRequest, &[Line]),
        sources: &[Source],
        working: &Working,
        until: Instant,
    ) -> Result<Came, Trouble> {
        let settings = &self.model.settings;
        let now: Vec<String> = turn.messages.iter().map(|message| message.text.clone()).collect();
        let messages = prompt::for_visitor(sources, earlier, &now);
        let mut speaking = self.model.ask(&messages, settings.max_tokens, until).await?;
        let mut answer = Answer::new(settings.confidence_floor, sources.len());
        let mut shown = Instant::now();
        while let Some(words) = speaking.next().await? {
            answer.take(&words)?;
            match answer.stance() {
                // The rest, if there is one, is not waited for.
                Some(Stance::Doubts) => return Ok(Came::Doubt),
                Some(Stance::Person) => return Ok(Came::Person),
                Some(Stance::Answers(_)) | None => {}
            }
            if shown.elapsed() >= SHOW_EVERY
                && let Some(text) = answer.so_far()
            {
                shown = Instant::now();
                working.show(0, &text).await;
            }
        }
        if answer.stance().is_none() {
            return Err(Trouble::Nonsense("it does not begin with its first line"));
        }
        if speaking.is_filtered() || speaking.is_cut() {
            return Ok(Came::Doubt);
        }
        let heading = words::sources(turn.visitor.locale.as_deref());
        let text = answer.finish(sources, &settings.base, heading);
        Ok(text.map_or(Came::Doubt, |text| Came::Out(text, speaking.tokens())))
    }

    /// To people, with a summary if there is one in time.
    async fn hand_over(&self, turn: &TurnRequest, text: &str, reason: String, until: Instant) -> TurnReply {
        let note = summary::of(&self.model, &talk::all(turn), until).await;
        handover(text, reason, note)
    }

    /// An answer, or a handover, within [`WHOLE`].
    async fn play(&self, turn: TurnRequest, working: &Working) -> Result<TurnReply, TurnError> {
        let begun = Instant::now();
        let (settings, whole) = (&self.model.settings, begun + WHOLE);
        let locale = turn.visitor.locale.as_deref();
        if turn.messages.iter().any(|message| faq::is_person(&message.text)) {
            let reason = "The visitor asked for a person.".into();
            return Ok(self.hand_over(&turn, faq::person(locale).text.as_str(), reason, whole).await);
        }
        let earlier = talk::earlier(&turn);
        if !earlier.is_empty() && turn.messages.iter().all(|message| faq::is_thanks(&message.text)) {
            return Ok(says(faq::helped(locale).text, locale, turn.state.clone()));
        }
        let spent = Spent::read(turn.state.as_deref());
        if spent.is_over(settings.turns, settings.tokens) {
            let reason = "The assistant has said as much in this conversation as it may.".into();
            return Ok(self.hand_over(&turn, words::enough(locale), reason, whole).await);
        }
        let question: Vec<&str> = turn.messages.iter().map(|message| message.text.as_str()).collect();
        let found = self.look(&question.join("\n"), &earlier, locale).await;
        // The platform tries again, and then people take over.
        let found = found.map_err(|problem| TurnError::failed(problem.to_string()))?;
        let sources = Source::of(&found.hits);
        if !found.asks && sources.is_empty() {
            return Ok(says(words::greeting(locale), locale, turn.state.clone()));
        }
        if sources.is_empty() {
            let reason = "The assistant has no article that answers this.".into();
            return Ok(self.hand_over(&turn, faq::unsure(locale), reason, whole).await);
        }
        let until = (begun + settings.timeout).min(whole);
        match self.answer((&turn, &earlier), &sources, working, until).await {
            Ok(Came::Out(text, tokens)) => Ok(says(text, locale, Some(spent.and(tokens).write()))),
            Ok(Came::Doubt) => {
                let reason = "The assistant was not sure of an answer.".into();
                Ok(self.hand_over(&turn, faq::unsure(locale), reason, whole).await)
            }
            Ok(Came::Person) => {
                let reason = "The assistant thinks that this needs a person.".into();
                Ok(self.hand_over(&turn, faq::person(locale).text.as_str(), reason, whole).await)
            }
            Err(trouble) => {
                tracing::warn!(%trouble, "the assistant's model did not answer; people take over");
                // Visitors can read a reason; what is wrong is for staff. A summary would fail as well.
                let reason = "The assistant's model did not answer.".into();
                let note = format!("The assistant's model did not answer: {trouble}.");
                Ok(handover(words::failed(locale), reason, Some(note)))
            }
        }
    }
}

impl Automation for Assistant {
    fn name(&self) -> &str {
        NAME
    }

    fn title(&self) -> &str {
        "Assistant"
    }

    fn description(&self) -> &str {
        "Answers your questions from our help articles, in its own words."
    }

    async fn turn(&self, turn: TurnRequest, working: &Working) -> Result<TurnReply, TurnError> {
        let mut playing = Box::pin(self.play(turn, working));
        let mut beats = interval(BEAT);
        loop {
            tokio::select! {
                reply = &mut playing => return reply,
                _ = beats.tick() => working.extend(BEAT_HOLDS_MS).await,
            }
        }
    }
}

fn handover(text: &str, reason: String, note: Option<String>) -> TurnReply {
    TurnReply {
        messages: vec![ReplyMessage { text: text.into(), choices: Vec::new() }],
        then: Then::Handoff(Handoff { reason: Some(reason), note: note.map(clip), ..Handoff::default() }),
        ..TurnReply::default()
    }
}

/// An answer, from which a person is one step away.
fn says(text: String, locale: Option<&str>, state: Option<String>) -> TurnReply {
    let person = faq::person_choice(locale);
    let choices = vec![ReplyChoice { label: person.into(), value: person.into() }];
    TurnReply { messages: vec![ReplyMessage { text: clip(text), choices }], state, ..TurnReply::default() }
}
