//! The way of a conversation: starting, claiming, passing on, ending, going on.

use std::sync::Arc;

use serde_json::Value;
use switchboard_domain::clock::rfc3339;
use switchboard_domain::{Clock, Presence, Role};
use switchboard_wire::Problem;
use switchboard_wire::call::account::PatchAccount;
use switchboard_wire::call::agent::{GetDirectory, PutPresence};
use switchboard_wire::call::automation::{ListAutomations, PatchAutomation};
use switchboard_wire::call::conversation::{
    Claim, GetConversation, GetEntries, Handoff, ListConversations, Rate, Reopen, Resolve, Snooze,
    TagConversation, Transfer, TransferTo, View,
};
use switchboard_wire::call::router::Wake;
use switchboard_wire::call::team::{AddTeam, ListTeams, PatchTeam};
use switchboard_wire::call::visitor::{
    ArriveVisitor, GetVisitorDirectory, ListOwnConversations, StartConversation, StartWith,
};
use switchboard_wire::view::Conversation;

use crate::on_both;
use crate::people::{Person, key};
use crate::world::{World, problem};

on_both!(
    starting_is_idempotent_even_at_once,
    a_start_with_a_message_is_one_act,
    the_directory_says_who_is_there,
    of_many_claims_one_wins,
    transfers_go_where_they_can_be_taken,
    offline_means_holding_nothing,
    resolve_reopen_and_snooze_keep_to_the_fence,
    a_handoff_without_people_leaves_a_message,
    lists_are_paged_and_searched,
    a_visitor_who_tells_the_name_is_known_by_it,
    teams_and_automations_are_the_admins,
    a_rating_is_kept,
    whoever_may_see_it_labels_it,
);

impl World {
    pub(crate) async fn state(&self, who: &Person, id: &str) -> Conversation {
        self.call(&who.by, GetConversation { id: id.into() }).await.unwrap()
    }

    /// The events of a conversation, by name.
    pub(crate) async fn events(&self, who: &Person, id: &str) -> Vec<String> {
        let all = GetEntries { id: id.into(), after: None, before: None, limit: Some(200) };
        let lines = self.call(&who.by, all).await.unwrap().items;
        let event = |line: &str| {
            let line: Value = serde_json::from_str(line).unwrap();
            line["body"]["event"].as_str().map(Into::into)
        };
        lines.iter().filter_map(|line| event(line.get())).collect()
    }
}

async fn starting_is_idempotent_even_at_once(world: World) {
    let world = Arc::new(world);
    let visitor = Arc::new(world.visitor().await);
    let id = key();
    let starts: Vec<_> = (0..8)
        .map(|_| {
            let (world, visitor, id) = (world.clone(), visitor.clone(), id.clone());
            tokio::spawn(async move {
                let to = StartWith::Automation("mat".into());
                let call = StartConversation { to, client_msg_id: Some(id), text: Some("hello".into()) };
                world.call(&visitor.by, call).await.unwrap()
            })
        })
        .collect();
    let mut answers = Vec::new();
    for start in starts {
        answers.push(start.await.unwrap());
    }
    assert_eq!(answers.iter().filter(|answer| !answer.repeated).count(), 1);
    assert!(answers.iter().all(|answer| answer.conversation.id == answers[0].conversation.id));
    assert_eq!(world.count("SELECT COUNT(*) FROM conversations"), 1);
    assert_eq!(world.count("SELECT COUNT(*) FROM entries"), 2);
    let to = StartWith::Automation("mat".into());
    let other = StartConversation { to, client_msg_id: Some(id), text: Some("something else".into()) };
    assert_eq!(problem(world.call(&visitor.by, other).await), Problem::Conflict);
}

