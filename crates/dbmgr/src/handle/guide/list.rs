//! All guides, by name.

use super::{GUIDES, show};
use crate::cx::Cx;
use crate::gate::Actor;
use crate::halt::Outcome;
use crate::run::Handle;
use switchboard_storage::{automation, guide};
use switchboard_wire::call::guide::ListGuides;
use switchboard_wire::view::{Guide, Page};

impl Handle for ListGuides {
    async fn handle(self, _: Actor, cx: &mut Cx) -> Outcome<Page<Guide>> {
        let mut page = Page { items: Vec::new(), next: None };
        for row in guide::list(&mut cx.tx, GUIDES).await? {
            if let Some(automation) = automation::get(&mut cx.tx, &row.name).await? {
                page.items.push(show(&row, &automation));
            }
        }
        Ok(page)
    }
}
