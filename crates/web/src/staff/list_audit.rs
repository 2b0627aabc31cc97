//! `GET /audit`

use crate::http::body::{Query, Reply, ok};
use crate::http::cursor::{opened, sealed};
use crate::http::problem::Answer;
use crate::http::speaker::Staff;
use crate::staff::Paging;
use switchboard_wire::call::account::ListAudit;
use switchboard_wire::view::{AuditRecord, Page};

const LIST: &str = "audit";

pub(crate) async fn list_audit(staff: Staff, Query(page): Query<Paging>) -> Answer<Reply<Page<AuditRecord>>> {
    let call = ListAudit { limit: page.limit, cursor: opened(LIST, page.cursor)? };
    Ok(ok(sealed(LIST, staff.ask(call).await?)))
}
