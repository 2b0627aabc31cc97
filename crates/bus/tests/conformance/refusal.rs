use switchboard_bus::{BusError, MAX_MESSAGE_BYTES, Message};

use crate::world::{World, listen, next, text};

pub async fn what_is_too_large_is_refused_and_what_fits_arrives(world: World) {
    let bus = world.connect().await;
    let mut reader = listen(&*bus, "big", None).await;
    for over in [
        Message::new("big", vec![b'x'; MAX_MESSAGE_BYTES + 1]),
        Message::new("big", vec![b'x'; MAX_MESSAGE_BYTES]).header("A", "b"),
    ] {
        let refused = bus.publish(over).await;
        assert!(matches!(refused, Err(BusError::TooLarge { limit: MAX_MESSAGE_BYTES, .. })), "{refused:?}");
    }
    bus.publish(Message::new("big", vec![b'x'; MAX_MESSAGE_BYTES])).await.unwrap();
    assert_eq!(next(&mut reader).await.payload.len(), MAX_MESSAGE_BYTES);
    let frame = "NATS/1.0\r\nA: b\r\n\r\n".len();
    bus.publish(Message::new("big", vec![b'x'; MAX_MESSAGE_BYTES - frame]).header("A", "b")).await.unwrap();
    assert_eq!(next(&mut reader).await.headers.get("A"), Some("b"));
    bus.publish(Message::new("big", "after")).await.unwrap();
    assert_eq!(text(&next(&mut reader).await), "after");
}

pub async fn bad_subjects_are_refused(world: World) {
    let bus = world.connect().await;
    for bad in ["", "a b", "a..b", "a.*", "a.>", "a\r\nPUB b 0"] {
        let refused = bus.publish(Message::new(bad, "")).await;
        assert_eq!(refused, Err(BusError::BadSubject(bad.into())));
        let refused = bus.publish(Message::new("ok", "").reply_to(bad)).await;
        assert_eq!(refused, Err(BusError::BadSubject(bad.into())));
    }
    for bad in ["", "a b", "a.>.b", "a."] {
        assert!(bus.subscribe(bad, None).await.is_err(), "{bad:?}");
        assert!(bus.subscribe("ok", Some(bad)).await.is_err(), "{bad:?}");
    }
}
