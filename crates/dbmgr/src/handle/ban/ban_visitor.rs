//! The agent who has a conversation bans its visitor.

use super::{Again, Sentence, pass, show};
use crate::act;
use crate::cx::Cx;
use crate::gate::{Actor, Party};
use crate::halt::Outcome;
use crate::run::Handle;
use switchboard_domain::ban::Banned;
use switchboard_domain::conversation::Refusal;
use switchboard_wire::call::ban::{BanVisitor, OneBan};

impl Handle for BanVisitor {
    async fn handle(self, actor: Actor, cx: &mut Cx) -> Outcome<OneBan> {
        let staff = actor.staff()?;
        let sentence = Sentence::read(&self.term, self.reason.as_deref(), cx.now)?;
        let c = act::load_for(cx, &self.conversation, &Party::Agent(staff)).await?;
        if !c.owner.is_agent(staff.id()) {
            return Err(Refusal::NotOwner.into());
        }
        let banned = Banned::Visitor(c.visitor.clone());
        let made = pass(cx, staff, banned, sentence, Again::NotShorter, Some(c.id.as_str())).await?;
        Ok(OneBan { ban: show(&made) })
    }
}
