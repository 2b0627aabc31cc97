//! `GET /views`

use crate::http::body::{Reply, ok};
use crate::http::problem::Answer;
use crate::http::speaker::Staff;
use switchboard_wire::call::saved_view::ListViews;
use switchboard_wire::view::{Page, SavedView};

pub(crate) async fn list_views(staff: Staff) -> Answer<Reply<Page<SavedView>>> {
    staff.ask(ListViews {}).await.map(ok)
}
