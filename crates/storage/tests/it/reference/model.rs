//! The reference: a map for each table, and each write as the few lines that it means.

use super::step::Write;
use std::collections::BTreeMap;
use switchboard_domain::automation::Automation;
use switchboard_domain::{
    Account, AccountId, Conversation, ConversationId, Entry, Millis, Presence, SessionId, TeamId, VisitorId,
};
use switchboard_storage::Unique;
use switchboard_storage::audit::Record;
use switchboard_storage::presence;
use switchboard_storage::read::{Position, Side};
use switchboard_storage::session::Session;
use switchboard_storage::team::Team;
use switchboard_storage::visitor::Visitor;

/// All tables.
#[derive(Debug, Clone, Default)]
pub struct Model {
    pub accounts: BTreeMap<AccountId, Account>,
    pub sessions: BTreeMap<SessionId, Session>,
    pub teams: BTreeMap<TeamId, Team>,
    pub members: BTreeMap<AccountId, Vec<TeamId>>,
    pub presence: BTreeMap<AccountId, presence::Status>,
    pub visitors: BTreeMap<VisitorId, Visitor>,
    pub conversations: BTreeMap<ConversationId, Conversation>,
    pub entries: BTreeMap<(ConversationId, i64), Entry>,
    pub positions: BTreeMap<(ConversationId, &'static str), Position>,
    pub automations: BTreeMap<String, Automation>,
    pub audit: BTreeMap<String, Record>,
    pub meta: BTreeMap<String, String>,
}

/// What a write answers, or every unique key that stands against it.
pub type Done = Result<String, Vec<Unique>>;

/// Adds rows of which none may meet another one.
fn insert<K: Ord + Clone, R: Clone>(
    table: &mut BTreeMap<K, R>,
    rows: &[(K, R)],
    unique: impl Fn(&R, &R) -> Option<Unique>,
) -> Done {
    let mut against = Vec::new();
    for (n, (key, row)) in rows.iter().enumerate() {
        let earlier = rows[..n].iter().map(|(key, row)| (key, row));
        for (other, stored) in table.iter().chain(earlier) {
            against.extend((other == key).then_some(Unique::Primary));
            against.extend(unique(stored, row));
        }
    }
    if against.is_empty() {
        table.extend(rows.iter().cloned());
        return Ok(String::new());
    }
    Err(against)
}

fn is<T: PartialEq>(a: &T, b: &T, key: Unique) -> Option<Unique> {
    (a == b).then_some(key)
}

impl Model {
    /// Carries out one write.
    pub fn write(&mut self, write: &Write) -> Done {
        match write {
            Write::Add(rows) => {
                let rows: Vec<_> = rows.iter().map(|c| (c.id.clone(), c.clone())).collect();
                insert(&mut self.conversations, &rows, |a, b| {
                    let both = a.start_key.is_some() && a.start_key == b.start_key && a.visitor == b.visitor;
                    both.then_some(Unique::StartKey)
                })
            }
            Write::Save(rows) => {
                self.conversations.extend(rows.iter().map(|c| (c.id.clone(), c.clone())));
                Ok(String::new())
            }
            Write::CompareAndSet(c, fence) => {
                let fits = self.conversations.get(&c.id).is_some_and(|stored| stored.fence == *fence);
                if fits {
                    self.conversations.insert(c.id.clone(), c.as_ref().clone());
                }
                Ok(fits.to_string())
            }
            Write::Rename(visitor, name, email) => {
                for c in self.conversations.values_mut().filter(|c| c.visitor == *visitor) {
                    (c.visitor_name, c.visitor_email) = (name.clone(), email.clone());
                }
                Ok(String::new())
            }
            Write::Append(entries) => {
                let rows: Vec<_> =
                    entries.iter().map(|e| ((e.conversation.clone(), e.seq), e.clone())).collect();
                insert(&mut self.entries, &rows, |a, b| {
                    let key = |e: &Entry| {
                        e.client.as_ref().map(|c| (e.conversation.clone(), c.sender.clone(), c.id.clone()))
                    };
                    (key(a).is_some() && key(a) == key(b)).then_some(Unique::ClientMessage)
                })
            }
            Write::Read(position) => {
                let key = (position.conversation.clone(), position.side.as_str());
                let forward = self.positions.get(&key).is_none_or(|stored| stored.seq < position.seq);
                if forward {
                    self.positions.insert(key, position.clone());
                }
                Ok(String::new())
            }
            Write::Account(..)
            | Write::Change(..)
            | Write::Delete(_)
            | Write::Team(_)
            | Write::SetTeams(..) => self.write_staff(write),
            Write::Session(..)
            | Write::End(..)
            | Write::EndAll(..)
            | Write::Touch(..)
            | Write::SweepSessions(..) => self.write_sessions(write),
            Write::Presence(..) | Write::Handed(..) | Write::SweepPresence => self.write_presence(write),
            Write::Visitor(visitor) => {
                insert(&mut self.visitors, &[(visitor.id.clone(), visitor.clone())], |a, b| {
                    is(&a.token, &b.token, Unique::VisitorToken)
                })
            }
            Write::ChangeVisitor(visitor) => {
                let Some(stored) = self.visitors.get_mut(&visitor.id) else { return Ok("false".into()) };
                let (token, created_at) = (stored.token.clone(), stored.created_at);
                *stored = Visitor { token, created_at, ..visitor.clone() };
                Ok("true".into())
            }
            Write::TouchVisitor(id, now) => {
                if let Some(visitor) = self.visitors.get_mut(id) {
                    visitor.last_seen_at = visitor.last_seen_at.max(*now);
                }
                Ok(String::new())
            }
            Write::Automation(automation) => {
                let stored = self.automations.get_mut(&automation.name);
                let new = stored.is_none();
                match stored {
                    None => drop(self.automations.insert(automation.name.clone(), automation.clone())),
                    Some(stored) => {
                        stored.title.clone_from(&automation.title);
                        stored.description.clone_from(&automation.description);
                    }
                }
                Ok(new.to_string())
            }
            Write::ChangeAutomation(name, change) => {
                let Some(stored) = self.automations.get_mut(*name) else { return Ok("false".into()) };
                stored.active = change.active.unwrap_or(stored.active);
                stored.public = change.public.unwrap_or(stored.public);
                stored.deadline_ms = change.deadline_ms.unwrap_or(stored.deadline_ms);
                Ok("true".into())
            }
            Write::Audit(record) => {
                insert(&mut self.audit, &[(record.id.clone(), record.clone())], |_, _| None)
            }
            Write::Meta(name, value) => {
                self.meta.insert((*name).into(), value.clone());
                Ok(String::new())
            }
        }
    }