async fn a_start_with_a_message_is_one_act(world: World) {
    let visitor = world.visitor().await;
    let start = |to, text: Option<&str>| StartConversation {
        to,
        client_msg_id: Some(key()),
        text: text.map(Into::into),
    };
    let with_mat = start(StartWith::Automation("mat".into()), Some("hello"));
    let c = world.call(&visitor.by, with_mat).await.unwrap().conversation;
    assert_eq!((c.owner.kind.as_str(), c.owner.name.as_deref(), c.head), ("automation", Some("Mat"), 2));
    let people = start(StartWith::People, None);
    let c = world.call(&visitor.by, people).await.unwrap().conversation;
    assert_eq!(c.queue.map(|place| place.position), Some(1));
    assert_eq!(world.events(&visitor, &c.id).await, ["started", "left_message"]);
    let unknown = [StartWith::Automation("nobody".into()), StartWith::Team("none".into())];
    for to in unknown {
        assert_eq!(problem(world.call(&visitor.by, start(to, None)).await), Problem::NotFound);
    }
    let blank = start(StartWith::People, Some("  "));
    assert_eq!(problem(world.call(&visitor.by, blank).await), Problem::Invalid);
    assert_eq!(world.count("SELECT COUNT(*) FROM conversations"), 2, "nothing is half written");
    // A page of an agent's is none of the visitor's, and the own ones are listed.
    let own = ListOwnConversations { limit: None, cursor: None };
    assert_eq!(world.call(&visitor.by, own).await.unwrap().items.len(), 2);
}

async fn the_directory_says_who_is_there(world: World) {
    let visitor = world.visitor().await;
    let seen = world.call(&visitor.by, GetVisitorDirectory {}).await.unwrap();
    let names: Vec<&str> = seen.automations.iter().map(|row| row.name.as_str()).collect();
    assert_eq!(names, ["chat", "mat"]);
    assert!(!seen.people.available);
    let (admin, agent) = world.agent("maya").await;
    let general = seen.people.teams.iter().find(|team| team.name == "General").unwrap().id.clone();
    let seen = world.call(&visitor.by, GetVisitorDirectory {}).await.unwrap();
    assert!(seen.people.available && !seen.people.teams[0].available, "online, but of no team");
    let join = PatchAccount {
        role: Role::Agent,
        id: agent.id.clone(),
        active: None,
        display_name: Some("Maya".into()),
        capacity: Some(2),
        teams: Some(vec![general]),
        skills: None,
    };
    world.call(&admin.by, join).await.unwrap();
    let seen = world.call(&visitor.by, GetVisitorDirectory {}).await.unwrap();
    assert!(seen.people.teams[0].available);
    let directory = world.call(&agent.by, GetDirectory {}).await.unwrap();
    let own = &directory.agents[0];
    assert_eq!((own.name.as_str(), own.status, own.open, own.capacity), ("Maya", Presence::Online, 0, 2));
    assert_eq!((directory.teams[0].online, directory.automations.len()), (1, 2));
    assert_eq!((own.since.is_some(), directory.waiting, directory.waiting_since), (true, 0, None));
    world.begin(&world.visitor().await, StartWith::People).await;
    let directory = world.call(&admin.by, GetDirectory {}).await.unwrap();
    assert_eq!((directory.waiting, directory.waiting_since.is_some()), (1, true));
}

async fn of_many_claims_one_wins(world: World) {
    let admin = world.admin().await;
    let mut agents = Vec::new();
    for name in ["a1", "a2", "a3", "a4"] {
        agents.push(Arc::new(world.online_agent(&admin, name, None).await));
    }
    let visitor = world.visitor().await;
    let world = Arc::new(world);
    for _ in 0..5 {
        let c = world.begin(&visitor, StartWith::People).await;
        let claims: Vec<_> = agents
            .iter()
            .map(|agent| {
                let (world, agent) = (world.clone(), agent.clone());
                let call = Claim { id: c.id.clone(), fence: c.fence };
                tokio::spawn(async move { world.call(&agent.by, call).await })
            })
            .collect();
        let mut won = 0;
        for claim in claims {
            match claim.await.unwrap() {
                Ok(_) => won += 1,
                Err(failure) => assert_eq!(failure.problem, Problem::Taken),
            }
        }
        assert_eq!(won, 1);
        let events = world.events(&visitor, &c.id).await;
        assert_eq!(events, ["started", "assigned"]);
    }
    // The winner may repeat it: 200 with the state, and no second event.
    let c = world.begin(&visitor, StartWith::People).await;
    let claim = Claim { id: c.id.clone(), fence: c.fence };
    let first = world.call(&agents[0].by, claim.clone()).await.unwrap();
    let second = world.call(&agents[0].by, claim).await.unwrap();
    assert_eq!((first.fence, first.head), (second.fence, second.head));
    // What an automation has may be claimed; an old fence is told so.
    let c = world.begin(&visitor, StartWith::Automation("mat".into())).await;
    let stale = Claim { id: c.id.clone(), fence: c.fence - 1 };
    assert_eq!(problem(world.call(&agents[0].by, stale).await), Problem::Stale);
    world.call(&agents[0].by, Claim { id: c.id.clone(), fence: c.fence }).await.unwrap();
}

