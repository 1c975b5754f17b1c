use serde::{Deserialize, Serialize};
use sqlx::sqlite::SqlitePool;
use sqlx::FromRow;

use crate::models::page::Page;
use crate::models::{new_id, now};

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, sqlx::Type)]
#[serde(rename_all = "lowercase")]
#[sqlx(rename_all = "lowercase")]
pub enum Visibility {
    #[default]
    Private,
    Shared,
}

#[derive(FromRow)]
pub struct Note {
    pub id: String,
    pub owner_id: String,
    pub folder_id: Option<String>,
    pub title: String,
    pub body: String,
    pub visibility: Visibility,
    pub created_at: i64,
    pub updated_at: i64,
}

#[derive(Deserialize)]
pub struct NoteForm {
    pub title: String,
    #[serde(default)]
    pub body: String,
    #[serde(default)]
    pub visibility: Visibility,
    pub folder_id: Option<String>,
}

#[derive(Serialize)]
pub struct NoteResponse {
    pub title: String,
    pub body: String,
    pub visibility: Visibility,
    pub folder_id: Option<String>,
    pub id: String,
    pub owner_id: String,
    pub created_at: i64,
    pub updated_at: i64,
}

impl From<Note> for NoteResponse {
    fn from(note: Note) -> Self {
        Self {
            title: note.title,
            body: note.body,
            visibility: note.visibility,
            folder_id: note.folder_id,
            id: note.id,
            owner_id: note.owner_id,
            created_at: note.created_at,
            updated_at: note.updated_at,
        }
    }
}

impl Note {
    pub async fn insert(pool: &SqlitePool, owner_id: &str, form: &NoteForm) -> sqlx::Result<Self> {
        sqlx::query_as(
            "INSERT INTO notes
                 (id, owner_id, folder_id, title, body, visibility, created_at, updated_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $7)
             RETURNING *",
        )
        .bind(new_id())
        .bind(owner_id)
        .bind(&form.folder_id)
        .bind(&form.title)
        .bind(&form.body)
        .bind(form.visibility)
        .bind(now())
        .fetch_one(pool)
        .await
    }

    pub async fn find(pool: &SqlitePool, id: &str) -> sqlx::Result<Option<Self>> {
        sqlx::query_as("SELECT * FROM notes WHERE id = $1")
            .bind(id)
            .fetch_optional(pool)
            .await
    }

    pub async fn list_by_owner(
        pool: &SqlitePool,
        owner_id: &str,
        page: &Page,
        folder_id: Option<&str>,
    ) -> sqlx::Result<Vec<Self>> {
        sqlx::query_as(
            "SELECT * FROM notes WHERE owner_id = $1 AND ($2 IS NULL OR folder_id = $2)
             ORDER BY created_at LIMIT $3 OFFSET $4",
        )
        .bind(owner_id)
        .bind(folder_id)
        .bind(page.limit)
        .bind(page.offset)
        .fetch_all(pool)
        .await
    }

    pub async fn update(&self, pool: &SqlitePool, form: &NoteForm) -> sqlx::Result<Self> {
        sqlx::query_as(
            "UPDATE notes
             SET title = $1, body = $2, visibility = $3, folder_id = $4, updated_at = $5
             WHERE id = $6 RETURNING *",
        )
        .bind(&form.title)
        .bind(&form.body)
        .bind(form.visibility)
        .bind(&form.folder_id)
        .bind(now())
        .bind(&self.id)
        .fetch_one(pool)
        .await
    }

    pub async fn delete(&self, pool: &SqlitePool) -> sqlx::Result<()> {
        sqlx::query("DELETE FROM notes WHERE id = $1")
            .bind(&self.id)
            .execute(pool)
            .await?;
        Ok(())
    }
}
