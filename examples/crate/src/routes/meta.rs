use axum::extract::State;
use axum::Json;
use serde_json::{json, Value};

use crate::error::AppResult;
use crate::state::AppState;

pub async fn health(State(state): State<AppState>) -> AppResult<Json<Value>> {
    let one: i64 = sqlx::query_scalar("SELECT 1")
        .fetch_one(&state.pool)
        .await?;
    Ok(Json(json!({ "status": one == 1 })))
}

/// For the people who run the service; the Python backend has nothing like it.
pub async fn metrics(State(state): State<AppState>) -> AppResult<String> {
    let notes: i64 = sqlx::query_scalar("SELECT count(*) FROM notes")
        .fetch_one(&state.pool)
        .await?;
    Ok(format!("notes_total {notes}\n"))
}

pub async fn get_config(State(state): State<AppState>) -> Json<Value> {
    Json(json!({
        "name": "Notes",
        "version": "1.0.0",
        "signup_enabled": state.settings.signup_enabled,
    }))
}
