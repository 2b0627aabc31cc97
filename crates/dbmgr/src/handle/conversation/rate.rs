//! A visitor rates a conversation.

use crate::act;
use crate::cx::Cx;
use crate::gate::{self, Actor, Party};
use crate::halt::Outcome;
use crate::ruling;
use crate::run::Handle;
use crate::webhooks;
use serde_json::json;
use switchboard_domain::Text;
use switchboard_domain::conversation::Command;
use switchboard_domain::webhook::EventKind;
use switchboard_wire::Failure;
use switchboard_wire::call::conversation::Rate;

impl Handle for Rate {
    async fn handle(self, actor: Actor, cx: &mut Cx) -> Outcome<()> {
        let visitor = actor.visitor()?;
        let said = self.comment.filter(|comment| !comment.trim().is_empty());
        let comment = said.map(Text::try_from).transpose();
        let comment = comment.map_err(|reason| Failure::invalid("comment", &reason))?;
        let act = act::lock_for(cx, &self.id, &Party::Visitor(visitor)).await?;
        let before = (act.c.rating, act.c.rating_comment.clone());
        let (visitor, comment) = (gate::author(visitor), comment.map(Into::into));
        let c = act::carry_out(cx, act, Command::Rate { visitor, score: self.score, comment }).await?;
        // Said again it is no news: nobody is told, no rule looks at it.
        if (c.rating, &c.rating_comment) == (before.0, &before.1) {
            return Ok(());
        }
        let rating = json!({ "score": c.rating, "comment": c.rating_comment });
        let data = json!({ "conversation": webhooks::conversation(&c), "rating": rating });
        webhooks::happened(cx, EventKind::Rated, c.id.as_str(), c.head, &data).await?;
        ruling::rated(cx, c, self.score).await.map(drop)
    }
}