    fn write_staff(&mut self, write: &Write) -> Done {
        match write {
            Write::Account(account) => {
                insert(&mut self.accounts, &[(account.id.clone(), account.clone())], |a, b| {
                    is(&a.username, &b.username, Unique::Username)
                })
            }
            Write::Change(id, change, now) => {
                let Some(stored) = self.accounts.get_mut(id) else { return Ok("false".into()) };
                let given = change.clone();
                stored.display_name = given.display_name.unwrap_or_else(|| stored.display_name.clone());
                stored.active = given.active.unwrap_or(stored.active);
                stored.capacity = given.capacity.unwrap_or(stored.capacity);
                if let Some((hash, must)) = given.password {
                    (stored.password_hash, stored.must_change_password) = (hash, must);
                }
                stored.updated_at = *now;
                Ok("true".into())
            }
            Write::Delete(id) => Ok(self.accounts.remove(id).is_some().to_string()),
            Write::Team(team) => insert(&mut self.teams, &[(team.id.clone(), team.clone())], |a, b| {
                is(&a.name, &b.name, Unique::TeamName)
            }),
            Write::SetTeams(account, teams) => {
                let mut teams = teams.clone();
                teams.sort();
                teams.dedup();
                self.members.insert(account.clone(), teams);
                Ok(String::new())
            }
            _ => unreachable!(),
        }
    }

    fn write_sessions(&mut self, write: &Write) -> Done {
        let live = |session: &Session| session.ended.is_none();
        match write {
            Write::Session(session) => {
                insert(&mut self.sessions, &[(session.id.clone(), session.clone())], |a, b| {
                    is(&a.token, &b.token, Unique::SessionToken)
                })
            }
            Write::End(account, id, why, now) => {
                let found = self.sessions.get_mut(id).filter(|s| live(s) && s.account == *account);
                let ended = found.map(|s| (s.ended, s.ended_at) = (Some(*why), Some(*now)));
                Ok(ended.is_some().to_string())
            }
            Write::EndAll(account, but, why, now) => {
                let all = self.sessions.values_mut();
                let ended = all
                    .filter(|s| live(s) && s.account == *account && Some(&s.id) != but.as_ref())
                    .map(|s| (s.ended, s.ended_at) = (Some(*why), Some(*now)));
                Ok(ended.count().to_string())
            }
            Write::Touch(id, now) => {
                if let Some(session) = self.sessions.get_mut(id) {
                    session.last_seen_at = session.last_seen_at.max(*now);
                }
                Ok(String::new())
            }
            Write::SweepSessions(times) => {
                let dead = self.dead(*times);
                self.sessions.retain(|id, _| !dead.contains(id));
                Ok(dead.len().to_string())
            }
            _ => unreachable!(),
        }
    }

    /// Sessions that nobody can use again.
    pub fn dead(&self, (now, idle_before, ended_before): (Millis, Millis, Millis)) -> Vec<SessionId> {
        let active = |id: &AccountId| self.accounts.get(id).is_some_and(|account| account.active);
        let dead = |s: &&Session| {
            s.expires_at <= now
                || s.last_seen_at < idle_before
                || s.ended_at.is_some_and(|at| at < ended_before)
                || !active(&s.account)
        };
        self.sessions.values().filter(dead).map(|s| s.id.clone()).collect()
    }

    fn write_presence(&mut self, write: &Write) -> Done {
        match write {
            Write::Presence(account, presence, now) => {
                let (account, presence) = (account.clone(), *presence);
                let row = presence::Status { account, presence, since: *now, idle_since: *now };
                self.presence.insert(row.account.clone(), row);
                Ok(String::new())
            }
            Write::Handed(account, now) => {
                if let Some(row) = self.presence.get_mut(account) {
                    row.idle_since = *now;
                }
                Ok(String::new())
            }
            Write::SweepPresence => {
                let astray = self.astray();
                self.presence.retain(|account, _| !astray.contains(account));
                Ok(astray.len().to_string())
            }
            _ => unreachable!(),
        }
    }

    /// Whose presence is to be forgotten.
    pub fn astray(&self) -> Vec<AccountId> {
        let there = |row: &&presence::Status| row.presence != Presence::Offline;
        let rows = self.presence.values().filter(there);
        rows.map(|row| row.account.clone()).filter(|account| !self.is_agent(account)).collect()
    }

    /// Whether this is an active agent.
    pub fn is_agent(&self, account: &AccountId) -> bool {
        self.accounts.get(account).is_some_and(|a| a.active && a.role == switchboard_domain::Role::Agent)
    }

    /// How far a side has read.
    pub fn position(&self, conversation: &ConversationId, side: Side) -> Option<&Position> {
        self.positions.get(&(conversation.clone(), side.as_str()))
    }
}
