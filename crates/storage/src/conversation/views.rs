//! What an agent's inbox shows: own, queue, all; by activity, in pages, and searched by prefix.

use super::lists::{Summary, bounds, read_summary, select};
use super::row::key;
use crate::error::Result;
use crate::many;
use crate::page::{After, prefix_end};
use crate::read::Side;
use crate::tag;
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

/// What a list is narrowed down to.
#[derive(Debug, Clone, Copy, Default)]
pub struct Narrow<'a> {
    /// Only with this tag.
    pub tag: Option<&'a str>,
    /// Only of this team.
    pub team: Option<&'a TeamId>,
    /// Only what begins so, as [`search`] finds it.
    pub prefix: Option<&'a str>,
}

/// A tag that fewer conversations have is where a list of these begins; of one that more have, the newest are soon met.
const RARE: usize = 1_000;

/// Candidates looked up by the prefix of an id.
const ID_CANDIDATES: i64 = 200;

const ORDER: &str =
    "c.updated_at <= ? AND (c.updated_at < ? OR c.id < ?) ORDER BY c.updated_at DESC, c.id DESC LIMIT ?";

/// A page of a view, newest activity first, with how far staff have read. Each owner or team that the view is made
/// of is one seek in an index; the results are merged.
pub async fn view(tx: &mut Tx, scope: Scope<'_>, after: Option<&After>, limit: i64) -> Result<Vec<Summary>> {
    static BY_OWNER: LazyLock<String> = LazyLock::new(|| seek(OF_OWNER));
    static BY_TEAM: LazyLock<String> = LazyLock::new(|| seek(OF_TEAM));
    static TEAMLESS: LazyLock<String> = LazyLock::new(|| seek(OF_NO_TEAM));

    let mut found = Vec::new();
    for (condition, mut values) in parts(scope) {
        let sql = match condition {
            OF_OWNER => BY_OWNER.as_str(),
            OF_TEAM => BY_TEAM.as_str(),
            _ => TEAMLESS.as_str(),
        };
        values.extend(bounds(after));
        values.push(limit.into());
        found.extend(tx.list(sql, &values, read_summary).await?);
    }
    Ok(merged(found, limit))
}

/// As [`view`] or [`search`], narrowed down.
pub async fn narrowed(
    tx: &mut Tx,
    scope: Scope<'_>,
    narrow: Narrow<'_>,
    after: Option<&After>,
    limit: i64,
) -> Result<Vec<Summary>> {
    let (mut only, mut only_values) = (String::new(), Vec::new());
    if let Some(team) = narrow.team {
        only.push_str(" AND c.team_id = ?");
        only_values.push(Value::from(team));
    }
    let mut found = Vec::new();
    if let Some(tag) = narrow.tag {
        let most = i64::try_from(RARE + 1).unwrap_or(i64::MAX);
        let rare = tag::tagged(tx, tag, most).await?;
        if rare.len() <= RARE {
            let prefix = narrow.prefix.map(key);
            let end = prefix.as_deref().map(prefix_end);
            if let (Some(prefix), Some(end)) = (&prefix, &end) {
                only.push_str(
                    " AND ((c.visitor_name_key >= ? AND c.visitor_name_key < ?) \
                     OR (c.visitor_email_key >= ? AND c.visitor_email_key < ?))",
                );
                only_values.extend([prefix, end, prefix, end].map(Value::from));
            }
            for chunk in rare.chunks(crate::limits::KEYS) {
                let mut values: Vec<Value<'_>> = chunk.iter().map(Value::from).collect();
                let range = format!("c.id IN ({}){only}", many::places(many::pad(&mut values, 1)));
                values.extend(&only_values);
                found.extend(filtered(tx, scope, "", &range, values, after, limit).await?);
            }
            return Ok(merged(found, limit));
        }
        only.push_str(
            " AND EXISTS (SELECT 1 FROM conversation_tags t WHERE t.tag = ? AND t.conversation_id = c.id)",
        );
        only_values.push(Value::from(tag));
    }
    if let Some(prefix) = narrow.prefix {
        return begun(tx, scope, prefix, (&only, &only_values), after, limit).await;
    }
    for (condition, mut values) in parts(scope) {
        values.extend(&only_values);
        values.extend(bounds(after));
        values.push(limit.into());
        let sql = seek(&format!("{condition}{only}"));
        found.extend(tx.list(AssertSqlSafe(sql), &values, read_summary).await?);
    }
    Ok(merged(found, limit))
}

const OF_OWNER: &str = "c.status = ? AND c.owner_kind = ? AND c.owner_id = ?";
const OF_TEAM: &str = "c.status = ? AND c.team_id = ?";
const OF_NO_TEAM: &str = "c.status = ? AND c.team_id IS NULL";

/// What a view is made of, each one range of an index.
fn parts<'a>(scope: Scope<'a>) -> Vec<(&'static str, Vec<Value<'a>>)> {
    let status = scope.status.as_str().into();
    let teams = scope.teams.iter().map(Value::from);
    let mut parts: Vec<(&'static str, Vec<Value<'_>>)> = Vec::with_capacity(scope.teams.len() + 2);
    if scope.view != View::Queue {
        parts.push((OF_OWNER, vec![status, "agent".into(), scope.agent.into()]));
    }
    match scope.view {
        View::Mine => {}
        View::Queue => {
            parts.extend(
                teams.chain([Value::Text("")]).map(|team| (OF_OWNER, vec![status, "queue".into(), team])),
            );
        }
        View::All => {
            parts.push((OF_NO_TEAM, vec![status]));
            parts.extend(teams.map(|team| (OF_TEAM, vec![status, team])));
        }
    }
    parts
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
    begun(tx, scope, prefix, ("", &[]), after, limit).await
}

/// The same, with a further condition.
async fn begun<'a>(
    tx: &mut Tx,
    scope: Scope<'a>,
    prefix: &str,
    (only, only_values): (&str, &[Value<'a>]),
    after: Option<&'a After>,
    limit: i64,
) -> Result<Vec<Summary>> {
    let lower = key(prefix);
    let end = prefix_end(&lower);
    let mut found = Vec::new();
    for (column, index) in
        [("c.visitor_name_key", "conversations_name"), ("c.visitor_email_key", "conversations_email")]
    {
        let hint = tx.dialect().prefer(index);
        let range = format!("{column} >= ? AND {column} < ?{only}");
        let mut values: Vec<Value<'_>> = vec![(&lower).into(), (&end).into()];
        values.extend(only_values);
        found.extend(filtered(tx, scope, &hint, &range, values, after, limit).await?);
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
            let range = format!("c.id IN ({}){only}", many::places(many::pad(&mut values, 1)));
            values.extend(only_values);
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