async fn transfers_go_where_they_can_be_taken(world: World) {
    let (admin, maya) = world.agent("maya").await;
    let noah = world.online_agent(&admin, "noah", None).await;
    let away = world.hire(&admin, Role::Agent, "away", None).await;
    let visitor = world.visitor().await;
    let c = world.begin(&visitor, StartWith::Automation("mat".into())).await;
    world.say(&visitor, &c.id, "hello").await.unwrap();
    let c = world.call(&maya.by, Claim { id: c.id.clone(), fence: c.fence }).await.unwrap();
    let pass = |who: &Person, fence, to| {
        let by = who.by.clone();
        let call = Transfer { id: c.id.clone(), fence, to, note: Some("knows Mat".into()) };
        let world = &world;
        async move { world.call(&by, call).await }
    };
    let to_agent = |person: &Person| TransferTo::Agent(person.id.clone());
    assert_eq!(problem(pass(&maya, c.fence, to_agent(&away)).await), Problem::Offline);
    assert_eq!(problem(pass(&maya, c.fence, TransferTo::Agent("nobody".into())).await), Problem::NotFound);
    assert_eq!(problem(pass(&maya, c.fence, to_agent(&admin)).await), Problem::NotFound);
    assert_eq!(problem(pass(&maya, c.fence, TransferTo::Team("none".into())).await), Problem::NotFound);
    assert_eq!(problem(pass(&maya, c.fence, TransferTo::Automation("no".into())).await), Problem::NotFound);
    assert_eq!(problem(pass(&noah, c.fence, to_agent(&noah)).await), Problem::NotOwner);
    assert_eq!(problem(pass(&maya, c.fence - 1, to_agent(&noah)).await), Problem::Stale);
    let c = pass(&maya, c.fence, to_agent(&noah)).await.unwrap();
    assert_eq!((c.owner.name.as_deref(), c.owner.id.as_deref()), (Some("noah"), Some(noah.id.as_str())));
    let to_mat = pass(&noah, c.fence, TransferTo::Automation("mat".into())).await.unwrap();
    assert_eq!(to_mat.owner.kind, "automation");
    let due = "SELECT COUNT(*) FROM conversations WHERE due_at IS NOT NULL";
    assert_eq!(world.count(due), 1, "the visitor's message is unanswered: a turn is due");
    let c = world.call(&maya.by, Claim { id: c.id.clone(), fence: to_mat.fence }).await.unwrap();
    let team = world
        .call(&admin.by, AddTeam { name: "Sales".into(), answer_s: None, rules: None })
        .await
        .unwrap()
        .team;
    let queued = pass(&maya, c.fence, TransferTo::Team(team.id.clone())).await.unwrap();
    assert_eq!((queued.owner.kind.as_str(), queued.team.as_deref()), ("queue", Some(team.id.as_str())));
    let notes = "SELECT COUNT(*) FROM entries WHERE kind = 'note'";
    assert_eq!(world.count(notes), 3, "a note each, none for what was refused");
}

async fn offline_means_holding_nothing(world: World) {
    let (admin, maya) = world.agent("maya").await;
    let visitor = world.visitor().await;
    let (one, two) =
        (world.begin(&visitor, StartWith::People).await, world.begin(&visitor, StartWith::People).await);
    for c in [&one, &two] {
        world.call(&maya.by, Claim { id: c.id.clone(), fence: c.fence }).await.unwrap();
    }
    let put = |status| PutPresence { status };
    world.call(&maya.by, put(Presence::Away)).await.unwrap();
    assert_eq!(world.state(&visitor, &one.id).await.owner.kind, "agent", "away keeps what is held");
    world.call(&maya.by, put(Presence::Offline)).await.unwrap();
    for c in [&one, &two] {
        let state = world.state(&visitor, &c.id).await;
        assert_eq!(state.owner.kind, "queue");
        assert_eq!(world.events(&visitor, &c.id).await, ["started", "assigned", "requeued"]);
        let claim = Claim { id: c.id.clone(), fence: state.fence };
        assert_eq!(problem(world.call(&maya.by, claim).await), Problem::Offline);
    }
    // Going offline and being given something at once never ends with an agent who is offline and holds it.
    let noah = Arc::new(world.online_agent(&admin, "noah", None).await);
    let world = Arc::new(world);
    for _ in 0..10 {
        world.call(&noah.by, put(Presence::Online)).await.unwrap();
        let state = world.state(&visitor, &one.id).await;
        let claim = Claim { id: one.id.clone(), fence: state.fence };
        let (by, w) = (noah.clone(), world.clone());
        let claiming = tokio::spawn(async move { w.call(&by.by, claim).await.is_ok() });
        world.call(&noah.by, put(Presence::Offline)).await.unwrap();
        claiming.await.unwrap();
        assert_eq!(world.state(&visitor, &one.id).await.owner.kind, "queue");
    }
}

