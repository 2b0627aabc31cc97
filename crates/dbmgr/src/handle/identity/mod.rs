//! Keys with which sites sign who their visitors are.

mod add_key;
mod list_keys;
mod revoke_key;

use switchboard_domain::clock::rfc3339;
use switchboard_storage::identity::Key;
use switchboard_wire::view;

/// As it is shown: without its secret.
fn show(key: &Key) -> view::IdentityKey {
    view::IdentityKey {
        id: key.id.to_string(),
        name: key.name.clone(),
        by: key.by_name.clone(),
        created_at: rfc3339(key.created_at),
    }
}
