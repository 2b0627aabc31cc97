//! The reference's answers: each one filter over a map.

use super::ask::{Ask, order};
use super::model::Model;
use std::collections::BTreeMap;
use std::fmt::Debug;
use switchboard_domain::assignment::Waiting;
use switchboard_domain::skill::needs;
use switchboard_domain::team::DEFAULT_SILENT_S;
use switchboard_domain::{
    AccountId, AuthorKind, Conversation, ConversationId, Entry, EntryKind, Millis, Owner, Presence, Status,
    TeamId, TokenHash,
};
use switchboard_storage::After;
use switchboard_storage::audit::Scope as Shown;
use switchboard_storage::conversation::{Head, Queue, Summary, View};
use switchboard_storage::entry::Reader;
use switchboard_storage::read::Side;
use switchboard_storage::session::Actor;
use switchboard_storage::sweep::{Litter, Seen, Times};

fn rows<T: Debug>(rows: impl IntoIterator<Item = T>) -> Vec<String> {
    rows.into_iter().map(|row| format!("{row:?}")).collect()
}

fn first<T>(limit: i64, rows: impl IntoIterator<Item = T>) -> Vec<T> {
    rows.into_iter().take(usize::try_from(limit).unwrap()).collect()
}

fn sorted<T, K: Ord>(rows: impl IntoIterator<Item = T>, key: impl Fn(&T) -> K) -> Vec<T> {
    let mut rows: Vec<T> = rows.into_iter().collect();
    rows.sort_by_key(key);
    rows
}

fn counts<K: Ord>(keys: impl IntoIterator<Item = K>) -> BTreeMap<K, i64> {
    keys.into_iter().fold(BTreeMap::new(), |mut counts, key| {
        *counts.entry(key).or_default() += 1;
        counts
    })
}

fn sees(reader: Reader, entry: &Entry) -> bool {
    reader == Reader::Staff || entry.public
}

fn open(c: &&Conversation) -> bool {
    c.status == Status::Open
}

impl Model {
    fn all(&self) -> impl DoubleEndedIterator<Item = &Conversation> {
        self.conversations.values()
    }

    fn some<'a>(&'a self, ids: &'a [ConversationId]) -> impl Iterator<Item = &'a Conversation> {
        self.all().filter(|c| ids.contains(&c.id))
    }

    fn summary(&self, c: &Conversation, side: Side) -> Summary {
        let read = self.position(&c.id, side);
        let (read_seq, read_inbound) = read.map_or((0, 0), |read| (read.seq, read.inbound));
        Summary { conversation: c.clone(), read_seq, read_inbound }
    }

