//! `GET /visitor/conversations/{id}/transcript`

use crate::http::attachment::Attachment;
use crate::http::body::{Name, Query};
use crate::http::problem::Answer;
use crate::http::speaker::Visitor;
use crate::transcript::{self, ZoneQuery};
use std::sync::Arc;
use switchboard_wire::call::conversation::GetConversation;

pub(crate) async fn get_transcript(
    visitor: Visitor,
    Name(id): Name,
    Query(query): Query<ZoneQuery>,
) -> Answer<Attachment> {
    let zone = query.zone()?;
    let c = visitor.ask(GetConversation { id }).await?;
    let visitor = Arc::new(visitor);
    transcript::of(c, zone, query.words(), move |call| {
        let visitor = Arc::clone(&visitor);
        async move { visitor.ask(call).await }
    })
    .await
}
