use axum::extract::{Query, State};
use axum::routing::get;
use axum::{Json, Router};

use crate::error::AppResult;
use crate::models::audit::AuditEntry;
use crate::models::page::Page;
use crate::state::AppState;

pub fn router() -> Router<AppState> {
    Router::new().route("/admin/audit/", get(list_audit))
}

async fn list_audit(
    State(state): State<AppState>,
    Query(page): Query<Page>,
) -> AppResult<Json<Vec<AuditEntry>>> {
    let entries = AuditEntry::list(&state.pool, &page.checked()?).await?;
    Ok(Json(entries))
}
