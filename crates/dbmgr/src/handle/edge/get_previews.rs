//! Whether agents are shown what visitors are typing.

use crate::cx::Cx;
use crate::gate::Actor;
use crate::halt::Outcome;
use crate::handle::settings;
use crate::run::Handle;
use switchboard_wire::call::edge::GetPreviews;

impl Handle for GetPreviews {
    async fn handle(self, _: Actor, cx: &mut Cx) -> Outcome<bool> {
        Ok(settings::load(&mut cx.tx).await?.typing_preview)
    }
}
