use switchboard_bus::{Delivery, Message};
use tokio::time::timeout;

use crate::world::{PATIENCE, QUIET, World, listen, next, nothing, text};

pub async fn everybody_who_asked_receives(world: World) {
    let (one, two) = (world.connect().await, world.connect().await);
    let mut first = listen(&*one, "a.b", None).await;
    let mut second = listen(&*two, "a.b", None).await;
    let mut other = listen(&*two, "a.c", None).await;
    one.publish(Message::new("a.b", "hello")).await.unwrap();
    assert_eq!(text(&next(&mut first).await), "hello");
    assert_eq!(text(&next(&mut second).await), "hello");
    nothing(&mut other).await;
}

pub async fn what_is_published_once_it_is_subscribed_is_heard(world: World) {
    let (reader, writer) = (world.connect().await, world.connect().await);
    for n in 0..300 {
        let subject = format!("fresh.{n}");
        let mut heard = reader.subscribe(&subject, None).await.unwrap();
        writer.publish(Message::new(subject.as_str(), "now")).await.unwrap();
        assert_eq!(text(&next(&mut heard).await), "now", "{n}");
    }
}

pub async fn wildcards_choose(world: World) {
    let bus = world.connect().await;
    let mut star = listen(&*bus, "evt.*.added", None).await;
    let mut rest = listen(&*bus, "evt.>", None).await;
    for subject in ["evt", "evt.entry", "evt.entry.added", "evt.entry.added.twice", "cmd.entry.added"] {
        bus.publish(Message::new(subject, "")).await.unwrap();
    }
    assert_eq!(&*next(&mut star).await.subject, "evt.entry.added");
    for subject in ["evt.entry", "evt.entry.added", "evt.entry.added.twice"] {
        assert_eq!(&*next(&mut rest).await.subject, subject);
    }
    nothing(&mut star).await;
    nothing(&mut rest).await;
}

pub async fn a_queue_group_shares(world: World) {
    const MEMBERS: usize = 4;
    const MESSAGES: usize = 400;
    let bus = world.connect().await;
    let mut members = vec![];
    for _ in 0..MEMBERS {
        members.push(listen(&*world.connect().await, "work", Some("q")).await);
    }
    let mut outside = listen(&*bus, "work", None).await;
    for number in 0..MESSAGES {
        bus.publish(Message::new("work", number.to_string())).await.unwrap();
    }
    for number in 0..MESSAGES {
        assert_eq!(text(&next(&mut outside).await), number.to_string());
    }
    let mut seen = vec![];
    for member in &mut members {
        let before = seen.len();
        while let Ok(Some(Delivery::Message(message))) = timeout(QUIET, member.next()).await {
            seen.push(text(&message).parse::<usize>().unwrap());
        }
        let share = seen.len() - before;
        assert!(share > MESSAGES / MEMBERS / 4, "one member had only {share}");
    }
    seen.sort_unstable();
    assert_eq!(seen, (0..MESSAGES).collect::<Vec<_>>(), "each message goes to exactly one member");
}

pub async fn members_of_a_group_on_different_patterns_share(world: World) {
    let bus = world.connect().await;
    let mut narrow = listen(&*bus, "work.a", Some("q")).await;
    let mut wide = listen(&*bus, "work.>", Some("q")).await;
    for _ in 0..40 {
        bus.publish(Message::new("work.a", "")).await.unwrap();
    }
    let mut count = 0;
    for member in [&mut narrow, &mut wide] {
        while let Ok(Some(Delivery::Message(_))) = timeout(QUIET, member.next()).await {
            count += 1;
        }
    }
    assert_eq!(count, 40);
}

pub async fn one_publisher_keeps_its_order(world: World) {
    const MESSAGES: usize = 10_000;
    let (from, to) = (world.connect().await, world.connect().await);
    let mut reader = listen(&*to, "order.>", None).await;
    for number in 0..MESSAGES {
        let subject = if number % 2 == 0 { "order.even" } else { "order.odd" };
        from.publish(Message::new(subject, number.to_string())).await.unwrap();
    }
    for number in 0..MESSAGES {
        assert_eq!(text(&next(&mut reader).await), number.to_string());
    }
}

