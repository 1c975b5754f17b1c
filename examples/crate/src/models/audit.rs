use serde::Serialize;
use sqlx::sqlite::SqlitePool;
use sqlx::FromRow;

use crate::models::now;
use crate::models::page::Page;

#[derive(FromRow, Serialize)]
pub struct AuditEntry {
    pub id: i64,
    pub actor_id: String,
    pub action: String,
    pub subject_id: Option<String>,
    pub created_at: i64,
}

impl AuditEntry {
    pub async fn record(
        pool: &SqlitePool,
        actor_id: &str,
        action: &str,
        subject_id: Option<&str>,
    ) -> sqlx::Result<()> {
        sqlx::query(
            "INSERT INTO audit (actor_id, action, subject_id, created_at) VALUES ($1, $2, $3, $4)",
        )
        .bind(actor_id)
        .bind(action)
        .bind(subject_id)
        .bind(now())
        .execute(pool)
        .await?;
        Ok(())
    }

    pub async fn list(pool: &SqlitePool, page: &Page) -> sqlx::Result<Vec<Self>> {
        sqlx::query_as("SELECT * FROM audit ORDER BY id DESC LIMIT $1 OFFSET $2")
            .bind(page.limit)
            .bind(page.offset)
            .fetch_all(pool)
            .await
    }
}
