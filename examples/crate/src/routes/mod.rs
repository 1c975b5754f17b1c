//! One module for each part of the API.

pub mod audit;
pub mod auth;
pub mod comments;
pub mod folders;
pub mod meta;
pub mod notes;
pub mod users;

use axum::middleware::from_fn_with_state;
use axum::routing::get;
use axum::Router;

use crate::auth::require_admin;
use crate::state::AppState;

pub fn router(state: AppState) -> Router {
    let admin = Router::new()
        .nest("/users", users::router())
        .merge(audit::router())
        .route_layer(from_fn_with_state(state.clone(), require_admin));

    let api = Router::new()
        .route("/config", get(meta::get_config))
        .nest("/auth", auth::router())
        .nest("/notes", notes::router())
        .nest("/folders", folders::router())
        .merge(admin);

    Router::new()
        .route("/health", get(meta::health))
        .route("/metrics", get(meta::metrics))
        .nest("/api/v1", api)
        .with_state(state)
}
