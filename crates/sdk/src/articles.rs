//! Articles, for automations that answer from them: found through the house's own call, so that an automation needs no
//! database and may be a process of its own.

use futures_util::future::BoxFuture;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;
use switchboard_bus::{Bus, Caller};
use switchboard_wire::call::article::{RateArticle, SearchArticles};
use switchboard_wire::view::ArticlesFound;
use switchboard_wire::{Call, Credential, Failure};
use tokio::sync::OnceCell;

/// How long an answer may take; a turn has five seconds at first.
const PATIENCE: Duration = Duration::from_secs(3);

/// Where articles come from.
pub trait Articles: Send + Sync + 'static {
    /// The published articles that fit.
    fn search(&self, search: SearchArticles) -> BoxFuture<'_, Result<ArticlesFound, Failure>>;

    /// Counts whether one has helped.
    fn rate(&self, rating: RateArticle) -> BoxFuture<'_, Result<(), Failure>>;
}

/// Articles by way of a bus, as one of the house's components: on NATS the automation's user must be allowed to publish
/// to `switchboard.v1.qry.search_articles` and `switchboard.v1.cmd.rate_article`.
pub struct ArticlesOnBus {
    bus: Arc<dyn Bus>,
    caller: OnceCell<Caller>,
}

impl ArticlesOnBus {
    /// Over this bus, which may be away still.
    pub fn new(bus: Arc<dyn Bus>) -> Self {
        Self { bus, caller: OnceCell::new() }
    }

    async fn ask<C: Call>(&self, call: C) -> Result<C::Reply, Failure> {
        let made = self.caller.get_or_try_init(|| Caller::new(Arc::clone(&self.bus))).await;
        let caller = made.map_err(|problem| Failure::unavailable(problem.to_string()))?;
        caller.call(&Credential::Component, &call, PATIENCE).await
    }
}

impl Articles for ArticlesOnBus {
    fn search(&self, search: SearchArticles) -> BoxFuture<'_, Result<ArticlesFound, Failure>> {
        Box::pin(self.ask(search))
    }

    fn rate(&self, rating: RateArticle) -> BoxFuture<'_, Result<(), Failure>> {
        Box::pin(self.ask(rating))
    }
}

impl fmt::Debug for ArticlesOnBus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ArticlesOnBus").finish_non_exhaustive()
    }
}