async fn resolve_reopen_and_snooze_keep_to_the_fence(world: World) {
    let (_, maya) = world.agent("maya").await;
    let visitor = world.visitor().await;
    let c = world.begin(&visitor, StartWith::People).await;
    let c = world.call(&maya.by, Claim { id: c.id.clone(), fence: c.fence }).await.unwrap();
    let id = c.id.clone();
    let resolve = |fence| Resolve { id: id.clone(), fence };
    let missing = world.call(&maya.by, resolve(None)).await.unwrap_err();
    assert!(missing.problem == Problem::Invalid && missing.errors.contains_key("fence"));
    assert_eq!(problem(world.call(&maya.by, resolve(Some(c.fence + 1))).await), Problem::Stale);
    let snooze = |until: String| Snooze { id: id.clone(), fence: c.fence, until };
    assert_eq!(problem(world.call(&maya.by, snooze("tomorrow".into())).await), Problem::Invalid);
    let past = rfc3339(world.clock.now() - 1_000);
    assert_eq!(problem(world.call(&maya.by, snooze(past)).await), Problem::Invalid);
    let later = rfc3339(world.clock.now() + 60_000);
    let asleep = world.call(&maya.by, snooze(later)).await.unwrap();
    assert_eq!((asleep.status.as_str(), asleep.owner.kind.as_str()), ("snoozed", "agent"));
    world.house(Wake { conversation: id.clone() }).await;
    assert_eq!(world.state(&visitor, &id).await.status.as_str(), "snoozed", "it is not over yet");
    world.clock.forward(60_001);
    world.house(Wake { conversation: id.clone() }).await;
    let awake = world.state(&visitor, &id).await;
    assert_eq!((awake.status.as_str(), awake.fence), ("open", c.fence));
    let first = world.call(&maya.by, resolve(Some(c.fence))).await.unwrap();
    assert_eq!((first.status.as_str(), first.owner.kind.as_str()), ("resolved", "none"));
    let second = world.call(&maya.by, resolve(Some(c.fence))).await.unwrap();
    assert_eq!(first.head, second.head, "a second resolve by the same makes no second event");
    let reopen = Reopen { id: id.clone(), fence: first.fence };
    assert_eq!(world.call(&maya.by, reopen).await.unwrap().owner.kind, "agent");
    let events = world.events(&visitor, &id).await;
    assert_eq!(events, ["started", "assigned", "snoozed", "reopened", "resolved", "reopened"]);
}

async fn a_handoff_without_people_leaves_a_message(world: World) {
    let visitor = world.visitor().await;
    let c = world.begin(&visitor, StartWith::Automation("mat".into())).await;
    for _ in 0..2 {
        let state = world.call(&visitor.by, Handoff { id: c.id.clone() }).await.unwrap();
        assert_eq!((state.owner.kind.as_str(), state.queue.map(|q| q.position)), ("queue", Some(1)));
    }
    assert_eq!(world.events(&visitor, &c.id).await, ["started", "handed_off", "left_message"]);
    let (_, _maya) = world.agent("maya").await;
    let c = world.begin(&visitor, StartWith::Automation("mat".into())).await;
    world.call(&visitor.by, Handoff { id: c.id.clone() }).await.unwrap();
    assert_eq!(world.events(&visitor, &c.id).await, ["started", "handed_off"]);
    assert_eq!(world.state(&visitor, &c.id).await.queue.map(|q| q.position), Some(2));
}

