//! Looking for teams that have opened or closed, while a rule is for that.
//!
//! Up to when that was looked for is remembered, and written down once something was found: a team that opened while nobody
//! was there has opened for whoever comes next, if it was the last that it did.

use super::known::Ready;
use super::{Met, react, work};
use crate::gate::Mode;
use crate::halt::Outcome;
use crate::limits::{RULES_MARK_MS, RULES_TURN_SETTLE_MS, RULES_TURNED, RULES_WAIT_LOOK, TELL_OVERLAP_MS};
use crate::shared::Shared;
use std::sync::Arc;
use switchboard_domain::hours::{Hours, Turn};
use switchboard_domain::rule::Happened;
use switchboard_domain::{AuthorKind, ConversationId, Millis, RuleId, TeamId};
use switchboard_storage::{Error, conversation, meta, rule_run, team_rules};
use switchboard_wire::Problem;
use tokio::sync::watch;
use tokio::time::sleep;

/// Under which name it is remembered up to when teams were looked at.
const MARK: &str = "rules_hours";

/// Looks for ever, while a rule is for the hours of a team.
pub(super) async fn run(shared: Arc<Shared>) {
    let mut rules = shared.rules.watch();
    let mut turns = Turns { shared, mark: None, written: 0 };
    loop {
        let ready = Arc::clone(&rules.borrow_and_update());
        let watches = ready.book.turns_since().is_some();
        if watches && let Err(error) = turns.look(&ready, &rules).await {
            tracing::debug!(?error, "rules could not see who opens or closes; it is tried again");
        }
        tokio::select! {
            changed = rules.changed() => {
                if changed.is_err() { return }
                turns.step_back();
            }
            () = sleep(RULES_WAIT_LOOK), if watches => {}
        }
    }
}

struct Turns {
    shared: Arc<Shared>,
    /// Up to when teams were looked at, and what of that is written down.
    mark: Option<Millis>,
    written: Millis,
}

impl Turns {
    /// A rule may have been on for longer than is known here: what was looked at for others is looked at for it.
    fn step_back(&mut self) {
        self.mark = self.mark.map(|mark| mark - TELL_OVERLAP_MS);
    }

    /// Looks at what has turned since the last look, until the rules are others: then all of it is looked at again.
    async fn look(&mut self, ready: &Arc<Ready>, rules: &watch::Receiver<Arc<Ready>>) -> Outcome<()> {
        let Some(oldest) = ready.book.turns_since() else { return Ok(()) };
        // What was committed some moments behind its own time is there by now.
        let now = self.shared.clock.now() - RULES_TURN_SETTLE_MS;
        let turned = self.turned(ready, oldest, now).await?;
        for (team, turn) in &turned {
            let happened = Happened::Hours { team: team.clone(), open: turn.open, at: turn.at };
            if !ready.book.concerns(&happened, AuthorKind::System, turn.at) {
                continue;
            }
            let mut after = None;
            loop {
                let page = self.conversations(team, turn.at, after.as_ref()).await?;
                let Some(last) = page.last().cloned() else { break };
                for id in page {
                    if rules.has_changed().unwrap_or(true) {
                        return Ok(());
                    }
                    self.meet(ready, id, &happened, turn.at).await?;
                }
                after = Some(last);
            }
        }
        self.mark = Some(now);
        if !turned.is_empty() || now - self.written > RULES_MARK_MS {
            work(&self.shared, Mode::Write, |cx| {
                Box::pin(async move { Ok(meta::set(&mut cx.tx, MARK, &now.to_string()).await?) })
            })
            .await?;
            self.written = now;
        }
        Ok(())
    }

    /// The teams that a rule is for and that have opened or closed since the last look.
    async fn turned(&mut self, ready: &Ready, oldest: Millis, now: Millis) -> Outcome<Vec<(TeamId, Turn)>> {
        let mut tx = self.shared.store.read().await?;
        let mark = match self.mark {
            Some(mark) => mark,
            None => meta::get(&mut tx, MARK).await?.and_then(|text| text.parse().ok()).unwrap_or(oldest),
        };
        let mut all = Vec::new();
        for team in ready.book.turns() {
            match team_rules::get(&mut tx, team).await {
                Ok(rules) => all.extend(rules.hours.map(|hours| (team.clone(), hours))),
                // Spoilt by hand: that keeps no other team from being looked at.
                Err(Error::Other(problem)) => tracing::warn!(%team, problem, "its hours cannot be read"),
                Err(error) => return Err(error.into()),
            }
        }
        drop(tx);
        let turn = |(team, hours): (TeamId, Hours)| Some((team, hours.turned(mark.max(oldest), now)?));
        Ok(all.into_iter().filter_map(turn).collect())
    }

    /// Some of the open conversations of a team that had begun by then.
    async fn conversations(
        &self,
        team: &TeamId,
        begun: Millis,
        after: Option<&ConversationId>,
    ) -> Outcome<Vec<ConversationId>> {
        let mut tx = self.shared.store.read().await?;
        let after = after.map(ConversationId::as_str).unwrap_or_default();
        Ok(conversation::open_of_team(&mut tx, team, begun, after, RULES_TURNED).await?)
    }

    /// Lets rules see one.
    async fn meet(
        &self,
        ready: &Arc<Ready>,
        conversation: ConversationId,
        happened: &Happened,
        at: Millis,
    ) -> Outcome<()> {
        let met = Met { conversation, happened: happened.clone(), by: AuthorKind::System, at };
        let concerned: Vec<RuleId> = ready.book.concerned(happened, at).map(|rule| rule.id.clone()).collect();
        let mut tx = self.shared.store.read().await?;
        let occurrence = happened.occurrence();
        let done = rule_run::looked_at(&mut tx, &met.conversation, occurrence.as_str(), &concerned).await?;
        drop(tx);
        if done.len() == concerned.len() {
            return Ok(());
        }
        let seen = work(&self.shared, Mode::Write, |cx| {
            let (met, ready) = (met.clone(), Arc::clone(ready));
            Box::pin(async move { react(cx, &ready.book, &met).await.map(drop) })
        });
        match seen.await {
            Err(failure) if failure.problem == Problem::Unavailable => Err(failure.into()),
            Err(failure) => {
                tracing::error!(conversation = %met.conversation, %failure, "rules could not be carried out");
                Ok(())
            }
            Ok(()) => Ok(()),
        }
    }
}
