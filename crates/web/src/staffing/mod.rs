//! Staff with open sockets: whether their sessions are still good, and who is here.

pub(crate) mod here;
pub(crate) mod leases;
pub(crate) mod session;
