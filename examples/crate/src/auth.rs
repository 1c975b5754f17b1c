//! Passwords, tokens, and who is asking.

use axum::extract::{FromRequestParts, Request};
use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;
use axum::middleware::Next;
use axum::response::Response;
use jsonwebtoken::{decode, encode, DecodingKey, EncodingKey, Header, Validation};
use serde::{Deserialize, Serialize};
use tokio::task::spawn_blocking;

use crate::error::{AppError, AppResult};
use crate::models::now;
use crate::models::user::{Role, User};
use crate::state::{AppState, Settings};

#[derive(Serialize, Deserialize)]
pub struct Claims {
    pub sub: String,
    pub exp: i64,
}

pub async fn hash_password(password: String) -> AppResult<String> {
    spawn_blocking(move || bcrypt::hash(password, bcrypt::DEFAULT_COST))
        .await
        .map_err(AppError::internal)?
        .map_err(AppError::internal)
}

pub async fn verify_password(password: String, password_hash: String) -> AppResult<bool> {
    spawn_blocking(move || bcrypt::verify(password, &password_hash))
        .await
        .map_err(AppError::internal)?
        .map_err(AppError::internal)
}

/// A token, and the second in which it stops being good.
pub fn create_token(settings: &Settings, user_id: &str) -> AppResult<(String, i64)> {
    let claims = Claims {
        sub: user_id.into(),
        exp: now() + settings.token_hours as i64 * 3600,
    };
    let key = EncodingKey::from_secret(settings.secret.as_bytes());
    let token = encode(&Header::default(), &claims, &key).map_err(AppError::internal)?;
    Ok((token, claims.exp))
}

/// The user whose token came with the request.
pub struct CurrentUser(pub User);

impl FromRequestParts<AppState> for CurrentUser {
    type Rejection = AppError;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> AppResult<Self> {
        let token = parts
            .headers
            .get(AUTHORIZATION)
            .and_then(|value| value.to_str().ok())
            .and_then(|value| value.strip_prefix("Bearer "))
            .ok_or_else(|| AppError::Unauthorized("Not authenticated".into()))?;
        let key = DecodingKey::from_secret(state.settings.secret.as_bytes());
        let claims = decode::<Claims>(token, &key, &Validation::default())
            .map_err(|_| AppError::Unauthorized("Invalid token".into()))?
            .claims;
        User::find(&state.pool, &claims.sub)
            .await?
            .map(Self)
            .ok_or_else(|| AppError::Unauthorized("Invalid token".into()))
    }
}

/// Middleware for everything that is the admins' business.
pub async fn require_admin(
    CurrentUser(user): CurrentUser,
    request: Request,
    next: Next,
) -> AppResult<Response> {
    if user.role != Role::Admin {
        return Err(AppError::Forbidden("Admins only".into()));
    }
    Ok(next.run(request).await)
}
