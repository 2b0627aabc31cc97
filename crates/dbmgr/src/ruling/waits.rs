//! Looking for visitors who have been waiting for longer than a rule allows.

use super::known::Ready;
use super::scene::Scene;
use super::{Met, react, scene, work};
use crate::cx::Cx;
use crate::gate::Mode;
use crate::halt::Outcome;
use crate::limits::{RULES_WAIT_AGAIN_MS, RULES_WAIT_LOOK, RULES_WAITING};
use crate::shared::Shared;
use std::collections::HashMap;
use std::sync::Arc;
use switchboard_domain::rule::{Happened, Rule, RuleBook};
use switchboard_domain::{AuthorKind, ConversationId, Millis, RuleId};
use switchboard_storage::{conversation, rule_run};
use switchboard_wire::Problem;
use tokio::sync::watch;
use tokio::time::sleep;

/// Looks for ever, while a rule watches for waits.
pub(super) async fn run(shared: Arc<Shared>) {
    let mut rules = shared.rules.watch();
    let mut waits = Waits::new(shared);
    loop {
        let ready = Arc::clone(&rules.borrow_and_update());
        let watches = ready.book.shortest_wait().is_some();
        if watches && let Err(error) = waits.look(&ready, &rules).await {
            tracing::debug!(?error, "rules could not see who waits; it is tried again");
        }
        tokio::select! {
            changed = rules.changed() => {
                if changed.is_err() { return }
                waits.forget();
            }
            () = sleep(RULES_WAIT_LOOK), if watches => {}
        }
    }
}

struct Waits {
    shared: Arc<Shared>,
    /// When each wait is to be looked at next.
    next: HashMap<(ConversationId, Millis), Millis>,
}

impl Waits {
    fn new(shared: Arc<Shared>) -> Self {
        Self { shared, next: HashMap::new() }
    }

    /// Other rules are on: everything is looked at.
    fn forget(&mut self) {
        self.next.clear();
    }

    /// Looks at whoever waits so long that a rule is for it, until the rules are others.
    async fn look(&mut self, ready: &Arc<Ready>, rules: &watch::Receiver<Arc<Ready>>) -> Outcome<()> {
        let Some(shortest) = ready.book.shortest_wait() else { return Ok(()) };
        let now = self.shared.clock.now();
        let all = self.waiting(now - shortest).await?;
        self.next = all.iter().filter_map(|wait| Some((wait.clone(), *self.next.get(wait)?))).collect();
        for key in all {
            if rules.has_changed().unwrap_or(true) {
                return Ok(());
            }
            if self.next.get(&key).is_some_and(|next| now < *next) {
                continue;
            }
            let next = self.look_at(ready, &key.0, key.1, now).await?;
            self.next.insert(key, next);
        }
        Ok(())
    }

    async fn waiting(&self, since: Millis) -> Outcome<Vec<(ConversationId, Millis)>> {
        let mut tx = self.shared.store.read().await?;
        let mut found = Vec::new();
        let mut after = (0, String::new());
        loop {
            let page =
                conversation::waiting_since(&mut tx, since, (after.0, &after.1), RULES_WAITING).await?;
            let full = i64::try_from(page.len()).is_ok_and(|len| len >= RULES_WAITING);
            if let Some((at, id)) = page.last() {
                after = (*at, id.to_string());
            }
            found.extend(page.into_iter().map(|(at, id)| (id, at)));
            if !full {
                return Ok(found);
            }
        }
    }

    /// Lets rules see one; answers when to look again.
    async fn look_at(
        &self,
        ready: &Arc<Ready>,
        id: &ConversationId,
        since: Millis,
        now: Millis,
    ) -> Outcome<Millis> {
        let happened = Happened::Waiting { since, for_ms: now - since };
        let met = Met { conversation: id.clone(), happened, by: AuthorKind::System, at: now };
        let seen = async {
            let (fires, done) = work(&self.shared, Mode::Read, |cx| {
                let (met, ready) = (met.clone(), Arc::clone(ready));
                Box::pin(async move { would_fire(cx, &ready.book, &met).await })
            })
            .await?;
            if !fires {
                return Ok(done);
            }
            work(&self.shared, Mode::Write, |cx| {
                let (met, ready) = (met.clone(), Arc::clone(ready));
                Box::pin(async move {
                    react(cx, &ready.book, &met).await?;
                    let occurrence = met.happened.occurrence();
                    let rules: Vec<RuleId> = ready.book.waits().map(|(rule, _)| rule.clone()).collect();
                    let done =
                        rule_run::looked_at(&mut cx.tx, &met.conversation, occurrence.as_str(), &rules);
                    Ok(done.await?)
                })
            })
            .await
        };
        let done = match seen.await {
            Ok(done) => done,
            Err(failure) if failure.problem == Problem::Unavailable => return Err(failure.into()),
            Err(failure) => {
                tracing::error!(conversation = %id, %failure, "rules could not be carried out");
                return Ok(now + RULES_WAIT_AGAIN_MS);
            }
        };
        let left = ready.book.waits().filter(|(rule, _)| !done.contains(rule));
        // A rule that is for it already and has not fired may when something else has changed.
        let next =
            left.map(|(_, wait)| if since + wait <= now { now + RULES_WAIT_AGAIN_MS } else { since + wait });
        Ok(next.min().unwrap_or(Millis::MAX))
    }
}

/// Whether a rule would fire, and which did, found without a lock: most looks find that none does.
async fn would_fire(cx: &mut Cx, book: &RuleBook, met: &Met) -> Outcome<(bool, Vec<RuleId>)> {
    let c = conversation::get(&mut cx.tx, &met.conversation).await?;
    let Some(c) = c else { return Ok((false, Vec::new())) };
    let rules: Vec<&Rule> = book.concerned(&met.happened, met.at).collect();
    let scene: Scene = scene(cx, &rules).await?;
    let told = scene.situation(cx, &c, met.happened.clone(), met.by, met.at).await?;
    let fires = book.evaluate(&told, cx.now).iter().any(|one| !one.actions.is_empty());
    Ok((fires, told.done))
}
