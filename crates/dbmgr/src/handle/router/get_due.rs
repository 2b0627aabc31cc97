//! Conversations that the router must look at now, and when something will be next.

use crate::cx::Cx;
use crate::gate::Actor;
use crate::halt::Outcome;
use crate::limits;
use crate::run::Handle;
use switchboard_domain::{Conversation, Millis, Owner, Status};
use switchboard_storage::conversation;
use switchboard_wire::call::router::{Due, DueKind, DueList, GetDue};

impl Handle for GetDue {
    async fn handle(self, _: Actor, cx: &mut Cx) -> Outcome<DueList> {
        // One statement while nothing is due, which is the usual answer.
        let first = conversation::next_due(&mut cx.tx, Millis::MIN).await?;
        if first.is_none_or(|at| at > cx.now) {
            return Ok(DueList { due: Vec::new(), next_at: first });
        }
        let limit = self.limit.clamp(1, limits::DUE);
        let rows = conversation::due(&mut cx.tx, cx.now, limit).await?;
        let next_at = conversation::next_due(&mut cx.tx, cx.now).await?;
        let due = rows.iter().filter_map(|c| {
            let (conversation, fence) = (c.id.to_string(), c.fence);
            Some(Due { conversation, fence, kind: kind(c)? })
        });
        Ok(DueList { due: due.collect(), next_at })
    }
}

/// Why a conversation is due.
fn kind(c: &Conversation) -> Option<DueKind> {
    match (c.status, &c.owner) {
        (Status::Snoozed, _) => Some(DueKind::Wake),
        (Status::Open, Owner::Automation { .. }) => Some(DueKind::Turn),
        (Status::Open, Owner::Agent { .. }) => Some(DueKind::Answer),
        (Status::Open | Status::Resolved, _) => None,
    }
}
