use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::routing::{get, patch};
use axum::{Json, Router};

use crate::error::{AppError, AppResult};
use crate::models::note::{Note, NoteResponse};
use crate::models::page::Page;
use crate::models::user::{RoleForm, User, UserResponse};
use crate::state::AppState;

pub fn router() -> Router<AppState> {
    Router::new()
        .route("/", get(list_users))
        .route("/{user_id}", get(get_user).delete(delete_user))
        .route("/{user_id}/note", get(list_user_notes))
        .route("/{user_id}/role", patch(update_role))
}

async fn find_user(state: &AppState, user_id: &str) -> AppResult<User> {
    User::find(&state.pool, user_id)
        .await?
        .ok_or_else(|| AppError::NotFound("User not found".into()))
}

async fn list_users(
    State(state): State<AppState>,
    Query(page): Query<Page>,
) -> AppResult<Json<Vec<UserResponse>>> {
    let users = User::list(&state.pool, &page.checked()?).await?;
    Ok(Json(users.into_iter().map(UserResponse::from).collect()))
}

async fn get_user(
    State(state): State<AppState>,
    Path(user_id): Path<String>,
) -> AppResult<Json<UserResponse>> {
    let user = find_user(&state, &user_id).await?;
    Ok(Json(user.into()))
}

async fn list_user_notes(
    State(state): State<AppState>,
    Path(user_id): Path<String>,
    Query(page): Query<Page>,
) -> AppResult<Json<Vec<NoteResponse>>> {
    let user = find_user(&state, &user_id).await?;
    let notes = Note::list_by_owner(&state.pool, &user.id, &page.checked()?, None).await?;
    Ok(Json(notes.into_iter().map(NoteResponse::from).collect()))
}

async fn update_role(
    State(_state): State<AppState>,
    Path(_user_id): Path<String>,
    Json(_form): Json<RoleForm>,
) -> AppResult<Json<UserResponse>> {
    todo!("update the role")
}

async fn delete_user(
    State(_state): State<AppState>,
    Path(_user_id): Path<String>,
) -> AppResult<StatusCode> {
    // TODO: delete the user
    Ok(StatusCode::NO_CONTENT)
}
