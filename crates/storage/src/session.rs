//! Sessions of staff. A session is a join to the live account row, never a copy of it.

use crate::error::Result;
use crate::limits;
use crate::many;
use crate::row::Row;
use crate::tx::Tx;
use crate::value::{Value, args};
use sqlx::AssertSqlSafe;
use switchboard_domain::{AccountId, Millis, Role, SessionId, TeamId, TokenHash};

/// A session as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// Its id, which is no secret.
    pub id: SessionId,
    /// The hash of its token.
    pub token: TokenHash,
    /// Whose it is.
    pub account: AccountId,
    /// When it began.
    pub created_at: Millis,
    /// When it was last used, to within a minute.
    pub last_seen_at: Millis,
    /// When it ends, used or not.
    pub expires_at: Millis,
    /// Where from; at most 255 characters.
    pub address: String,
    /// The browser's name for itself; at most 500 characters.
    pub agent: String,
    /// Why it ended, if it did.
    pub ended: Option<Ended>,
    /// When.
    pub ended_at: Option<Millis>,
}

/// Why a session ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ended {
    /// Its owner signed out.
    SignedOut,
    /// The account's password was changed.
    PasswordChanged,
    /// The account was deactivated.
    Deactivated,
    /// Its owner ended it from elsewhere.
    Revoked,
}

impl Ended {
    /// The name in the table.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::SignedOut => "signed_out",
            Self::PasswordChanged => "password_changed",
            Self::Deactivated => "deactivated",
            Self::Revoked => "revoked",
        }
    }
}

impl std::str::FromStr for Ended {
    type Err = ();
    fn from_str(text: &str) -> std::result::Result<Self, ()> {
        let all = [Self::SignedOut, Self::PasswordChanged, Self::Deactivated, Self::Revoked];
        all.into_iter().find(|ended| ended.as_str() == text).ok_or(())
    }
}

/// A session and the live account behind it: who acts. Whether it may is the caller's to judge, from `ended`,
/// the times, `active` and `must_change_password`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    /// The session.
    pub session: Session,
    /// The account's sign-in name.
    pub username: String,
    /// The name that people see.
    pub display_name: String,
    /// The account's role.
    pub role: Role,
    /// Whether the account is active.
    pub active: bool,
    /// Whether a new password comes first.
    pub must_change_password: bool,
    /// The account's capacity.
    pub capacity: i64,
    /// When the account was made.
    pub account_created_at: Millis,
}

macro_rules! columns {
    () => {
        "s.id, s.token_hash, s.account_id, s.created_at, s.last_seen_at, s.expires_at, s.address, s.agent, s.ended, s.ended_at"
    };
}

macro_rules! actors {
    () => {
        concat!(
            "SELECT ",
            columns!(),
            ", a.username, a.display_name, a.role, a.active, a.must_change_password, a.capacity, a.created_at \
             FROM sessions s JOIN accounts a ON a.id = s.account_id WHERE s.token_hash IN ({})"
        )
    };
}

fn read(row: &mut Row<'_>) -> Result<Session> {
    Ok(Session {
        id: row.parse()?,
        token: TokenHash::from(row.text()?),
        account: row.parse()?,
        created_at: row.int()?,
        last_seen_at: row.int()?,
        expires_at: row.int()?,
        address: row.text()?,
        agent: row.text()?,
        ended: row.maybe_parse()?,
        ended_at: row.maybe_int()?,
    })
}

fn read_actor(row: &mut Row<'_>) -> Result<Actor> {
    Ok(Actor {
        session: read(row)?,
        username: row.text()?,
        display_name: row.text()?,
        role: row.parse()?,
        active: row.flag()?,
        must_change_password: row.flag()?,
        capacity: row.int()?,
        account_created_at: row.int()?,
    })
}

/// Who acts with this token; session and account are locked in share mode until the commit, so that a deactivation
/// either came before and is seen, or waits.
pub async fn lock_actor(tx: &mut Tx, token: &TokenHash) -> Result<Option<Actor>> {
    Ok(lock_actors(tx, std::slice::from_ref(token)).await?.pop())
}

/// The same for a batch, in the order of the tokens' hashes. Tokens without a session or account are left out.
pub async fn lock_actors(tx: &mut Tx, tokens: &[TokenHash]) -> Result<Vec<Actor>> {
    actors(tx, tokens, tx.dialect().share()).await
}

/// As [`lock_actors`] without waiting: those whose session or account another transaction has locked are left out.
pub async fn try_lock_actors(tx: &mut Tx, tokens: &[TokenHash]) -> Result<Vec<Actor>> {
    actors(tx, tokens, tx.dialect().try_share()).await
}

/// The same without a lock: what a lease asks for all staff of a node.
pub async fn actors_of(tx: &mut Tx, tokens: &[TokenHash]) -> Result<Vec<Actor>> {
    actors(tx, tokens, "").await
}

async fn actors(tx: &mut Tx, tokens: &[TokenHash], lock: &str) -> Result<Vec<Actor>> {
    let mut found = Vec::with_capacity(tokens.len());
    for chunk in tokens.chunks(limits::KEYS) {
        let mut values: Vec<Value<'_>> = chunk.iter().map(Value::from).collect();
        let places = many::places(many::pad(&mut values, 1));
        let sql = format!(concat!(actors!(), " ORDER BY s.token_hash{}"), places, lock);
        found.extend(tx.list(AssertSqlSafe(sql), &values, read_actor).await?);
    }
    Ok(found)
}

