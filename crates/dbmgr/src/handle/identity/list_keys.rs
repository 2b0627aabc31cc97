//! The keys that are good.

use super::show;
use crate::cx::Cx;
use crate::gate::Actor;
use crate::halt::Outcome;
use crate::run::Handle;
use switchboard_storage::identity;
use switchboard_wire::call::identity::ListIdentityKeys;
use switchboard_wire::view::{self, Page};

impl Handle for ListIdentityKeys {
    async fn handle(self, _: Actor, cx: &mut Cx) -> Outcome<Page<view::IdentityKey>> {
        let keys = identity::keys(&mut cx.tx).await?;
        Ok(Page { items: keys.iter().map(show).collect(), next: None })
    }
}
