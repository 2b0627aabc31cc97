//! Whether an article has helped.

use crate::cx::Cx;
use crate::gate::Actor;
use crate::halt::Outcome;
use crate::run::Handle;
use switchboard_domain::ConversationId;
use switchboard_storage::article;
use switchboard_wire::Failure;
use switchboard_wire::call::article::RateArticle;

impl Handle for RateArticle {
    async fn handle(self, _: Actor, cx: &mut Cx) -> Outcome<()> {
        let unknown = || Failure::not_found("conversation");
        let conversation: ConversationId = self.conversation.parse().map_err(|_| unknown())?;
        // One that was taken back meanwhile has nothing to count.
        if let Some(found) = article::published(&mut cx.tx, &self.slug).await? {
            article::rate(&mut cx.tx, &found.id, &conversation, self.helpful).await?;
        }
        Ok(())
    }
}
