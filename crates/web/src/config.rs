//! What an operator may set.

use std::net::IpAddr;
use switchboard_domain::limits::{ADDRESS_UPLOAD_MIB_PER_H, FILE_BYTES, VISITOR_UPLOADS_PER_MIN};

/// Configuration of the edge. [`Default`] is the contract's.
#[derive(Debug, Clone, Default)]
pub struct WebConfig {
    /// Scheme, host and port by which people reach us, such as `https://chat.example.org`. `None`: `http://` and
    /// the address listened on.
    pub public_url: Option<String>,
    /// Origins of sites that may frame the chat page and open visitor sockets, such as `https://example.org`.
    pub sites: Vec<String>,
    /// Addresses of reverse proxies whose `X-Forwarded-For` is believed.
    pub proxies: Vec<IpAddr>,
    /// Limits per visitor, agent and address.
    pub limits: Limits,
}

/// Limits per visitor, agent and address (contract §6).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Limits {
    /// Messages of a visitor per second, over time.
    pub visitor_messages_per_s: f64,
    /// Messages of a visitor at once.
    pub visitor_messages_burst: f64,
    /// Messages and notes of an agent per second, and at once.
    pub agent_messages_per_s: f64,
    /// New visitor sessions of an address per minute, over time.
    pub visitor_sessions_per_min: f64,
    /// New visitor sessions of an address at once.
    pub visitor_sessions_burst: f64,
    /// Open sockets of an address.
    pub sockets_per_address: usize,
    /// Frames of any kind of one socket per second, over time.
    pub frames_per_s: f64,
    /// Largest file, in bytes.
    pub file_bytes: i64,
    /// Files of a visitor per minute, over time and at once.
    pub visitor_uploads_per_min: f64,
    /// What the visitors of one address may upload in an hour, over time and at once, in MiB.
    pub address_upload_mib_per_h: f64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            visitor_messages_per_s: 10.0,
            visitor_messages_burst: 50.0,
            agent_messages_per_s: 50.0,
            visitor_sessions_per_min: 30.0,
            visitor_sessions_burst: 60.0,
            sockets_per_address: 100,
            frames_per_s: 100.0,
            file_bytes: FILE_BYTES,
            visitor_uploads_per_min: f64::from(VISITOR_UPLOADS_PER_MIN),
            address_upload_mib_per_h: f64::from(ADDRESS_UPLOAD_MIB_PER_H),
        }
    }
}
