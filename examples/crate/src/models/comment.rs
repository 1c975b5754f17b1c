use serde::Serialize;
use sqlx::sqlite::SqlitePool;
use sqlx::FromRow;

#[derive(FromRow)]
pub struct Comment {
    pub id: String,
    pub note_id: String,
    pub author_id: String,
    pub text: String,
    pub created_at: i64,
}

#[derive(Serialize)]
pub struct CommentResponse {
    pub id: String,
    pub author_id: String,
    pub text: String,
    pub created_at: i64,
}

impl From<Comment> for CommentResponse {
    fn from(comment: Comment) -> Self {
        Self {
            id: comment.id,
            author_id: comment.author_id,
            text: comment.text,
            created_at: comment.created_at,
        }
    }
}

impl Comment {
    pub async fn list_by_note(pool: &SqlitePool, note_id: &str) -> sqlx::Result<Vec<Self>> {
        sqlx::query_as("SELECT * FROM comments WHERE note_id = $1 ORDER BY created_at")
            .bind(note_id)
            .fetch_all(pool)
            .await
    }
}
