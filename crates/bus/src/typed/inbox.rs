//! Several replies to one request, and several requests with one place for replies.

use std::sync::Arc;

use bytes::Bytes;
use tokio::time::{Instant, timeout_at};

use super::request_error::RequestError;
use crate::message::{Headers, Message};
use crate::port::Bus;
use crate::subject::Subject;
use crate::subscription::Subscription;

/// A reply subject of its own. Ask as often as you like and read what comes; what is not read when it is
/// dropped is forgotten. It holds [`crate::limits::INBOX_FRAMES`] and drops the oldest.
#[derive(Debug)]
pub struct Inbox {
    bus: BusHandle,
    reply: Subject,
    frames: Subscription,
}

struct BusHandle(Arc<dyn Bus>);

impl std::fmt::Debug for BusHandle {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Bus")
    }
}

impl Inbox {
    pub(super) fn new(bus: Arc<dyn Bus>, reply: Subject, frames: Subscription) -> Self {
        Self { bus: BusHandle(bus), reply, frames }
    }

    /// The subject that replies come to.
    #[must_use]
    pub fn subject(&self) -> &Subject {
        &self.reply
    }

    /// Sends a request whose replies come here.
    ///
    /// # Errors
    /// What [`Bus::publish`] refuses.
    pub async fn ask(
        &self,
        subject: &str,
        headers: Headers,
        payload: impl Into<Bytes>,
    ) -> Result<(), RequestError> {
        let mut message = Message::new(subject, payload).reply_to(Arc::clone(&self.reply));
        message.headers = headers;
        Ok(self.bus.0.publish(message).await?)
    }

    /// The next reply, or `None` when `until` has come. That nobody is there is a reply too: see
    /// [`Message::is_no_responders`]. Nothing is lost when the returned future is dropped.
    pub async fn next(&mut self, until: Instant) -> Option<Message> {
        timeout_at(until, self.frames.next_message()).await.ok().flatten()
    }
}
