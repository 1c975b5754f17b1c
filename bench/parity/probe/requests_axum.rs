use std::io::{BufRead, Write};
use std::sync::Arc;

use axum::body::{to_bytes, Body};
use axum::http::Request;
use serde::Deserialize;
use tower::ServiceExt;

use inbox::config::Config;
use inbox::routes;
use inbox::state::AppState;

/// A request; of its body each character is a byte.
#[derive(Deserialize)]
struct Asked {
    method: String,
    uri: String,
    headers: Vec<(String, String)>,
    body: String,
}

fn bytes(text: &str) -> Vec<u8> {
    text.chars().map(|letter| letter as u8).collect()
}

/// Each line of the input is a request; each line of the output a status, a tab, and a body.
#[tokio::main(flavor = "current_thread")]
async fn main() {
    std::panic::set_hook(Box::new(|_| {}));
    let config = Arc::new(Config::from_env().expect("settings"));
    let router = routes::router().with_state(AppState { config });
    let mut out = std::io::stdout().lock();
    for line in std::io::stdin().lock().lines() {
        let asked: Asked = serde_json::from_str(&line.expect("a line")).expect("a request");
        let mut request = Request::builder()
            .method(asked.method.as_str())
            .uri(&asked.uri);
        for (name, value) in &asked.headers {
            request = request.header(name, bytes(value));
        }
        let request = request.body(Body::from(bytes(&asked.body))).expect("a request");
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
