//! What the router asks: what is due, who has what, what waits, and what has lost its owner.

use super::row::{COLUMNS, read, tags};
use crate::error::{Error, Result};
use crate::row::Row;
use crate::tx::Tx;
use crate::value::args;
use std::collections::HashMap;
use std::sync::LazyLock;
use switchboard_domain::assignment::Waiting;
use switchboard_domain::skill::needs;
use switchboard_domain::team::DEFAULT_SILENT_S;
use switchboard_domain::{AccountId, Conversation, ConversationId, Millis, TeamId};

/// What must be looked at by now, most overdue first.
pub async fn due(tx: &mut Tx, now: Millis, limit: i64) -> Result<Vec<Conversation>> {
    static SQL: LazyLock<String> = LazyLock::new(|| {
        format!("SELECT {COLUMNS} FROM conversations c WHERE c.due_at <= ? ORDER BY c.due_at, c.id LIMIT ?")
    });
    tx.list(SQL.as_str(), args![now, limit], read).await
}

/// The first moment after `now` at which something is due.
pub async fn next_due(tx: &mut Tx, now: Millis) -> Result<Option<Millis>> {
    let sql = "SELECT MIN(due_at) FROM conversations WHERE due_at > ?";
    Ok(tx.first(sql, args![now], |row| row.maybe_int()).await?.flatten())
}

/// What this agent has, open or snoozed, by id.
pub async fn owned_by_agent(tx: &mut Tx, agent: &AccountId, limit: i64) -> Result<Vec<Conversation>> {
    owned_by(tx, "agent", agent.as_str(), limit).await
}

/// What the automation of this name has, open or snoozed, by id.
pub async fn owned_by_automation(tx: &mut Tx, name: &str, limit: i64) -> Result<Vec<Conversation>> {
    owned_by(tx, "automation", name, limit).await
}

/// How many the automation of this name has, open or snoozed.
pub async fn count_of_automation(tx: &mut Tx, name: &str) -> Result<i64> {
    let sql = "SELECT COUNT(*) FROM conversations WHERE status IN ('open', 'snoozed') AND owner_kind = 'automation' \
               AND owner_id = ?";
    Ok(tx.first(sql, args![name], |row| row.int()).await?.unwrap_or_default())
}

async fn owned_by(tx: &mut Tx, kind: &str, id: &str, limit: i64) -> Result<Vec<Conversation>> {
    static SQL: LazyLock<String> = LazyLock::new(|| {
        format!(
            "SELECT {COLUMNS} FROM conversations c WHERE c.status IN ('open', 'snoozed') AND c.owner_kind = ? \
             AND c.owner_id = ? ORDER BY c.id LIMIT ?"
        )
    });
    tx.list(SQL.as_str(), args![kind, id, limit], read).await
}

/// The open ones whose visitor has been waiting since then or longer, the longest wait first, from the one behind
/// `after`: since when, and which. Walks the open conversations: nobody asks unless a rule watches for waits.
pub async fn waiting_since(
    tx: &mut Tx,
    since: Millis,
    after: (Millis, &str),
    limit: i64,
) -> Result<Vec<(Millis, ConversationId)>> {
    let sql = "SELECT waiting_since, id FROM conversations WHERE status = 'open' AND waiting_since <= ? \
               AND waiting_since >= ? AND (waiting_since > ? OR id > ?) ORDER BY waiting_since, id LIMIT ?";
    let (at, id) = after;
    tx.list(sql, args![since, at, at, id, limit], |row| Ok((row.int()?, row.parse()?))).await
}

/// The open ones of a team that had begun by then, by id, from the one behind `after`. Walks the team's open conversations:
/// nobody asks unless a rule is for the hours of a team that has just opened or closed.
pub async fn open_of_team(
    tx: &mut Tx,
    team: &TeamId,
    begun: Millis,
    after: &str,
    limit: i64,
) -> Result<Vec<ConversationId>> {
    let sql = "SELECT id FROM conversations WHERE status = 'open' AND team_id = ? AND created_at <= ? AND id > ? \
               ORDER BY id LIMIT ?";
    tx.list(sql, args![team, begun, after, limit], |row| row.parse()).await
}

