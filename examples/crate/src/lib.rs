//! The notes service in Rust: the port of `../backend`, half done.

pub mod auth;
pub mod error;
pub mod models;
pub mod routes;
pub mod state;
