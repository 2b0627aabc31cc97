//! Deleting a guide. What it has goes to people in the same transaction; what does not fit is swept to them.

use super::{unknown, uses};
use crate::act;
use crate::audit::Report;
use crate::cx::Cx;
use crate::gate::Actor;
use crate::halt::Outcome;
use crate::run::Handle;
use switchboard_storage::{automation, guide};
use switchboard_wire::call::guide::DeleteGuide;
use switchboard_wire::{Failure, Problem};

impl Handle for DeleteGuide {
    async fn handle(self, actor: Actor, cx: &mut Cx) -> Outcome<()> {
        guide::lock(&mut cx.tx, &self.name).await?.ok_or_else(unknown)?;
        let row = automation::lock(&mut cx.tx, &self.name).await?.ok_or_else(unknown)?;
        let used = uses::of(cx, &self.name).await?;
        if !used.guides.is_empty() {
            let others = used.guides.join(", ");
            let detail = format!(
                "other guides go to it: {others}. Let them go elsewhere, publish them, and delete it then"
            );
            return Err(Failure::new(Problem::Taken, &detail).into());
        }
        act::leave_automation(cx, &self.name).await?;
        guide::delete(&mut cx.tx, &self.name).await?;
        let detail = serde_json::json!({ "conversations": used.conversations });
        let report = Report::by(actor.staff()?, "guide.deleted").detail(detail);
        report.about("automation", Some(&self.name), &row.title).write(cx).await
    }
}
