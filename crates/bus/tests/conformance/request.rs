use std::time::Instant;

use switchboard_bus::Message;

use crate::world::{World, listen, next, nothing, text};

pub async fn a_request_is_answered(world: World) {
    let (asker, answerer) = (world.connect().await, world.connect().await);
    let mut requests = listen(&*answerer, "double", Some("q")).await;
    let inbox = asker.new_inbox();
    let mut replies = listen(&*asker, &inbox, None).await;
    asker.publish(Message::new("double", "21").reply_to(inbox)).await.unwrap();
    let request = next(&mut requests).await;
    let answer = (text(&request).parse::<u32>().unwrap() * 2).to_string();
    answerer.publish(Message::new(request.reply.unwrap(), answer)).await.unwrap();
    let reply = next(&mut replies).await;
    assert_eq!((text(&reply), reply.is_no_responders()), ("42", false));
    nothing(&mut replies).await;
}

pub async fn nobody_there_is_said_at_once(world: World) {
    let bus = world.connect().await;
    let inbox = bus.new_inbox();
    let mut replies = listen(&*bus, &format!("{inbox}.*"), None).await;
    let start = Instant::now();
    bus.publish(Message::new("nobody.here", "?").reply_to(format!("{inbox}.7"))).await.unwrap();
    let reply = next(&mut replies).await;
    assert!(reply.is_no_responders());
    assert_eq!(*reply.subject, format!("{inbox}.7"));
    assert!(reply.payload.is_empty());
    assert!(start.elapsed().as_millis() < 1_000);
    bus.publish(Message::new("nobody.here", "no reply wanted")).await.unwrap();
    nothing(&mut replies).await;
}

pub async fn inboxes_are_unique(world: World) {
    let (one, two) = (world.connect().await, world.connect().await);
    let mut all: Vec<_> = (0..100).flat_map(|_| [one.new_inbox(), two.new_inbox()]).collect();
    all.sort();
    all.dedup();
    assert_eq!(all.len(), 200);
}
