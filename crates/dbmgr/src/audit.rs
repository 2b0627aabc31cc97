//! The audit log: sign-ins, refusals of sign-in, administrative acts; in the transaction of what they report.

use crate::cx::Cx;
use crate::gate::{Manager, Staff};
use crate::halt::Outcome;
use switchboard_domain::{Account, EntryId};
use switchboard_storage::audit::{self, Record};

/// What is reported.
#[derive(Debug, Default)]
pub(crate) struct Report {
    actor_id: Option<String>,
    actor_name: String,
    actor_role: String,
    action: &'static str,
    target_kind: String,
    target_id: Option<String>,
    target_name: String,
    detail: Option<serde_json::Value>,
    address: Option<String>,
}

impl Report {
    /// Something that nobody who is signed in did.
    pub(crate) fn new(action: &'static str) -> Self {
        Self { actor_role: "system".into(), action, ..Self::default() }
    }

    /// Something that this member of staff did.
    pub(crate) fn by(staff: &Staff, action: &'static str) -> Self {
        Self {
            actor_id: Some(staff.id().to_string()),
            actor_name: staff.row().username.clone(),
            actor_role: staff.role().as_str().into(),
            address: Some(staff.row().session.address.clone()).filter(|address| !address.is_empty()),
            ..Self::new(action)
        }
    }

    /// Something that a manager of accounts did.
    pub(crate) fn by_manager(manager: &Manager<'_>, action: &'static str) -> Self {
        match manager {
            Manager::Operator => Self { actor_name: "operator".into(), ..Self::new(action) },
            Manager::Staff(staff) => Self::by(staff, action),
        }
    }

    /// Something that the owner of this account did.
    pub(crate) fn by_owner(account: &Account, action: &'static str) -> Self {
        Self {
            actor_id: Some(account.id.to_string()),
            actor_name: account.username.clone(),
            actor_role: account.role.as_str().into(),
            ..Self::new(action)
        }
    }

    /// To an account.
    pub(crate) fn to(self, account: &Account) -> Self {
        self.about(account.role.as_str(), Some(account.id.as_str()), &account.username)
    }

    /// To something else.
    pub(crate) fn about(mut self, kind: &str, id: Option<&str>, name: &str) -> Self {
        self.target_kind = kind.into();
        self.target_id = id.map(Into::into);
        self.target_name = name.into();
        self
    }

    /// With more about it.
    pub(crate) fn detail(mut self, detail: serde_json::Value) -> Self {
        self.detail = Some(detail);
        self
    }

    /// From this address.
    pub(crate) fn from(mut self, address: Option<&str>) -> Self {
        self.address = address.map(|text| cut(text, 255));
        self
    }

    /// Writes it.
    pub(crate) async fn write(self, cx: &mut Cx) -> Outcome<()> {
        let record = Record {
            id: EntryId::timed(cx.now, cx.shared.rng.as_ref()).into(),
            at: cx.now,
            actor_id: self.actor_id,
            actor_name: self.actor_name,
            actor_role: self.actor_role,
            action: self.action.into(),
            target_kind: self.target_kind,
            target_id: self.target_id,
            target_name: self.target_name,
            detail: self.detail.map(|detail| detail.to_string()).unwrap_or_default(),
            address: self.address,
        };
        tracing::info!(
            action = record.action,
            actor = record.actor_name,
            target = record.target_name,
            "audit"
        );
        Ok(audit::insert(&mut cx.tx, &record).await?)
    }
}

/// At most so many characters, without control characters: what others say must not forge a line.
pub(crate) fn cut(text: &str, chars: usize) -> String {
    text.chars().filter(|c| !c.is_control()).take(chars).collect()
}
