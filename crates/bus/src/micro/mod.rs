//! The NATS Services API over the port, so the same on every bus: `nats micro list` shows what is announced
//! here, and services written with any NATS client are found.

mod discover;
mod service;
mod types;

pub use discover::{DISCOVERED_INSTANCES, confirm, discover, stats};
pub use service::{Announced, Endpoint, MicroService, Stats};
pub use switchboard_wire::turn::{ERROR_CODE_HEADER, ERROR_HEADER};
pub use types::{
    DEFAULT_GROUP, EndpointInfo, EndpointStats, INFO_TYPE, Identity, Metadata, PING_TYPE, Ping, STATS_TYPE,
    ServiceInfo, ServiceStats,
};
