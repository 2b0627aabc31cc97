//! A dry run: the same rules, told of a conversation as it is or of one that there is not; nothing is done or noted.

use super::{actions, check, conditions, trigger, written};
use crate::cx::Cx;
use crate::gate::Actor;
use crate::halt::Outcome;
use crate::ruling::{known_of, scene};
use crate::run::Handle;
use switchboard_domain::rule::{
    Action, Check, Happened, OwnerKind, Person, Rule, RuleBook, Situation, Trigger, fill, plan,
};
use switchboard_domain::{AuthorKind, Conversation, EntryId, Priority, RuleId, Status, tag};
use switchboard_storage::conversation;
use switchboard_wire::Failure;
use switchboard_wire::call::rule::{RuleSample, TriedRule, TryRule};
use switchboard_wire::view::{RuleCheck, RuleStep};

impl Handle for TryRule {
    async fn handle(self, _: Actor, cx: &mut Cx) -> Outcome<TriedRule> {
        let draft = self.rule;
        let rule = Rule {
            id: RuleId::timed(cx.now, cx.shared.rng.as_ref()),
            name: if draft.name.trim().is_empty() { "-".into() } else { draft.name },
            on: true,
            trigger: trigger(draft.trigger)?,
            conditions: conditions(draft.conditions)?,
            actions: actions(draft.actions)?,
            stop: draft.stop,
            since: 0,
        };
        check(&rule)?;
        let scene = scene(cx, &[&rule]).await?;
        let told = match (self.conversation, self.sample) {
            (Some(id), None) => {
                let unknown = || Failure::invalid("conversation", "there is no conversation of this id");
                let id = id.trim().parse().map_err(|_| unknown())?;
                let c = conversation::get(&mut cx.tx, &id).await?.ok_or_else(unknown)?;
                let Some(happened) = of_conversation(&rule.trigger, &c, cx) else {
                    return Ok(nothing(&rule.trigger));
                };
                let now = cx.now;
                let mut told = scene.situation(cx, &c, happened, AuthorKind::Visitor, now).await?;
                match (&mut told.happened, &told.newest) {
                    (Happened::Message { .. }, None) => return Ok(nothing(&rule.trigger)),
                    (Happened::Message { text, .. }, Some(newest)) => text.clone_from(newest),
                    _ => {}
                }
                told.done.clear();
                told
            }
            (None, Some(sample)) => {
                let Some(happened) = of_sample(&rule.trigger, &sample, cx)? else {
                    return Ok(nothing(&rule.trigger));
                };
                let mut told = imagined(sample, happened)?;
                if let Happened::Hours { team, .. } = &told.happened {
                    told.team = Some(team.clone());
                }
                (told.hours, told.at) = (scene.hours.clone(), cx.now);
                told
            }
            _ => return Err(Failure::invalid("sample", "give a conversation or a sample").into()),
        };
        let verdicts = RuleBook::new(vec![rule]).evaluate(&told, cx.now);
        let steps = plan(&verdicts, &told, &known_of(&scene)).into_iter().map(|step| {
            let action = match step.action {
                Action::Send { text } => Action::Send { text: fill(&text, &told.visitor) },
                action => action,
            };
            RuleStep { action: written(&action), skipped: step.skip.map(|skip| skip.to_string()) }
        });
        let steps = steps.collect();
        let verdict = verdicts.into_iter().next();
        let verdict = verdict.ok_or_else(|| Failure::invalid("rule", "it cannot be tried"))?;
        let shown = |check: Check| RuleCheck { condition: check.condition, held: check.held, why: check.why };
        Ok(TriedRule {
            fires: verdict.outcome == switchboard_domain::rule::Outcome::Fires,
            why: verdict.outcome.why().into(),
            checks: verdict.checks.into_iter().map(shown).collect(),
            steps,
        })
    }
}

