//! What the operator at the machine does: `switchboard su`, and the people of a demonstration. These calls are not
//! served on any bus; the same transactions, rules and audit as everything else.

mod add;
mod delete;
mod demo;
mod set_active;
mod set_password;

pub use add::AddSuperAdmin;
pub use delete::DeleteSuperAdmin;
pub use demo::{DemoPerson, MakeDemoPeople};
pub use set_active::SetSuperAdminActive;
pub use set_password::SetSuperAdminPassword;

use crate::cx::Cx;
use crate::halt::Outcome;
use switchboard_domain::{Account, Role};
use switchboard_storage::account;
use switchboard_wire::{Failure, Problem};

/// One line per call: `operator_call!(Name => "su.name", Reply)`. They change something, so they write.
macro_rules! operator_call {
    ($($name:ident => $subject:literal, $reply:ty;)*) => {
        $(impl switchboard_wire::Call for $name {
            const NAME: &'static str = $subject;
            const ACCESS: switchboard_wire::call::Access = switchboard_wire::call::Access::COMPONENT;
            type Reply = $reply;
        })*
    };
}

operator_call! {
    AddSuperAdmin => "cmd.su.add", switchboard_wire::view::Account;
    SetSuperAdminPassword => "cmd.su.passwd", ();
    SetSuperAdminActive => "cmd.su.active", ();
    DeleteSuperAdmin => "cmd.su.delete", ();
    MakeDemoPeople => "cmd.su.demo", Vec<DemoPerson>;
}

/// The super admin of this name, locked.
async fn lock_super_admin(cx: &mut Cx, username: &str) -> Outcome<Account> {
    let unknown = || {
        let detail = format!("there is no super admin named {username:?}; `switchboard su list` shows them");
        Failure::new(Problem::NotFound, detail)
    };
    let found = account::by_username(&mut cx.tx, username).await?.ok_or_else(unknown)?;
    let locked = account::lock(&mut cx.tx, &found.id).await?;
    let is_it = |account: &Account| account.role == Role::SuperAdmin && account.username == username;
    Ok(locked.filter(is_it).ok_or_else(unknown)?)
}
