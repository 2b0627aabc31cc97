//! Which agent a visitor knows: the last one who had a conversation of theirs.

use crate::error::Result;
use crate::many;
use crate::tx::Tx;
use crate::value::Value;
use sqlx::AssertSqlSafe;
use switchboard_domain::{AccountId, Millis, VisitorId};

/// Visitors and the agents whom they know from `now` on; of several of one visitor the last one counts.
pub async fn meet(tx: &mut Tx, met: &[(VisitorId, AccountId)], now: Millis) -> Result<()> {
    let mut latest: Vec<&(VisitorId, AccountId)> = Vec::with_capacity(met.len());
    for pair in met {
        latest.retain(|earlier| earlier.0 != pair.0);
        latest.push(pair);
    }
    // In one order, whoever writes.
    latest.sort_unstable();
    for piece in many::pieces(&latest) {
        let values: Vec<Value<'_>> = piece
            .iter()
            .flat_map(|(visitor, agent)| [Value::from(visitor), Value::from(agent), Value::from(now)])
            .collect();
        let sql = format!(
            "INSERT INTO known_agents (visitor_id, account_id, since) VALUES {}{}",
            many::tuples(piece.len(), 3),
            tx.dialect().upsert("visitor_id", &["account_id", "since"]),
        );
        tx.exec(AssertSqlSafe(sql), &values).await?;
    }
    Ok(())
}
