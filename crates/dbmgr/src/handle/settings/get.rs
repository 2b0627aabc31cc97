//! The settings as they are.

use super::load;
use crate::cx::Cx;
use crate::gate::Actor;
use crate::halt::Outcome;
use crate::run::Handle;
use switchboard_wire::call::settings::GetSettings;
use switchboard_wire::view;

impl Handle for GetSettings {
    async fn handle(self, _: Actor, cx: &mut Cx) -> Outcome<view::Settings> {
        let mut shown = view::Settings::from(&load(&mut cx.tx).await?);
        shown.mail.ready = cx.shared.mail.is_some();
        Ok(shown)
    }
}
