//! Changing a guide's title. Whoever has its file or its name knows it all the same.

use super::{unknown, whole};
use crate::audit::Report;
use crate::cx::Cx;
use crate::gate::Actor;
use crate::halt::Outcome;
use crate::run::Handle;
use switchboard_domain::account::shown_name;
use switchboard_storage::{automation, guide};
use switchboard_wire::Failure;
use switchboard_wire::call::guide::{OneGuide, PatchGuide};

impl Handle for PatchGuide {
    async fn handle(self, actor: Actor, cx: &mut Cx) -> Outcome<OneGuide> {
        let title = shown_name(&self.title).map_err(|reason| Failure::invalid("title", &reason))?;
        let row = guide::lock(&mut cx.tx, &self.name).await?.ok_or_else(unknown)?;
        let before = automation::lock(&mut cx.tx, &self.name).await?.ok_or_else(unknown)?;
        if before.title != title {
            guide::rename(&mut cx.tx, &self.name, &title).await?;
            let detail = serde_json::json!({ "before": before.title });
            let report = Report::by(actor.staff()?, "guide.renamed").detail(detail);
            report.about("automation", Some(&self.name), &title).write(cx).await?;
        }
        whole(cx, &row).await
    }
}
