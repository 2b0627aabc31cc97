//! `GET /reports/conversations.csv`

use super::get_report::PeriodQuery;
use crate::http::attachment::{Attachment, CSV, Piece};
use crate::http::body::Query;
use crate::http::problem::Answer;
use crate::http::speaker::Staff;
use std::sync::Arc;
use switchboard_domain::report::csv;
use switchboard_wire::call::report::GetReportRows;
use switchboard_wire::view::{ReportRow, ReportRows};

/// The first line.
const COLUMNS: [&str; 14] = [
    "conversation",
    "started",
    "queued",
    "assigned",
    "first_reply",
    "resolved",
    "team",
    "agent",
    "automation",
    "rating",
    "left_message",
    "first_reply_s",
    "wait_s",
    "resolution_s",
];

pub(crate) async fn export_conversations(
    staff: Staff,
    Query(query): Query<PeriodQuery>,
) -> Answer<Attachment> {
    let days =
        [&query.from, &query.to].map(|day| day.as_deref().map(|day| format!("-{day}")).unwrap_or_default());
    let name = format!("conversations{}.csv", days.concat());
    let source = Arc::new((staff, query));
    let (rows, next) = piece(&source, None).await?;
    let more = move |after: String| {
        let source = Arc::clone(&source);
        async move { piece(&source, Some(after)).await }
    };
    Ok(Attachment::new(CSV, name, (csv::line(COLUMNS) + &rows, next), more))
}

async fn piece(source: &(Staff, PeriodQuery), after: Option<String>) -> Answer<Piece<String>> {
    let (staff, PeriodQuery { from, to, zone }) = source;
    let (from, to, zone) = (from.clone(), to.clone(), zone.clone());
    let ReportRows { rows, next } = staff.ask(GetReportRows { from, to, zone, after }).await?;
    Ok((rows.iter().map(line).collect(), next))
}

fn line(row: &ReportRow) -> String {
    let number = |n: Option<i64>| n.map(|n| n.to_string()).unwrap_or_default();
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let cells: [String; COLUMNS.len()] = [
        row.conversation.clone(),
        row.started.clone(),
        text(&row.queued),
        text(&row.assigned),
        text(&row.first_reply),
        text(&row.resolved),
        text(&row.team),
        text(&row.agent),
        text(&row.automation),
        number(row.rating),
        if row.left_message { "yes".into() } else { "no".into() },
        number(row.first_reply_s),
        number(row.wait_s),
        number(row.resolution_s),
    ];
    csv::line(cells.iter().map(String::as_str))
}
