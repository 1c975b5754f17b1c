use serde::{Deserialize, Serialize};
use sqlx::sqlite::SqlitePool;
use sqlx::FromRow;

use crate::models::page::Page;
use crate::models::{new_id, now};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, sqlx::Type)]
#[serde(rename_all = "lowercase")]
#[sqlx(rename_all = "lowercase")]
pub enum Role {
    User,
    Admin,
}

#[derive(FromRow)]
pub struct User {
    pub id: String,
    pub name: String,
    pub email: String,
    pub password_hash: String,
    pub role: Role,
    pub last_active_at: Option<i64>,
    pub created_at: i64,
}

#[derive(Serialize)]
pub struct UserResponse {
    pub id: String,
    pub name: String,
    pub email: String,
    pub role: Role,
    pub created_at: i64,
}

impl From<User> for UserResponse {
    fn from(user: User) -> Self {
        Self {
            id: user.id,
            name: user.name,
            email: user.email,
            role: user.role,
            created_at: user.created_at,
        }
    }
}

#[derive(Deserialize)]
pub struct RoleForm {
    pub role: Role,
}

impl User {
    /// The first user who signs up becomes the admin.
    pub async fn insert(
        pool: &SqlitePool,
        name: &str,
        email: &str,
        password_hash: &str,
    ) -> sqlx::Result<Self> {
        sqlx::query_as(
            "INSERT INTO users (id, name, email, password_hash, role, created_at)
             VALUES ($1, $2, $3, $4, iif(EXISTS (SELECT 1 FROM users), 'user', 'admin'), $5)
             RETURNING *",
        )
        .bind(new_id())
        .bind(name)
        .bind(email)
        .bind(password_hash)
        .bind(now())
        .fetch_one(pool)
        .await
    }

    pub async fn find(pool: &SqlitePool, id: &str) -> sqlx::Result<Option<Self>> {
        sqlx::query_as("SELECT * FROM users WHERE id = $1")
            .bind(id)
            .fetch_optional(pool)
            .await
    }

    pub async fn find_by_email(pool: &SqlitePool, email: &str) -> sqlx::Result<Option<Self>> {
        sqlx::query_as("SELECT * FROM users WHERE email = $1")
            .bind(email)
            .fetch_optional(pool)
            .await
    }

    pub async fn list(pool: &SqlitePool, page: &Page) -> sqlx::Result<Vec<Self>> {
        sqlx::query_as("SELECT * FROM users ORDER BY created_at LIMIT $1 OFFSET $2")
            .bind(page.limit)
            .bind(page.offset)
            .fetch_all(pool)
            .await
    }

    pub async fn touch(&self, pool: &SqlitePool) -> sqlx::Result<()> {
        sqlx::query("UPDATE users SET last_active_at = $1 WHERE id = $2")
            .bind(now())
            .bind(&self.id)
            .execute(pool)
            .await?;
        Ok(())
    }
}
