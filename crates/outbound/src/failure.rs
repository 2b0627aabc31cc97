//! Why there is no answer.

use std::net::IpAddr;

/// Why there is no answer, in words for an admin: nothing of what was sent is in them.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Failure {
    /// The address is none.
    #[error("the address is not usable: {0}")]
    Url(&'static str),
    /// Plain HTTP.
    #[error("plain http is not allowed: use https, or set outbound.allow_http in the configuration")]
    Plain,
    /// It leads into a network that is closed to us.
    #[error(
        "{0} is an address of a private or special network: add its network to outbound.allow in the configuration if \
         that is meant"
    )]
    Closed(IpAddr),
    /// The name has no address.
    #[error("the name of the server cannot be resolved: {0}")]
    Name(String),
    /// Nobody there, or nobody who can be trusted.
    #[error("no connection: {0}")]
    Connect(String),
    /// The connection ended within the answer, or the answer is not HTTP.
    #[error("the answer cannot be read: {0}")]
    Broken(String),
    /// An answer that is too long.
    #[error("the answer is longer than {0} bytes")]
    TooLong(usize),
    /// The time is over.
    #[error("no answer in time")]
    Late,
}