    /// A page by activity, newest first.
    fn page<'a>(
        &self,
        all: impl Iterator<Item = &'a Conversation>,
        after: Option<&After>,
        limit: i64,
        side: Side,
    ) -> Vec<Summary> {
        let behind = |c: &&Conversation| after.is_none_or(|a| (c.updated_at, &c.id) < (a.updated_at, &a.id));
        let page = sorted(all.filter(behind), |c| std::cmp::Reverse((c.updated_at, c.id.clone())));
        first(limit, page.into_iter().map(|c| self.summary(c, side)))
    }

    fn waiting(&self, team: Option<&TeamId>) -> Vec<&Conversation> {
        let queue = self.all().filter(open).filter(|c| c.owner == Owner::Queue && c.team.as_ref() == team);
        sorted(queue, |c| (-c.priority, c.queued_at, c.id.clone()))
    }

    fn log<'a>(&'a self, id: &'a ConversationId) -> impl DoubleEndedIterator<Item = &'a Entry> {
        self.entries.values().filter(move |entry| entry.conversation == *id)
    }

    fn actors(&self, tokens: &[TokenHash]) -> Vec<Actor> {
        let found = self.sessions.values().filter(|session| tokens.contains(&session.token));
        let actors = found.filter_map(|session| {
            let account = self.accounts.get(&session.account)?.clone();
            Some(Actor {
                session: session.clone(),
                username: account.username,
                display_name: account.display_name,
                role: account.role,
                active: account.active,
                must_change_password: account.must_change_password,
                capacity: account.capacity,
                account_created_at: account.created_at,
            })
        });
        sorted(actors, |actor| actor.session.token.clone())
    }

    fn teams_of(&self, account: &AccountId) -> Vec<TeamId> {
        let teams = self.members.get(account).into_iter().flatten();
        teams.filter(|team| self.teams.contains_key(*team)).cloned().collect()
    }

    fn orphans(&self) -> impl Iterator<Item = &Conversation> {
        self.all().filter(|c| c.status != Status::Resolved).filter(|c| match &c.owner {
            Owner::Agent { id, .. } => !self.is_agent(id),
            Owner::Automation { id, .. } => !self.automations.get(id).is_some_and(|found| found.active),
            Owner::Queue | Owner::None => false,
        })
    }

    fn unattended(&self, now: Millis, idle_before: Millis) -> Vec<AccountId> {
        let there = self.presence.values().filter(|row| row.presence != Presence::Offline);
        let good = |account: &&AccountId| {
            self.sessions.values().any(|s| {
                s.account == **account
                    && s.ended.is_none()
                    && s.expires_at > now
                    && s.last_seen_at >= idle_before
            })
        };
        there.map(|row| &row.account).filter(|account| !good(account)).cloned().collect()
    }

    /// What the database must answer.
    pub fn answer(&self, ask: &Ask) -> Vec<String> {
        let answer = match ask {
            Ask::Conversations(ids) | Ask::Locked(ids) => rows(self.some(ids)),
            Ask::Heads(ids) => rows(self.some(ids).map(|c| Head {
                conversation: c.id.clone(),
                head: c.head,
                head_id: c.head_id.clone(),
                public_head: c.public_head,
                public_head_id: c.public_head_id.clone(),
                fence: c.fence,
            })),
            Ask::Summaries(ids, side) => rows(self.some(ids).map(|c| self.summary(c, *side))),
            Ask::OfVisitor(visitor, after, limit) => {
                let own = self.all().filter(|c| c.visitor == *visitor);
                rows(self.page(own, after.as_ref(), *limit, Side::Visitor))
            }
            Ask::ByStartKey(visitor, key) => {
                rows(self.all().filter(|c| c.visitor == *visitor && c.start_key.as_ref() == Some(key)))
            }
            Ask::OpenOfVisitor(visitor) => {
                let own = self.all().filter(|c| c.visitor == *visitor && c.status != Status::Resolved);
                rows([own.count()])
            }
            Ask::Due(now, limit) => {
                let due = self.all().filter(|c| c.due_at.is_some_and(|due| due <= *now));
                rows(first(*limit, sorted(due, |c| (c.due_at, c.id.clone()))))
            }
            Ask::NextDue(now) => rows([self.all().filter_map(|c| c.due_at).filter(|due| due > now).min()]),
            Ask::Load(agent, now) => {
                let loud = |c: &&Conversation| {
                    c.waiting_since.is_some() || c.updated_at + DEFAULT_SILENT_S * 1_000 > *now
                };
                rows([self.all().filter(open).filter(|c| c.owner.is_agent(agent)).filter(loud).count()])
            }
            Ask::Loads => rows(counts(
                self.all()
                    .filter(open)
                    .filter(|c| c.owner.kind() == "agent")
                    .filter_map(|c| c.owner.id().map(|id| id.parse::<AccountId>().unwrap())),
            )),
            Ask::OwnedByAgent(agent, limit) => {
                let owned = self.all().filter(|c| c.status != Status::Resolved && c.owner.is_agent(agent));
                rows(first(*limit, owned))
            }
            Ask::OwnedByAutomation(name, limit) => {
                let owned =
                    self.all().filter(|c| c.status != Status::Resolved && c.owner.is_automation(name));
                rows(first(*limit, owned))
            }
            Ask::Orphans => rows(self.orphans()),
            Ask::Waiting(team, limit) => {
                rows(first(*limit, self.waiting(team.as_ref())).into_iter().map(|c| Waiting {
                    conversation: c.id.clone(),
                    fence: c.fence,
                    team: c.team.clone(),
                    helper: None,
                    needs: needs(self.visitors.get(&c.visitor).and_then(|v| v.locale.as_deref()), &c.tags),
                    widened: false,
                    priority: c.priority,
                    queued_at: c.queued_at.unwrap_or_default(),
                    missed_by: c.missed_by.clone(),
                    known: None,
                }))
            }
            Ask::Queues => {
                let queued = || self.all().filter(open).filter(|c| c.owner == Owner::Queue);
                let since = |team: &Option<TeamId>| {
                    queued().filter(|c| c.team == *team).filter_map(|c| c.queued_at).min().unwrap_or_default()
                };
                let waiting = counts(queued().map(|c| c.team.clone()));
                rows(waiting.into_iter().map(|(team, waiting)| {
                    let since = since(&team);
                    (team, Queue { waiting, since })
                }))
            }
            Ask::Place(id, most) => rows(self.conversations.get(id).map(|c| {
                let queued = c.queued_at.unwrap_or(Millis::MAX);
                let before = |o: &&&Conversation| {
                    o.queued_at.is_some_and(|at| (-o.priority, at, &o.id) < (-c.priority, queued, &c.id))
                        || o.priority > c.priority
                };
                let ahead = self.waiting(c.team.as_ref()).iter().filter(before).count();
                (i64::try_from(ahead).unwrap() + 1).min((*most).max(1))
            })),
            Ask::View { agent, teams, view, status, prefix, after, limit } => {
                let inside = self.all().filter(|c| c.status == *status).filter(|c| match view {
                    View::Mine => c.owner.is_agent(agent),
                    View::Queue => {
                        c.owner == Owner::Queue && c.team.as_ref().is_none_or(|t| teams.contains(t))
                    }
                    View::All => c.is_visible_to(agent, teams),
                });
                let found = inside.filter(|c| {
                    let Some(prefix) = prefix else { return true };
                    let begins = |text: &str| text.to_lowercase().starts_with(&prefix.to_lowercase());
                    begins(&c.visitor_name)
                        || c.visitor_email.as_deref().is_some_and(begins)
                        || c.id.as_str().starts_with(prefix.as_str())
                });
                rows(self.page(found, after.as_ref(), *limit, Side::Staff))
            }
            _ => self.answer_rest(ask),
        };
        order(ask, answer)
    }

    fn answer_rest(&self, ask: &Ask) -> Vec<String> {
        match ask {
            Ask::At(id, seq) => rows(self.log(id).filter(|entry| entry.seq == *seq)),
            Ask::After(id, seq, reader, limit) => {
                rows(first(*limit, self.log(id).filter(|entry| entry.seq > *seq && sees(*reader, entry))))
            }
            Ask::Before(id, seq, reader, limit) => {
                let earlier = self.log(id).filter(|entry| entry.seq < *seq && sees(*reader, entry));
                rows(first(*limit, earlier.rev()).into_iter().rev())
            }
            Ask::InboundAfter(id, seq) => {
                let inbound = self.log(id).filter(|entry| entry.author.kind == AuthorKind::Visitor);
                rows([inbound.filter(|entry| entry.kind == EntryKind::Message && entry.seq > *seq).count()])
            }
            Ask::Spans(spans, reader, limit) => {
                let wanted = |entry: &&Entry| {
                    spans.iter().any(|span| {
                        span.conversation == entry.conversation
                            && (span.after + 1..=span.upto).contains(&entry.seq)
                    })
                };
                rows(first(*limit, self.entries.values().filter(wanted).filter(|entry| sees(*reader, entry))))
            }
            Ask::ByClient(keys) => rows(self.entries.values().filter(|entry| {
                entry.client.as_ref().is_some_and(|client| {
                    keys.iter().any(|key| {
                        key.conversation == entry.conversation
                            && key.sender == client.sender
                            && key.id == client.id
                    })
                })
            })),
            Ask::Position(id, side) => rows(self.position(id, *side)),
            Ask::Accounts(ids) => rows(self.accounts.values().filter(|account| ids.contains(&account.id))),
            Ask::ByUsername(name) => rows(self.accounts.values().filter(|account| account.username == *name)),
            Ask::AccountsOf(role, after, limit) => {
                let after = after.unwrap_or_default();
                // What cannot be a username is the place of nobody.
                if !after.bytes().all(|b| b.is_ascii_graphic()) {
                    return vec![];
                }
                let of_role =
                    self.accounts.values().filter(|a| a.role == *role && a.username.as_str() > after);
                rows(first(*limit, sorted(of_role, |account| account.username.clone())))
            }
            Ask::Count(role) => {
                rows([self.accounts.values().filter(|account| account.role == *role).count()])
            }
            Ask::Teams(after, limit) => {
                let teams = self.teams.values().filter(|team| team.name.as_str() > after.unwrap_or_default());
                rows(first(*limit, sorted(teams, |team| team.name.clone())))
            }
            Ask::TeamsOf(accounts) => {
                let teams = accounts.iter().map(|account| (account, self.teams_of(account)));
                rows(teams.filter(|(_, teams)| !teams.is_empty()))
            }
            Ask::Members => {
                let agents = self.members.iter().filter(|(account, _)| self.is_agent(account));
                rows(counts(agents.flat_map(|(_, teams)| teams)))
            }
            Ask::Actors(tokens) => rows(self.actors(tokens)),
            Ask::WithTeams(tokens) => {
                let actors = self.actors(tokens).into_iter();
                rows(actors.map(|actor| {
                    let teams = self.teams_of(&actor.session.account);
                    (actor, teams)
                }))
            }
            Ask::SessionsOf(account) => {
                rows(self.sessions.values().filter(|s| s.account == *account && s.ended.is_none()))
            }
            Ask::Dead(times) => rows(self.dead(*times)),
            Ask::Visitors(tokens) => rows(self.visitors.values().filter(|v| tokens.contains(&v.token))),
            Ask::Present => {
                let there = self.presence.values().filter(|row| row.presence != Presence::Offline);
                rows(there.filter(|row| self.is_agent(&row.account)))
            }
            Ask::AnyoneOnline(team) => {
                let online = self.presence.values().filter(|row| row.presence == Presence::Online);
                let member = |account: &AccountId| {
                    team.as_ref().is_none_or(|team| {
                        self.members.get(account).is_some_and(|teams| teams.contains(team))
                    })
                };
                rows([online.map(|row| &row.account).any(|a| self.is_agent(a) && member(a))])
            }
            Ask::Astray => rows(self.astray()),
            Ask::Unattended(now, idle) => rows(self.unattended(*now, *idle)),
            Ask::Litter(times) => {
                let Times { now, idle_before, keep } = *times;
                let litter = Litter {
                    conversations: self.orphans().next().is_some(),
                    sessions: !self.dead((now - keep, idle_before - keep, now - keep)).is_empty(),
                    presence: !self.astray().is_empty(),
                    agents: !self.unattended(now, idle_before).is_empty(),
                    teams: self.all().any(|c| {
                        c.status != Status::Resolved
                            && c.team.as_ref().is_some_and(|id| !self.teams.contains_key(id))
                    }),
                    bans: false,
                    files: false,
                };
                rows([Seen { litter, settings: None, mails: false }])
            }
            Ask::Automations(after, limit) => {
                let after = after.unwrap_or_default();
                rows(first(*limit, self.automations.values().filter(|a| a.name.as_str() > after)))
            }
            Ask::Audit(scope, before, limit) => {
                let shown = self.audit.values().rev().filter(|record| {
                    *scope == Shown::All
                        || (record.actor_role != "super_admin"
                            && !["super_admin", "admin"].contains(&record.target_kind.as_str()))
                });
                let earlier = shown.filter(|record| before.as_ref().is_none_or(|before| record.id < *before));
                rows(first(*limit, earlier))
            }
            Ask::Meta(name) => rows(self.meta.get(*name)),
            _ => unreachable!("answered before"),
        }
    }
}
