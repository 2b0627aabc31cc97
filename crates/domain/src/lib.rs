//! The rules of Switchboard, pure: roles, conversations, entries, assignment, automations, limits.
