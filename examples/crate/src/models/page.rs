use serde::Deserialize;

use crate::error::{AppError, AppResult};

/// `?limit=…&offset=…`, for every handler that lists something.
#[derive(Deserialize)]
pub struct Page {
    #[serde(default = "default_limit")]
    pub limit: i64,
    #[serde(default)]
    pub offset: i64,
}

fn default_limit() -> i64 {
    20
}

impl Page {
    pub fn checked(self) -> AppResult<Self> {
        if !(1..=100).contains(&self.limit) || self.offset < 0 {
            return Err(AppError::Unprocessable("No such page".into()));
        }
        Ok(self)
    }
}
