//! What travels between components and to clients: commands, queries, events, views, subjects, failures.
