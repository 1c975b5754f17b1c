use std::error::Error;

use axum::extract::Request;
use axum::ServiceExt;
use tokio::net::TcpListener;
use tower::Layer;
use tower_http::normalize_path::NormalizePathLayer;

use notes_server::routes;
use notes_server::state::{AppState, Settings};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let settings = Settings::from_env();
    let listener = TcpListener::bind(&settings.listen).await?;
    let state = AppState::open(settings).await?;

    // To our clients `/notes` and `/notes/` are the same. The layer has to stand
    // around the router: one inside of it runs after a route has been chosen.
    let app = NormalizePathLayer::trim_trailing_slash().layer(routes::router(state));

    println!("listening on http://{}", listener.local_addr()?);
    axum::serve(listener, ServiceExt::<Request>::into_make_service(app)).await?;
    Ok(())
}
