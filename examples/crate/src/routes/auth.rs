use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::{get, post};
use axum::{Json, Router};

use crate::auth::{create_token, hash_password, verify_password, CurrentUser};
use crate::error::{AppError, AppResult};
use crate::models::auth::{SigninForm, SignupForm, TokenResponse};
use crate::models::user::{User, UserResponse};
use crate::state::AppState;

pub fn router() -> Router<AppState> {
    Router::new()
        .route("/signup", post(signup))
        .route("/signin", post(signin))
        .route("/me", get(get_session_user))
}

async fn signup(
    State(state): State<AppState>,
    Json(form): Json<SignupForm>,
) -> AppResult<(StatusCode, Json<UserResponse>)> {
    if !state.settings.signup_enabled {
        return Err(AppError::Forbidden("Signing up is switched off".into()));
    }
    if !(8..=72).contains(&form.password.chars().count()) {
        return Err(AppError::Unprocessable("8 to 72 characters".into()));
    }
    let password_hash = hash_password(form.password).await?;
    let user = User::insert(&state.pool, &form.name, &form.email, &password_hash)
        .await
        .map_err(|error| match error {
            sqlx::Error::Database(e) if e.is_unique_violation() => {
                AppError::Conflict("This email is taken".into())
            }
            other => other.into(),
        })?;
    Ok((StatusCode::CREATED, Json(user.into())))
}

async fn signin(
    State(state): State<AppState>,
    Json(form): Json<SigninForm>,
) -> AppResult<Json<TokenResponse>> {
    let wrong = || AppError::Unauthorized("Wrong email or password".into());
    let user = User::find_by_email(&state.pool, &form.email)
        .await?
        .ok_or_else(wrong)?;
    if !verify_password(form.password, user.password_hash.clone()).await? {
        return Err(wrong());
    }
    user.touch(&state.pool).await?;
    let (token, expires_at) = create_token(&state.settings, &user.id)?;
    Ok(Json(TokenResponse {
        token,
        token_type: "Bearer".into(),
        expires_at,
    }))
}

async fn get_session_user(CurrentUser(user): CurrentUser) -> Json<UserResponse> {
    Json(user.into())
}
