//! `GET /audit`

use crate::http::body::{Query, Reply, ok};
use crate::http::problem::Answer;
use crate::http::speaker::Staff;
use crate::staff::Paging;
use switchboard_wire::call::account::ListAudit;
use switchboard_wire::view::{AuditRecord, Page};

pub(crate) async fn list_audit(staff: Staff, Query(page): Query<Paging>) -> Answer<Reply<Page<AuditRecord>>> {
    staff.ask(ListAudit { limit: page.limit, cursor: page.cursor }).await.map(ok)
}
