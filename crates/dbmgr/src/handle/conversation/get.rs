//! The state of one conversation; agents also see what is known of the visitor.

use crate::act;
use crate::cx::Cx;
use crate::gate::{Actor, Party};
use crate::halt::Outcome;
use crate::run::Handle;
use switchboard_storage::{details, visitor};
use switchboard_wire::call::conversation::GetConversation;
use switchboard_wire::view::{self, Conversation};

impl Handle for GetConversation {
    async fn handle(self, actor: Actor, cx: &mut Cx) -> Outcome<Conversation> {
        let party = actor.party()?;
        let c = act::load_for(cx, &self.id, &party).await?;
        let mut shown = act::shown(cx, &c, &party).await?;
        if let (Party::Agent(_), Some(row)) = (&party, visitor::get(&mut cx.tx, &c.visitor).await?) {
            shown.visitor = view::Visitor {
                id: row.id.into(),
                name: row.name,
                email: row.email,
                locale: row.locale,
                page: row.page,
                verified: row.verified,
                attributes: details::get(&mut cx.tx, &c.visitor).await?.attributes,
            };
        }
        Ok(shown)
    }
}
