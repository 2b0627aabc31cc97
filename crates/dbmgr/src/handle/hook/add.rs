//! Adding an automation behind a web hook: inactive, until an admin activates it like any other.

use super::{changed, secret, url};
use crate::builtin;
use crate::cx::Cx;
use crate::gate::Actor;
use crate::halt::Outcome;
use crate::handle::automation::{check_description, check_title, shown};
use crate::limits::HOOKS;
use crate::run::Handle;
use switchboard_domain::automation::{NAME_CHARS, is_name};
use switchboard_storage::automation;
use switchboard_storage::hook::{self, Hook};
use switchboard_wire::call::hook::{AddHook, HookSecret};
use switchboard_wire::{Failure, Problem};

impl Handle for AddHook {
    async fn handle(self, actor: Actor, cx: &mut Cx) -> Outcome<HookSecret> {
        let staff = actor.staff()?;
        let name = self.name.trim();
        if !is_name(name) {
            let reason = format!("use 1 to {NAME_CHARS} of a-z 0-9 _ -");
            return Err(Failure::invalid("name", &reason).into());
        }
        let (title, description) = (check_title(&self.title)?, check_description(&self.description)?);
        let url = url(&self.url)?;
        if hook::count(&mut cx.tx).await? >= HOOKS {
            let detail = format!("there are {HOOKS} web hooks already: delete one that is not needed");
            return Err(Failure::invalid("name", &detail).into());
        }
        let row = builtin::row(name, &title, &description, cx.now);
        if automation::get(&mut cx.tx, name).await?.is_some() || !automation::seen(&mut cx.tx, &row).await? {
            let mut failure =
                Failure::new(Problem::Taken, "another automation has this name: choose another one");
            failure.errors.insert("name".into(), "taken".into());
            return Err(failure.into());
        }
        let made = Hook { name: name.into(), url, secret: secret(cx), old_secret: None, old_until: 0 };
        hook::insert(&mut cx.tx, &made).await?;
        changed(cx, staff, "automation.hook_added", &row).await?;
        Ok(HookSecret { automation: shown(cx, &row).await?, secret: made.secret })
    }
}
