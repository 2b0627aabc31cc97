//! An agent labels a conversation: whoever may see it may, whoever has it.

use crate::act;
use crate::cx::Cx;
use crate::gate::{Actor, Party};
use crate::halt::Outcome;
use crate::ruling;
use crate::run::Handle;
use switchboard_domain::AuthorKind;
use switchboard_domain::conversation::Command;
use switchboard_domain::limits::TAGS;
use switchboard_domain::tag::tag;
use switchboard_wire::Failure;
use switchboard_wire::call::conversation::TagConversation;
use switchboard_wire::view::Conversation;

impl Handle for TagConversation {
    async fn handle(self, actor: Actor, cx: &mut Cx) -> Outcome<Conversation> {
        let agent = actor.staff()?;
        let party = Party::Agent(agent);
        let (add, remove) = (checked("add", &self.add)?, checked("remove", &self.remove)?);
        let act = act::lock_for(cx, &self.id, &party).await?;
        let before = act.c.tags.clone();
        let c = act::carry_out(cx, act, Command::Tag { agent: agent.agent(), add, remove }).await?;
        let c = ruling::tagged(cx, &before, c, AuthorKind::Agent).await?;
        act::shown(cx, &c, &party).await
    }
}

fn checked(field: &str, tags: &[String]) -> Result<Vec<String>, Failure> {
    if tags.len() > TAGS {
        return Err(Failure::invalid(field, &format!("name at most {TAGS} tags")));
    }
    let tags: Result<Vec<String>, _> = tags.iter().map(|text| tag(text)).collect();
    tags.map_err(|reason| Failure::invalid(field, &reason))
}
