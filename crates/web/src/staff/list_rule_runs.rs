//! `GET /rules/runs`

use crate::http::body::{Query, Reply, ok};
use crate::http::cursor::{opened, sealed};
use crate::http::problem::Answer;
use crate::http::speaker::Staff;
use serde::Deserialize;
use switchboard_wire::call::rule::ListRuleRuns;
use switchboard_wire::view::{Page, RuleRun};
use utoipa::IntoParams;

const LIST: &str = "rule runs";

/// Which runs.
#[derive(Deserialize, IntoParams)]
pub(crate) struct RunsQuery {
    /// Of this rule only.
    rule: Option<String>,
    /// In this conversation only.
    conversation: Option<String>,
    /// At most so many; 200 is the most.
    limit: Option<i64>,
    /// Where the page begins: `next` of the page before.
    cursor: Option<String>,
}

pub(crate) async fn list_rule_runs(
    staff: Staff,
    Query(query): Query<RunsQuery>,
) -> Answer<Reply<Page<RuleRun>>> {
    let RunsQuery { rule, conversation, limit, cursor } = query;
    let call = ListRuleRuns { rule, conversation, limit, cursor: opened(LIST, cursor)? };
    Ok(ok(sealed(LIST, staff.ask(call).await?)))
}
