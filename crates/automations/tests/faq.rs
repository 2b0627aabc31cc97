//! FAQ over articles in memory: it answers, tries another one, hands over, and counts.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on")]

use futures_util::future::BoxFuture;
use serde_json::{json, value::to_raw_value};
use std::sync::{Arc, Mutex};
use switchboard_automations::faq::Faq;
use switchboard_sdk::{Articles, Rehearsal, Then, TurnMessage, TurnReply, TurnRequest, TurnVisitor};
use switchboard_wire::Failure;
use switchboard_wire::call::article::{RateArticle, SearchArticles};
use switchboard_wire::view::{ArticleHit, ArticlesFound};

#[derive(Default)]
struct Shelf {
    asked: Mutex<Vec<String>>,
    rated: Mutex<Vec<(String, bool)>>,
    away: bool,
}

impl Articles for Shelf {
    fn search(&self, search: SearchArticles) -> BoxFuture<'_, Result<ArticlesFound, Failure>> {
        self.asked.lock().unwrap().push(search.query.clone());
        let away = self.away;
        Box::pin(async move {
            if away {
                return Err(Failure::unavailable("nobody is there"));
            }
            let hit = |slug: &str, confidence| ArticleHit {
                slug: slug.into(),
                title: format!("About {slug}"),
                language: "en".into(),
                excerpt: "It is so.".into(),
                text: String::new(),
                score: confidence,
                confidence,
            };
            let known = search.query.contains("refund");
            let hits = if known { vec![hit("refunds", 0.9), hit("returns", 0.5)] } else { vec![] };
            Ok(ArticlesFound { hits, sure: known, asks: true, revision: "+1".into() })
        })
    }

    fn rate(&self, rating: RateArticle) -> BoxFuture<'_, Result<(), Failure>> {
        self.rated.lock().unwrap().push((rating.slug, rating.helpful));
        Box::pin(async { Ok(()) })
    }
}

/// A conversation that is told in full with every turn, as the platform does.
struct Talk {
    stage: Rehearsal<Faq>,
    history: Vec<(&'static str, String)>,
}

impl Talk {
    fn new(shelf: &Arc<Shelf>) -> Self {
        let articles: Arc<dyn Articles> = Arc::clone(shelf) as Arc<dyn Articles>;
        Self { stage: Rehearsal::new(Faq::new(articles, "https://help.example/")), history: vec![] }
    }

    async fn say(&mut self, text: &str) -> Result<TurnReply, switchboard_sdk::TurnError> {
        self.history.push(("visitor", text.to_owned()));
        let entries = self.history.iter().enumerate().map(|(place, (kind, text))| {
            let id = if *kind == "automation" { "faq" } else { "v1" };
            to_raw_value(&json!({
                "conversation": "c1", "seq": place + 1, "id": "e", "at": "", "kind": "message",
                "author": {"kind": kind, "id": id, "name": "x"}, "body": {"text": text},
            }))
            .unwrap()
        });
        let seq = i64::try_from(self.history.len()).unwrap();
        let turn = TurnRequest {
            turn: "t".into(),
            event_id: "e".into(),
            conversation: "c1".into(),
            fence: 1,
            visitor: TurnVisitor::default(),
            messages: vec![TurnMessage { seq, text: text.into(), at: String::new() }],
            history: entries.collect(),
            attempt: 1,
            deadline_ms: 5_000,
            state: None,
        };
        let reply = self.stage.turn(turn).await?;
        self.history.extend(reply.messages.iter().map(|message| ("automation", message.text.clone())));
        Ok(reply)
    }
}

fn is_handoff(reply: &TurnReply) -> bool {
    matches!(reply.then, Then::Handoff(_))
}

#[tokio::test]
async fn it_answers_tries_another_and_hands_over() {
    let shelf = Arc::new(Shelf::default());
    let mut talk = Talk::new(&shelf);
    let first = talk.say("where is my refund?").await.unwrap();
    assert!(first.messages[0].text.contains("https://help.example/help/refunds"), "{first:?}");
    let no = first.messages[0].choices[1].value.clone();
    let second = talk.say(&no).await.unwrap();
    assert!(second.messages[0].text.contains("/help/returns") && !is_handoff(&second), "{second:?}");
    assert!(is_handoff(&talk.say(&no).await.unwrap()));
    let question = "where is my refund?".to_owned();
    assert_eq!(*shelf.asked.lock().unwrap(), [question.clone(), question.clone(), question]);
    assert_eq!(*shelf.rated.lock().unwrap(), [("refunds".to_owned(), false), ("returns".to_owned(), false)]);
}

#[tokio::test]
async fn who_is_helped_may_ask_again() {
    let shelf = Arc::new(Shelf::default());
    let mut talk = Talk::new(&shelf);
    let first = talk.say("refund").await.unwrap();
    let yes = first.messages[0].choices[0].value.clone();
    let glad = talk.say(&yes).await.unwrap();
    assert_eq!(glad.then, Then::Wait);
    assert_eq!(*shelf.rated.lock().unwrap(), [("refunds".to_owned(), true)]);
    assert!(talk.say("another refund").await.unwrap().messages[0].text.contains("/help/refunds"));
}

#[tokio::test]
async fn who_is_unsure_or_asked_for_a_person_hands_over() {
    let shelf = Arc::new(Shelf::default());
    assert!(is_handoff(&Talk::new(&shelf).say("do you sell zebras?").await.unwrap()));
    assert!(is_handoff(&Talk::new(&shelf).say("I want to talk to a human").await.unwrap()));
}

#[tokio::test]
async fn without_articles_the_platform_is_told_that_it_failed() {
    let shelf = Arc::new(Shelf { away: true, ..Shelf::default() });
    assert!(Talk::new(&shelf).say("refund").await.is_err());
}
