use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::routing::{delete, get};
use axum::{Json, Router};

use crate::auth::CurrentUser;
use crate::error::{AppError, AppResult};
use crate::models::folder::{Folder, FolderForm};
use crate::state::AppState;

pub fn router() -> Router<AppState> {
    Router::new().nest(
        "/folders",
        Router::new()
            .route("/", get(list_folders).post(create_folder))
            .route("/{folder_id}", delete(delete_folder)),
    )
}

async fn list_folders(
    State(state): State<AppState>,
    CurrentUser(user): CurrentUser,
) -> AppResult<Json<Vec<Folder>>> {
    let folders = Folder::list_by_owner(&state.pool, &user.id).await?;
    Ok(Json(folders))
}

async fn create_folder(
    State(state): State<AppState>,
    CurrentUser(user): CurrentUser,
    Json(form): Json<FolderForm>,
) -> AppResult<(StatusCode, Json<Folder>)> {
    let folder = Folder::insert(&state.pool, &user.id, &form.name).await?;
    Ok((StatusCode::CREATED, Json(folder)))
}

async fn delete_folder(
    State(state): State<AppState>,
    CurrentUser(user): CurrentUser,
    Path(folder_id): Path<String>,
) -> AppResult<StatusCode> {
    let folder = Folder::find(&state.pool, &folder_id)
        .await?
        .filter(|folder| folder.owner_id == user.id)
        .ok_or_else(|| AppError::NotFound("Folder not found".into()))?;
    folder.delete(&state.pool).await?;
    Ok(StatusCode::NO_CONTENT)
}
