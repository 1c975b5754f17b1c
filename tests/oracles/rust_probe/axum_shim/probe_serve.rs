use std::future::{Future, IntoFuture};
use std::pin::Pin;

use axum_real::body::{to_bytes, Body};
use axum_real::extract::{MatchedPath, Request};
use axum_real::middleware::{from_fn, Next};
use axum_real::response::Response;
use axum_real::routing::IntoMakeService;
use axum_real::Router;
use rust_probe_exchange::{answered, asks, Answer};
use tower::{Service, ServiceExt};

/// What the fixtures serve.
pub trait Application {
    fn router(self) -> impl Future<Output = Router>;
}

impl Application for Router {
    async fn router(self) -> Router {
        self
    }
}

impl Application for IntoMakeService<Router> {
    async fn router(mut self) -> Router {
        self.call(()).await.unwrap_or_else(|never| match never {})
    }
}

/// Takes the place of `axum::serve`. The listener is dropped.
pub fn serve<L, A: Application>(_listener: L, application: A) -> Serve<A> {
    Serve { application }
}

pub struct Serve<A> {
    application: A,
}

impl<A> Serve<A> {
    pub fn with_graceful_shutdown<F>(self, _signal: F) -> Self {
        self
    }
}

impl<A: Application + 'static> IntoFuture for Serve<A> {
    type Output = std::io::Result<()>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output>>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move {
            let router = self.application.router().await.layer(from_fn(note_route));
            for ask in asks() {
                let mut request = Request::builder()
                    .method(ask.method.as_str())
                    .uri(ask.path.as_str());
                for (name, value) in &ask.headers {
                    request = request.header(name, value);
                }
                let request = request.body(Body::empty()).expect("a request");
                let response = router.clone().oneshot(request).await;
                let response = response.unwrap_or_else(|never| match never {});
                answered(read(response).await);
            }
            Ok(())
        })
    }
}

#[derive(Clone)]
struct Route(String);

/// Stands outermost and keeps the path of the route that was taken.
async fn note_route(request: Request, next: Next) -> Response {
    let route = request
        .extensions()
        .get::<MatchedPath>()
        .map(|path| path.as_str().to_owned());
    let mut response = next.run(request).await;
    if let Some(route) = route {
        response.extensions_mut().insert(Route(route));
    }
    response
}

async fn read(response: Response) -> Answer {
    let (parts, body) = response.into_parts();
    let body = to_bytes(body, usize::MAX).await.unwrap_or_default();
    let pattern = parts
        .extensions
        .get::<Route>()
        .map(|route| route.0.clone())
        .unwrap_or_default();
    let headers: Vec<_> = parts
        .headers
        .iter()
        .map(|(name, value)| {
            (
                name.to_string(),
                value.to_str().unwrap_or_default().to_owned(),
            )
        })
        .collect();
    Answer::read(parts.status.as_u16(), &body, pattern, &headers)
}
