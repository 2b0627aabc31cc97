//! An admin bans.

use super::{Again, Sentence, pass, show};
use crate::cx::Cx;
use crate::gate::Actor;
use crate::halt::Outcome;
use crate::run::Handle;
use switchboard_domain::ban::{Banned, address, email_key};
use switchboard_domain::{VisitorId, account};
use switchboard_storage::visitor;
use switchboard_wire::Failure;
use switchboard_wire::call::ban::{AddBan, OneBan};

impl Handle for AddBan {
    async fn handle(self, actor: Actor, cx: &mut Cx) -> Outcome<OneBan> {
        let staff = actor.staff()?;
        let sentence = Sentence::read(&self.term, self.reason.as_deref(), cx.now)?;
        let said = |text: &Option<String>| text.clone().filter(|text| !text.trim().is_empty());
        let banned = match (said(&self.visitor), said(&self.email), said(&self.address)) {
            (Some(id), None, None) => {
                let unknown = || Failure::invalid("visitor", "there is no visitor of this id");
                let id: VisitorId = id.trim().parse().map_err(|_| unknown())?;
                visitor::get(&mut cx.tx, &id).await?.ok_or_else(unknown)?;
                Banned::Visitor(id)
            }
            (None, Some(email), None) => {
                let email = account::email(&email).map_err(|bad| Failure::invalid("email", &bad))?;
                Banned::Email(email_key(&email))
            }
            (None, None, Some(text)) => {
                Banned::Address(address(&text).map_err(|bad| Failure::invalid("address", &bad))?)
            }
            _ => {
                let reason = "give exactly one of visitor, email and address";
                return Err(Failure::invalid("visitor", reason).into());
            }
        };
        let made = pass(cx, staff, banned, sentence, Again::Anew, None).await?;
        Ok(OneBan { ban: show(&made) })
    }
}
