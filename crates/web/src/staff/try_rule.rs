//! `POST /rules/try`

use crate::http::body::{Json, Reply, ok};
use crate::http::problem::Answer;
use crate::http::speaker::Staff;
use serde::Deserialize;
use switchboard_wire::call::rule::{RuleDraft, RuleSample, TriedRule, TryRule};
use utoipa::ToSchema;

/// A dry run: in a conversation, or in one that there is not.
#[derive(Deserialize, ToSchema)]
pub(crate) struct TryRuleBody {
    /// The rule, which need not be stored.
    rule: RuleDraft,
    /// In this conversation, as it is now.
    conversation: Option<String>,
    /// Or in one that there is not.
    sample: Option<RuleSample>,
}

pub(crate) async fn try_rule(staff: Staff, Json(body): Json<TryRuleBody>) -> Answer<Reply<TriedRule>> {
    let TryRuleBody { rule, conversation, sample } = body;
    staff.ask(TryRule { rule, conversation, sample }).await.map(ok)
}
