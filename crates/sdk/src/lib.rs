//! For whoever writes an automation: the trait and its runner over the bus.
