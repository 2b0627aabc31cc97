//! What rules are told of a conversation, read from the database: what they can ask for, and nothing else.

use crate::cx::Cx;
use crate::halt::Outcome;
use crate::limits::WEBHOOKS;
use crate::rules;
use std::collections::{BTreeMap, BTreeSet};
use switchboard_domain::automation::Automation;
use switchboard_domain::hours::Hours;
use switchboard_domain::rule::{Action, Happened, Known, OwnerKind, PACE_MS, Person, Rule, Situation};
use switchboard_domain::{AuthorKind, Conversation, Millis, Priority, RuleId, TeamId};
use switchboard_storage::webhook::{self, Webhook};
use switchboard_storage::{automation, details, entry, rule_run, team, team_rules, visitor};

/// What there is of what rules name.
#[derive(Debug, Default)]
pub(crate) struct Scene {
    /// The rules for which it was read.
    rules: Vec<RuleId>,
    /// The teams, with their hours where they have any.
    pub(crate) hours: BTreeMap<TeamId, Option<Hours>>,
    /// The automations that are active.
    pub(crate) automations: Vec<Automation>,
    /// The names of those that are outside of their hours.
    closed: BTreeSet<String>,
    /// The servers outside that are told something.
    pub(crate) webhooks: Vec<Webhook>,
}

/// The automations that rules name, and that are active.
async fn automations<'a>(cx: &mut Cx, rules: impl Iterator<Item = &'a Rule>) -> Outcome<Vec<Automation>> {
    let names: BTreeSet<&str> = rules
        .flat_map(|rule| &rule.actions)
        .filter_map(|action| match action {
            Action::Automation { name } => Some(name.as_str()),
            _ => None,
        })
        .collect();
    let mut found = Vec::new();
    for name in names {
        found.extend(automation::get(&mut cx.tx, name).await?.filter(|row| row.active));
    }
    Ok(found)
}

/// What there is of what these rules name.
pub(crate) async fn scene(cx: &mut Cx, all: &[&Rule]) -> Outcome<Scene> {
    let mut found = Scene {
        rules: all.iter().map(|rule| rule.id.clone()).collect(),
        automations: automations(cx, all.iter().copied()).await?,
        ..Scene::default()
    };
    for automation in &found.automations {
        let ruled = rules::of(&mut cx.tx, &automation.name).await?;
        if !rules::is_open(&mut cx.tx, &ruled, cx.now).await? {
            found.closed.insert(automation.name.clone());
        }
    }
    let named: BTreeSet<&TeamId> = all.iter().flat_map(|rule| rule.teams()).collect();
    for id in named {
        if team::get(&mut cx.tx, id).await?.is_some() {
            found.hours.insert(id.clone(), team_rules::get(&mut cx.tx, id).await?.hours);
        }
    }
    let notifies = |rule: &&Rule| rule.actions.iter().any(|one| matches!(one, Action::Notify { .. }));
    if all.iter().any(notifies) {
        found.webhooks = webhook::list(&mut cx.tx, WEBHOOKS).await?;
        found.webhooks.retain(|hook| hook.active);
    }
    Ok(found)
}

/// The same as plans are told of it.
pub(crate) fn known_of(scene: &Scene) -> Known {
    Known {
        teams: scene.hours.keys().cloned().collect(),
        always_open: scene
            .hours
            .iter()
            .filter(|(_, hours)| hours.is_none())
            .map(|(team, _)| team.clone())
            .collect(),
        closed: scene.closed.clone(),
        automations: scene.automations.iter().map(|row| row.name.clone()).collect(),
        webhooks: scene.webhooks.iter().map(|hook| hook.id.clone()).collect(),
    }
}

/// What is known of the visitor of a conversation.
async fn person(cx: &mut Cx, c: &Conversation) -> Outcome<Person> {
    let row = visitor::get(&mut cx.tx, &c.visitor).await?;
    let attributes = details::get(&mut cx.tx, &c.visitor).await?.attributes;
    Ok(Person {
        name: row.as_ref().and_then(|row| row.name.clone()).unwrap_or_else(|| c.visitor_name.clone()),
        email: row.as_ref().and_then(|row| row.email.clone()),
        page: row.and_then(|row| row.page),
        attributes,
    })
}

/// The visitor's newest message.
async fn newest(cx: &mut Cx, c: &Conversation) -> Outcome<Option<String>> {
    if c.last_inbound == 0 {
        return Ok(None);
    }
    let entry = entry::at(&mut cx.tx, &c.id, c.last_inbound).await?;
    let body = entry.and_then(|entry| serde_json::from_str::<serde_json::Value>(&entry.body).ok());
    Ok(body.and_then(|body| Some(body.get("text")?.as_str()?.to_owned())))
}

impl Scene {
    /// All that rules are told.
    pub(crate) async fn situation(
        &self,
        cx: &mut Cx,
        c: &Conversation,
        happened: Happened,
        by: AuthorKind,
        at: Millis,
    ) -> Outcome<Situation> {
        let newest = match &happened {
            // A dry run does not know the text: it asks what the newest message is.
            Happened::Message { text, .. } if !text.is_empty() => Some(text.clone()),
            _ => newest(cx, c).await?,
        };
        let occurrence = happened.occurrence();
        let count = rule_run::count_since(&mut cx.tx, &c.id, cx.now - PACE_MS).await?;
        Ok(Situation {
            done: rule_run::looked_at(&mut cx.tx, &c.id, occurrence.as_str(), &self.rules).await?,
            fired: count.fired,
            unfired: count.unfired,
            visitor: person(cx, c).await?,
            happened,
            at,
            by,
            newest,
            last_inbound: c.last_inbound,
            status: c.status,
            owner: OwnerKind::from(&c.owner),
            team: c.team.clone(),
            tags: c.tags.clone(),
            priority: Priority::of(c.priority),
            hours: self.hours.clone(),
        })
    }
}
