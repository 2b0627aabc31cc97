//! One article with its text.

use super::{find, show};
use crate::cx::Cx;
use crate::gate::Actor;
use crate::halt::Outcome;
use crate::run::Handle;
use switchboard_wire::call::article::{GetArticle, OneArticle};

impl Handle for GetArticle {
    async fn handle(self, _: Actor, cx: &mut Cx) -> Outcome<OneArticle> {
        Ok(OneArticle { article: show(&find(cx, &self.id).await?) })
    }
}
