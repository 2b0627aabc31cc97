//! Doing what rules say because of one occurrence, and noting it, in one transaction.

use super::scene::{Scene, known_of, scene};
use crate::act::{self, Act};
use crate::cx::Cx;
use crate::halt::{Halt, Outcome};
use crate::metric;
use crate::webhooks;
use serde_json::{Value, json};
use std::sync::Arc;
use switchboard_domain::conversation::{Command, Doing, Facts, Target};
use switchboard_domain::rule::{
    Action, Happened, Outcome as Came, Rule, RuleBook, Situation, Step, Verdict, fill, noted, plan,
};
use switchboard_domain::webhook::EventKind;
use switchboard_domain::{
    AuthorKind, Conversation, ConversationId, EntryId, Millis, Owner, Priority, RuleId, Status, TeamId, Text,
    WebhookId,
};
use switchboard_storage::conversation;
use switchboard_storage::rule_run::{self, Run};

/// Something that rules may be for.
#[derive(Debug, Clone)]
pub(crate) struct Met {
    /// Where.
    pub(crate) conversation: ConversationId,
    /// What.
    pub(crate) happened: Happened,
    /// Whose doing it was.
    pub(crate) by: AuthorKind,
    /// When.
    pub(crate) at: Millis,
}

/// Does what the rules say that were not looked at for this before; answers the conversation as it is then, or nothing
/// when nothing was done.
pub(crate) async fn react(cx: &mut Cx, book: &RuleBook, met: &Met) -> Outcome<Option<Conversation>> {
    let Some(c) = conversation::lock(&mut cx.tx, &met.conversation).await? else { return Ok(None) };
    // Looked for without a lock: it may be so no more.
    let still = match &met.happened {
        Happened::Waiting { since, .. } => c.waiting_since == Some(*since),
        Happened::Hours { team, .. } => c.status == Status::Open && c.team.as_ref() == Some(team),
        _ => true,
    };
    if !still {
        return Ok(None);
    }
    let rules: Vec<&Rule> = book.concerned(&met.happened, met.at).collect();
    let scene = scene(cx, &rules).await?;
    let told = scene.situation(cx, &c, met.happened.clone(), met.by, met.at).await?;
    let verdicts = noted(book.evaluate(&told, cx.now), &told);
    if verdicts.is_empty() {
        return Ok(None);
    }
    let mut work = Work { act: Act::of(c), scene, told, skipped: Vec::new(), tell: Vec::new() };
    for step in plan(&verdicts, &work.told, &known_of(&work.scene)) {
        work.take(cx, step).await?;
    }
    for verdict in &verdicts {
        let run = work.run(cx, book, verdict);
        if !rule_run::record(&mut cx.tx, &run).await? {
            // Somebody else was faster, and this transaction could not see it.
            return Err(Halt::Again);
        }
    }
    let fired = verdicts.iter().filter(|one| one.outcome == Came::Fires).count();
    metrics::counter!(metric::RULES_FIRED).increment(u64::try_from(fired).unwrap_or_default());
    let Work { act, scene, told, tell, .. } = work;
    let c = act.c.clone();
    act::save(cx, vec![act]).await?;
    for (rule, webhook) in tell {
        let Some(hook) = scene.webhooks.iter().find(|hook| hook.id == webhook) else { continue };
        let name = book.rule(&rule).map(|rule| rule.name.clone()).unwrap_or_default();
        let data = json!({
            "rule": { "id": rule, "name": name },
            "happened": about(&told.happened),
            "conversation": webhooks::conversation(&c),
        });
        webhooks::tell(cx, hook, EventKind::Rule, (c.id.as_str(), c.head), &data).await?;
    }
    Ok(Some(c))
}

/// What happened, as a server outside is told.
fn about(happened: &Happened) -> Value {
    match happened {
        Happened::Started => json!({ "when": happened.kind() }),
        Happened::Message { text, .. } => json!({ "when": happened.kind(), "text": text }),
        Happened::Waiting { for_ms, .. } => json!({ "when": happened.kind(), "for_s": for_ms / 1_000 }),
        Happened::Tagged { tag, .. } => json!({ "when": happened.kind(), "tag": tag }),
        Happened::Rated { rating, .. } => json!({ "when": happened.kind(), "rating": rating }),
        Happened::Hours { team, open, .. } => json!({ "when": happened.kind(), "team": team, "open": open }),
    }
}

