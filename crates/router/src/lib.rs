//! Who takes a conversation: assignment, turns, deadlines, presence.
