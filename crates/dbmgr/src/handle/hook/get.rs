//! Which web hooks there are, for whoever serves them.

use crate::cx::Cx;
use crate::gate::Actor;
use crate::halt::Outcome;
use crate::limits::HOOKS;
use crate::run::Handle;
use std::collections::HashMap;
use switchboard_domain::automation::Automation;
use switchboard_domain::limits::PAGE_ITEMS;
use switchboard_storage::{automation, hook};
use switchboard_wire::call::hook::{GetHooks, HookSpec};

impl Handle for GetHooks {
    async fn handle(self, _: Actor, cx: &mut Cx) -> Outcome<Vec<HookSpec>> {
        let hooks = hook::list(&mut cx.tx, HOOKS).await?;
        if hooks.is_empty() {
            return Ok(Vec::new());
        }
        let rows = automation::list(&mut cx.tx, None, PAGE_ITEMS).await?.into_iter();
        let rows: HashMap<String, Automation> = rows.map(|row| (row.name.clone(), row)).collect();
        let now = cx.now;
        let spec = |hook: hook::Hook| {
            let row = rows.get(&hook.name)?;
            let old = hook.old_secret.filter(|_| now < hook.old_until);
            Some(HookSpec {
                title: row.title.clone(),
                description: row.description.clone(),
                name: hook.name,
                url: hook.url,
                secrets: std::iter::once(hook.secret).chain(old).collect(),
            })
        };
        Ok(hooks.into_iter().filter_map(spec).collect())
    }
}
