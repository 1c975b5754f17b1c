//! Part of the notes: paths are meant to stand below `/notes`.

use axum::extract::{Path, State};
use axum::routing::get;
use axum::{Json, Router};

use crate::auth::CurrentUser;
use crate::error::AppResult;
use crate::models::comment::{Comment, CommentResponse};
use crate::routes::notes::find_readable_note;
use crate::state::AppState;

pub fn router() -> Router<AppState> {
    Router::new().route("/{note_id}/comments", get(list_comments))
}

async fn list_comments(
    State(state): State<AppState>,
    CurrentUser(user): CurrentUser,
    Path(note_id): Path<String>,
) -> AppResult<Json<Vec<CommentResponse>>> {
    let note = find_readable_note(&state, &note_id, &user).await?;
    let comments = Comment::list_by_note(&state.pool, &note.id).await?;
    Ok(Json(
        comments.into_iter().map(CommentResponse::from).collect(),
    ))
}
