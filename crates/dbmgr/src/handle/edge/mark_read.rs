//! A reader has seen everything up to a place.

use crate::act;
use crate::cx::Cx;
use crate::gate::{Actor, Party};
use crate::halt::Outcome;
use crate::run::Handle;
use switchboard_storage::entry;
use switchboard_storage::read::{self, Position, Side};
use switchboard_wire::call::edge::MarkRead;

impl Handle for MarkRead {
    async fn handle(self, actor: Actor, cx: &mut Cx) -> Outcome<()> {
        let party = actor.party()?;
        let c = act::load_for(cx, &self.conversation, &party).await?;
        let (side, head) = match party {
            Party::Agent(_) => (Side::Staff, c.head),
            Party::Visitor(_) => (Side::Visitor, c.public_head),
        };
        let seq = self.seq.clamp(0, head);
        let before = read::get(&mut cx.tx, &c.id, side).await?;
        if before.map_or(0, |position| position.seq) >= seq {
            return Ok(());
        }
        let unseen = match seq {
            seq if seq >= c.last_inbound => 0,
            seq => entry::inbound_after(&mut cx.tx, &c.id, seq).await?,
        };
        let position =
            Position { conversation: c.id, side, seq, inbound: (c.inbound - unseen).max(0), at: cx.now };
        read::save(&mut cx.tx, &[position]).await?;
        Ok(())
    }
}
