//! What we are measured beside: other people's servers, and one of our own that does the least.

pub mod ejabberd;
pub mod handmade;
pub mod nats_ws;
