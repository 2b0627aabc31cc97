//! What an agent's inbox shows: own, queue, all; by activity, in pages, and searched by prefix.

use super::lists::{Summary, bounds, read_summary, select};
use super::row::key;
use crate::error::Result;
use crate::many;
use crate::page::{After, prefix_end};
use crate::read::Side;
use crate::tx::Tx;
use crate::value::{Value, args, is_plain};
use sqlx::AssertSqlSafe;
use std::collections::HashSet;
use std::sync::LazyLock;
use switchboard_domain::{AccountId, ConversationId, Status, TeamId};

/// The parts of the inbox.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum View {
    /// What the agent has.
    Mine,
    /// What waits for people in the agent's teams, and in no team.
    Queue,
    /// What the agent may see: own, own teams' and teamless ones.
    All,
}

/// Whose inbox it is, and what is looked at.
#[derive(Debug, Clone, Copy)]
pub struct Scope<'a> {
    /// The agent.
    pub agent: &'a AccountId,
    /// The agent's teams.
    pub teams: &'a [TeamId],
    /// Which part.
    pub view: View,
    /// Which status.
    pub status: Status,
}

/// Candidates looked up by the prefix of an id.
const ID_CANDIDATES: i64 = 200;

const ORDER: &str =
    "c.updated_at <= ? AND (c.updated_at < ? OR c.id < ?) ORDER BY c.updated_at DESC, c.id DESC LIMIT ?";

/// A page of a view, newest activity first, with how far staff have read. Each owner or team that the view is made
/// of is one seek in an index; the results are merged.
pub async fn view(tx: &mut Tx, scope: Scope<'_>, after: Option<&After>, limit: i64) -> Result<Vec<Summary>> {
    static BY_OWNER: LazyLock<String> =
        LazyLock::new(|| seek("c.status = ? AND c.owner_kind = ? AND c.owner_id = ?"));
    static BY_TEAM: LazyLock<String> = LazyLock::new(|| seek("c.status = ? AND c.team_id = ?"));
    static TEAMLESS: LazyLock<String> = LazyLock::new(|| seek("c.status = ? AND c.team_id IS NULL"));

    let status = scope.status.as_str().into();
    let teams = scope.teams.iter().map(Value::from);
    let mut seeks: Vec<(&'static str, Vec<Value<'_>>)> = Vec::with_capacity(scope.teams.len() + 2);
    if scope.view != View::Queue {
        seeks.push((&BY_OWNER, vec![status, "agent".into(), scope.agent.into()]));
    }
    match scope.view {
        View::Mine => {}
        View::Queue => {
            seeks.extend(
                teams
                    .chain([Value::Text("")])
                    .map(|team| (BY_OWNER.as_str(), vec![status, "queue".into(), team])),
            );
        }
        View::All => {
            seeks.push((&TEAMLESS, vec![status]));
            seeks.extend(teams.map(|team| (BY_TEAM.as_str(), vec![status, team])));
        }
    }
    let mut found = Vec::new();
    for (sql, mut values) in seeks {
        values.extend(bounds(after));
        values.push(limit.into());
        found.extend(tx.list(sql, &values, read_summary).await?);
    }
    Ok(merged(found, limit))
}

fn seek(condition: &str) -> String {
    format!("{} WHERE {condition} AND {ORDER}", select(Side::Staff).replace("{hint}", ""))
}

/// A page of what in the view begins with `prefix`: the visitor's name or e-mail address in any case, or the
/// conversation's id (of which at most 200 are looked at).
pub async fn search(
    tx: &mut Tx,
    scope: Scope<'_>,
    prefix: &str,
    after: Option<&After>,
    limit: i64,
) -> Result<Vec<Summary>> {
    let lower = key(prefix);
    let end = prefix_end(&lower);
    let mut found = Vec::new();
    for (column, index) in
        [("c.visitor_name_key", "conversations_name"), ("c.visitor_email_key", "conversations_email")]
    {
        let hint = tx.dialect().prefer(index);
        let range = format!("{column} >= ? AND {column} < ?");
        found.extend(
            filtered(tx, scope, &hint, &range, vec![(&lower).into(), (&end).into()], after, limit).await?,
        );
    }
    let prefix = prefix.trim();
    // Behind every character of an id.
    let end = format!("{prefix}~");
    let sql = "SELECT id FROM conversations WHERE id >= ? AND id < ? ORDER BY id LIMIT ?";
    if is_plain(prefix) && !prefix.is_empty() {
        let ids: Vec<ConversationId> =
            tx.list(sql, args![prefix, &end, ID_CANDIDATES], |row| row.parse()).await?;
        if !ids.is_empty() {
            let mut values: Vec<Value<'_>> = ids.iter().map(Value::from).collect();
            let range = format!("c.id IN ({})", many::places(many::pad(&mut values, 1)));
            found.extend(filtered(tx, scope, "", &range, values, after, limit).await?);
        }
    }
    Ok(merged(found, limit))
}

/// What of a range lies in the scope.
async fn filtered<'a>(
    tx: &mut Tx,
    scope: Scope<'a>,
    hint: &str,
    range: &str,
    mut values: Vec<Value<'a>>,
    after: Option<&'a After>,
    limit: i64,
) -> Result<Vec<Summary>> {
    let mut teams: Vec<Value<'_>> = vec!["".into()];
    teams.extend(scope.teams.iter().map(Value::from));
    let places = many::places(many::pad(&mut teams, 1));
    values.push(scope.status.as_str().into());
    let inside = match scope.view {
        View::Mine => "c.owner_kind = 'agent' AND c.owner_id = ?".to_owned(),
        View::Queue => format!("c.owner_kind = 'queue' AND c.owner_id IN ({places})"),
        View::All => {
            format!(
                "((c.owner_kind = 'agent' AND c.owner_id = ?) OR c.team_id IS NULL OR c.team_id IN ({places}))"
            )
        }
    };
    if scope.view != View::Queue {
        values.push(scope.agent.into());
    }
    if scope.view != View::Mine {
        values.extend(teams);
    }
    values.extend(bounds(after));
    values.push(limit.into());
    let select = select(Side::Staff).replace("{hint}", hint);
    let sql = format!("{select} WHERE {range} AND c.status = ? AND {inside} AND {ORDER}");
    tx.list(AssertSqlSafe(sql), &values, read_summary).await
}

/// Several sorted lists as one, each conversation once.
fn merged(mut found: Vec<Summary>, limit: i64) -> Vec<Summary> {
    let mut seen = HashSet::new();
    found.retain(|summary| seen.insert(summary.conversation.id.clone()));
    found.sort_by(|a, b| {
        let (a, b) = (&a.conversation, &b.conversation);
        (b.updated_at, &b.id).cmp(&(a.updated_at, &a.id))
    });
    found.truncate(usize::try_from(limit).unwrap_or_default());
    found
}
