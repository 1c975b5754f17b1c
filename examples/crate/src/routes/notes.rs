use axum::body::Body;
use axum::extract::{Path, Query, State};
use axum::http::{header, StatusCode};
use axum::response::IntoResponse;
use axum::routing::get;
use axum::{Json, Router};
use futures_util::stream;
use serde::Deserialize;

use crate::auth::CurrentUser;
use crate::error::{AppError, AppResult};
use crate::models::audit::AuditEntry;
use crate::models::note::{Note, NoteForm, NoteResponse, Visibility};
use crate::models::page::Page;
use crate::models::user::User;
use crate::state::AppState;

/// More than anybody has.
const EVERYTHING: Page = Page {
    limit: 1_000_000,
    offset: 0,
};

pub fn router() -> Router<AppState> {
    Router::new()
        .route("/", get(list_notes).post(create_note))
        .route("/export", get(export_notes))
        .route(
            "/{note_id}",
            get(get_note).post(update_note).delete(delete_note),
        )
}

pub async fn find_readable_note(state: &AppState, note_id: &str, user: &User) -> AppResult<Note> {
    let note = Note::find(&state.pool, note_id)
        .await?
        .ok_or_else(|| AppError::NotFound("Note not found".into()))?;
    if note.owner_id != user.id && note.visibility == Visibility::Private {
        return Err(AppError::Forbidden("Not your note".into()));
    }
    Ok(note)
}

async fn find_own_note(state: &AppState, note_id: &str, user: &User) -> AppResult<Note> {
    let note = find_readable_note(state, note_id, user).await?;
    if note.owner_id != user.id {
        return Err(AppError::Forbidden("Not your note".into()));
    }
    Ok(note)
}

#[derive(Deserialize)]
struct NoteFilter {
    folder_id: Option<String>,
}

async fn list_notes(
    State(state): State<AppState>,
    CurrentUser(user): CurrentUser,
    Query(page): Query<Page>,
    Query(filter): Query<NoteFilter>,
) -> AppResult<Json<Vec<NoteResponse>>> {
    let page = page.checked()?;
    let folder_id = filter.folder_id.as_deref();
    let notes = Note::list_by_owner(&state.pool, &user.id, &page, folder_id).await?;
    Ok(Json(notes.into_iter().map(NoteResponse::from).collect()))
}

async fn create_note(
    State(state): State<AppState>,
    CurrentUser(user): CurrentUser,
    Json(form): Json<NoteForm>,
) -> AppResult<(StatusCode, Json<NoteResponse>)> {
    let note = Note::insert(&state.pool, &user.id, &form).await?;
    AuditEntry::record(&state.pool, &user.id, "note.create", Some(&note.id)).await?;
    Ok((StatusCode::CREATED, Json(note.into())))
}

/// Every note of the user, one JSON object a line.
async fn export_notes(
    State(state): State<AppState>,
    CurrentUser(user): CurrentUser,
) -> AppResult<impl IntoResponse> {
    let notes = Note::list_by_owner(&state.pool, &user.id, &EVERYTHING, None).await?;
    let lines = notes
        .into_iter()
        .map(|note| serde_json::to_string(&NoteResponse::from(note)).map(|line| line + "\n"));
    Ok((
        [(header::CONTENT_TYPE, "application/x-ndjson")],
        Body::from_stream(stream::iter(lines)),
    ))
}

async fn get_note(
    State(state): State<AppState>,
    CurrentUser(user): CurrentUser,
    Path(note_id): Path<String>,
) -> AppResult<Json<NoteResponse>> {
    let note = find_readable_note(&state, &note_id, &user).await?;
    Ok(Json(note.into()))
}

async fn update_note(
    State(state): State<AppState>,
    CurrentUser(user): CurrentUser,
    Path(note_id): Path<String>,
    Json(form): Json<NoteForm>,
) -> AppResult<Json<NoteResponse>> {
    let note = find_own_note(&state, &note_id, &user).await?;
    let note = note.update(&state.pool, &form).await?;
    AuditEntry::record(&state.pool, &user.id, "note.update", Some(&note.id)).await?;
    Ok(Json(note.into()))
}

async fn delete_note(
    State(state): State<AppState>,
    CurrentUser(user): CurrentUser,
    Path(note_id): Path<String>,
) -> AppResult<StatusCode> {
    let note = find_own_note(&state, &note_id, &user).await?;
    note.delete(&state.pool).await?;
    AuditEntry::record(&state.pool, &user.id, "note.delete", Some(&note.id)).await?;
    Ok(StatusCode::NO_CONTENT)
}