/// The same without a lock and with the teams: what a lease asks for all staff of a node, in one statement.
pub async fn with_teams(tx: &mut Tx, tokens: &[TokenHash]) -> Result<Vec<(Actor, Vec<TeamId>)>> {
    let mut found: Vec<(Actor, Vec<TeamId>)> = Vec::with_capacity(tokens.len());
    for chunk in tokens.chunks(limits::KEYS) {
        let mut values: Vec<Value<'_>> = chunk.iter().map(Value::from).collect();
        let places = many::places(many::pad(&mut values, 1));
        let sql = format!(
            concat!(
                "SELECT ",
                columns!(),
                ", a.username, a.display_name, a.role, a.active, a.must_change_password, a.capacity, a.created_at, \
                 t.id FROM sessions s JOIN accounts a ON a.id = s.account_id \
                 LEFT JOIN team_members m ON m.account_id = a.id LEFT JOIN teams t ON t.id = m.team_id \
                 WHERE s.token_hash IN ({}) ORDER BY s.token_hash"
            ),
            places
        );
        let read = |row: &mut Row<'_>| Ok((read_actor(row)?, row.maybe_parse()?));
        for (actor, team) in tx.list(AssertSqlSafe(sql), &values, read).await? {
            match found.last_mut().filter(|(last, _)| last.session.id == actor.session.id) {
                Some((_, teams)) => teams.extend(team),
                None => found.push((actor, team.into_iter().collect())),
            }
        }
    }
    Ok(found)
}

/// Adds a session.
pub async fn insert(tx: &mut Tx, session: &Session) -> Result<()> {
    let sql = "INSERT INTO sessions (id, token_hash, account_id, created_at, last_seen_at, expires_at, address, agent, \
               ended, ended_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
    tx.exec(
        sql,
        args![
            &session.id,
            &session.token,
            &session.account,
            session.created_at,
            session.last_seen_at,
            session.expires_at,
            &session.address,
            &session.agent,
            session.ended.map(Ended::as_str),
            session.ended_at,
        ],
    )
    .await
    .map(drop)
}

/// An account's sessions that have not ended, by id; those past their time are among them until they are swept.
pub async fn of_account(tx: &mut Tx, account: &AccountId) -> Result<Vec<Session>> {
    let sql = concat!(
        "SELECT ",
        columns!(),
        " FROM sessions s WHERE s.account_id = ? AND s.ended IS NULL ORDER BY s.id LIMIT 200"
    );
    tx.list(sql, args![account], read).await
}

/// Ends one session of an account; answers whether it was there and had not ended.
pub async fn end(tx: &mut Tx, account: &AccountId, id: &SessionId, why: Ended, now: Millis) -> Result<bool> {
    let sql = "UPDATE sessions SET ended = ?, ended_at = ? WHERE id = ? AND account_id = ? AND ended IS NULL";
    Ok(tx.exec(sql, args![why.as_str(), now, id, account]).await? > 0)
}

/// Ends all sessions of an account, or all but one; answers how many.
pub async fn end_all(
    tx: &mut Tx,
    account: &AccountId,
    but: Option<&SessionId>,
    why: Ended,
    now: Millis,
) -> Result<u64> {
    let sql =
        "UPDATE sessions SET ended = ?, ended_at = ? WHERE account_id = ? AND id <> ? AND ended IS NULL";
    let but = but.map_or("", SessionId::as_str);
    tx.exec(sql, args![why.as_str(), now, account, but]).await
}

/// Notes that these sessions were used.
pub async fn touch(tx: &mut Tx, ids: &[SessionId], now: Millis) -> Result<()> {
    for chunk in ids.chunks(limits::KEYS) {
        let mut values: Vec<Value<'_>> = vec![now.into(), now.into()];
        let mut keys: Vec<Value<'_>> = chunk.iter().map(Value::from).collect();
        let places = many::places(many::pad(&mut keys, 1));
        values.extend(keys);
        let sql = format!("UPDATE sessions SET last_seen_at = ? WHERE last_seen_at < ? AND id IN ({places})");
        tx.exec(AssertSqlSafe(sql), &values).await?;
    }
    Ok(())
}

/// See [`dead`].
pub(crate) const DEAD: &str = "SELECT s.id FROM sessions s LEFT JOIN accounts a ON a.id = s.account_id \
    WHERE s.expires_at <= ? OR s.last_seen_at < ? OR s.ended_at < ? OR a.id IS NULL OR a.active <> 1 LIMIT ?";

/// Sessions that nobody can use again: past `expires_at` or unused since `idle_before`, ended before `ended_before`, or
/// of an account that is gone or inactive (so that reactivation revives none). At most `limit`.
pub async fn dead(
    tx: &mut Tx,
    now: Millis,
    idle_before: Millis,
    ended_before: Millis,
    limit: i64,
) -> Result<Vec<SessionId>> {
    tx.list(DEAD, args![now, idle_before, ended_before, limit], |row| row.parse()).await
}

/// Deletes what [`dead`] finds; answers how many.
pub async fn sweep(
    tx: &mut Tx,
    now: Millis,
    idle_before: Millis,
    ended_before: Millis,
    limit: i64,
) -> Result<usize> {
    let dead = dead(tx, now, idle_before, ended_before, limit).await?;
    for chunk in dead.chunks(limits::KEYS) {
        let mut values: Vec<Value<'_>> = chunk.iter().map(Value::from).collect();
        let places = many::places(many::pad(&mut values, 1));
        tx.exec(AssertSqlSafe(format!("DELETE FROM sessions WHERE id IN ({places})")), &values).await?;
    }
    Ok(dead.len())
}
