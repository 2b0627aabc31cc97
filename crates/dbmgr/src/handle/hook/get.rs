//! Which web hooks there are, for whoever serves them.

use crate::cx::Cx;
use crate::gate::Actor;
use crate::halt::Outcome;
use crate::limits::HOOKS;
use crate::run::Handle;
use switchboard_storage::{automation, hook};
use switchboard_wire::call::hook::{GetHooks, HookSpec};

impl Handle for GetHooks {
    async fn handle(self, _: Actor, cx: &mut Cx) -> Outcome<Vec<HookSpec>> {
        let now = cx.now;
        let mut specs = Vec::new();
        for hook in hook::list(&mut cx.tx, HOOKS).await? {
            // Each by its name: a page of all automations may not have it.
            let Some(row) = automation::get(&mut cx.tx, &hook.name).await? else { continue };
            let old = hook.old_secret.filter(|_| now < hook.old_until);
            specs.push(HookSpec {
                title: row.title,
                description: row.description,
                name: hook.name,
                url: hook.url,
                secrets: std::iter::once(hook.secret).chain(old).collect(),
            });
        }
        Ok(specs)
    }
}
