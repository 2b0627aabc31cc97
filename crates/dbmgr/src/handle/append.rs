//! Messages and notes: passed to the writer, which looks at each item's own credential.

use crate::authority::Authority;
use crate::run::Run;
use crate::shared::Shared;
use std::sync::Arc;
use switchboard_wire::call::append::{AppendEntries, Appended};
use switchboard_wire::{Credential, Failure, Problem};

impl Run for AppendEntries {
    async fn run(
        self,
        by: Authority,
        shared: Arc<Shared>,
    ) -> Result<Vec<Result<Appended, Failure>>, Failure> {
        match by {
            Authority::Bus(Credential::Component) => Ok(shared.writer.append(self.items).await),
            Authority::Bus(_) | Authority::Operator => {
                Err(Failure::new(Problem::Forbidden, "components pass on what their clients write"))
            }
        }
    }
}
