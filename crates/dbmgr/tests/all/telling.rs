//! What was committed is told, counted, and comes over the bus.

use std::sync::Arc;
use std::time::Duration;

use switchboard_bus::{Bus, Caller, Delivery, Subscription};
use switchboard_domain::Presence;
use switchboard_wire::call::agent::PutPresence;
use switchboard_wire::call::append::AppendEntries;
use switchboard_wire::call::conversation::{Claim, GetConversation, TagConversation};
use switchboard_wire::call::edge::Ping;
use switchboard_wire::call::session::{GetSession, SignOut};
use switchboard_wire::call::visitor::StartWith;
use switchboard_wire::notice::{Beat, COUNT, EndReason, INCARNATION, Notice};
use switchboard_wire::subject::{self, NOTICES};
use switchboard_wire::{Credential, Problem};
use tokio::time::timeout;

use crate::on_both;
use crate::people::{key, message};
use crate::world::{World, problem, serve};

on_both!(
    what_was_committed_is_told_in_order,
    what_ends_a_session_is_told,
    labels_are_told,
    calls_come_over_the_bus_too,
    a_new_start_has_a_new_incarnation,
);

const SECOND: Duration = Duration::from_secs(5);

struct Heard {
    notice: Notice,
    counted: Option<(String, u64)>,
}

async fn next(heard: &mut Subscription) -> Heard {
    loop {
        let delivery = timeout(SECOND, heard.next()).await.expect("nothing was told");
        let Some(Delivery::Message(message)) = delivery else { panic!("{delivery:?}") };
        let header = |name: &str| message.headers.get(name);
        let notice = Notice::decode(&message.subject, header, &message.payload).unwrap();
        let counted =
            header(COUNT).map(|count| (header(INCARNATION).unwrap().to_owned(), count.parse().unwrap()));
        if !matches!(notice, Notice::Beat(_)) {
            return Heard { notice, counted };
        }
    }
}