/// The kinds and ids of owners for whom nobody answers any more, at most `?`.
pub(crate) const LOST_OWNERS: &str = "SELECT DISTINCT o.owner_kind, o.owner_id FROM (SELECT DISTINCT status, \
    owner_kind, owner_id FROM conversations WHERE status IN ('open', 'snoozed') \
    AND owner_kind IN ('agent', 'automation')) o \
    LEFT JOIN accounts a ON o.owner_kind = 'agent' AND a.id = o.owner_id AND a.active = 1 AND a.role = 'agent' \
    LEFT JOIN automations b ON o.owner_kind = 'automation' AND b.name = o.owner_id AND b.active = 1 \
    WHERE a.id IS NULL AND b.name IS NULL LIMIT ?";

/// Conversations whose owner is gone: an account that is missing, inactive or no agent; an automation that is
/// missing or inactive. Walks the distinct owners in an index, not the conversations (MariaDB hops from one owner to
/// the next; `EXPLAIN` says "Using index for group-by"), so that it may be asked every second.
pub async fn orphans(tx: &mut Tx, limit: i64) -> Result<Vec<Conversation>> {
    let owners = tx.list(LOST_OWNERS, args![limit], |row| Ok((row.text()?, row.text()?))).await?;
    let mut found = Vec::new();
    for (kind, owner) in owners {
        let room = limit - i64::try_from(found.len()).unwrap_or(i64::MAX);
        if room <= 0 {
            break;
        }
        found.extend(owned_by(tx, &kind, &owner, room).await?);
    }
    Ok(found)
}

/// What waits in a team's queue, or in everybody's: higher priority first, then who has waited longest. What is
/// snoozed waits for its time, not for people. Who helps out, and whether the time for the skilled is over, is not said.
pub async fn waiting(tx: &mut Tx, team: Option<&TeamId>, limit: i64) -> Result<Vec<Waiting>> {
    let sql = "SELECT c.id, c.fence, c.team_id, c.priority, c.queued_at, c.missed_by, c.tags, k.account_id, v.locale \
               FROM (SELECT id, fence, team_id, priority, queued_at, missed_by, tags, visitor_id FROM conversations \
               WHERE owner_kind = 'queue' AND status = 'open' AND owner_id = ? \
               ORDER BY priority DESC, queued_at, id LIMIT ?) c \
               LEFT JOIN known_agents k ON k.visitor_id = c.visitor_id \
               LEFT JOIN visitors v ON v.id = c.visitor_id \
               ORDER BY c.priority DESC, c.queued_at, c.id";
    tx.list(sql, args![team.map_or("", TeamId::as_str), limit], |row| {
        let (conversation, fence, team) = (row.parse()?, row.int()?, row.maybe_parse()?);
        let (priority, queued_at, missed_by) = (row.int()?, row.int()?, row.maybe_parse()?);
        let (tags, known) = (tags(row.str()?)?, row.maybe_parse()?);
        let needs = needs(row.maybe_str()?, &tags);
        let (helper, widened) = (None, false);
        Ok(Waiting {
            conversation,
            fence,
            team,
            helper,
            needs,
            widened,
            priority,
            queued_at,
            missed_by,
            known,
        })
    })
    .await
}

/// How many open conversations take up this agent's room at `now`: those that wait for their visitor count no more
/// once they have been silent for as long as their team's rules say, or by default.
pub async fn room_taken(tx: &mut Tx, agent: &AccountId, now: Millis) -> Result<i64> {
    static SQL: LazyLock<String> = LazyLock::new(|| format!("SELECT COUNT(*) {LOUD} AND c.owner_id = ?"));
    let taken = tx.first(SQL.as_str(), args![DEFAULT_SILENT_S, now, agent], |row| row.int()).await?;
    Ok(taken.unwrap_or_default())
}

