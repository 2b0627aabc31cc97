//! What is done of what rules say, and what is skipped.

use super::{Action, OwnerKind, Rule, Situation, Verdict};
use crate::conversation::Status;
use crate::id::{RuleId, TeamId, WebhookId};
use crate::limits::TAGS;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// What there is at this moment.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Known {
    /// The teams.
    pub teams: BTreeSet<TeamId>,
    /// Those of them that have no hours, and so are always open.
    pub always_open: BTreeSet<TeamId>,
    /// The automations that are active.
    pub automations: BTreeSet<String>,
    /// Those of them that take no new conversations now.
    pub closed: BTreeSet<String>,
    /// The servers outside that are told something.
    pub webhooks: BTreeSet<WebhookId>,
}

/// Why an action is not carried out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
pub enum Skip {
    /// There is no such team.
    #[error("the team was deleted: choose another one in the rule")]
    NoTeam,
    /// It is not there, or turned off.
    #[error("the automation is not active: activate it, or choose another one in the rule")]
    NoAutomation,
    /// It takes no new conversations now.
    #[error("the automation is outside of its hours")]
    Closed,
    /// It is not there, or turned off.
    #[error("the web hook is not active: activate it, or choose another one in the rule")]
    NoWebhook,
    /// What an automation has cannot be put aside.
    #[error("an automation has the conversation: only what people have can be put aside")]
    Automated,
    /// What the visitor wrote meanwhile is not put aside or ended unread.
    #[error("the visitor has written again since: that is not put aside or ended unread")]
    Overtaken,
    /// A rule before it has said where the conversation goes.
    #[error("a rule before this one has handed the conversation over already")]
    Elsewhere,
    /// It is over.
    #[error("the conversation is resolved")]
    Resolved,
    /// It has as many as it may.
    #[error("the conversation has as many tags as it may have")]
    TooManyTags,
    /// It is so already.
    #[error("it is so already")]
    Already,
}

/// One action, and whether it is carried out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// Whose.
    pub rule: RuleId,
    /// Which.
    pub action: Action,
    /// Why not; none when it is carried out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub skip: Option<Skip>,
}

/// Goes through what the rules that fire say, in order. At most one step that is carried out says where the
/// conversation goes; one that cannot be carried out leaves it where it is, and lets a later one.
pub fn plan(verdicts: &[Verdict], told: &Situation, known: &Known) -> Vec<Step> {
    let mut tags: BTreeSet<String> = told.tags.iter().cloned().collect();
    let mut priority = told.priority.as_str().to_owned();
    let mut gone = false;
    let all =
        verdicts.iter().flat_map(|verdict| verdict.actions.iter().map(|action| (&verdict.rule, action)));
    let steps = all.map(|(rule, action)| {
        let skip = match action {
            _ if action.is_destination() && gone => Some(Skip::Elsewhere),
            Action::Team { team } if !known.teams.contains(team) => Some(Skip::NoTeam),
            Action::Automation { name } if !known.automations.contains(name) => Some(Skip::NoAutomation),
            Action::Automation { name } if known.closed.contains(name) => Some(Skip::Closed),
            Action::Notify { webhook } if !known.webhooks.contains(webhook) => Some(Skip::NoWebhook),
            Action::Snooze { .. } | Action::Resolve if told.is_overtaken() => Some(Skip::Overtaken),
            Action::Snooze { .. } if told.owner == OwnerKind::Automation => Some(Skip::Automated),
            Action::Tag { tag } if tags.contains(tag.trim()) => Some(Skip::Already),
            Action::Tag { .. } if tags.len() >= TAGS => Some(Skip::TooManyTags),
            Action::Priority { priority: wanted } if *wanted == priority => Some(Skip::Already),
            // Labels may be put on afterwards, as staff may; whatever would open it again may not.
            Action::Tag { .. } | Action::Priority { .. } | Action::Notify { .. } => None,
            _ if told.status == Status::Resolved => Some(Skip::Resolved),
            _ => None,
        };
        if skip.is_none() {
            match action {
                Action::Tag { tag } => drop(tags.insert(tag.trim().to_owned())),
                Action::Priority { priority: wanted } => priority.clone_from(wanted),
                Action::Send { .. } | Action::Notify { .. } => {}
                Action::Team { .. } | Action::Automation { .. } | Action::Snooze { .. } | Action::Resolve => {
                    gone = true;
                }
            }
        }
        Step { rule: rule.clone(), action: action.clone(), skip }
    });
    steps.collect()
}

/// What is wrong with a rule as things are.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "trouble", rename_all = "snake_case")]
pub enum Trouble {
    /// It names a team that there is no more.
    Team {
        /// Its id.
        team: TeamId,
    },
    /// It is for the hours of a team that has none.
    Hours {
        /// Its id.
        team: TeamId,
    },
    /// It starts an automation that is not active.
    Automation {
        /// Its name.
        name: String,
    },
    /// It tells a server that is not told anything.
    Webhook {
        /// Its id.
        webhook: WebhookId,
    },
}

/// What is wrong with a rule as things are; shown to admins before it matters.
pub fn troubles(rule: &Rule, known: &Known) -> Vec<Trouble> {
    let teams: BTreeSet<&TeamId> = rule.teams().filter(|team| !known.teams.contains(*team)).collect();
    let never = rule.turns_of().into_iter().filter(|team| known.always_open.contains(*team));
    let never = never.map(|team| Trouble::Hours { team: team.clone() });
    let automations = rule.actions.iter().filter_map(|action| match action {
        Action::Automation { name } if !known.automations.contains(name) => Some(name.clone()),
        _ => None,
    });
    let webhooks = rule.actions.iter().filter_map(|action| match action {
        Action::Notify { webhook } if !known.webhooks.contains(webhook) => Some(webhook.clone()),
        _ => None,
    });
    let teams = teams.into_iter().map(|team| Trouble::Team { team: team.clone() });
    let webhooks = webhooks.map(|webhook| Trouble::Webhook { webhook });
    teams.chain(never).chain(automations.map(|name| Trouble::Automation { name })).chain(webhooks).collect()
}
