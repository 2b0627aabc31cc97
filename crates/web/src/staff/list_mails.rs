//! `GET /mails`

use crate::http::body::{Query, Reply, ok};
use crate::http::cursor::{opened, sealed};
use crate::http::problem::Answer;
use crate::http::speaker::Staff;
use crate::staff::Paging;
use switchboard_wire::call::mail::ListMails;
use switchboard_wire::view::{Mail, Page};

const LIST: &str = "mails";

pub(crate) async fn list_mails(staff: Staff, Query(page): Query<Paging>) -> Answer<Reply<Page<Mail>>> {
    let call = ListMails { limit: page.limit, cursor: opened(LIST, page.cursor)? };
    Ok(ok(sealed(LIST, staff.ask(call).await?)))
}
