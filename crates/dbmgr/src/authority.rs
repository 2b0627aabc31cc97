//! Who makes a call, before the transaction has looked into it.

use switchboard_wire::Credential;

/// Who makes a call. The bus can only say [`Authority::Bus`]; whoever holds a [`crate::Dbmgr`] sits on the machine.
#[derive(Debug, Clone)]
pub enum Authority {
    /// Whoever the credential belongs to, looked up where the action commits.
    Bus(Credential),
    /// The operator at the machine: `switchboard su`. Deals in super admins only.
    Operator,
}

impl From<Credential> for Authority {
    fn from(credential: Credential) -> Self {
        Self::Bus(credential)
    }
}
