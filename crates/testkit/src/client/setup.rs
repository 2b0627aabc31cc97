//! A client, being put together.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::sync::{Notify, watch};

use super::Client;
use super::seen::Seen;
use super::talk::Shared;
use crate::history::{Recorder, Role};
use crate::http::Http;
use crate::id::unique;
use crate::staff::Staff;
use crate::visitor::Visitor;

/// The longest pause between two tries to connect; shorter than a browser's, so that tests do not wait.
const PATIENCE: Duration = Duration::from_secs(1);

/// Who the client is and where it connects.
#[derive(Debug)]
pub struct Setup {
    role: Role,
    token: Option<String>,
    https: Vec<Http>,
    record: Option<(Recorder, String)>,
    patience: Duration,
}

impl Setup {
    /// A visitor's, which connects to the given nodes in turn.
    #[must_use]
    pub fn visitor(visitor: &Visitor, nodes: &[Http]) -> Self {
        let https = nodes.iter().map(|node| visitor.http.clone().by(node)).collect();
        let token = Some(visitor.token.clone());
        Self { role: Role::Visitor, token, https, record: None, patience: PATIENCE }
    }

    /// An agent's, which connects to the given nodes in turn.
    #[must_use]
    pub fn agent(staff: &Staff, nodes: &[Http]) -> Self {
        let https = nodes.iter().map(|node| staff.http.clone().by(node)).collect();
        Self { role: Role::Agent, token: None, https, record: None, patience: PATIENCE }
    }

    /// Writes what it does and sees into this record, under this name, which is nobody else's.
    #[must_use]
    pub fn recorded(mut self, recorder: &Recorder, name: &str) -> Self {
        self.record = Some((recorder.clone(), name.to_owned()));
        self
    }

    /// Waits at most this long between two tries to connect; a second if nothing is said.
    #[must_use]
    pub fn patience(mut self, longest: Duration) -> Self {
        self.patience = longest;
        self
    }

    /// Starts it.
    #[must_use]
    pub fn start(self) -> Client {
        let (recorder, name) = self.record.unwrap_or_else(|| (Recorder::default(), unique("client")));
        recorder.observer(&name, self.role);
        let shared = Arc::new(Shared {
            role: self.role,
            token: self.token,
            https: self.https,
            recorder,
            name,
            patience: self.patience,
            seen: Mutex::new(Seen::default()),
            changed: watch::Sender::default(),
            wake: Notify::new(),
            hang_up: Notify::new(),
        });
        let task = tokio::spawn(Arc::clone(&shared).live());
        Client { shared, task }
    }
}
