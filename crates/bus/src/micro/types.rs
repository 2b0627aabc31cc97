//! The JSON of the NATS Services API, version 1, as its monitoring tools read it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// `type` of the answer to `$SRV.PING`.
pub const PING_TYPE: &str = "io.nats.micro.v1.ping_response";
/// `type` of the answer to `$SRV.INFO`.
pub const INFO_TYPE: &str = "io.nats.micro.v1.info_response";
/// `type` of the answer to `$SRV.STATS`.
pub const STATS_TYPE: &str = "io.nats.micro.v1.stats_response";
/// The queue group of endpoints that say nothing else.
pub const DEFAULT_GROUP: &str = "q";

/// Facts that a service tells about itself or an endpoint.
pub type Metadata = BTreeMap<String, String>;

/// Who answers: the part that all answers share.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Identity {
    /// The name that all instances share: `[A-Za-z0-9_-]+`.
    pub name: String,
    /// This instance.
    pub id: String,
    /// Semantic version.
    pub version: String,
    /// Facts about the service.
    #[serde(default, deserialize_with = "or_default")]
    pub metadata: Metadata,
}

/// The answer to `$SRV.PING`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ping {
    /// [`PING_TYPE`].
    #[serde(rename = "type")]
    pub kind: String,
    /// Who answers.
    #[serde(flatten)]
    pub identity: Identity,
}

/// The answer to `$SRV.INFO`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ServiceInfo {
    /// [`INFO_TYPE`].
    #[serde(rename = "type")]
    pub kind: String,
    /// Who answers.
    #[serde(flatten)]
    pub identity: Identity,
    /// What the service does.
    #[serde(default)]
    pub description: String,
    /// Where it listens.
    #[serde(default, deserialize_with = "or_default")]
    pub endpoints: Vec<EndpointInfo>,
}

/// One endpoint of a service.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EndpointInfo {
    /// Its name within the service.
    pub name: String,
    /// Where it listens.
    pub subject: String,
    /// Instances in one group share the requests.
    #[serde(default)]
    pub queue_group: String,
    /// Facts about the endpoint.
    #[serde(default, deserialize_with = "or_default")]
    pub metadata: Metadata,
}

/// The answer to `$SRV.STATS`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ServiceStats {
    /// [`STATS_TYPE`].
    #[serde(rename = "type")]
    pub kind: String,
    /// Who answers.
    #[serde(flatten)]
    pub identity: Identity,
    /// Since when, RFC 3339.
    pub started: String,
    /// Counts for each endpoint.
    #[serde(default, deserialize_with = "or_default")]
    pub endpoints: Vec<EndpointStats>,
}

/// What one endpoint has done since the start.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct EndpointStats {
    /// Its name within the service.
    pub name: String,
    /// Where it listens.
    pub subject: String,
    /// Its group.
    #[serde(default)]
    pub queue_group: String,
    /// Requests answered.
    pub num_requests: u64,
    /// Those among them answered with an error.
    pub num_errors: u64,
    /// The last of these errors.
    #[serde(default, deserialize_with = "or_default")]
    pub last_error: String,
    /// Time spent answering, in nanoseconds.
    pub processing_time: u64,
    /// The mean of it, in nanoseconds.
    pub average_processing_time: u64,
}

/// Reads `null` as nothing: services in other languages write it for empty lists.
fn or_default<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: serde::Deserializer<'de>,
    T: Default + Deserialize<'de>,
{
    Ok(Option::deserialize(deserializer)?.unwrap_or_default())
}
