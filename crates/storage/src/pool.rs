//! Connections that were used a moment ago, in front of sqlx's pool: that asks every connection that comes back whether
//! it still lives, a round trip for each transaction, and lets nobody use it meanwhile.

use sqlx::pool::PoolConnection;
use sqlx::{Database, Pool as Cold};
use std::ops::{Deref, DerefMut};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout;

/// Some connections of one kind; cheap to clone.
pub(crate) struct Pool<DB: Database>(Arc<Shared<DB>>);

struct Shared<DB: Database> {
    cold: Cold<DB>,
    /// As many places as `cold` has connections, so that whoever has one finds a connection.
    places: Arc<Semaphore>,
    warm: Mutex<Vec<Warm<DB>>>,
    /// How long one that is not used stays warm.
    trust: Duration,
}

struct Warm<DB: Database> {
    connection: PoolConnection<DB>,
    since: Instant,
}

impl<DB: Database> Clone for Pool<DB> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<DB: Database> Pool<DB> {
    pub(crate) fn new(cold: Cold<DB>, trust: Duration) -> Self {
        let places = cold.options().get_max_connections() as usize;
        let (places, warm) = (Arc::new(Semaphore::new(places)), Mutex::default());
        Self(Arc::new(Shared { cold, places, warm, trust }))
    }

    /// How its connections are made.
    pub(crate) fn connect_options(&self) -> Arc<<DB::Connection as sqlx::Connection>::Options> {
        self.0.cold.connect_options()
    }

    /// A connection, the one that was used last if there is one.
    pub(crate) async fn acquire(&self) -> sqlx::Result<Held<DB>> {
        let limit = self.0.cold.options().get_acquire_timeout();
        let acquire = async {
            let place = Arc::clone(&self.0.places).acquire_owned().await;
            let place = place.map_err(|_| sqlx::Error::PoolClosed)?;
            let connection = match self.0.warm() {
                Some(connection) => connection,
                None => self.0.cold.acquire().await?,
            };
            Ok(Held { connection, home: Arc::clone(&self.0), place })
        };
        timeout(limit, acquire).await.unwrap_or(Err(sqlx::Error::PoolTimedOut))
    }

    /// Closes all connections; those in use when they come back.
    pub(crate) async fn close(&self) {
        self.0.places.close();
        drop(self.0.swap(Vec::new()));
        self.0.cold.close().await;
    }
}

impl<DB: Database> Shared<DB> {
    fn swap(&self, other: Vec<Warm<DB>>) -> Vec<Warm<DB>> {
        std::mem::replace(&mut *self.warm.lock().unwrap_or_else(PoisonError::into_inner), other)
    }

    fn warm(&self) -> Option<PoolConnection<DB>> {
        let last = self.warm.lock().unwrap_or_else(PoisonError::into_inner).pop()?;
        // The last is the warmest. One that is dropped goes back to sqlx's pool, which asks it.
        (last.since.elapsed() < self.trust).then_some(last.connection)
    }

    fn keep(&self, connection: PoolConnection<DB>) {
        let now = Instant::now();
        let mut warm = self.warm.lock().unwrap_or_else(PoisonError::into_inner);
        if self.places.is_closed() {
            return;
        }
        warm.push(Warm { connection, since: now });
        let cooled = warm.iter().take_while(|one| now - one.since >= self.trust).count();
        let cooled: Vec<Warm<DB>> = warm.drain(..cooled).collect();
        drop(warm);
        drop(cooled);
    }
}

impl<DB: Database> Drop for Shared<DB> {
    fn drop(&mut self) {
        // There may be no runtime any more in which sqlx's pool could close them in good order.
        for one in self.swap(Vec::new()) {
            drop(one.connection.detach());
        }
    }
}

/// A connection in use. Dropped, it goes back to sqlx's pool.
pub(crate) struct Held<DB: Database> {
    connection: PoolConnection<DB>,
    home: Arc<Shared<DB>>,
    place: OwnedSemaphorePermit,
}

impl<DB: Database> Held<DB> {
    /// Hands it back for others; it must be in step and without a transaction.
    pub(crate) fn keep(self) {
        // The place is free when the connection is back.
        let Self { connection, home, place: _place } = self;
        home.keep(connection);
    }

    /// Gives it up: it is not used again.
    pub(crate) fn detach(self) -> DB::Connection {
        self.connection.detach()
    }
}

impl<DB: Database> Deref for Held<DB> {
    type Target = DB::Connection;

    fn deref(&self) -> &DB::Connection {
        &self.connection
    }
}

impl<DB: Database> DerefMut for Held<DB> {
    fn deref_mut(&mut self) -> &mut DB::Connection {
        &mut self.connection
    }
}
