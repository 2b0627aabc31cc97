//! Where messages are met: beside the router, in the process that holds its lock.

use super::happened;
use super::logs::Logs;
use super::{turns, waits, work};
use crate::gate::Mode;
use crate::limits::{
    RULES_FORGET_EVERY, RULES_FORGOTTEN, RULES_KEPT_MS, RULES_LOOK_AGAIN, RULES_PAUSE, RULES_SCAN_EVERY,
};
use crate::shared::Shared;
use futures_util::stream::{BoxStream, SelectAll, StreamExt as _, unfold};
use serde::Deserialize;
use serde_json::Value;
use std::collections::HashMap;
use std::sync::Arc;
use switchboard_bus::{Bus, BusError, Delivery};
use switchboard_domain::clock::parse_rfc3339;
use switchboard_domain::rule::{Happened, RuleBook};
use switchboard_domain::{AuthorKind, ConversationId, EntryId, EntryKind, Millis};
use switchboard_storage::rule_run;
use switchboard_wire::notice::{EntryNotice, Notice};
use switchboard_wire::{Failure, subject};
use tokio::time::{Instant, sleep, sleep_until, timeout_at};

/// An entry, as everybody was told of it; none when something was not heard.
type Heard = Option<EntryNotice>;
type Ears = SelectAll<BoxStream<'static, Heard>>;

/// Lets rules see what they are for, for ever. However many wait, and however much is forgotten, no message waits for that.
pub(crate) async fn run(shared: Arc<Shared>, buses: Vec<Arc<dyn Bus>>) {
    tokio::join!(
        messages(Arc::clone(&shared), buses),
        waits::run(Arc::clone(&shared)),
        turns::run(Arc::clone(&shared)),
        forget(&shared),
    );
}

async fn messages(shared: Arc<Shared>, buses: Vec<Arc<dyn Bus>>) {
    let mut office =
        Office { logs: Logs::new(Arc::clone(&shared)), shared, buses, grown: HashMap::new(), lost: true };
    loop {
        if let Err(error) = office.serve().await {
            tracing::debug!(%error, "what happens cannot be heard");
        }
        sleep(RULES_LOOK_AGAIN).await;
    }
}

struct Office {
    shared: Arc<Shared>,
    buses: Vec<Arc<dyn Bus>>,
    logs: Logs,
    /// Logs that have grown, and the first new place in them.
    grown: HashMap<ConversationId, i64>,
    /// What has grown is not known: everything is to be looked at.
    lost: bool,
}

impl Office {
    /// Until a bus ends.
    async fn serve(&mut self) -> Result<(), BusError> {
        let mut rules = self.shared.rules.watch();
        let mut ears: Option<Ears> = None;
        let mut scan_at = Instant::now();
        loop {
            let ready = Arc::clone(&rules.borrow_and_update());
            let book = &ready.book;
            let reads = book.reads_logs();
            if !reads {
                ears = None;
                self.grown.clear();
            } else if ears.is_none() {
                ears = Some(self.listen().await?);
                self.lost = true;
            }
            let now = Instant::now();
            if reads && (self.lost || now >= scan_at || !self.grown.is_empty()) {
                let scan = self.lost || now >= scan_at;
                let grown = std::mem::take(&mut self.grown);
                self.lost = false;
                if let Err(error) = self.logs.read(&ready, grown, scan).await {
                    tracing::debug!(?error, "rules could not see what happened; it is tried again");
                    self.logs.forget();
                    self.lost = true;
                    sleep(RULES_LOOK_AGAIN).await;
                }
                if scan {
                    scan_at = Instant::now() + RULES_SCAN_EVERY;
                }
            }
            if self.lost && reads {
                continue;
            }
            let heard = tokio::select! {
                changed = rules.changed() => {
                    if changed.is_err() { return Ok(()) }
                    // What was read for other rules is read for these.
                    self.logs.forget();
                    self.lost = true;
                    continue;
                }
                heard = next_of(&mut ears) => match heard {
                    Some(heard) => heard,
                    None => return Ok(()),
                },
                // While no rule looks at messages nothing is asked and nothing is heard.
                () = sleep_until(scan_at), if reads => continue,
            };
            self.heard(book, heard);
            // Those that come together are looked at together.
            let soon = Instant::now() + RULES_PAUSE;
            while let Ok(Some(more)) = timeout_at(soon, next_of(&mut ears)).await {
                self.heard(book, more);
            }
        }
    }