/// What the rule is for has not happened there.
fn nothing(trigger: &Trigger) -> TriedRule {
    let why = match trigger {
        Trigger::Started => "it was not started",
        Trigger::Message { .. } => "the visitor has written nothing",
        Trigger::Waiting { .. } => "the visitor is not waiting",
        Trigger::Tagged { .. } => "it does not have this tag",
        Trigger::Rated { .. } => "it is not rated",
        Trigger::Hours { .. } => "it is no open conversation of this team",
    };
    TriedRule { fires: false, why: why.into(), checks: vec![], steps: vec![] }
}

/// What the rule is for, as it would be in this conversation now.
fn of_conversation(trigger: &Trigger, c: &Conversation, cx: &Cx) -> Option<Happened> {
    let entry = || EntryId::timed(cx.now, cx.shared.rng.as_ref());
    Some(match trigger {
        Trigger::Started => Happened::Started,
        // The text is put in once the newest message is known.
        Trigger::Message { .. } => {
            Happened::Message { entry: entry(), seq: c.last_inbound, text: String::new() }
        }
        Trigger::Waiting { .. } => {
            let since = c.waiting_since.filter(|_| c.status == Status::Open)?;
            Happened::Waiting { since, for_ms: cx.now - since }
        }
        Trigger::Tagged { tag } => {
            let tag = c.tags.iter().find(|one| **one == tag.trim())?;
            Happened::Tagged { entry: entry(), tag: tag.clone() }
        }
        Trigger::Rated { .. } => Happened::Rated { entry: entry(), rating: c.rating? },
        Trigger::Hours { team, open } => {
            let of_it = c.status == Status::Open && c.team.as_ref() == Some(team);
            of_it.then(|| Happened::Hours { team: team.clone(), open: *open, at: cx.now })?
        }
    })
}

/// The same of one that there is not.
fn of_sample(trigger: &Trigger, sample: &RuleSample, cx: &Cx) -> Outcome<Option<Happened>> {
    let entry = || EntryId::timed(cx.now, cx.shared.rng.as_ref());
    Ok(match trigger {
        Trigger::Started => Some(Happened::Started),
        Trigger::Message { .. } => {
            let text = sample.text.clone().filter(|text| !text.trim().is_empty());
            text.map(|text| Happened::Message { entry: entry(), seq: 0, text })
        }
        Trigger::Waiting { .. } => sample.waited_s.map(|waited| {
            let for_ms = waited.saturating_mul(1_000);
            Happened::Waiting { since: cx.now.saturating_sub(for_ms), for_ms }
        }),
        Trigger::Tagged { .. } => {
            sample.tags.last().map(|tag| Happened::Tagged { entry: entry(), tag: tag.trim().to_owned() })
        }
        Trigger::Rated { .. } => match sample.rating {
            Some(rating @ 1..=5) => Some(Happened::Rated { entry: entry(), rating }),
            Some(_) => return Err(Failure::invalid("sample.rating", "a rating is 1 to 5").into()),
            None => None,
        },
        Trigger::Hours { team, open } => {
            Some(Happened::Hours { team: team.clone(), open: *open, at: cx.now })
        }
    })
}

/// The rest of what rules are told of a sample.
fn imagined(sample: RuleSample, happened: Happened) -> Outcome<Situation> {
    let priority = sample.priority.as_deref().unwrap_or("normal").parse::<Priority>();
    let priority =
        priority.map_err(|()| Failure::invalid("sample.priority", "give low, normal, high or urgent"))?;
    let team = sample.team.map(|id| id.parse()).transpose();
    let tags = sample.tags.iter().map(|text| tag::tag(text)).collect::<Result<Vec<_>, _>>();
    Ok(Situation {
        happened,
        at: 0,
        by: AuthorKind::Visitor,
        newest: sample.text,
        last_inbound: 0,
        status: Status::Open,
        owner: OwnerKind::Queue,
        team: team.map_err(|_| Failure::invalid("sample.team", "there is no such team"))?,
        tags: tags.map_err(|bad| Failure::invalid("sample.tags", &bad))?,
        priority,
        visitor: Person {
            name: sample.name.unwrap_or_default(),
            email: sample.email,
            page: sample.page,
            ..Person::default()
        },
        hours: std::collections::BTreeMap::new(),
        fired: 0,
        unfired: 0,
        done: vec![],
    })
}
