//! Lines of a conversation after a place, for repair.

use super::lines_after;
use crate::act;
use crate::cx::Cx;
use crate::gate::Actor;
use crate::halt::Outcome;
use crate::handle::conversation::reader;
use crate::run::Handle;
use switchboard_wire::call::edge::{GetLines, Lines};

impl Handle for GetLines {
    async fn handle(self, _: Actor, cx: &mut Cx) -> Outcome<Lines> {
        let id = act::parse(&self.conversation)?;
        let (lines, more) = lines_after(&mut cx.tx, &id, self.after, reader(self.audience)).await?;
        Ok(Lines { lines, more })
    }
}
