//! `GET /settings`

use crate::http::body::{Reply, ok};
use crate::http::problem::Answer;
use crate::http::speaker::Staff;
use switchboard_wire::call::settings::GetSettings;
use switchboard_wire::view::Settings;

pub(crate) async fn get_settings(staff: Staff) -> Answer<Reply<Settings>> {
    staff.ask(GetSettings {}).await.map(ok)
}
