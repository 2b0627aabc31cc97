//! How the router reaches a dbmgr.

use std::future::Future;

use futures_util::future::BoxFuture;

use switchboard_bus::Caller;
use switchboard_wire::call::router::{
    ApplyReply, Assign, Called, FailTurn, GetBoard, GetDue, GetTurn, GetUnindexed, GuideCall, IndexLines,
    Lapse, RecordAutomations, RetireAgent, Sweep, Wake,
};
use switchboard_wire::{Call, Credential, Failure};

use crate::limits::CALL;

/// One kind of call, made as one of our components.
pub trait Ask<C: Call>: Send + Sync + 'static {
    /// Makes the call. It must end in its own time: within [`CALL`] or so.
    ///
    /// # Errors
    /// What the call answers; [`switchboard_wire::Problem::Unavailable`] when database or bus are away, or
    /// there was no answer in time: then it may have been carried out all the same.
    fn ask(&self, call: C) -> impl Future<Output = Result<C::Reply, Failure>> + Send;
}

macro_rules! calls {
    ($($call:ident),* $(,)?) => {
        /// Every call that the router makes. In process [`Ask`] is one generic impl over the dbmgr's own call;
        /// over a bus it is [`Caller`].
        pub trait Calls: $(Ask<$call> +)* Send + Sync + 'static {}
        impl<T: $(Ask<$call> +)* Send + Sync + 'static> Calls for T {}
    };
}

calls!(
    GetBoard,
    GetDue,
    GetTurn,
    ApplyReply,
    FailTurn,
    Assign,
    Lapse,
    Wake,
    RetireAgent,
    Sweep,
    GetUnindexed,
    IndexLines,
    RecordAutomations,
);

/// How servers of other people are asked for a guide. Whoever implements it knows their addresses and secrets.
pub trait Outward: Send + Sync + 'static {
    /// Calls a web hook, for the guide of this name. It must end in its own time.
    fn call<'a>(&'a self, guide: &'a str, call: &'a GuideCall) -> BoxFuture<'a, Called>;
}

impl<C: Call> Ask<C> for Caller {
    async fn ask(&self, call: C) -> Result<C::Reply, Failure> {
        self.call(&Credential::Component, &call, CALL).await
    }
}