async fn what_was_committed_is_told_in_order(world: World) {
    let visitor = world.visitor().await;
    let mut heard = world.bus.subscribe(NOTICES, None).await.unwrap();
    // An arriving visitor is told to nobody, so what follows is the start.
    let c = world.begin(&visitor, StartWith::Automation("mat".into())).await;
    let started = next(&mut heard).await;
    let Notice::Entry(entry) = started.notice else { panic!("not an entry") };
    assert_eq!((entry.seq, entry.public, entry.conversation.as_str()), (1, true, c.id.as_str()));
    assert!(entry.frame.starts_with(r#"{"type":"entry","entry":{"#));
    let state = next(&mut heard).await;
    assert!(matches!(&state.notice, Notice::State(state) if state.changed && state.state.public_head == 1));
    let (incarnation, first) = started.counted.unwrap();
    assert_eq!(state.counted, Some((incarnation.clone(), first + 1)), "counted one after another");

    let items = vec![message(&visitor, &c.id, &key(), "one"), message(&visitor, &c.id, &key(), "two")];
    let acks = world.append(items).await;
    for (ack, seq) in acks.iter().zip(2..) {
        let Notice::Entry(entry) = next(&mut heard).await.notice else { panic!("not an entry") };
        assert_eq!((entry.seq, &entry.id), (seq, &ack.as_ref().unwrap().id));
        assert_eq!(entry.public_before, seq - 1);
    }
    let state = next(&mut heard).await;
    assert!(matches!(&state.notice, Notice::State(state) if !state.changed && state.state.inbound == 2));
    assert_eq!(state.counted, Some((incarnation, first + 4)));
    // What is refused or repeated is told to nobody.
    world.append(vec![message(&visitor, &c.id, "x", "bad id")]).await;
    world.say(&visitor, &c.id, "three").await.unwrap();
    assert!(matches!(next(&mut heard).await.notice, Notice::Entry(entry) if entry.seq == 4));
}

async fn what_ends_a_session_is_told(world: World) {
    let (_, maya) = world.agent("maya").await;
    let visitor = world.visitor().await;
    let c = world.begin(&visitor, StartWith::People).await;
    world.call(&maya.by, Claim { id: c.id.clone(), fence: c.fence }).await.unwrap();
    let mut heard = world.bus.subscribe(NOTICES, None).await.unwrap();
    world.call(&maya.by, PutPresence { status: Presence::Away }).await.unwrap();
    let away = loop {
        // The claim may still be on its way.
        match next(&mut heard).await.notice {
            Notice::Presence(presence) => break presence,
            Notice::Entry(_) | Notice::State(_) => {}
            other => panic!("{other:?}"),
        }
    };
    assert_eq!((away.agent.as_str(), away.status.as_str()), (maya.id.as_str(), "away"));
    world.call(&maya.by, SignOut {}).await.unwrap();
    let ended = next(&mut heard).await.notice;
    let Credential::Staff(token) = &maya.by else { panic!("not staff") };
    let Notice::Ended(ended) = ended else { panic!("{ended:?}") };
    assert_eq!(
        (ended.sessions.as_slice(), ended.reason),
        (std::slice::from_ref(token), EndReason::SignedOut)
    );
    assert!(matches!(next(&mut heard).await.notice, Notice::Presence(p) if p.status == "offline"));
    assert!(
        matches!(next(&mut heard).await.notice, Notice::Entry(entry) if entry.frame.contains("requeued"))
    );
    assert!(
        matches!(next(&mut heard).await.notice, Notice::State(s) if s.state.conversation.owner.kind == "queue")
    );
}

async fn calls_come_over_the_bus_too(world: World) {
    let visitor = world.visitor().await;
    let c = world.begin(&visitor, StartWith::Automation("mat".into())).await;
    let caller = Caller::new(Arc::clone(&world.bus)).await.unwrap();
    let get = GetConversation { id: c.id.clone() };
    let state = caller.call(&visitor.by, &get, SECOND).await.unwrap();
    assert_eq!(state.id, c.id);
    let nobody = caller.call(&Credential::Nobody, &GetSession {}, SECOND).await;
    assert_eq!(problem(nobody), Problem::Unauthenticated);
    let foreign = caller.call(&visitor.by, &Ping {}, SECOND).await;
    assert_eq!(problem(foreign), Problem::Forbidden);
    // Appends on the lane of this very dbmgr, which its beat names.
    let mut beats = world.bus.subscribe(&subject::notice("beat", None), None).await.unwrap();
    let Some(Delivery::Message(beat)) = timeout(SECOND, beats.next()).await.unwrap() else {
        panic!("no beat")
    };
    let beat: Beat = serde_json::from_slice(&beat.payload).unwrap();
    assert!(!beat.epoch.is_empty());
    let lane = subject::append_lane(&beat.incarnation);
    let call = AppendEntries { items: vec![message(&visitor, &c.id, &key(), "hello")] };
    let answers = caller.call_at(&lane, &Credential::Component, &call, SECOND).await.unwrap();
    assert_eq!(answers[0].as_ref().unwrap().seq, 2);
    let refused = caller.call_at(&lane, &visitor.by, &call, SECOND).await;
    assert_eq!(problem(refused), Problem::Forbidden);
    // Once it has stopped, nobody is there.
    world.service.stop().await;
    let gone = caller.call(&visitor.by, &get, SECOND).await;
    assert_eq!(problem(gone), Problem::Unavailable);
}

async fn a_new_start_has_a_new_incarnation(world: World) {
    let visitor = world.visitor().await;
    let c = world.begin(&visitor, StartWith::Automation("mat".into())).await;
    world.say(&visitor, &c.id, "before").await.unwrap();
    let bus: Arc<dyn Bus> = Arc::clone(&world.bus);
    let mut beats = bus.subscribe(&subject::notice("beat", None), None).await.unwrap();
    let incarnation = async |beats: &mut Subscription| {
        let Some(Delivery::Message(beat)) = timeout(SECOND, beats.next()).await.unwrap() else {
            panic!("no beat")
        };
        serde_json::from_slice::<Beat>(&beat.payload).unwrap().incarnation
    };
    let old = incarnation(&mut beats).await;
    world.service.stop().await;
    while beats.try_next().is_some() {}
    let service = serve(&world.database, &bus, &world.clock, true).await;
    assert_ne!(incarnation(&mut beats).await, old);
    let state = service.dbmgr().call(visitor.by.clone(), GetConversation { id: c.id }).await.unwrap();
    assert_eq!(state.head, 2);
}

async fn labels_are_told(world: World) {
    let (_, maya) = world.agent("maya").await;
    let visitor = world.visitor().await;
    let c = world.begin(&visitor, StartWith::People).await;
    let mut heard = world.bus.subscribe(NOTICES, None).await.unwrap();
    let tag = TagConversation { id: c.id.clone(), add: vec!["vip".into()], remove: vec![] };
    world.call(&maya.by, tag.clone()).await.unwrap();
    // Behind what was told of the beginning.
    let told = loop {
        match next(&mut heard).await.notice {
            Notice::State(told) if !told.state.conversation.tags.is_empty() => break told,
            _ => {}
        }
    };
    assert_eq!((told.state.conversation.tags, told.changed), (vec!["vip".to_owned()], false));
    // What changes nothing is told to nobody: the next thing heard is another.
    world.call(&maya.by, tag).await.unwrap();
    world.call(&maya.by, Claim { id: c.id, fence: c.fence }).await.unwrap();
    assert!(
        matches!(next(&mut heard).await.notice, Notice::Entry(entry) if entry.frame.contains("assigned"))
    );
}