/// The same for every agent; agents without any are not in the map.
pub async fn rooms_taken(tx: &mut Tx, now: Millis) -> Result<HashMap<AccountId, i64>> {
    static SQL: LazyLock<String> =
        LazyLock::new(|| format!("SELECT c.owner_id, COUNT(*) {LOUD} GROUP BY c.owner_id"));
    let read = |row: &mut Row<'_>| Ok((row.parse()?, row.int()?));
    Ok(tx.list(SQL.as_str(), args![DEFAULT_SILENT_S, now], read).await?.into_iter().collect())
}

/// Agents' open conversations that have not fallen silent: the default in seconds, and the moment.
const LOUD: &str = "FROM conversations c LEFT JOIN team_rules r ON r.team_id = c.team_id \
    WHERE c.status = 'open' AND c.owner_kind = 'agent' \
    AND (c.waiting_since IS NOT NULL OR c.updated_at + COALESCE(r.silent_s, ?) * 1000 > ?)";

/// Conversations of a team, whatever their status; at most `limit`.
pub async fn of_team(tx: &mut Tx, team: &TeamId, limit: i64) -> Result<Vec<ConversationId>> {
    let sql = "SELECT id FROM conversations WHERE status IN ('open', 'snoozed', 'resolved') AND team_id = ? LIMIT ?";
    tx.list(sql, args![team, limit], |row| row.parse()).await
}

/// How many open conversations each agent has; agents without any are not in the map.
pub async fn loads(tx: &mut Tx) -> Result<HashMap<AccountId, i64>> {
    let sql = "SELECT owner_id, COUNT(*) FROM conversations WHERE status = 'open' AND owner_kind = 'agent' \
               GROUP BY owner_id";
    Ok(tx.list(sql, &[], |row| Ok((row.parse()?, row.int()?))).await?.into_iter().collect())
}

/// A queue with somebody in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Queue {
    /// How many wait.
    pub waiting: i64,
    /// Since when the first of them waits.
    pub since: Millis,
}

/// The queues in which somebody waits: by team, and that of everybody.
pub async fn queues(tx: &mut Tx) -> Result<HashMap<Option<TeamId>, Queue>> {
    let sql = "SELECT owner_id, COUNT(*), MIN(queued_at) FROM conversations \
               WHERE status = 'open' AND owner_kind = 'queue' GROUP BY owner_id";
    let read = |row: &mut Row<'_>| {
        let team = Some(row.text()?).filter(|id| !id.is_empty());
        let team = team.map(|id| id.parse().map_err(|_| Error::spoilt("owner_id", &id))).transpose()?;
        Ok((team, Queue { waiting: row.int()?, since: row.int()? }))
    };
    Ok(tx.list(sql, &[], read).await?.into_iter().collect())
}

/// A waiting conversation's place in its team's queue, from 1; counted to `most` and no further, so that more reads
/// as `most`.
pub async fn queue_position(tx: &mut Tx, conversation: &Conversation, most: i64) -> Result<i64> {
    let sql = "SELECT COUNT(*) FROM (SELECT c.id FROM conversations c WHERE c.owner_kind = 'queue' AND c.status = 'open' AND c.owner_id = ? \
               AND (c.priority > ? OR (c.priority = ? AND (c.queued_at < ? OR (c.queued_at = ? AND c.id < ?)))) \
               LIMIT ?) ahead";
    let (team, priority) =
        (conversation.team.as_ref().map_or("", |team| team.as_str()), conversation.priority);
    let queued = conversation.queued_at.unwrap_or(Millis::MAX);
    let values = args![team, priority, priority, queued, queued, &conversation.id, (most - 1).max(0)];
    Ok(tx.first(sql, values, |row| row.int()).await?.unwrap_or_default() + 1)
}
