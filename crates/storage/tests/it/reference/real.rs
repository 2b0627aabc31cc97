//! The same writes and questions, of a real database.

use super::ask::{Ask, order};
use super::step::Write;
use switchboard_domain::Conversation;
use switchboard_storage::conversation::{Change, Scope};
use switchboard_storage::{
    Error, Tx, account, audit, automation, conversation, entry, meta, presence, read, session, sweep, team,
    visitor,
};

type Result = std::result::Result<String, Error>;

fn done<T>(result: std::result::Result<T, Error>) -> Result {
    result.map(|_| String::new())
}

fn said<T: ToString>(result: std::result::Result<T, Error>) -> Result {
    result.map(|value| value.to_string())
}

pub async fn write(tx: &mut Tx, write: &Write) -> Result {
    match write {
        Write::Add(rows) => done(conversation::insert(tx, rows).await),
        Write::Save(rows) => {
            let ids: Vec<_> = rows.iter().map(|c| c.id.clone()).collect();
            let stored = conversation::lock_many(tx, &ids).await?;
            let of = |now: &Conversation| stored.iter().find(|was| was.id == now.id).cloned();
            let changes: Vec<Change> =
                rows.iter().filter_map(|now| Some(Change { was: of(now)?, now: now.clone() })).collect();
            assert_eq!(changes.len(), rows.len());
            done(conversation::save_many(tx, &changes).await)
        }
        Write::CompareAndSet(c, fence) => said(conversation::compare_and_set(tx, c, *fence).await),
        Write::Rename(visitor, name, email) => {
            done(conversation::rename_visitor(tx, visitor, name, email.as_deref()).await)
        }
        Write::Append(entries) => done(entry::insert(tx, entries).await),
        Write::Read(position) => done(read::save(tx, std::slice::from_ref(position)).await),
        Write::Account(account) => done(account::insert(tx, account).await),
        Write::Change(id, change, now) => said(account::update(tx, id, change, *now).await),
        Write::Delete(id) => said(account::delete(tx, id).await),
        Write::Team(team) => done(team::insert(tx, team).await),
        Write::SetTeams(account, teams) => done(team::set_of_account(tx, account, teams).await),
        Write::Session(session) => done(session::insert(tx, session).await),
        Write::End(account, id, why, now) => said(session::end(tx, account, id, *why, *now).await),
        Write::EndAll(account, but, why, now) => {
            said(session::end_all(tx, account, but.as_ref(), *why, *now).await)
        }
        Write::Touch(id, now) => done(session::touch(tx, std::slice::from_ref(id), *now).await),
        Write::SweepSessions((now, idle, ended)) => {
            said(session::sweep(tx, *now, *idle, *ended, 1_000).await)
        }
        Write::Presence(account, presence, now) => done(presence::set(tx, account, *presence, *now).await),
        Write::Handed(account, now) => done(presence::handed(tx, account, *now).await),
        Write::SweepPresence => said(presence::sweep(tx, 1_000).await),
        Write::Visitor(visitor) => done(visitor::insert(tx, visitor).await),
        Write::ChangeVisitor(visitor) => said(visitor::update(tx, visitor).await),
        Write::TouchVisitor(id, now) => done(visitor::touch(tx, std::slice::from_ref(id), *now).await),
        Write::Automation(automation) => said(automation::seen(tx, automation).await),
        Write::ChangeAutomation(name, change) => said(automation::update(tx, name, *change).await),
        Write::Audit(record) => done(audit::insert(tx, record).await),
        Write::Meta(name, value) => done(meta::set(tx, name, value).await),
    }
}

/// Rows in the order in which they came.
fn rows<T: std::fmt::Debug>(rows: impl IntoIterator<Item = T>) -> Vec<String> {
    rows.into_iter().map(|row| format!("{row:?}")).collect()
}

