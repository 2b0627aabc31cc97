//! What agents are good for.

use crate::error::Result;
use crate::limits;
use crate::many;
use crate::tx::Tx;
use crate::value::{Value, args};
use sqlx::AssertSqlSafe;
use std::collections::HashMap;
use switchboard_domain::AccountId;

/// The skills of each of these agents, sorted; agents without any are not in the map.
pub async fn of_accounts(tx: &mut Tx, accounts: &[AccountId]) -> Result<HashMap<AccountId, Vec<String>>> {
    let mut skills: HashMap<AccountId, Vec<String>> = HashMap::new();
    for chunk in accounts.chunks(limits::KEYS) {
        let mut values: Vec<Value<'_>> = chunk.iter().map(Value::from).collect();
        let places = many::places(many::pad(&mut values, 1));
        let sql = format!(
            "SELECT account_id, skill FROM agent_skills WHERE account_id IN ({places}) ORDER BY account_id, skill"
        );
        let rows = tx.list(AssertSqlSafe(sql), &values, |row| Ok((row.parse()?, row.text()?))).await?;
        for (account, skill) in rows {
            skills.entry(account).or_default().push(skill);
        }
    }
    Ok(skills)
}

/// The skills of one agent, sorted.
pub async fn of_account(tx: &mut Tx, account: &AccountId) -> Result<Vec<String>> {
    Ok(of_accounts(tx, std::slice::from_ref(account)).await?.remove(account).unwrap_or_default())
}

/// Gives an agent exactly these, each once.
pub async fn set(tx: &mut Tx, account: &AccountId, skills: &[String]) -> Result<()> {
    tx.exec("DELETE FROM agent_skills WHERE account_id = ?", args![account]).await?;
    for piece in many::pieces(skills) {
        let values: Vec<Value<'_>> =
            piece.iter().flat_map(|skill| [Value::from(account), Value::from(skill)]).collect();
        let sql =
            format!("INSERT INTO agent_skills (account_id, skill) VALUES {}", many::tuples(piece.len(), 2));
        tx.exec(AssertSqlSafe(sql), &values).await?;
    }
    Ok(())
}
