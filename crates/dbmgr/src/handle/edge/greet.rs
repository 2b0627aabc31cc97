//! A socket opens: who is it, and what is open?

use crate::act;
use crate::cx::Cx;
use crate::gate::{Actor, Party};
use crate::halt::Outcome;
use crate::handle::account::show;
use crate::limits::{GREET_AGENT, GREET_VISITOR};
use crate::run::Handle;
use switchboard_domain::Conversation;
use switchboard_storage::{account, conversation, meta, visitor};
use switchboard_wire::Failure;
use switchboard_wire::call::edge::{Greet, Greeting, Me};
use switchboard_wire::view::{State, Visitor};

/// A visitor, to itself.
pub(super) fn me(row: &visitor::Visitor) -> Me {
    Me::Visitor(Visitor {
        id: row.id.to_string(),
        name: row.name.clone(),
        email: row.email.clone(),
        locale: row.locale.clone(),
        page: row.page.clone(),
        verified: row.verified,
        ..Visitor::default()
    })
}

impl Handle for Greet {
    async fn handle(self, actor: Actor, cx: &mut Cx) -> Outcome<Greeting> {
        let epoch = meta::epoch(&mut cx.tx).await?;
        cx.shared.relay.set_epoch(&epoch);
        let (me, open): (Me, Vec<Conversation>) = match actor.party()? {
            Party::Visitor(row) => {
                let own = conversation::of_visitor(&mut cx.tx, &row.id, None, GREET_VISITOR).await?;
                (me(row), own.into_iter().map(|row| row.conversation).collect())
            }
            Party::Agent(staff) => {
                let own = account::get(&mut cx.tx, staff.id()).await?.ok_or_else(Failure::unauthenticated)?;
                let me = Me::Agent(show(&mut cx.tx, &own).await?);
                (me, conversation::owned_by_agent(&mut cx.tx, staff.id(), GREET_AGENT).await?)
            }
        };
        let mut conversations = Vec::with_capacity(open.len());
        for c in &open {
            let mut state = State::of(c);
            state.conversation.queue = act::place(&mut cx.tx, c).await?;
            conversations.push(state);
        }
        Ok(Greeting { epoch, me, conversations })
    }
}
