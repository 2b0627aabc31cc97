//! Changing a guide's draft. A draft may have problems; what cannot be read as steps is refused.

use super::{refused, to_change, whole, written};
use crate::cx::Cx;
use crate::gate::Actor;
use crate::halt::Outcome;
use crate::run::Handle;
use switchboard_domain::guide::{FILE_BYTES, file};
use switchboard_storage::guide;
use switchboard_wire::Failure;
use switchboard_wire::call::guide::{OneGuide, PutDraft};

impl Handle for PutDraft {
    async fn handle(self, _: Actor, cx: &mut Cx) -> Outcome<OneGuide> {
        let draft = written(&file::steps_of(&self.steps).map_err(refused)?)?;
        if draft.len() > FILE_BYTES {
            return Err(Failure::invalid("steps", "this guide is too large: shorten its texts").into());
        }
        let mut row = to_change(cx, &self.name, self.edition).await?;
        row.draft = draft;
        row.edition += 1;
        row.updated_at = cx.now;
        guide::update(&mut cx.tx, &row).await?;
        whole(cx, &row).await
    }
}
