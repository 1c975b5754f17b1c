#![allow(unused_imports)]

use std::io::{BufRead, Write};

use axum::body::{to_bytes, Body};
use axum::http::Request;
use axum::routing::post;
use axum::Router;
use serde::de::DeserializeOwned;
use serde::Serialize;
use tower::ServiceExt;
use validator::Validate;

use shop::extract::{Json, Valid};

async fn echo<T: DeserializeOwned + Serialize>(Json(value): Json<T>) -> Json<T> {
    Json(value)
}

async fn checked<T: DeserializeOwned + Serialize + Validate>(
    Valid(Json(value)): Valid<Json<T>>,
) -> Json<T> {
    Json(value)
}

fn router() -> Router {
    Router::new()
}

/// Each line of the input is a path, a tab, and a body; each line of the output a status, a tab,
/// and a body.
#[tokio::main(flavor = "current_thread")]
async fn main() {
    let router = router();
    let mut out = std::io::stdout().lock();
    for line in std::io::stdin().lock().lines() {
        let line = line.expect("a line");
        let (path, body) = line.split_once('\t').expect("a tab");
        let request = Request::post(path)
            .header("content-type", "application/json")
            .body(Body::from(body.to_owned()))
            .expect("a request");
        // In a task of its own: a panic is that one answer's.
        let Ok(answer) = tokio::spawn(router.clone().oneshot(request)).await else {
            writeln!(out, "500\t").expect("an output");
            continue;
        };
        let response = answer.expect("an answer");
        let status = response.status().as_u16();
        let body = to_bytes(response.into_body(), usize::MAX)
            .await
            .expect("a body");
        let body = String::from_utf8_lossy(&body).replace('\n', " ");
        writeln!(out, "{status}\t{body}").expect("an output");
    }
}
