//! `POST /automations/{name}/hook/secret`

use crate::http::body::{Name, Reply, ok};
use crate::http::problem::Answer;
use crate::http::speaker::Staff;
use switchboard_wire::call::hook::{HookSecret, RotateHook};

pub(crate) async fn rotate_hook(staff: Staff, Name(name): Name) -> Answer<Reply<HookSecret>> {
    staff.ask(RotateHook { name }).await.map(ok)
}
