//! Every subject of the bus, spelled once.

use switchboard_domain::ConversationId;

/// In front of everything that is ours.
pub const PREFIX: &str = "switchboard.v1";
/// The queue group in which any dbmgr answers calls.
pub const DBMGR_GROUP: &str = "dbmgr";
/// The queue group in which any instance of an automation takes turns.
pub const AUTOMATION_GROUP: &str = "q";
/// Notices are counted per shard, so that a gap points at a part of the conversations only.
pub const SHARDS: u32 = 16;
/// Every notice of every kind.
pub const NOTICES: &str = "switchboard.v1.evt.>";

/// The subject of a call, for whichever dbmgr is free: `cmd.NAME` or `qry.NAME`.
pub fn call(name: &str) -> String {
    format!("{PREFIX}.{name}")
}

/// Whether a call of this name changes nothing, so that asking twice is as good as once.
pub fn is_query(name: &str) -> bool {
    name.starts_with("qry.")
}

/// The subject on which one dbmgr takes appends; a hash of the conversation chooses among those alive.
pub fn append_lane(incarnation: &str) -> String {
    format!("{PREFIX}.cmd.append.{incarnation}")
}

/// The subject of a kind of notices; `shard` for those that are counted.
pub fn notice(kind: &str, shard: Option<u32>) -> String {
    match shard {
        Some(shard) => format!("{PREFIX}.evt.{kind}.{shard}"),
        None => format!("{PREFIX}.evt.{kind}"),
    }
}

/// Where an automation takes turns.
pub fn turn(automation: &str) -> String {
    format!("{PREFIX}.automation.{automation}.turn")
}

/// The shard of a conversation: FNV-1a of its id, the same on every node for ever.
pub fn shard(conversation: &ConversationId) -> u32 {
    hash(conversation.as_str()) % SHARDS
}

/// FNV-1a, 32 bits: stable across nodes and versions, which the standard library's hashers are not.
pub fn hash(text: &str) -> u32 {
    text.bytes().fold(0x811c_9dc5, |h, b| (h ^ u32::from(b)).wrapping_mul(0x0100_0193))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hash_is_fnv_1a() {
        // Test vectors of the FNV reference (draft-eastlake-fnv).
        assert_eq!(hash(""), 0x811c_9dc5);
        assert_eq!(hash("foobar"), 0xbf9c_f968);
    }
}
