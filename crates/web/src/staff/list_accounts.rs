//! `GET /admins` and `GET /agents`

use crate::http::body::{Query, Reply, ok};
use crate::http::cursor::{opened, sealed};
use crate::http::problem::Answer;
use crate::http::speaker::Staff;
use crate::staff::Paging;
use switchboard_domain::Role;
use switchboard_wire::call::account::ListAccounts;
use switchboard_wire::view::{Account, Page};

pub(crate) async fn admins(staff: Staff, Query(page): Query<Paging>) -> Answer<Reply<Page<Account>>> {
    of(Role::Admin, staff, page).await
}

pub(crate) async fn agents(staff: Staff, Query(page): Query<Paging>) -> Answer<Reply<Page<Account>>> {
    of(Role::Agent, staff, page).await
}

async fn of(role: Role, staff: Staff, page: Paging) -> Answer<Reply<Page<Account>>> {
    // One list for each role.
    let list = role.as_str();
    let call = ListAccounts { role, limit: page.limit, cursor: opened(list, page.cursor)? };
    Ok(ok(sealed(list, staff.ask(call).await?)))
}
