//! Rows, the shapes of requests and answers, and the queries.

pub mod audit;
pub mod auth;
pub mod comment;
pub mod folder;
pub mod note;
pub mod page;
pub mod user;

use std::time::{SystemTime, UNIX_EPOCH};

use uuid::Uuid;

pub fn new_id() -> String {
    Uuid::new_v4().to_string()
}

/// Seconds since 1970, in UTC.
pub fn now() -> i64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |elapsed| elapsed.as_secs() as i64)
}
