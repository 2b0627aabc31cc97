//! `PUT /settings`

use crate::http::body::{Json, Reply, ok};
use crate::http::problem::Answer;
use crate::http::speaker::Staff;
use switchboard_wire::call::settings::PutSettings;
use switchboard_wire::view::Settings;

pub(crate) async fn put_settings(staff: Staff, Json(settings): Json<Settings>) -> Answer<Reply<Settings>> {
    staff.ask(PutSettings { settings }).await.map(ok)
}
