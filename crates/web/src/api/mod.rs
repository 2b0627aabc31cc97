//! The interface under `/api/v1`: one table of routes, and what follows from it.

pub(crate) mod describe;
pub(crate) mod first;
pub(crate) mod openapi;
pub(crate) mod roles;
pub(crate) mod route;
pub(crate) mod routes;

/// In front of every route of the table.
pub(crate) const BASE: &str = "/api/v1";
