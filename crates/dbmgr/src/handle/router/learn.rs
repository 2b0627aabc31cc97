//! What a reply leaves behind beside what it says: the state that is given back, and what the visitor said of itself.

use crate::cx::Cx;
use crate::halt::Outcome;
use crate::handle::visitor::save;
use switchboard_domain::ban::email_key;
use switchboard_domain::guide::STATE_BYTES;
use switchboard_domain::{Attributes, ConversationId, VisitorId, account, attributes};
use switchboard_storage::visitor::Visitor;
use switchboard_storage::{details, guide, visitor};
use switchboard_wire::Failure;
use switchboard_wire::turn::TurnReply;

/// It, checked.
pub(in crate::handle) struct Learnt {
    name: Option<String>,
    email: Option<String>,
    attributes: Attributes,
    state: Option<String>,
}

impl Learnt {
    /// Reads and checks it.
    pub(in crate::handle) fn read(reply: &TurnReply) -> Result<Self, Failure> {
        let told = reply.visitor.clone().unwrap_or_default();
        let name = told.name.map(|name| account::shown_name(&name)).transpose();
        let email = told.email.map(|email| account::email(&email)).transpose();
        let bad = |(key, reason): (String, attributes::BadAttribute)| {
            Failure::invalid(&format!("visitor.attributes.{key}"), &reason)
        };
        attributes::over(&Attributes::new(), &told.attributes).map_err(bad)?;
        if reply.state.as_ref().is_some_and(|state| state.len() > STATE_BYTES || state.contains('\0')) {
            let reason = format!("at most {STATE_BYTES} bytes, without NUL");
            return Err(Failure::invalid("state", &reason));
        }
        Ok(Self {
            name: name.map_err(|reason| Failure::invalid("visitor.name", &reason))?,
            email: email.map_err(|reason| Failure::invalid("visitor.email", &reason))?,
            attributes: told.attributes,
            state: reply.state.clone(),
        })
    }

    /// Whether there is something about the visitor: its row is then locked before the conversation's.
    pub(in crate::handle) fn is_about_visitor(&self) -> bool {
        self.name.is_some() || self.email.is_some() || !self.attributes.is_empty()
    }

    /// Writes it, in the reply's transaction.
    pub(in crate::handle) async fn write(
        self,
        cx: &mut Cx,
        id: &ConversationId,
        fence: i64,
        of: &VisitorId,
    ) -> Outcome<()> {
        match self.state.as_deref() {
            None => {}
            Some("") => guide::forget_state(&mut cx.tx, id).await?,
            Some(state) => guide::put_state(&mut cx.tx, id, fence, state).await?,
        }
        if !self.is_about_visitor() {
            return Ok(());
        }
        let Some(known) = visitor::get(&mut cx.tx, of).await? else { return Ok(()) };
        let mut row: Visitor = known.clone();
        // Of whom the host site vouches for nobody else says who it is.
        if !known.verified {
            row.name = self.name.or(row.name);
            row.email = self.email.or(row.email);
        }
        let before = details::get(&mut cx.tx, of).await?;
        let mut after = before.clone();
        after.attributes = attributes::over(&before.attributes, &self.attributes)
            .map_err(|(key, bad)| Failure::invalid(&format!("visitor.attributes.{key}"), &bad))?;
        after.email_key = row.email.as_deref().map(email_key).or(after.email_key);
        if after != before {
            details::put(&mut cx.tx, of, &after).await?;
        }
        save(cx, &known, row).await.map(drop)
    }
}
