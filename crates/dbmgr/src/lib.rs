//! The database manager: load, authorise, decide, apply, commit, tell.
