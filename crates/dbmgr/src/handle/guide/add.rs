//! Making a guide, and the inactive automation that it will be.

use super::{refused, whole, written};
use crate::audit::Report;
use crate::builtin;
use crate::cx::Cx;
use crate::gate::Actor;
use crate::halt::Outcome;
use crate::limits::GUIDES;
use crate::run::Handle;
use switchboard_domain::account::shown_name;
use switchboard_domain::automation::is_name;
use switchboard_domain::guide::{file, template};
use switchboard_storage::automation;
use switchboard_storage::guide::{self, Guide};
use switchboard_wire::call::guide::{AddGuide, OneGuide};
use switchboard_wire::{Failure, Problem};

/// What a visitor reads of a guide until its admin says more.
const DESCRIPTION: &str = "Asks a few questions and finds the right people.";

impl Handle for AddGuide {
    async fn handle(self, actor: Actor, cx: &mut Cx) -> Outcome<OneGuide> {
        // Of this name there is a path already.
        if !is_name(&self.name) || self.name == "try" {
            let reason = "a name is 1 to 26 characters of a-z, 0-9, - and _, and not try";
            return Err(Failure::invalid("name", reason).into());
        }
        let title = shown_name(&self.title).map_err(|reason| Failure::invalid("title", &reason))?;
        let steps = match &self.file {
            Some(text) => file::read(text).map_err(refused)?.1,
            None => template::greeter(self.team.as_deref()),
        };
        if guide::names(&mut cx.tx, GUIDES).await?.len() >= usize::try_from(GUIDES).unwrap_or_default() {
            return Err(Failure::invalid("name", &format!("there are {GUIDES} guides already")).into());
        }
        let mut made = builtin::row(&self.name, &title, DESCRIPTION, cx.now);
        made.active = false;
        if !automation::seen(&mut cx.tx, &made).await? {
            let mut failure =
                Failure::new(Problem::Taken, "there is an automation of this name: choose another name");
            failure.errors.insert("name".into(), "taken".into());
            return Err(failure.into());
        }
        let draft = written(&steps)?;
        let row = Guide { name: self.name, draft, edition: 1, published: 0, updated_at: cx.now };
        guide::insert(&mut cx.tx, &row).await?;
        let report = Report::by(actor.staff()?, "guide.added");
        report.about("automation", Some(&row.name), &title).write(cx).await?;
        whole(cx, &row).await
    }
}
