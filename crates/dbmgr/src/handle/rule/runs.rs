//! What became of rules, newest first.

use super::unknown;
use crate::act;
use crate::cx::Cx;
use crate::gate::Actor;
use crate::halt::Outcome;
use crate::page;
use crate::run::Handle;
use serde::Deserialize;
use switchboard_domain::clock::rfc3339;
use switchboard_domain::{EntryId, RuleId};
use switchboard_storage::rule_run::{self, Of, Run};
use switchboard_wire::call::rule::ListRuleRuns;
use switchboard_wire::view::{Page, RuleCheck, RuleRun, RuleStep};

/// What is noted of a run; another version may have noted more or less.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Noted {
    name: Option<String>,
    when: String,
    why: String,
    stopped_by: Option<String>,
    checks: Vec<RuleCheck>,
    steps: Vec<RuleStep>,
}

impl Handle for ListRuleRuns {
    async fn handle(self, _: Actor, cx: &mut Cx) -> Outcome<Page<RuleRun>> {
        let rule: Option<RuleId> = self.rule.map(|id| id.parse().map_err(|_| unknown())).transpose()?;
        let conversation = self.conversation.as_deref().map(act::parse).transpose()?;
        let before: Option<EntryId> =
            self.cursor.as_deref().map(str::parse).transpose().map_err(|_| page::bad_cursor())?;
        let limit = page::limit(self.limit);
        let of = Of { rule: rule.as_ref(), conversation: conversation.as_ref() };
        let before = before.as_ref().map(EntryId::as_str);
        let rows = rule_run::list(&mut cx.tx, of, before, limit + 1).await?;
        Ok(page::of(rows, limit, |row: &Run| row.id.clone(), show))
    }
}

fn show(run: &Run) -> RuleRun {
    let noted: Noted = serde_json::from_str(&run.detail).unwrap_or_default();
    let why = match noted.stopped_by {
        Some(name) => format!("{}: {name}", noted.why),
        None => noted.why,
    };
    RuleRun {
        id: run.id.clone(),
        rule: run.rule.to_string(),
        name: noted.name.unwrap_or_default(),
        conversation: run.conversation.to_string(),
        when: noted.when,
        fired: run.fired,
        why,
        checks: noted.checks,
        steps: noted.steps,
        at: rfc3339(run.at),
    }
}
