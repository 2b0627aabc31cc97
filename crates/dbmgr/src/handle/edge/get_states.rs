//! The states of many conversations.

use super::ids;
use crate::cx::Cx;
use crate::gate::Actor;
use crate::halt::Outcome;
use crate::run::Handle;
use switchboard_storage::conversation;
use switchboard_wire::call::edge::GetStates;
use switchboard_wire::view::State;

impl Handle for GetStates {
    async fn handle(self, _: Actor, cx: &mut Cx) -> Outcome<Vec<State>> {
        let found = conversation::get_many(&mut cx.tx, &ids(&self.ids)?).await?;
        Ok(found.iter().map(State::of).collect())
    }
}
