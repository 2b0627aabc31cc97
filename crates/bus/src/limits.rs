//! The bounds of the bus, in one place.

use std::time::Duration;

/// Largest message that a bus accepts, in bytes: payload plus headers as NATS counts them.
pub const MAX_MESSAGE_BYTES: usize = 1024 * 1024;

/// Messages that may wait unread in one subscription before the oldest are dropped.
pub const SUBSCRIPTION_MESSAGES: usize = 16_384;

/// Bytes (payload and headers) that may wait unread in one subscription before the oldest are dropped.
pub const SUBSCRIPTION_BYTES: usize = 64 * 1024 * 1024;

/// Messages that the NATS connection may hand to one subscription before its pump runs.
pub const NATS_HANDOVER_MESSAGES: usize = 65_536;

/// Commands (publish, subscribe) that may wait for the NATS connection's writer.
pub const NATS_OUTGOING_MESSAGES: usize = 4_096;

/// How long a publish may wait for room in the outgoing queue before it is refused.
pub const PUBLISH_WAIT: Duration = Duration::from_secs(2);

/// How often an idle NATS connection is pinged; two unanswered pings mean that it is gone.
pub const NATS_PING_EVERY: Duration = Duration::from_secs(2);

/// How long one attempt to connect to a NATS server may take.
pub const NATS_CONNECT_TIMEOUT: Duration = Duration::from_secs(3);

/// Longest pause between two attempts to connect to a NATS server.
pub const NATS_RECONNECT_PAUSE_MAX: Duration = Duration::from_secs(1);

/// How long a server may take to confirm subscriptions, of a fresh connection before that is reported as connected all the
/// same, or one that is added.
pub const NATS_SETTLE: Duration = Duration::from_secs(2);

/// How long a server that stalls may take to confirm a subscription before what it may have missed is reported all the same.
pub const NATS_STALL: Duration = Duration::from_secs(30);

/// How often the state of the NATS connection is read when no event announces a change.
pub const NATS_STATE_POLL: Duration = Duration::from_millis(250);

/// Calls of one `Caller` that may wait for their replies at a time.
pub const CALLS_IN_FLIGHT: usize = 65_536;

/// Frames that may wait unread in one reply inbox before the oldest are dropped.
pub const INBOX_FRAMES: usize = 64;

/// Longest token, in bytes, and most tokens of a subject.
pub const SUBJECT_BYTES: usize = 255;
