//! The audit log, newest first: super admins see all, admins agents and below.

use crate::cx::Cx;
use crate::gate::Actor;
use crate::halt::Outcome;
use crate::page;
use crate::run::Handle;
use switchboard_domain::clock::rfc3339;
use switchboard_domain::{EntryId, Role};
use switchboard_storage::audit::{self, Record, Scope};
use switchboard_wire::call::account::ListAudit;
use switchboard_wire::view::{AuditRecord, AuditSubject, Page};

impl Handle for ListAudit {
    async fn handle(self, actor: Actor, cx: &mut Cx) -> Outcome<Page<AuditRecord>> {
        let scope = match actor.staff()?.role() {
            Role::SuperAdmin => Scope::All,
            Role::Admin | Role::Agent => Scope::AgentsAndBelow,
        };
        if self.cursor.as_deref().is_some_and(|cursor| cursor.parse::<EntryId>().is_err()) {
            return Err(page::bad_cursor().into());
        }
        let limit = page::limit(self.limit);
        let rows = audit::list(&mut cx.tx, scope, self.cursor.as_deref(), limit + 1).await?;
        Ok(page::of(rows, limit, |row| row.id.clone(), show))
    }
}

fn show(row: &Record) -> AuditRecord {
    let subject = |kind: &str, id: &Option<String>, name: &str| AuditSubject {
        kind: kind.to_owned(),
        id: id.clone(),
        name: name.to_owned(),
    };
    let actor = row.actor_id.is_some().then(|| subject(&row.actor_role, &row.actor_id, &row.actor_name));
    let target =
        (!row.target_kind.is_empty()).then(|| subject(&row.target_kind, &row.target_id, &row.target_name));
    AuditRecord {
        id: row.id.clone(),
        at: rfc3339(row.at),
        action: row.action.clone(),
        actor,
        target,
        detail: Some(row.detail.clone()).filter(|detail| !detail.is_empty()),
        address: row.address.clone(),
    }
}
