//! E-mail to visitors who have left. What is to be sent is a row (`handle/mail/enqueue.rs`), so that a crash forgets
//! none; the dbmgr that holds the router lock sends (`post.rs`). Which replies to look at, each dbmgr remembers of those
//! that it has stored itself (`watch.rs`); the one that routes finds those of a dbmgr that has died (`catch_up.rs`).

mod catch_up;
pub(crate) mod post;
mod transport;
pub(crate) mod watch;

use crate::limits;
use std::collections::HashMap;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;
use switchboard_domain::{ConversationId, Millis};
use tokio::sync::Notify;

pub(crate) use transport::Outgoing;
pub use transport::{BadSmtp, Transport};

/// What e-mail needs.
#[derive(Debug, Clone)]
pub struct MailOptions {
    /// `smtp://` or `smtps://`, with user and password if the server wants any.
    pub url: String,
    /// From whom: `Name <address>`, or the address alone.
    pub from: String,
    /// How people reach us, for the links.
    pub public_url: String,
    /// How long one attempt may take.
    pub patience: Duration,
}

/// E-mail, where it is configured.
pub(crate) struct Mail {
    pub(crate) transport: Transport,
    pub(crate) public_url: String,
    replies: Mutex<HashMap<ConversationId, Millis>>,
    noted: Notify,
    due: Notify,
    /// When the one that routes looks next for replies that nobody remembers.
    look_at: AtomicI64,
    look: Notify,
}

impl Mail {
    /// # Errors
    /// When the address of the server or of the sender is none.
    pub(crate) fn new(options: &MailOptions) -> Result<Self, BadSmtp> {
        Ok(Self {
            transport: Transport::new(&options.url, &options.from, options.patience)?,
            public_url: options.public_url.clone(),
            replies: Mutex::default(),
            noted: Notify::new(),
            due: Notify::new(),
            look_at: AtomicI64::new(Millis::MAX),
            look: Notify::new(),
        })
    }

    /// An agent has written here, then; it costs nobody anything. Answers whether that is remembered: there may be too many.
    pub(crate) fn note(&self, conversation: &ConversationId, at: Millis) -> bool {
        let mut replies = self.replies.lock().unwrap_or_else(PoisonError::into_inner);
        if replies.contains_key(conversation) {
            return true;
        }
        let fits = replies.len() < limits::REPLIES_WATCHED;
        if fits {
            replies.insert(conversation.clone(), at);
            self.noted.notify_one();
        }
        fits
    }

    /// The sweep of the one that routes came by.
    pub(crate) fn swept(&self, now: Millis) {
        if now >= self.look_at.load(Ordering::Relaxed) {
            self.look.notify_one();
        }
    }

    /// Something is due.
    pub(crate) fn wake(&self) {
        self.due.notify_one();
    }

    /// Takes those noted until then; answers them and when the next one was noted.
    fn take(&self, until: Millis) -> (Vec<ConversationId>, Option<Millis>) {
        let mut replies = self.replies.lock().unwrap_or_else(PoisonError::into_inner);
        let due: Vec<ConversationId> =
            replies.iter().filter(|(_, at)| **at <= until).map(|(id, _)| id.clone()).collect();
        replies.retain(|_, at| *at > until);
        (due, replies.values().min().copied())
    }
}
