//! Where a guide is in use.

use super::stored;
use crate::cx::Cx;
use crate::limits::GUIDES;
use std::collections::BTreeSet;
use switchboard_domain::guide::{Act, Guide};
use switchboard_storage::{Error, conversation, guide};
use switchboard_wire::call::guide::GuideUses;

/// The conversations that it has, and the other guides that go to it: what they have published counts as much as what they
/// are about to. One that cannot be read goes nowhere.
pub(super) async fn of(cx: &mut Cx, name: &str) -> Result<GuideUses, Error> {
    let drafts = guide::list(&mut cx.tx, GUIDES).await?.into_iter().map(|(row, _)| (row.name, row.draft));
    let published = guide::published(&mut cx.tx, GUIDES).await?;
    let mut guides = BTreeSet::new();
    for (other, steps) in drafts.chain(published) {
        if other == name {
            continue;
        }
        match stored(&steps) {
            Ok(guide) if goes(&guide, name) => drop(guides.insert(other)),
            Ok(_) => {}
            Err(error) => tracing::warn!(guide = %other, %error, "a guide is passed over"),
        }
    }
    let conversations = conversation::count_of_automation(&mut cx.tx, name).await?;
    Ok(GuideUses { conversations, guides: guides.into_iter().collect() })
}

fn goes(guide: &Guide, to: &str) -> bool {
    guide.steps.iter().any(|step| matches!(&step.act, Act::Go { automation } if automation == to))
}
