//! The edge: HTTP, sockets, pages. It holds no truth.
