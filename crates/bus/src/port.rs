//! The port: what every bus does, in bytes.

use std::time::Duration;

use futures_util::future::BoxFuture;
use tokio::sync::watch;

use crate::error::BusError;
use crate::limits::SUBSCRIPTION_MESSAGES;
use crate::message::Message;
use crate::subject::Subject;
use crate::subscription::Subscription;

/// Whether messages travel at the moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BusState {
    /// Connected, with all subscriptions in place.
    pub connected: bool,
    /// How often the connection was made. When it grows beyond 1, messages may have been missed.
    pub connections: u64,
}

/// A bus: subjects, wildcards, queue groups, replies. Delivery is at most once; the record is elsewhere.
///
/// Messages of one publisher on one connection arrive in the order in which they were published, at each
/// subscription. A message with a reply subject that no subscription received is answered by the bus with
/// [`crate::STATUS_NO_RESPONDERS`].
pub trait Bus: Send + Sync + 'static {
    /// Sends one message. Returning `Ok` means that it left, not that anybody has it.
    ///
    /// # Errors
    /// Refuses what [`Message::check`] refuses; [`BusError::Disconnected`] at once while the server is
    /// away; [`BusError::Congested`] when there was no room for [`crate::limits::PUBLISH_WAIT`].
    fn publish(&self, message: Message) -> BoxFuture<'_, Result<(), BusError>>;

    /// Subscribes with room for `capacity` unread messages. In a queue group (the same name on matching
    /// subjects) each message goes to one member. A subscription outlives reconnections, each of which
    /// it reports, and may be made while the server is away.
    ///
    /// While the server is there it knows of the subscription when this returns: whoever reads the record then misses
    /// nothing. A server that does not say so within [`crate::limits::NATS_SETTLE`] has stalled: when it goes
    /// on, or is reconnected to, the subscription reports that something may have been missed.
    ///
    /// # Errors
    /// [`BusError::BadSubject`] for a bad pattern or group name; [`BusError::Congested`].
    fn subscribe_bounded<'a>(
        &'a self,
        pattern: &'a str,
        group: Option<&'a str>,
        capacity: usize,
    ) -> BoxFuture<'a, Result<Subscription, BusError>>;

    /// Subscribes with room for [`SUBSCRIPTION_MESSAGES`].
    ///
    /// # Errors
    /// As [`Bus::subscribe_bounded`].
    fn subscribe<'a>(
        &'a self,
        pattern: &'a str,
        group: Option<&'a str>,
    ) -> BoxFuture<'a, Result<Subscription, BusError>> {
        self.subscribe_bounded(pattern, group, SUBSCRIPTION_MESSAGES)
    }

    /// The state, to look at and to wait on.
    fn state(&self) -> watch::Receiver<BusState>;

    /// Waits until the server has taken everything that was published and subscribed before: a real round
    /// trip, so also the way to ask whether the bus is well.
    ///
    /// # Errors
    /// [`BusError::Disconnected`] or [`BusError::Timeout`].
    fn flush(&self, deadline: Duration) -> BoxFuture<'_, Result<(), BusError>>;

    /// A fresh subject for replies that nobody else uses, under this connection's own prefix. Its last
    /// token is unique.
    fn new_inbox(&self) -> Subject;
}
