//! The end of a load: everything under way arrives, then everything is compared.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use serde::Serialize;
use switchboard_testkit::Visitor;
use switchboard_testkit::client::Client;
use switchboard_testkit::history::{Entry, Histories, History, Kind, Record, Role, Violation, check};

use super::{Load, owner};

/// How long those who act may take to stop: as long as one call may take, and a little.
const STOP: Duration = Duration::from_secs(30);
/// How long outboxes may take to empty once everything is up again: as long as the longest back-off.
const DRAIN: Duration = Duration::from_secs(60);
/// How long automations may take: three attempts of five seconds and the pauses between them, twice.
const ANSWERS: Duration = Duration::from_secs(45);
/// How long the last entries may take to be shown to everybody.
const SHOWN: Duration = Duration::from_secs(30);
/// How often what is stored may change while it is being compared: the router may give a conversation to somebody.
const LOOKS: usize = 20;
/// How often something that is awaited is looked at.
const STEP: Duration = Duration::from_millis(25);

/// What a load has shown.
#[derive(Debug, Clone, Serialize)]
pub struct Verdict {
    /// How many messages and notes were acknowledged.
    pub acked: usize,
    /// What was wrong.
    pub violations: Vec<Violation>,
    /// What the clients did and saw.
    pub record: Record,
    /// What is stored.
    pub histories: Histories,
}

impl Verdict {
    /// How many violations there are of these kinds.
    #[must_use]
    pub fn count(&self, kinds: &[Kind]) -> usize {
        self.violations.iter().filter(|violation| kinds.contains(&violation.kind)).count()
    }
}

impl Load {
    /// Stops, waits until nothing is under way any more, and compares everything. All parts of the system must run.
    ///
    /// # Errors
    /// When something does not come to rest: an outbox that is not answered, a history that cannot be read.
    pub async fn settle(mut self) -> anyhow::Result<Verdict> {
        self.stop.send_replace(true);
        let ended = async { while self.actors.join_next().await.is_some() {} };
        tokio::time::timeout(STOP, ended).await.context("somebody who acts does not stop")?;
        for client in self.clients() {
            Box::pin(client.drained(DRAIN)).await?;
        }
        self.automations_rest().await;
        let (record, histories) = Box::pin(self.at_rest()).await?;
        let mut violations = check(&record, &histories);
        for client in self.clients() {
            let complaints = client.complaints().into_iter();
            violations.extend(complaints.map(|what| Violation { kind: Kind::Disagrees, what }));
        }
        // Agents may come too late for a conversation; a visitor's own is always open to it.
        for guest in &self.guests {
            for nack in guest.windows.iter().flat_map(Client::refused) {
                violations
                    .push(Violation { kind: Kind::Lost, what: format!("{}: refused {nack}", guest.name) });
            }
        }
        let acked = self.acknowledged();
        self.go().await;
        Ok(Verdict { acked, violations, record, histories })
    }

    pub(super) fn clients(&self) -> impl Iterator<Item = &Client> {
        let windows = self.guests.iter().flat_map(|guest| &guest.windows);
        windows.chain(self.desks.iter().map(|desk| &desk.console))
    }

    /// All conversations with their visitors.
    fn conversations(&self) -> BTreeMap<String, Visitor> {
        let guests = self.guests.iter();
        let mut all: BTreeMap<String, Visitor> =
            guests.flat_map(|guest| guest.all().into_iter().map(|id| (id, guest.visitor.clone()))).collect();
        all.extend(self.extra.iter().map(|(visitor, id)| (id.clone(), visitor.clone())));
        all
    }

    /// Waits until automations have answered what they own; what is left then is a violation, and found as such.
    async fn automations_rest(&self) {
        let until = Instant::now() + ANSWERS;
        let guests: Vec<_> = self.guests.iter().filter(|guest| guest.automation.is_some()).collect();
        while Instant::now() < until {
            let open = guests.iter().flat_map(|guest| {
                let window = guest.window();
                guest.all().into_iter().filter(move |id| {
                    let with = window.state(id).is_none_or(|state| owner(&state) == "automation");
                    with && window.count_of(id, "visitor") > window.count_of(id, "automation")
                })
            });
            if open.count() == 0 {
                return;
            }
            tokio::time::sleep(STEP).await;
        }
    }

    /// The record and the histories of one and the same moment: everybody has been shown what is stored, and nothing
    /// was added while that was read.
    async fn at_rest(&self) -> anyhow::Result<(Record, Histories)> {
        let mut before = self.histories().await?;
        for _ in 0..LOOKS {
            self.all_shown(&before).await;
            let record = self.recorder.so_far();
            let after = self.histories().await?;
            if after == before {
                return Ok((record, after));
            }
            before = after;
        }
        bail!("the histories do not come to rest: something is added all the time")
    }

    async fn histories(&self) -> anyhow::Result<Histories> {
        let staff = &self.desks.first().context("no agent")?.staff;
        let mut histories = Histories::new();
        for (id, visitor) in self.conversations() {
            let entries = |all: Vec<serde_json::Value>| all.into_iter().map(Entry::from).collect();
            let (all, public) = (Box::pin(staff.entries(&id)).await?, Box::pin(visitor.entries(&id)).await?);
            histories.insert(id, History { staff: entries(all), visitor: entries(public) });
        }
        Ok(histories)
    }

    /// Waits until everybody shows what is stored of what they follow; who does not is found by the check.
    async fn all_shown(&self, histories: &Histories) {
        let until = Instant::now() + SHOWN;
        let shows = |client: &Client, role: Role, id: &str| {
            let history = histories.get(id).map_or(&[][..], |history| &history.staff);
            client.count(id) >= history.iter().filter(|entry| entry.is_for(role)).count()
        };
        let people =
            || self.guests.iter().filter(|guest| guest.automation.is_none()).map(|guest| guest.present());
        while Instant::now() < until {
            let visitors = self.guests.iter().all(|guest| {
                let all = guest.all();
                guest.windows.iter().all(|window| all.iter().all(|id| shows(window, Role::Visitor, id)))
            });
            let agents =
                self.desks.iter().all(|desk| people().all(|id| shows(&desk.console, Role::Agent, &id)));
            if visitors && agents {
                return;
            }
            tokio::time::sleep(STEP).await;
        }
    }

    /// Ends all conversations, so that the next load finds idle agents. What cannot be ended stays.
    async fn go(&self) {
        for (id, visitor) in self.conversations() {
            let path = format!("/visitor/conversations/{id}/resolve");
            let _ = Box::pin(visitor.http.post(&path, serde_json::json!({}))).await;
        }
    }
}
