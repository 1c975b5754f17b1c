use serde::{Deserialize, Serialize};
use sqlx::sqlite::SqlitePool;
use sqlx::FromRow;

use crate::models::new_id;

/// Both the row and the answer: a folder has nothing to hide.
#[derive(FromRow, Serialize)]
pub struct Folder {
    pub id: String,
    pub owner_id: String,
    pub name: String,
}

#[derive(Deserialize)]
pub struct FolderForm {
    pub name: String,
}

impl Folder {
    pub async fn insert(pool: &SqlitePool, owner_id: &str, name: &str) -> sqlx::Result<Self> {
        sqlx::query_as("INSERT INTO folders (id, owner_id, name) VALUES ($1, $2, $3) RETURNING *")
            .bind(new_id())
            .bind(owner_id)
            .bind(name)
            .fetch_one(pool)
            .await
    }

    pub async fn find(pool: &SqlitePool, id: &str) -> sqlx::Result<Option<Self>> {
        sqlx::query_as("SELECT * FROM folders WHERE id = $1")
            .bind(id)
            .fetch_optional(pool)
            .await
    }

    pub async fn list_by_owner(pool: &SqlitePool, owner_id: &str) -> sqlx::Result<Vec<Self>> {
        sqlx::query_as("SELECT * FROM folders WHERE owner_id = $1 ORDER BY name")
            .bind(owner_id)
            .fetch_all(pool)
            .await
    }

    /// The notes stay; they are in no folder afterwards.
    pub async fn delete(&self, pool: &SqlitePool) -> sqlx::Result<()> {
        let mut transaction = pool.begin().await?;
        sqlx::query("UPDATE notes SET folder_id = NULL WHERE folder_id = $1")
            .bind(&self.id)
            .execute(&mut *transaction)
            .await?;
        sqlx::query("DELETE FROM folders WHERE id = $1")
            .bind(&self.id)
            .execute(&mut *transaction)
            .await?;
        transaction.commit().await
    }
}
