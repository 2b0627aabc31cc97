//! A guide with its draft.

use super::{unknown, uses, whole};
use crate::cx::Cx;
use crate::gate::Actor;
use crate::halt::Outcome;
use crate::run::Handle;
use switchboard_storage::guide;
use switchboard_wire::call::guide::{GetGuide, OneGuide};

impl Handle for GetGuide {
    async fn handle(self, _: Actor, cx: &mut Cx) -> Outcome<OneGuide> {
        let row = guide::get(&mut cx.tx, &self.name).await?.ok_or_else(unknown)?;
        let uses = Some(uses::of(cx, &row.name).await?);
        Ok(OneGuide { uses, ..whole(cx, &row).await? })
    }
}
