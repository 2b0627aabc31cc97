//! What is written at random.

use super::model::Model;
use super::names;
use crate::fixture::NOW;
use proptest::prelude::*;
use switchboard_domain::automation::Automation;
use switchboard_domain::entry::Client;
use switchboard_domain::{
    Account, AccountId, Author, Conversation, Entry, EntryKind, Millis, Presence, Role, SessionId, TeamId,
    VisitorId,
};
use switchboard_storage::audit::Record;
use switchboard_storage::read::{Position, Side};
use switchboard_storage::session::{Ended, Session};
use switchboard_storage::team::Team;
use switchboard_storage::visitor::Visitor;
use switchboard_storage::{account, automation};

/// Some writes as one transaction, and how it ends.
#[derive(Debug, Clone)]
pub struct Step {
    pub writes: Vec<Write>,
    /// Whether it also writes what meets a unique key, which ends it.
    pub bold: bool,
    pub end: End,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    Commit,
    Rollback,
    /// As when the process is killed.
    Drop,
}

#[derive(Debug, Clone)]
pub enum Write {
    Add(Vec<Conversation>),
    Save(Vec<Conversation>),
    CompareAndSet(Box<Conversation>, i64),
    Rename(VisitorId, String, Option<String>),
    Append(Vec<Entry>),
    Read(Position),
    Account(Account),
    Change(AccountId, account::Change, Millis),
    Delete(AccountId),
    Team(Team),
    SetTeams(AccountId, Vec<TeamId>),
    Session(Session),
    End(AccountId, SessionId, Ended, Millis),
    EndAll(AccountId, Option<SessionId>, Ended, Millis),
    Touch(SessionId, Millis),
    /// Now, idle before, ended before.
    SweepSessions((Millis, Millis, Millis)),
    Presence(AccountId, Presence, Millis),
    Handed(AccountId, Millis),
    SweepPresence,
    Visitor(Visitor),
    ChangeVisitor(Visitor),
    TouchVisitor(VisitorId, Millis),
    Automation(Automation),
    ChangeAutomation(&'static str, automation::Change),
    Audit(Record),
    Meta(&'static str, String),
}

impl Write {
    /// Makes it fit what is stored, as the database manager does that has loaded and locked the rows first. Now and
    /// then entries keep a number that is taken.
    pub fn fit(&mut self, model: &Model) {
        let keep = |c: &mut Conversation| {
            let stored = model.conversations.get(&c.id);
            if let Some(stored) = stored {
                c.visitor.clone_from(&stored.visitor);
                c.start_key.clone_from(&stored.start_key);
                (c.channel, c.created_at) = (stored.channel.clone(), stored.created_at);
            }
            stored.is_some()
        };
        match self {
            Self::Save(rows) => {
                rows.sort_by(|a, b| a.id.cmp(&b.id));
                rows.dedup_by(|a, b| a.id == b.id);
                rows.retain_mut(keep);
            }
            Self::CompareAndSet(c, _) => drop(keep(c)),
            Self::Append(entries) => {
                for n in 0..entries.len() {
                    let id = entries[n].conversation.clone();
                    let stored = model.entries.range((id.clone(), 0)..=(id.clone(), i64::MAX)).count();
                    let earlier = entries[..n].iter().filter(|entry| entry.conversation == id).count();
                    let next = i64::try_from(stored + earlier).unwrap() + 1;
                    let entry = &mut entries[n];
                    // A seq of 0 is the next one; another is a step back onto a number that may be taken.
                    entry.seq = (next - entry.seq).max(1);
                    entry.id = names::entry_id(entry.seq);
                }
            }
            _ => {}
        }
    }
}

fn a_conversation() -> impl Strategy<Value = Conversation> {
    let who = (names::conversation(), names::visitor(), names::name(), prop::option::of(names::name()));
    let state = (names::status(), names::owner(), prop::option::of(names::team()), 0i64..3);
    let numbers = (0i64..4, 0i64..4, -1i64..2, prop::option::of(names::client()));
    let times =
        (names::time(), prop::option::of(names::time()), prop::option::of(names::time()), names::time());
    (who, state, numbers, times).prop_map(|(who, state, numbers, times)| {
        let mut c = Conversation::new(who.0, who.1, who.2, NOW);
        c.visitor_email = who.3.map(|name| format!("{}@example.org", name.replace(' ', "")));
        (c.status, c.owner, c.team, c.fence) = state;
        (c.head, c.inbound, c.priority, c.start_key) = numbers;
        (c.updated_at, c.due_at, c.queued_at, c.created_at) = times;
        c.missed_by = Some("noah".parse().unwrap()).filter(|_| c.head == 1);
        c.head_id = Some(names::entry_id(c.head)).filter(|_| c.head > 0);
        c.tags = (0..c.inbound).map(|n| format!("tag {n} \"🏷\"")).collect();
        c.snoozed_until = c.due_at.filter(|_| c.inbound == 2);
        c.preview = format!("{} \\ % _ 🦀", c.head);
        c
    })
}

fn an_entry() -> impl Strategy<Value = Entry> {
    let author = prop_oneof![
        names::visitor().prop_map(|id| Author::visitor(id, "Noor")),
        names::account().prop_map(|id| Author::agent(id, "Maya")),
        names::automation().prop_map(|name| Author::automation(name, "Mat")),
        Just(Author::system()),
    ];
    let kind = prop::sample::select(&[EntryKind::Message, EntryKind::Note, EntryKind::Event][..]);
    let back = prop_oneof![12 => Just(0i64), 1 => 1i64..3];
    let text = prop_oneof![names::name(), "\\PC{0,40}"];
    (names::conversation(), author, kind, back, prop::option::of(names::client()), text, names::time())
        .prop_map(|(conversation, author, kind, seq, client, text, at)| Entry {
            conversation,
            seq,
            id: names::entry_id(0),
            at,
            kind,
            public: kind != EntryKind::Note,
            public_before: 0,
            client: client.map(|id| Client { sender: author.sender(), id, body_hash: "f".repeat(64) }),
            author,
            body: serde_json::json!({ "text": text }).to_string(),
        })
}

fn an_account() -> impl Strategy<Value = Account> {
    let role = prop::sample::select(&[Role::Agent, Role::Agent, Role::Admin, Role::SuperAdmin][..]);
    let username = prop::sample::select(&["maya", "maya.", "noah", "zoe"][..]);
    (names::account(), username, names::name(), role, prop::bool::weighted(0.8), 0i64..3, names::time())
        .prop_map(|(id, username, display_name, role, active, capacity, at)| Account {
            id,
            username: username.into(),
            display_name,
            role,
            active,
            must_change_password: capacity == 0,
            password_hash: "$argon2id$x".into(),
            capacity,
            created_at: at,
            updated_at: at,
        })
}

fn session_id() -> impl Strategy<Value = SessionId> {
    (0u8..5).prop_map(|n| format!("s{n}").parse().unwrap())
}

fn ended() -> impl Strategy<Value = Ended> {
    prop::sample::select(&[Ended::SignedOut, Ended::Deactivated, Ended::Revoked, Ended::PasswordChanged][..])
}

fn a_session() -> impl Strategy<Value = Session> {
    let times = (names::time(), names::time(), names::time());
    (session_id(), names::token(), names::account(), times, names::name()).prop_map(
        |(id, token, account, (created_at, last_seen_at, expires_at), agent)| Session {
            id,
            token,
            account,
            created_at,
            last_seen_at,
            expires_at,
            address: "127.0.0.1".into(),
            agent,
            ended: None,
            ended_at: None,
        },
    )
}

fn a_visitor() -> impl Strategy<Value = Visitor> {
    let given = (prop::option::of(names::name()), any::<bool>(), prop::option::of(Just("nl".to_owned())));
    (names::visitor(), names::token(), given, names::time(), names::time()).prop_map(
        |(id, token, (name, verified, locale), created_at, last_seen_at)| Visitor {
            id,
            token,
            email: name.as_ref().map(|name| format!("{name}@x")),
            name,
            page: locale.clone(),
            inbox: None,
            locale,
            verified,
            created_at,
            last_seen_at,
            banned_until: None,
        },
    )
}

fn an_automation() -> impl Strategy<Value = Automation> {
    (names::automation(), names::name(), any::<bool>(), any::<bool>(), names::time()).prop_map(
        |(name, title, active, public, created_at)| Automation {
            name: name.into(),
            description: format!("{title}'s"),
            title,
            active,
            public,
            deadline_ms: 5_000,
            last_error: None,
            last_error_at: None,
            created_at,
        },
    )
}

fn a_record() -> impl Strategy<Value = Record> {
    let role = || prop::sample::select(&["super_admin", "admin", "agent", "system"][..]);
    (0u8..9, names::account(), names::name(), role(), role(), names::time()).prop_map(
        |(n, actor, actor_name, actor_role, target_kind, at)| Record {
            id: format!("r{n}"),
            at,
            actor_id: Some(actor.to_string()).filter(|_| actor_role != "system"),
            actor_name,
            actor_role: actor_role.into(),
            action: "account.changed".into(),
            target_kind: target_kind.into(),
            target_id: None,
            target_name: "x".into(),
            detail: "{}".into(),
            address: None,
        },
    )
}

fn a_change() -> impl Strategy<Value = account::Change> {
    let password = prop::option::of(any::<bool>());
    (prop::option::of(names::name()), prop::option::of(any::<bool>()), password, prop::option::of(0i64..3))
        .prop_map(|(display_name, active, password, capacity)| account::Change {
            display_name,
            active,
            password: password.map(|must| ("$argon2id$y".into(), must)),
            capacity,
        })
}

/// Now, idle before, ended before.
pub fn times() -> impl Strategy<Value = (Millis, Millis, Millis)> {
    (names::time(), names::time(), names::time())
}

fn about_conversations() -> impl Strategy<Value = Write> {
    let side = prop::sample::select(&[Side::Staff, Side::Visitor][..]);
    prop_oneof![
        4 => prop::collection::vec(a_conversation(), 1..4).prop_map(Write::Add),
        4 => prop::collection::vec(a_conversation(), 1..5).prop_map(Write::Save),
        2 => (a_conversation(), 0i64..3).prop_map(|(c, fence)| Write::CompareAndSet(Box::new(c), fence)),
        1 => (names::visitor(), names::name(), prop::option::of(names::name()))
            .prop_map(|(visitor, name, email)| Write::Rename(visitor, name, email)),
        5 => prop::collection::vec(an_entry(), 1..7).prop_map(Write::Append),
        // Of two conversations, so that positions meet.
        4 => (prop::sample::select(&["c", "C"][..]), side, 0i64..3, 0i64..4, names::time()).prop_map(
            |(id, side, seq, inbound, at)| {
                Write::Read(Position { conversation: id.parse().unwrap(), side, seq, inbound, at })
            }),
    ]
}

fn about_people() -> impl Strategy<Value = Write> {
    let presence = prop::sample::select(&[Presence::Online, Presence::Away, Presence::Offline][..]);
    let team_names = prop::sample::select(&["Sales", "sales", "Ørsted"][..]);
    prop_oneof![
        3 => an_account().prop_map(Write::Account),
        2 => (names::account(), a_change(), names::time()).prop_map(|(id, change, now)| Write::Change(id, change, now)),
        1 => names::account().prop_map(Write::Delete),
        2 => (names::team(), team_names, names::time())
            .prop_map(|(id, name, created_at)| Write::Team(Team { id, name: name.into(), answer_s: 60, created_at })),
        2 => (names::account(), prop::collection::vec(names::team(), 0..3)).prop_map(|(a, t)| Write::SetTeams(a, t)),
        3 => a_session().prop_map(Write::Session),
        1 => (names::account(), session_id(), ended(), names::time()).prop_map(|(a, s, e, t)| Write::End(a, s, e, t)),
        1 => (names::account(), prop::option::of(session_id()), ended(), names::time())
            .prop_map(|(a, s, e, t)| Write::EndAll(a, s, e, t)),
        1 => (session_id(), names::time()).prop_map(|(s, t)| Write::Touch(s, t)),
        1 => times().prop_map(Write::SweepSessions),
        3 => (names::account(), presence, names::time()).prop_map(|(a, p, t)| Write::Presence(a, p, t)),
        1 => (names::account(), names::time()).prop_map(|(a, t)| Write::Handed(a, t)),
        1 => Just(Write::SweepPresence),
        2 => a_visitor().prop_map(Write::Visitor),
        1 => a_visitor().prop_map(Write::ChangeVisitor),
        1 => (names::visitor(), names::time()).prop_map(|(v, t)| Write::TouchVisitor(v, t)),
        2 => an_automation().prop_map(Write::Automation),
        1 => (names::automation(), prop::option::of(any::<bool>()), prop::option::of(any::<bool>())).prop_map(
            |(name, active, public)| {
                Write::ChangeAutomation(name, automation::Change { active, public, deadline_ms: None })
            }),
        1 => a_record().prop_map(Write::Audit),
        1 => (prop::sample::select(&["a", "A"][..]), names::name()).prop_map(|(n, v)| Write::Meta(n, v)),
    ]
}

pub fn step() -> impl Strategy<Value = Step> {
    let end = prop_oneof![6 => Just(End::Commit), 1 => Just(End::Rollback), 1 => Just(End::Drop)];
    let write = prop_oneof![about_conversations(), about_people()];
    (prop::collection::vec(write, 1..6), prop::bool::weighted(0.2), end)
        .prop_map(|(writes, bold, end)| Step { writes, bold, end })
}
