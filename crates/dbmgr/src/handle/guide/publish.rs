//! Publishing a guide's draft, or an earlier version again. Runs go on with the version that they began with.

use super::{around, refused, stored, to_change, unknown, whole};
use crate::audit::Report;
use crate::cx::Cx;
use crate::gate::Actor;
use crate::halt::Outcome;
use crate::run::Handle;
use switchboard_domain::guide::check::check;
use switchboard_storage::guide;
use switchboard_wire::call::guide::{OneGuide, PublishGuide};

impl Handle for PublishGuide {
    async fn handle(self, actor: Actor, cx: &mut Cx) -> Outcome<OneGuide> {
        let mut row = to_change(cx, &self.name, self.edition).await?;
        if let Some(version) = self.version {
            row.draft = guide::version(&mut cx.tx, &self.name, version).await?.ok_or_else(unknown)?;
        }
        let around = around(cx).await?.of(&self.name);
        let problems = check(&stored(&row.draft)?, &around);
        if !problems.is_empty() {
            return Err(refused(problems).into());
        }
        let newest = guide::versions(&mut cx.tx, &self.name, 1).await?;
        row.published = newest.first().map_or(0, |newest| newest.version) + 1;
        row.edition += 1;
        row.updated_at = cx.now;
        guide::publish(&mut cx.tx, &row.name, row.published, &row.draft, cx.now).await?;
        guide::update(&mut cx.tx, &row).await?;
        let detail = serde_json::json!({ "version": row.published, "again": self.version });
        let report = Report::by(actor.staff()?, "guide.published").detail(detail);
        report.about("automation", Some(&row.name), &row.name).write(cx).await?;
        whole(cx, &row).await
    }
}
