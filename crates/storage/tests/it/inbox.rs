//! The agents' views: what is seen, in which order, page by page.

use crate::fixture::{Dice, Fixture, NOW, a_conversation, add, both};
use switchboard_domain::{AccountId, Conversation, Owner, Status, TeamId, VisitorId};
use switchboard_storage::conversation::{Scope, Summary, View};
use switchboard_storage::read::{Position, Side};
use switchboard_storage::{After, Store, conversation, read};

both!(
    views_show_what_an_agent_may_see,
    search_finds_by_prefix,
    pages_lose_nothing_on_ties,
    unread_is_counted
);

struct World {
    me: AccountId,
    mine: TeamId,
    all: Vec<Conversation>,
}

/// Every combination of owner, team and status.
async fn world(store: &Store) -> World {
    let (me, other) = (AccountId::random(&Dice), AccountId::random(&Dice));
    let (mine, foreign) = (TeamId::random(&Dice), TeamId::random(&Dice));
    let agent = |id: &AccountId| Owner::Agent { id: id.clone(), name: "x".into() };
    let owners =
        [agent(&me), agent(&other), Owner::Queue, Owner::Automation { id: "mat".into(), name: "Mat".into() }];
    let mut all = Vec::new();
    for (o, owner) in owners.iter().enumerate() {
        for (t, team) in [None, Some(&mine), Some(&foreign)].into_iter().enumerate() {
            let at = NOW + i64::try_from(o * 10 + t).unwrap();
            let c = Conversation {
                owner: owner.clone(),
                team: team.cloned(),
                updated_at: at,
                ..a_conversation()
            };
            all.push(c);
        }
    }
    all.push(Conversation { status: Status::Resolved, owner: Owner::None, ..a_conversation() });
    all.push(Conversation { status: Status::Snoozed, owner: agent(&me), ..a_conversation() });
    add(store, &all).await;
    World { me, mine, all }
}

fn ids(page: &[Summary]) -> Vec<&str> {
    page.iter().map(|summary| summary.conversation.id.as_str()).collect()
}

async fn views_show_what_an_agent_may_see(f: Fixture) {
    let World { me, mine, all } = world(&f.store).await;
    let teams = [mine];
    let mut tx = f.store.read().await.unwrap();
    for view in [View::Mine, View::Queue, View::All] {
        for status in [Status::Open, Status::Snoozed, Status::Resolved] {
            let scope = Scope { agent: &me, teams: &teams, view, status };
            let page = conversation::view(&mut tx, scope, None, 100).await.unwrap();
            let mut expected: Vec<&Conversation> = all
                .iter()
                .filter(|c| c.status == status && c.is_visible_to(&me, &teams))
                .filter(|c| match view {
                    View::Mine => c.owner.is_agent(&me),
                    View::Queue => c.owner == Owner::Queue,
                    View::All => true,
                })
                .collect();
            expected.sort_by(|a, b| (b.updated_at, &b.id).cmp(&(a.updated_at, &a.id)));
            let expected: Vec<&str> = expected.iter().map(|c| c.id.as_str()).collect();
            assert_eq!(ids(&page), expected, "{view:?} {status:?}");
            let found = conversation::search(&mut tx, scope, "nO", None, 100).await.unwrap();
            assert_eq!(ids(&found), expected, "searched: {view:?} {status:?}");
        }
    }
    let nobody = Scope { agent: &me, teams: &[], view: View::Queue, status: Status::Open };
    assert_eq!(
        conversation::view(&mut tx, nobody, None, 100).await.unwrap().len(),
        1,
        "without a team: the teamless"
    );
}

