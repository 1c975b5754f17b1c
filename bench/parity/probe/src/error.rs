//! What a request may fail with, answered as FastAPI's `HTTPException` is.

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::{json, Value};

use crate::extract::issue::Issue;

pub type AppResult<T> = Result<T, AppError>;

#[derive(Debug)]
pub enum AppError {
    BadRequest(String),
    Validation(Vec<Issue>),
    Http(StatusCode, Value),
}

impl AppError {
    pub fn http(status: StatusCode, detail: impl Into<Value>) -> Self {
        Self::Http(status, detail.into())
    }
}

impl IntoResponse for AppError {
    fn into_response(self) -> Response {
        let (status, detail) = match self {
            Self::BadRequest(detail) => (StatusCode::BAD_REQUEST, detail.into()),
            Self::Validation(issues) => (StatusCode::UNPROCESSABLE_ENTITY, json!(issues)),
            Self::Http(status, detail) => (status, detail),
        };
        (status, axum::Json(json!({ "detail": detail }))).into_response()
    }
}
