//! Changing the settings.

use super::{load, store};
use crate::audit::Report;
use crate::cx::Cx;
use crate::gate::Actor;
use crate::halt::Outcome;
use crate::run::Handle;
use switchboard_domain::Settings;
use switchboard_domain::settings::Draft;
use switchboard_wire::call::settings::PutSettings;
use switchboard_wire::{Failure, view};

impl Handle for PutSettings {
    async fn handle(self, actor: Actor, cx: &mut Cx) -> Outcome<view::Settings> {
        let staff = actor.staff()?;
        let after = Settings::check(&Draft::from(self.settings)).map_err(Failure::invalid_fields)?;
        if after != load(&mut cx.tx).await? {
            store(&mut cx.tx, &after).await?;
            let report = Report::by(staff, "settings.changed").detail(serde_json::json!(after));
            report.about("settings", None, "settings").write(cx).await?;
        }
        let mut shown = view::Settings::from(&after);
        shown.mail.ready = cx.shared.mail.is_some();
        Ok(shown)
    }
}
