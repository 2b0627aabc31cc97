//! Reports.

use super::call;
use crate::view;
use serde::{Deserialize, Serialize};

/// What happened with the conversations that began within some days: the last seven when nothing is said.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct GetReport {
    /// The first day, `YYYY-MM-DD`.
    pub from: Option<String>,
    /// The last day, which is included.
    pub to: Option<String>,
    /// The time zone in which days and hours are counted; UTC when absent.
    pub zone: Option<String>,
}

/// The same conversations one by one, in pieces.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct GetReportRows {
    /// The first day, `YYYY-MM-DD`.
    pub from: Option<String>,
    /// The last day, which is included.
    pub to: Option<String>,
    /// The time zone in which days are counted and times are written; UTC when absent.
    pub zone: Option<String>,
    /// Where the piece begins: `next` of the one before.
    pub after: Option<String>,
}

call! {
    GetReport => "qry.report", ADMIN, view::Report;
    GetReportRows => "qry.report_rows", ADMIN, view::ReportRows;
}