pub async fn ask(tx: &mut Tx, ask: &Ask) -> std::result::Result<Vec<String>, Error> {
    let answer = match ask {
        Ask::Conversations(ids) => rows(conversation::get_many(tx, ids).await?),
        Ask::Locked(ids) => rows(conversation::lock_many(tx, ids).await?),
        Ask::Heads(ids) => rows(conversation::heads(tx, ids).await?),
        Ask::Summaries(ids, side) => rows(conversation::summaries(tx, ids, *side).await?),
        Ask::OfVisitor(visitor, after, limit) => {
            rows(conversation::of_visitor(tx, visitor, after.as_ref(), *limit).await?)
        }
        Ask::ByStartKey(visitor, key) => rows(conversation::by_start_key(tx, visitor, key).await?),
        Ask::OpenOfVisitor(visitor) => rows([conversation::open_of_visitor(tx, visitor).await?]),
        Ask::Due(now, limit) => rows(conversation::due(tx, *now, *limit).await?),
        Ask::NextDue(now) => rows([conversation::next_due(tx, *now).await?]),
        Ask::Load(agent, now) => rows([conversation::room_taken(tx, agent, *now).await?]),
        Ask::Loads => rows(conversation::loads(tx).await?),
        Ask::OwnedByAgent(agent, limit) => rows(conversation::owned_by_agent(tx, agent, *limit).await?),
        Ask::OwnedByAutomation(name, limit) => {
            rows(conversation::owned_by_automation(tx, name, *limit).await?)
        }
        Ask::Orphans => rows(conversation::orphans(tx, 1_000).await?),
        Ask::Waiting(team, limit) => rows(conversation::waiting(tx, team.as_ref(), *limit).await?),
        Ask::Queues => rows(conversation::queues(tx).await?),
        Ask::Place(id, most) => match conversation::get(tx, id).await? {
            Some(c) => rows([conversation::queue_position(tx, &c, *most).await?]),
            None => vec![],
        },
        Ask::View { agent, teams, view, status, prefix, after, limit } => {
            let scope = Scope { agent, teams, view: *view, status: *status };
            rows(match prefix {
                Some(prefix) => conversation::search(tx, scope, prefix, after.as_ref(), *limit).await?,
                None => conversation::view(tx, scope, after.as_ref(), *limit).await?,
            })
        }
        Ask::At(id, seq) => rows(entry::at(tx, id, *seq).await?),
        Ask::After(id, seq, reader, limit) => rows(entry::after(tx, id, *seq, *reader, *limit).await?),
        Ask::Before(id, seq, reader, limit) => rows(entry::before(tx, id, *seq, *reader, *limit).await?),
        Ask::InboundAfter(id, seq) => rows([entry::inbound_after(tx, id, *seq).await?]),
        Ask::Spans(spans, reader, limit) => rows(entry::spans(tx, spans, *reader, *limit).await?),
        Ask::ByClient(keys) => rows(entry::by_client(tx, keys).await?),
        Ask::Position(id, side) => rows(read::get(tx, id, *side).await?),
        Ask::Accounts(ids) => rows(account::share(tx, ids).await?),
        Ask::ByUsername(name) => rows(account::by_username(tx, name).await?),
        Ask::AccountsOf(role, after, limit) => rows(account::list(tx, *role, *after, *limit).await?),
        Ask::Count(role) => rows([account::count(tx, *role).await?]),
        Ask::Teams(after, limit) => rows(team::list(tx, *after, *limit).await?),
        Ask::TeamsOf(accounts) => rows(team::of_accounts(tx, accounts).await?),
        Ask::Members => rows(team::members(tx).await?),
        Ask::Actors(tokens) => {
            let locked = session::lock_actors(tx, tokens).await?;
            assert_eq!(session::actors_of(tx, tokens).await?, locked);
            rows(locked)
        }
        Ask::WithTeams(tokens) => {
            let found = session::with_teams(tx, tokens).await?;
            rows(found.into_iter().map(|(actor, mut teams)| {
                teams.sort();
                (actor, teams)
            }))
        }
        Ask::SessionsOf(account) => rows(session::of_account(tx, account).await?),
        Ask::Dead((now, idle, ended)) => rows(session::dead(tx, *now, *idle, *ended, 1_000).await?),
        Ask::Visitors(tokens) => rows(visitor::lock_many(tx, tokens).await?),
        Ask::Present => rows(presence::present(tx).await?),
        Ask::AnyoneOnline(team) => rows([presence::anyone_online(tx, team.as_ref()).await?]),
        Ask::Astray => rows(presence::astray(tx, 1_000).await?),
        Ask::Unattended(now, idle) => rows(presence::unattended(tx, *now, *idle, 1_000).await?),
        Ask::Litter(times) => rows([sweep::look(tx, *times).await?]),
        Ask::Automations(after, limit) => rows(automation::list(tx, *after, *limit).await?),
        Ask::Audit(scope, before, limit) => rows(audit::list(tx, *scope, before.as_deref(), *limit).await?),
        Ask::Meta(name) => rows(meta::get(tx, name).await?),
    };
    Ok(order(ask, answer))
}
