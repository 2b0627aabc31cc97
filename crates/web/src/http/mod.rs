//! HTTP around the verbs: who asks and from where, JSON in and out, refusals, headers.

pub(crate) mod address;
pub(crate) mod attachment;
pub(crate) mod body;
pub(crate) mod cookie;
pub(crate) mod cursor;
pub(crate) mod headers;
pub(crate) mod origin;
mod patient;
pub(crate) mod problem;
pub(crate) mod server;
pub(crate) mod speaker;
