//! Deleting an article.

use super::{changed, find, report};
use crate::cx::Cx;
use crate::gate::Actor;
use crate::halt::Outcome;
use crate::run::Handle;
use switchboard_storage::article;
use switchboard_wire::call::article::DeleteArticle;

impl Handle for DeleteArticle {
    async fn handle(self, actor: Actor, cx: &mut Cx) -> Outcome<()> {
        let staff = actor.staff()?;
        let gone = find(cx, &self.id).await?;
        article::delete(&mut cx.tx, &gone.id).await?;
        if gone.content.published {
            changed(cx).await?;
        }
        report(cx, staff, &gone, "article.deleted").await
    }
}
