//! E-mails and what became of them.

use crate::cx::Cx;
use crate::gate::Actor;
use crate::halt::Outcome;
use crate::page;
use crate::run::Handle;
use switchboard_domain::clock::rfc3339;
use switchboard_domain::{MailId, Millis};
use switchboard_storage::mail::{self, Mail};
use switchboard_wire::call::mail::ListMails;
use switchboard_wire::view::{self, Page};

impl Handle for ListMails {
    async fn handle(self, _: Actor, cx: &mut Cx) -> Outcome<Page<view::Mail>> {
        let before: Option<MailId> =
            self.cursor.as_deref().map(str::parse).transpose().map_err(|_| page::bad_cursor())?;
        let limit = page::limit(self.limit);
        let rows = mail::list(&mut cx.tx, before.as_ref(), limit + 1).await?;
        Ok(page::of(rows, limit, |row: &Mail| row.id.to_string(), show))
    }
}

fn show(mail: &Mail) -> view::Mail {
    let time = |at: Option<Millis>| at.map(rfc3339);
    view::Mail {
        id: mail.id.to_string(),
        kind: mail.kind.clone(),
        conversation: mail.conversation.to_string(),
        recipient: mail.recipient.clone(),
        state: mail.state.clone(),
        attempts: mail.attempts,
        error: mail.error.clone(),
        created_at: rfc3339(mail.created_at),
        due_at: time(mail.due_at),
        done_at: time(mail.done_at),
    }
}
