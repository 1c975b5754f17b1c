use std::fmt::Debug;
use std::io;
use std::marker::PhantomData;

use actix_http::Request;
use actix_service::{IntoServiceFactory, Service, ServiceFactory};
use actix_web_real::body::{to_bytes, MessageBody};
use actix_web_real::dev::{AppConfig, ServiceResponse};
use actix_web_real::http::header::{HeaderMap, HeaderValue};
use actix_web_real::test::{init_service, TestRequest};
use actix_web_real::{Error, HttpResponse};
use rust_probe_exchange::{answered, asks, Answer, Ask};

/// Takes the place of `actix_web::HttpServer`: the same ways to build it, nothing is bound.
pub struct HttpServer<F, I, S, B> {
    factory: F,
    types: PhantomData<(I, S, B)>,
}

impl<F, I, S, B> HttpServer<F, I, S, B>
where
    F: Fn() -> I + Send + Clone + 'static,
    I: IntoServiceFactory<S, Request>,
    S: ServiceFactory<Request, Config = AppConfig, Response = ServiceResponse<B>, Error = Error>,
    S::InitError: Debug,
    B: MessageBody,
{
    pub fn new(factory: F) -> Self {
        Self {
            factory,
            types: PhantomData,
        }
    }

    pub fn bind<A>(self, _address: A) -> io::Result<Self> {
        Ok(self)
    }

    pub fn workers(self, _number: usize) -> Self {
        self
    }

    pub fn keep_alive<T>(self, _time: T) -> Self {
        self
    }

    pub async fn run(self) -> io::Result<()> {
        let service = init_service((self.factory)()).await;
        for ask in asks() {
            let answer = match service.call(request(&ask)).await {
                Ok(response) => {
                    let pattern = response.request().match_pattern().unwrap_or_default();
                    let (_, response) = response.into_parts();
                    read(response, pattern).await
                }
                Err(error) => read(error.error_response(), String::new()).await,
            };
            answered(answer);
        }
        Ok(())
    }
}

fn request(ask: &Ask) -> Request {
    let method = ask.method.parse().expect("a method");
    let mut request = TestRequest::with_uri(&ask.path).method(method);
    for (name, value) in &ask.headers {
        request = request.insert_header((name.as_str(), value.as_str()));
    }
    request.to_request()
}

async fn read<B: MessageBody>(response: HttpResponse<B>, pattern: String) -> Answer {
    let status = response.status().as_u16();
    let headers = pairs(response.headers());
    let body = match to_bytes(response.into_body()).await {
        Ok(body) => body,
        Err(_) => panic!("a body that can't be read"),
    };
    Answer::read(status, &body, pattern, &headers)
}

fn pairs(headers: &HeaderMap) -> Vec<(String, String)> {
    let text = |value: &HeaderValue| value.to_str().unwrap_or_default().to_owned();
    headers
        .iter()
        .map(|(name, value)| (name.to_string(), text(value)))
        .collect()
}