async fn lists_are_paged_and_searched(world: World) {
    let (_, maya) = world.agent("maya").await;
    let mut ids = Vec::new();
    for name in ["Ágnes", "ágota", "Bela"] {
        let visitor = world.visitor().await;
        let told = ArriveVisitor {
            name: Some(name.into()),
            email: Some(format!("{name}@example.org").replace(['Á', 'á'], "a")),
            ..ArriveVisitor::default()
        };
        world.call(&visitor.by, told).await.unwrap();
        ids.push(world.begin(&visitor, StartWith::People).await.id);
        world.say(&visitor, &ids[ids.len() - 1], &format!("I am {name}")).await.unwrap();
        world.clock.forward(1_000);
    }
    let list = |view, q: Option<&str>, limit, cursor| ListConversations {
        view,
        status: None,
        q: q.map(Into::into),
        tag: None,
        team: None,
        limit,
        cursor,
    };
    let mut seen = Vec::new();
    let mut cursor = None;
    loop {
        let page = world.call(&maya.by, list(View::Queue, None, Some(1), cursor)).await.unwrap();
        seen.extend(page.items.iter().map(|row| row.conversation.id.clone()));
        assert!(page.items.iter().all(|row| row.unread == 1 && row.preview.starts_with("I am")));
        cursor = page.next;
        if cursor.is_none() {
            break;
        }
    }
    ids.reverse();
    assert_eq!(seen, ids, "newest activity first, each once");
    let find = async |q: &str| {
        let page = world.call(&maya.by, list(View::All, Some(q), None, None)).await.unwrap();
        page.items.len()
    };
    assert_eq!([find("ág").await, find("ÁGN").await, find("bela@").await, find("zzz").await], [2, 1, 1, 0]);
    assert_eq!(find(&ids[0]).await, 1);
    assert_eq!(find("%").await, 0);
    let bad = list(View::All, None, None, Some("nonsense".into()));
    assert_eq!(problem(world.call(&maya.by, bad).await), Problem::BadRequest);
    assert_eq!(world.call(&maya.by, list(View::Mine, None, None, None)).await.unwrap().items.len(), 0);
}

async fn a_visitor_who_tells_the_name_is_known_by_it(world: World) {
    let (_, maya) = world.agent("maya").await;
    let visitor = world.visitor().await;
    let c = world.begin(&visitor, StartWith::People).await;
    let told = ArriveVisitor {
        name: Some(" Ada ".into()),
        email: Some("ada@example.org".into()),
        page: Some("https://example.org/shop".into()),
        ..ArriveVisitor::default()
    };
    let arrived = world.call(&visitor.by, told).await.unwrap();
    assert!(!arrived.new && arrived.visitor.id == visitor.id);
    let shown = world.state(&maya, &c.id).await.visitor;
    assert_eq!((shown.name.as_deref(), shown.email.as_deref()), (Some("Ada"), Some("ada@example.org")));
    assert!(shown.page.is_some() && !shown.verified);
    world.say(&visitor, &c.id, "hi").await.unwrap();
    let named = "SELECT COUNT(*) FROM entries WHERE author_name = 'Ada'";
    assert_eq!(world.count(named), 1);
    for bad in [
        ArriveVisitor { email: Some("nowhere".into()), ..ArriveVisitor::default() },
        ArriveVisitor { name: Some("a\nb".into()), ..ArriveVisitor::default() },
    ] {
        assert_eq!(problem(world.call(&visitor.by, bad).await), Problem::Invalid);
    }
}

