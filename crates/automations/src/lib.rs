//! The built-in automations.
