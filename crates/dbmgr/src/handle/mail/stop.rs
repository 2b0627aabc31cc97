//! No more e-mails about a conversation.

use crate::cx::Cx;
use crate::gate::Actor;
use crate::halt::Outcome;
use crate::run::Handle;
use switchboard_storage::mail::{self, STOP};
use switchboard_wire::Failure;
use switchboard_wire::call::mail::StopMail;

impl Handle for StopMail {
    async fn handle(self, _: Actor, cx: &mut Cx) -> Outcome<()> {
        let unknown = || Failure::not_found("link");
        let link = mail::link(&mut cx.tx, &self.link, STOP, cx.now).await?.ok_or_else(unknown)?;
        Ok(mail::stop(&mut cx.tx, &link.conversation, cx.now).await?)
    }
}
