//! A visitor comes back by the link of an e-mail.

use crate::cx::Cx;
use crate::gate::{self, Actor};
use crate::halt::Outcome;
use crate::run::Handle;
use switchboard_storage::mail::{self, OPEN};
use switchboard_storage::{details, identity, visitor};
use switchboard_wire::call::mail::{OpenMail, OpenedMail};
use switchboard_wire::{Failure, view};

impl Handle for OpenMail {
    async fn handle(self, actor: Actor, cx: &mut Cx) -> Outcome<OpenedMail> {
        let unknown = || Failure::not_found("link");
        let link = mail::link(&mut cx.tx, &self.link, OPEN, cx.now).await?.ok_or_else(unknown)?;
        let locked = visitor::lock_ids(&mut cx.tx, std::slice::from_ref(&link.visitor)).await?;
        let id = locked.first().ok_or_else(unknown)?;
        // Links end when somebody proves who this is, which may have been done until the lock was had.
        mail::link(&mut cx.tx, &self.link, OPEN, cx.now).await?.ok_or_else(unknown)?;
        let row = visitor::get(&mut cx.tx, id).await?.ok_or_else(unknown)?;
        if let Some(until) = row.banned(cx.now) {
            return Err(gate::banned(until, cx.now).into());
        }
        let new = actor.known_visitor().is_none_or(|known| known.id != row.id);
        if new {
            identity::add_token(&mut cx.tx, id, &self.token_hash, cx.now).await?;
        }
        let known = details::get(&mut cx.tx, id).await?;
        let visitor = view::Visitor {
            id: row.id.into(),
            name: row.name,
            email: row.email,
            locale: row.locale,
            page: row.page,
            verified: row.verified,
            attributes: known.attributes,
        };
        Ok(OpenedMail { visitor, new, conversation: link.conversation.into() })
    }
}
