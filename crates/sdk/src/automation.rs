//! What an automation is.

use std::sync::Arc;

use futures_util::future::{BoxFuture, FutureExt as _};
use switchboard_wire::turn::{TurnReply, TurnRequest};

use crate::error::TurnError;
use crate::working::Working;

/// An automation: something that answers turns. One value answers many turns at a time, of many conversations;
/// what it must remember belongs into a store of its own, for the next turn may reach another instance.
pub trait Automation: Send + Sync + 'static {
    /// Its name on the bus: 1 to 26 of `[a-z0-9_-]`.
    fn name(&self) -> &str;

    /// What people read in the directory.
    fn title(&self) -> &str;

    /// What it does, in one sentence.
    fn description(&self) -> &str;

    /// Answers the visitor's messages of one turn. The same turn may come again (see `attempt`), and a reply
    /// counts once. The future is dropped when the time is up; ask for more with [`Working::extend`].
    fn turn(
        &self,
        turn: TurnRequest,
        working: &Working,
    ) -> impl Future<Output = Result<TurnReply, TurnError>> + Send;
}

/// Any automation, for lists of different ones. Clones are the same automation.
#[derive(Clone)]
pub struct BoxedAutomation(Arc<dyn Erased>);

impl BoxedAutomation {
    /// Forgets which one it is.
    pub fn new(automation: impl Automation) -> Self {
        Self(Arc::new(automation))
    }
}

impl std::fmt::Debug for BoxedAutomation {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("BoxedAutomation").field(&Automation::name(self)).finish()
    }
}

impl Automation for BoxedAutomation {
    fn name(&self) -> &str {
        self.0.name()
    }

    fn title(&self) -> &str {
        self.0.title()
    }

    fn description(&self) -> &str {
        self.0.description()
    }

    async fn turn(&self, turn: TurnRequest, working: &Working) -> Result<TurnReply, TurnError> {
        self.0.turn(turn, working).await
    }
}

/// [`Automation`] with a boxed future, which a trait object needs.
trait Erased: Send + Sync {
    fn name(&self) -> &str;
    fn title(&self) -> &str;
    fn description(&self) -> &str;
    fn turn<'a>(
        &'a self,
        turn: TurnRequest,
        working: &'a Working,
    ) -> BoxFuture<'a, Result<TurnReply, TurnError>>;
}

impl<A: Automation> Erased for A {
    fn name(&self) -> &str {
        Automation::name(self)
    }

    fn title(&self) -> &str {
        Automation::title(self)
    }

    fn description(&self) -> &str {
        Automation::description(self)
    }

    fn turn<'a>(
        &'a self,
        turn: TurnRequest,
        working: &'a Working,
    ) -> BoxFuture<'a, Result<TurnReply, TurnError>> {
        Automation::turn(self, turn, working).boxed()
    }
}
