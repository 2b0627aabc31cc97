//! An agent makes one visitor of those of two conversations that it may see.

use super::merge::{Asked, merge};
use crate::act;
use crate::cx::Cx;
use crate::gate::{Actor, Party};
use crate::halt::{Halt, Outcome};
use crate::run::Handle;
use switchboard_domain::ConversationId;
use switchboard_storage::conversation;
use switchboard_wire::call::guest::MergeHere;
use switchboard_wire::view::Conversation;

impl Handle for MergeHere {
    async fn handle(self, actor: Actor, cx: &mut Cx) -> Outcome<Conversation> {
        let staff = actor.staff()?;
        let party = Party::Agent(staff);
        let (keep, other) =
            (act::load_for(cx, &self.keep, &party).await?, act::load_for(cx, &self.other, &party).await?);
        let ids: [ConversationId; 2] = [keep.id.clone(), other.id.clone()];
        let asked =
            Asked { keep: keep.visitor, other: other.visitor, conversation: Some(keep.id.to_string()) };
        let visitor = merge(cx, staff, &asked).await?;
        // They were read before they were locked: whoever has changed hands meanwhile is not the agent's to merge.
        for c in conversation::lock_many(&mut cx.tx, &ids).await? {
            act::may_see(&mut cx.tx, &c, &party).await?;
            if c.visitor != visitor {
                return Err(Halt::Again);
            }
        }
        let c = act::load_for(cx, &self.keep, &party).await?;
        act::shown(cx, &c, &party).await
    }
}