struct Work {
    act: Act,
    scene: Scene,
    told: Situation,
    /// What became of each step: why it was not carried out, or nothing.
    skipped: Vec<(RuleId, Action, Option<String>)>,
    /// Who is told once the conversation is as it will be.
    tell: Vec<(RuleId, WebhookId)>,
}

impl Work {
    /// Carries out one step, or notes why not. What the conversation refuses is skipped: the others are carried out.
    async fn take(&mut self, cx: &mut Cx, step: Step) -> Outcome<()> {
        let Step { rule, action, skip } = step;
        let why = match skip {
            Some(skip) => Some(skip.to_string()),
            None => match &action {
                Action::Notify { webhook } => {
                    self.tell.push((rule.clone(), webhook.clone()));
                    None
                }
                action => match self.doing(cx, action).await? {
                    Ok(doing) => {
                        let rng = Arc::clone(&cx.shared.rng);
                        match self.act.decide(Command::ByRule(doing), cx.now, rng.as_ref()) {
                            Ok(true) => None,
                            Ok(false) => Some("it is so already".into()),
                            Err(refusal) => Some(refusal.to_string()),
                        }
                    }
                    Err(why) => Some(why),
                },
            },
        };
        self.skipped.push((rule, action, why));
        Ok(())
    }

    /// What an action does to the conversation, or why it cannot.
    async fn doing(&self, cx: &mut Cx, action: &Action) -> Outcome<Result<Doing, String>> {
        Ok(Ok(match action {
            Action::Tag { tag } => Doing::Tag(tag.trim().to_owned()),
            Action::Priority { priority } => match priority.parse::<Priority>() {
                Ok(priority) => Doing::Prioritise(priority),
                Err(()) => return Ok(Err("there is no such priority".into())),
            },
            Action::Send { text } => match Text::try_from(fill(text, &self.told.visitor)) {
                Ok(text) => Doing::Send(text),
                Err(bad) => return Ok(Err(bad.to_string())),
            },
            Action::Team { team } => {
                let facts = self.facts(cx, team).await?;
                Doing::Give { to: Target::Team(Some(team.clone())), facts }
            }
            Action::Automation { name } => {
                let row = self.scene.automations.iter().find(|row| row.name == *name);
                let Some(row) = row else { return Ok(Err("the automation is not active".into())) };
                let to = Target::Automation { name: row.name.clone(), title: row.title.clone() };
                Doing::Give { to, facts: Facts::default() }
            }
            Action::Snooze { for_s } => Doing::Snooze(cx.now.saturating_add(for_s.saturating_mul(1_000))),
            Action::Resolve => Doing::Resolve,
            Action::Notify { .. } => return Ok(Err("a server is told afterwards".into())),
        }))
    }

    /// Only who comes from an automation is told whether people are there.
    async fn facts(&self, cx: &mut Cx, team: &TeamId) -> Outcome<Facts> {
        Ok(match self.act.c.owner {
            Owner::Automation { .. } => act::facts_of_queue(cx, Some(team)).await?,
            _ => Facts { people_available: true, ..Facts::default() },
        })
    }

    /// What is noted of a rule. It holds no word of the visitor's.
    fn run(&self, cx: &Cx, book: &RuleBook, verdict: &Verdict) -> Run {
        let steps = self.skipped.iter().filter(|(rule, ..)| *rule == verdict.rule);
        let steps: Vec<Value> =
            steps.map(|(_, action, why)| json!({ "action": action, "skipped": why })).collect();
        let stopped_by = match &verdict.outcome {
            Came::StoppedBy { rule } => book.rule(rule).map(|rule| rule.name.clone()),
            _ => None,
        };
        let detail = json!({
            "name": book.rule(&verdict.rule).map(|rule| &rule.name),
            "when": self.told.happened.kind(),
            "why": verdict.outcome.why(),
            "stopped_by": stopped_by,
            "checks": verdict.checks,
            "steps": steps,
        });
        Run {
            id: EntryId::timed(cx.now, cx.shared.rng.as_ref()).to_string(),
            rule: verdict.rule.clone(),
            conversation: self.act.c.id.clone(),
            occurrence: self.told.happened.occurrence().as_str().to_owned(),
            fired: verdict.outcome == Came::Fires,
            detail: detail.to_string(),
            at: cx.now,
        }
    }
}
