//! Signing in and out, and the own account.

mod change_password;
mod get;
mod list;
mod revoke;
mod sign_in;
mod sign_out;
