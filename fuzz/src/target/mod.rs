//! The targets, a file each.

pub(crate) mod bodies;
pub(crate) mod calls;
pub(crate) mod connection;
pub(crate) mod edges;
pub(crate) mod frames;
pub(crate) mod notices;
pub(crate) mod replies;
pub(crate) mod socket_bytes;
pub(crate) mod values;
pub(crate) mod words;
