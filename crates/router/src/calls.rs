//! How the router reaches a dbmgr.

use std::future::Future;
use std::time::Duration;

use switchboard_bus::Caller;
use switchboard_wire::{Call, Credential, Failure};

/// Makes calls as one of our components: in process to the dbmgr around the router, or over a bus.
pub trait Calls: Send + Sync + 'static {
    /// Makes a call.
    ///
    /// # Errors
    /// What the call answers; [`switchboard_wire::Problem::Unavailable`] when there is no answer after
    /// `deadline`: then it may have been carried out all the same.
    fn call<C: Call>(
        &self,
        call: C,
        deadline: Duration,
    ) -> impl Future<Output = Result<C::Reply, Failure>> + Send;
}

impl Calls for Caller {
    async fn call<C: Call>(&self, call: C, deadline: Duration) -> Result<C::Reply, Failure> {
        Self::call(self, &Credential::Component, &call, deadline).await
    }
}
