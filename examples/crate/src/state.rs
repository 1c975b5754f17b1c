use std::env;
use std::sync::Arc;

use sqlx::sqlite::{SqliteConnectOptions, SqlitePool};

/// What can be set from outside; the variables are those of the Python backend.
pub struct Settings {
    pub listen: String,
    pub database: String,
    pub secret: String,
    pub token_hours: u64,
    pub signup_enabled: bool,
}

impl Settings {
    pub fn from_env() -> Self {
        let text = |name: &str, default: &str| env::var(name).unwrap_or_else(|_| default.into());
        Self {
            listen: text("NOTES_LISTEN", "127.0.0.1:8080"),
            database: text("NOTES_DATABASE", "notes.db"),
            secret: text("NOTES_SECRET", "change me: at least 32 bytes, please"),
            token_hours: text("NOTES_TOKEN_HOURS", "24").parse().unwrap_or(24),
            signup_enabled: text("NOTES_SIGNUP_ENABLED", "true") == "true",
        }
    }
}

#[derive(Clone)]
pub struct AppState {
    pub pool: SqlitePool,
    pub settings: Arc<Settings>,
}

impl AppState {
    /// Opens the database, which is made where there is none, and brings its tables up to date.
    pub async fn open(settings: Settings) -> Result<Self, sqlx::Error> {
        let options = SqliteConnectOptions::new()
            .filename(&settings.database)
            .create_if_missing(true);
        let pool = SqlitePool::connect_with(options).await?;
        sqlx::migrate!().run(&pool).await?;
        let settings = Arc::new(settings);
        Ok(Self { pool, settings })
    }
}
