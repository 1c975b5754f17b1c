use std::io::{BufRead, Write};
use std::panic::AssertUnwindSafe;
use std::sync::Arc;

use actix_web::body::to_bytes;
use actix_web::dev::Service;
use actix_web::http::header::{HeaderName, HeaderValue};
use actix_web::http::Method;
use actix_web::{test, web, App};
use futures_util::FutureExt;
use serde::Deserialize;

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
#[actix_web::main]
async fn main() {
    std::panic::set_hook(Box::new(|_| {}));
    let config = Arc::new(Config::from_env().expect("settings"));
    let state = web::Data::new(AppState { config });
    let app = App::new().app_data(state).configure(routes::configure);
    let app = test::init_service(app).await;
    let mut out = std::io::stdout().lock();
    for line in std::io::stdin().lock().lines() {
        let asked: Asked = serde_json::from_str(&line.expect("a line")).expect("a request");
        let method = Method::from_bytes(asked.method.as_bytes()).expect("a method");
        let mut request = test::TestRequest::default().method(method).uri(&asked.uri);
        for (name, value) in &asked.headers {
            let name = HeaderName::from_bytes(name.as_bytes()).expect("a header");
            let value = HeaderValue::from_bytes(&bytes(value)).expect("a header");
            request = request.append_header((name, value));
        }
        let request = request.set_payload(bytes(&asked.body)).to_request();
        // A panic is that one answer's.
        let Ok(answer) = AssertUnwindSafe(app.call(request)).catch_unwind().await else {
            writeln!(out, "500\t").expect("an output");
            continue;
        };
        let response = match answer {
            Ok(response) => response.into_parts().1.map_into_boxed_body(),
            Err(error) => error.error_response(),
        };
        let status = response.status().as_u16();
        let body = to_bytes(response.into_body()).await.expect("a body");
        let body = String::from_utf8_lossy(&body).replace('\n', " ");
        writeln!(out, "{status}\t{body}").expect("an output");
    }
}
