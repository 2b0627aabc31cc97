//! All guides, by name.

use super::{around, problems, show, stored};
use crate::cx::Cx;
use crate::gate::Actor;
use crate::halt::Outcome;
use crate::limits::GUIDES;
use crate::run::Handle;
use switchboard_storage::{automation, guide};
use switchboard_wire::call::guide::ListGuides;
use switchboard_wire::view::{Guide, Page};

impl Handle for ListGuides {
    async fn handle(self, _: Actor, cx: &mut Cx) -> Outcome<Page<Guide>> {
        let around = around(cx).await?;
        let mut page = Page { items: Vec::new(), next: None };
        for (row, published_at) in guide::list(&mut cx.tx, GUIDES).await? {
            if let Some(automation) = automation::get(&mut cx.tx, &row.name).await? {
                // That it cannot be read is one, and hides no others.
                let draft = stored(&row.draft);
                let problems = draft.map_or(1, |draft| problems(&draft, &around.of(&row.name)).len());
                page.items.push(show(&row, &automation, published_at, problems));
            }
        }
        Ok(page)
    }
}
