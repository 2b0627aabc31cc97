//! How the installation is.

mod get;