async fn search_finds_by_prefix(f: Fixture) {
    let me = AccountId::random(&Dice);
    let named = |name: &str, email: Option<&str>| Conversation {
        visitor_name: name.into(),
        visitor_email: email.map(str::to_owned),
        owner: Owner::Queue,
        ..a_conversation()
    };
    let all = [
        named("Émile", Some("emile@example.org")),
        named("émigré", None),
        named("100% _real_", None),
        named("zz", Some("Emile.Two@example.org")),
        named("\u{10FFFF}last", None),
    ];
    add(&f.store, &all).await;
    let scope = Scope { agent: &me, teams: &[], view: View::All, status: Status::Open };
    let mut tx = f.store.read().await.unwrap();
    let id = all[2].id.as_str();
    let cases: [(&str, &[usize]); 9] = [
        ("ÉMI", &[0, 1]),
        ("emile", &[0, 3]),
        ("100%", &[2]),
        ("%", &[]),
        ("_", &[]),
        (id, &[2]),
        (&id[..20], &[2]),
        ("' OR 1=1 --", &[]),
        ("nobody", &[]),
    ];
    for (prefix, expected) in cases {
        let found = conversation::search(&mut tx, scope, prefix, None, 100).await.unwrap();
        let mut found = ids(&found);
        // Ids made in one millisecond may share long prefixes by chance only in theory; sort, as times are equal.
        found.sort_unstable();
        let mut expected: Vec<&str> = expected.iter().map(|&n| all[n].id.as_str()).collect();
        expected.sort_unstable();
        assert_eq!(found, expected, "{prefix}");
    }
}

async fn pages_lose_nothing_on_ties(f: Fixture) {
    let me = AccountId::random(&Dice);
    let visitor = VisitorId::random(&Dice);
    let all: Vec<Conversation> = (0..23)
        .map(|n| Conversation {
            owner: Owner::Queue,
            visitor: visitor.clone(),
            updated_at: NOW + n / 5,
            ..a_conversation()
        })
        .collect();
    add(&f.store, &all).await;
    let scope = Scope { agent: &me, teams: &[], view: View::Queue, status: Status::Open };
    let mut tx = f.store.read().await.unwrap();
    for way in 0..3 {
        let (mut seen, mut after) = (Vec::new(), None);
        loop {
            let page = match way {
                0 => conversation::view(&mut tx, scope, after.as_ref(), 4).await.unwrap(),
                1 => conversation::search(&mut tx, scope, "noor", after.as_ref(), 4).await.unwrap(),
                _ => conversation::of_visitor(&mut tx, &visitor, after.as_ref(), 4).await.unwrap(),
            };
            let Some(last) = page.last().map(|summary| &summary.conversation) else { break };
            after = Some(After { updated_at: last.updated_at, id: last.id.clone() });
            seen.extend(page.into_iter().map(|summary| summary.conversation));
        }
        assert!(seen.is_sorted_by(|a, b| (a.updated_at, &a.id) > (b.updated_at, &b.id)));
        assert_eq!(seen.len(), 23);
    }
}

async fn unread_is_counted(f: Fixture) {
    let c = Conversation { owner: Owner::Queue, head: 9, inbound: 5, ..a_conversation() };
    add(&f.store, std::slice::from_ref(&c)).await;
    let position = |side, seq, inbound| Position { conversation: c.id.clone(), side, seq, inbound, at: NOW };
    let mut tx = f.store.write().await.unwrap();
    let unread = conversation::summaries(&mut tx, std::slice::from_ref(&c.id), Side::Staff).await.unwrap();
    assert_eq!((unread[0].unread(), unread[0].read_seq), (5, 0));
    read::save(&mut tx, &[position(Side::Staff, 3, 2), position(Side::Visitor, 9, 5)]).await.unwrap();
    read::save(&mut tx, &[position(Side::Staff, 7, 4)]).await.unwrap();
    read::save(&mut tx, &[position(Side::Staff, 5, 3), position(Side::Staff, 7, 9)]).await.unwrap();
    tx.commit().await.unwrap();
    let mut tx = f.store.read().await.unwrap();
    let staff = conversation::summaries(&mut tx, std::slice::from_ref(&c.id), Side::Staff).await.unwrap();
    assert_eq!((staff[0].unread(), staff[0].read_seq), (1, 7));
    assert_eq!(read::get(&mut tx, &c.id, Side::Visitor).await.unwrap(), Some(position(Side::Visitor, 9, 5)));
}