pub async fn an_overflow_drops_the_oldest_and_says_so(world: World) {
    const ROOM: usize = 8;
    let bus = world.connect().await;
    let mut reader = bus.subscribe_bounded("flood", None, ROOM).await.unwrap();
    let mut witness = listen(&*bus, "flood", None).await;
    for number in 0..100 {
        bus.publish(Message::new("flood", number.to_string())).await.unwrap();
    }
    for _ in 0..100 {
        next(&mut witness).await;
    }
    let full = async {
        while reader.waiting() < ROOM {
            tokio::task::yield_now().await;
        }
        // The witness may be a moment ahead of the reader's queue.
        tokio::time::sleep(QUIET).await;
    };
    timeout(PATIENCE, full).await.unwrap();
    assert_eq!(timeout(PATIENCE, reader.next()).await.unwrap(), Some(Delivery::Lagged(92)));
    for number in 92..100 {
        assert_eq!(text(&next(&mut reader).await), number.to_string());
    }
    bus.publish(Message::new("flood", "after")).await.unwrap();
    assert_eq!(text(&next(&mut reader).await), "after");
}

pub async fn no_echo_hears_others_only(world: World) {
    let (deaf, other) = (world.connect_with(true).await, world.connect().await);
    let mut at_deaf = listen(&*deaf, "talk", None).await;
    let mut at_other = listen(&*other, "talk", None).await;
    deaf.publish(Message::new("talk", "mine")).await.unwrap();
    assert_eq!(text(&next(&mut at_other).await), "mine");
    other.publish(Message::new("talk", "theirs")).await.unwrap();
    assert_eq!(text(&next(&mut at_deaf).await), "theirs");
    nothing(&mut at_deaf).await;
    // What it hears only from itself has no other receiver, and that is said to it all the same.
    let mut replies = listen(&*deaf, "inbox", None).await;
    let mut own = listen(&*deaf, "own", None).await;
    deaf.publish(Message::new("own", "").reply_to("inbox")).await.unwrap();
    assert!(next(&mut replies).await.is_no_responders());
    nothing(&mut own).await;
}

pub async fn a_dropped_subscription_is_gone(world: World) {
    let bus = world.connect().await;
    let mut replies = listen(&*bus, "inbox", None).await;
    let subscription = listen(&*bus, "somebody", None).await;
    drop(subscription);
    let gone = async {
        loop {
            bus.publish(Message::new("somebody", "").reply_to("inbox")).await.unwrap();
            if next_within(&mut replies).await {
                break;
            }
        }
    };
    timeout(PATIENCE, gone).await.expect("the subscription is still there");
}

async fn next_within(replies: &mut switchboard_bus::Subscription) -> bool {
    matches!(
        timeout(QUIET, replies.next()).await,
        Ok(Some(Delivery::Message(message))) if message.is_no_responders()
    )
}

pub async fn headers_and_payload_arrive_unchanged(world: World) {
    let bus = world.connect().await;
    let mut reader = listen(&*bus, "rich", None).await;
    let payload: Vec<u8> = (0..=255).collect();
    let sent = Message::new("rich", payload)
        .reply_to("back.here")
        .header("Audience", "staff")
        .header("Audience", "public")
        .header("Name", "Zoë: 1");
    bus.publish(sent.clone()).await.unwrap();
    let got = next(&mut reader).await;
    assert_eq!((&got.subject, &got.reply, &got.payload), (&sent.subject, &sent.reply, &sent.payload));
    assert_eq!(got.status, None);
    assert_eq!(got.headers.get("Name"), Some("Zoë: 1"));
    let audiences: Vec<_> = got.headers.iter().filter(|(name, _)| *name == "Audience").collect();
    assert_eq!(audiences, [("Audience", "staff"), ("Audience", "public")]);
    let mut empty = Message::new("rich", "");
    empty.status = Some(503);
    bus.publish(empty).await.unwrap();
    assert_eq!(next(&mut reader).await.status, None, "a publisher cannot speak for the bus");
}
