//! The bus: one port, in-process and NATS implementations, and the typed layer on top.
