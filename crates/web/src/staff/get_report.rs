//! `GET /reports`

use crate::http::body::{Query, Reply, ok};
use crate::http::problem::Answer;
use crate::http::speaker::Staff;
use serde::Deserialize;
use switchboard_wire::call::report::GetReport;
use switchboard_wire::view::Report;
use utoipa::IntoParams;

/// Which days.
#[derive(Deserialize, IntoParams)]
pub(crate) struct PeriodQuery {
    /// The first day, `YYYY-MM-DD`; six days before the last one when absent.
    pub(super) from: Option<String>,
    /// The last day, which is included; today when absent. At most 92 days in all.
    pub(super) to: Option<String>,
    /// The time zone in which days and hours are counted, such as `Europe/Berlin`; UTC when absent.
    pub(super) zone: Option<String>,
}

pub(crate) async fn get_report(staff: Staff, Query(query): Query<PeriodQuery>) -> Answer<Reply<Report>> {
    let PeriodQuery { from, to, zone } = query;
    staff.ask(GetReport { from, to, zone }).await.map(ok)
}
