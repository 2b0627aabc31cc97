//! An agent has looked at mentions.

use crate::act;
use crate::cx::Cx;
use crate::gate::Actor;
use crate::halt::Outcome;
use crate::limits::MENTIONS_KEPT_MS;
use crate::run::Handle;
use switchboard_storage::mention;
use switchboard_wire::call::mention::ReadMentions;

impl Handle for ReadMentions {
    async fn handle(self, actor: Actor, cx: &mut Cx) -> Outcome<()> {
        let agent = actor.staff()?.id();
        let conversation = self.conversation.as_deref().map(act::parse).transpose()?;
        mention::mark_read(&mut cx.tx, agent, conversation.as_ref(), cx.now).await?;
        mention::forget_read(&mut cx.tx, agent, cx.now - MENTIONS_KEPT_MS).await?;
        Ok(())
    }
}
