//! `GET /conversations/{id}/transcript`

use crate::http::attachment::Attachment;
use crate::http::body::{Name, Query};
use crate::http::problem::Answer;
use crate::http::speaker::Staff;
use crate::transcript::{self, ZoneQuery};
use std::sync::Arc;
use switchboard_wire::call::conversation::GetConversation;

pub(crate) async fn get_transcript(
    staff: Staff,
    Name(id): Name,
    Query(query): Query<ZoneQuery>,
) -> Answer<Attachment> {
    let zone = query.zone()?;
    let c = staff.ask(GetConversation { id }).await?;
    let staff = Arc::new(staff);
    transcript::of(c, zone, query.words(), move |call| {
        let staff = Arc::clone(&staff);
        async move { staff.ask(call).await }
    })
    .await
}
