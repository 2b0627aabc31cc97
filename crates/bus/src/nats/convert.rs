//! Between our messages and the NATS client's.

use async_nats::HeaderMap;
use async_nats::message::OutboundMessage;

use crate::message::{Headers, Message};

pub(super) fn outbound(message: &Message) -> OutboundMessage {
    let headers = (!message.headers.is_empty()).then(|| {
        let mut map = HeaderMap::new();
        for (name, value) in message.headers.iter() {
            // `Headers` has already cleaned what the client would refuse.
            map.append(name, value);
        }
        map
    });
    OutboundMessage {
        subject: message.subject.as_ref().to_owned().into(),
        reply: message.reply.as_deref().map(|reply| reply.to_owned().into()),
        payload: message.payload.clone(),
        headers,
    }
}

pub(super) fn inbound(message: async_nats::Message) -> Message {
    let mut headers = Headers::default();
    for (name, values) in message.headers.iter().flat_map(HeaderMap::iter) {
        for value in values {
            headers.push(name.to_string(), value.as_str());
        }
    }
    Message {
        subject: message.subject.as_str().into(),
        reply: message.reply.as_ref().map(|reply| reply.as_str().into()),
        headers,
        status: message.status.map(|status| status.as_u16()),
        payload: message.payload,
    }
}