    /// What no rule is for is read by nobody.
    fn heard(&mut self, book: &RuleBook, heard: Heard) {
        let Some(EntryNotice { conversation, seq, frame, .. }) = heard else {
            self.lost = true;
            return;
        };
        let concerns = told(seq, &frame).is_none_or(|(happened, by, at)| {
            happened.is_some_and(|happened| book.concerns(&happened, by, at))
        });
        if concerns {
            let first = self.grown.entry(conversation).or_insert(seq);
            *first = seq.min(*first);
        } else if !self.grown.contains_key(&conversation) {
            self.logs.pass(&conversation, seq);
        }
    }

    async fn listen(&self) -> Result<Ears, BusError> {
        let mut ears = SelectAll::new();
        for bus in &self.buses {
            let told = bus.subscribe(&format!("{}.*", subject::notice("entry", None)), None).await?;
            let heard = unfold(told, async |mut told| {
                let heard = match told.next().await? {
                    Delivery::Lagged(_) | Delivery::Reconnected => None,
                    Delivery::Message(message) => {
                        let header = |name: &str| message.headers.get(name);
                        match Notice::decode(&message.subject, header, &message.payload) {
                            Ok(Notice::Entry(entry)) => Some(entry),
                            _ => None,
                        }
                    }
                };
                Some((heard, told))
            });
            ears.push(heard.boxed());
        }
        Ok(ears)
    }
}

/// Forgets what became of rules long ago, for ever.
async fn forget(shared: &Arc<Shared>) {
    loop {
        if let Err(error) = forget_old(shared).await {
            tracing::debug!(%error, "old runs of rules were not forgotten");
        }
        sleep(RULES_FORGET_EVERY).await;
    }
}

async fn forget_old(shared: &Arc<Shared>) -> Result<(), Failure> {
    loop {
        let gone = work(shared, Mode::Write, |cx| {
            Box::pin(async move {
                Ok(rule_run::forget(&mut cx.tx, cx.now - RULES_KEPT_MS, RULES_FORGOTTEN).await?)
            })
        });
        if i64::try_from(gone.await?).is_ok_and(|gone| gone < RULES_FORGOTTEN) {
            return Ok(());
        }
    }
}

/// What an entry that was told is to rules, by whom and when; none when it cannot be read here.
fn told(seq: i64, frame: &str) -> Option<(Option<Happened>, AuthorKind, Millis)> {
    #[derive(Deserialize)]
    struct Frame {
        entry: Told,
    }
    #[derive(Deserialize)]
    struct Told {
        id: EntryId,
        kind: EntryKind,
        author: By,
        at: String,
        body: Value,
    }
    #[derive(Deserialize)]
    struct By {
        kind: AuthorKind,
    }
    let Told { id, kind, author, at, body } = serde_json::from_str::<Frame>(frame).ok()?.entry;
    Some((happened((&id, seq), kind, author.kind, &body), author.kind, parse_rfc3339(&at)?))
}

async fn next_of(ears: &mut Option<Ears>) -> Option<Heard> {
    match ears {
        Some(ears) => ears.next().await,
        None => std::future::pending().await,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use switchboard_domain::{Author, Entry};
    use switchboard_wire::view::Line;

    fn frame(kind: EntryKind, author: Author, body: &str) -> String {
        let entry = Entry {
            conversation: "c1".parse().unwrap(),
            seq: 1,
            id: "e1".parse().unwrap(),
            at: 1_000,
            kind,
            public: true,
            public_before: 0,
            author,
            body: body.into(),
            client: None,
        };
        EntryNotice::of(entry.conversation.clone(), &Line::of(&entry)).frame.to_string()
    }

    #[test]
    fn what_everybody_is_told_is_read_as_what_rules_are_for() {
        let ada = || Author::visitor("v1", "Ada");
        let text = r#"{"text":"my \"refund\"","files":[]}"#;
        let (happened, by, at) = told(7, &frame(EntryKind::Message, ada(), text)).unwrap();
        let message =
            Happened::Message { entry: "e1".parse().unwrap(), seq: 7, text: "my \"refund\"".into() };
        assert_eq!((happened, by, at), (Some(message), AuthorKind::Visitor, 1_000));
        let event = |name: &str| frame(EntryKind::Event, ada(), &format!(r#"{{"event":"{name}"}}"#));
        assert_eq!(told(1, &event("started")).unwrap().0, Some(Happened::Started));
        assert_eq!(told(1, &event("resolved")).unwrap().0, None);
        let agent = frame(EntryKind::Message, Author::agent("a1", "Maya"), text);
        assert_eq!(told(1, &agent).unwrap().0, None, "what staff write starts no rule");
        assert!(told(1, "{}").is_none(), "what cannot be read here is looked up");
    }
}