async fn teams_and_automations_are_the_admins(world: World) {
    let admin = world.admin().await;
    let teams = world.call(&admin.by, ListTeams { limit: None, cursor: None }).await.unwrap().items;
    assert_eq!(teams.iter().map(|team| team.name.as_str()).collect::<Vec<_>>(), ["General"]);
    let patch =
        PatchTeam { id: teams[0].id.clone(), name: Some("Everyone".into()), answer_s: Some(30), rules: None };
    let team = world.call(&admin.by, patch).await.unwrap().team;
    assert_eq!((team.name.as_str(), team.answer_s), ("Everyone", 30));
    let listed = world.call(&admin.by, ListAutomations {}).await.unwrap().items;
    let shown = listed.iter().map(|row| (row.name.as_str(), row.active && row.public));
    assert_eq!(shown.collect::<Vec<_>>(), [("chat", true), ("faq", false), ("mat", true)]);
    // Deactivated, it is not in the directory, and what it has goes to people at once.
    let visitor = world.visitor().await;
    let c = world.begin(&visitor, StartWith::Automation("mat".into())).await;
    let patch = |active, deadline_ms| PatchAutomation {
        name: "mat".into(),
        active,
        public: None,
        deadline_ms,
        rules: None,
    };
    assert_eq!(problem(world.call(&admin.by, patch(None, Some(1))).await), Problem::Invalid);
    let off = world.call(&admin.by, patch(Some(false), Some(2_000))).await.unwrap().automation;
    assert!(!off.active && off.deadline_ms == 2_000);
    assert_eq!(world.state(&visitor, &c.id).await.owner.kind, "queue");
    let seen = world.call(&visitor.by, GetVisitorDirectory {}).await.unwrap();
    assert_eq!(seen.automations.len(), 1);
    let start =
        StartConversation { to: StartWith::Automation("mat".into()), client_msg_id: None, text: None };
    assert_eq!(problem(world.call(&visitor.by, start.clone()).await), Problem::NotFound);
    world.call(&admin.by, patch(Some(true), None)).await.unwrap();
    world.call(&visitor.by, start).await.unwrap();
}

async fn whoever_may_see_it_labels_it(world: World) {
    let (admin, maya) = world.agent("maya").await;
    let noor = world.online_agent(&admin, "noor", None).await;
    let visitor = world.visitor().await;
    let c = world.begin(&visitor, StartWith::People).await;
    let c = world.call(&maya.by, Claim { id: c.id, fence: c.fence }).await.unwrap();
    let tag = |add: &[&str], remove: &[&str]| {
        let own = |tags: &[&str]| tags.iter().map(|tag| (*tag).to_owned()).collect();
        TagConversation { id: c.id.clone(), add: own(add), remove: own(remove) }
    };
    let tagged = world.call(&noor.by, tag(&[" refund ", "vip", "refund"], &["nothing"])).await.unwrap();
    assert_eq!(tagged.tags, ["refund", "vip"]);
    // Neither its owner nor its place in the lists changes.
    assert_eq!((tagged.fence, tagged.head, &tagged.updated_at), (c.fence, c.head, &c.updated_at));
    let again = world.call(&maya.by, tag(&["vip"], &[])).await.unwrap();
    assert_eq!(again.tags, ["refund", "vip"]);
    let less = world.call(&maya.by, tag(&["new"], &["refund", "new"])).await.unwrap();
    assert_eq!(less.tags, ["vip", "new"]);
    assert!(world.state(&visitor, &c.id).await.tags.is_empty(), "labels are for staff");
    let many: Vec<String> = (0..19).map(|n| format!("n{n}")).collect();
    let too_many = TagConversation { add: many, ..tag(&[], &[]) };
    for bad in [too_many, tag(&[""], &[]), tag(&[], &["a\nb"])] {
        assert_eq!(problem(world.call(&maya.by, bad).await), Problem::Invalid);
    }
    assert_eq!(problem(world.call(&visitor.by, tag(&["mine"], &[])).await), Problem::Forbidden);
    let team = world
        .call(&admin.by, AddTeam { name: "Sales".into(), answer_s: None, rules: None })
        .await
        .unwrap()
        .team;
    let sales = world.begin(&visitor, StartWith::Team(team.id)).await;
    let hidden = TagConversation { id: sales.id, ..tag(&["x"], &[]) };
    assert_eq!(problem(world.call(&maya.by, hidden).await), Problem::NotFound);
    assert_eq!(world.state(&maya, &c.id).await.tags, ["vip", "new"]);
}

async fn a_rating_is_kept(world: World) {
    let visitor = world.visitor().await;
    let c = world.begin(&visitor, StartWith::Automation("mat".into())).await;
    let rate =
        |score, comment: Option<&str>| Rate { id: c.id.clone(), score, comment: comment.map(Into::into) };
    assert_eq!(problem(world.call(&visitor.by, rate(6, None)).await), Problem::Invalid);
    world.call(&visitor.by, rate(5, Some("mat!"))).await.unwrap();
    world.call(&visitor.by, rate(5, Some("mat!"))).await.unwrap();
    assert_eq!(world.count("SELECT rating FROM conversations"), 5);
    assert_eq!(world.state(&visitor, &c.id).await.head, 1, "a rating is no entry");
}
