"""What handlers take and give, and who may call them."""

from __future__ import annotations

from port_lsp.facts.items import Endpoint, Guard
from tests.fixturefile import parse
from tests.rust.test_routing import read

ACTIX = """//# actix-web: 4
//- /src/main.rs
mod auth;

use actix_web::{web, App, HttpResponse, HttpServer};
use auth::{AuthMiddleware, AuthUser};
use serde::{Deserialize, Serialize};

#[derive(Deserialize)]
pub struct Paging {
    pub limit: Option<i64>,
    #[serde(rename = "pageNumber")]
    pub page: i64,
}

#[derive(Deserialize)]
pub struct NoteForm {
    pub title: String,
}

#[derive(Serialize)]
pub struct Note {
    pub id: String,
}

#[derive(Deserialize)]
pub struct NotePath {
    pub team: String,
    pub id: u64,
}

async fn list(state: web::Data<u8>, query: web::Query<Paging>) -> HttpResponse {
    let notes: Vec<Note> = load(&state, &query).await;
    HttpResponse::Ok().json(notes)
}

async fn create(user: AuthUser, form: web::Json<NoteForm>) -> HttpResponse {
    HttpResponse::Created().json(Note { id: save(&user, &form).await })
}

async fn one(path: web::Path<(String, u64)>, user: Option<AuthUser>) -> HttpResponse {
    HttpResponse::Ok().json(Note::from(path.into_inner()))
}

async fn replace(path: web::Path<NotePath>, body: web::Bytes) -> HttpResponse {
    HttpResponse::NoContent().finish()
}

async fn remove(user: AuthUser, id: web::Path<u64>) -> HttpResponse {
    if user.role != "admin" {
        return HttpResponse::Forbidden().finish();
    }
    HttpResponse::NoContent().finish()
}

async fn own_or_admin(user: AuthUser, id: web::Path<u64>) -> HttpResponse {
    if user.id != *id && user.role != "admin" {
        return HttpResponse::Forbidden().finish();
    }
    HttpResponse::Ok().finish()
}

async fn upload(form: actix_multipart::Multipart) -> HttpResponse {
    HttpResponse::Ok().finish()
}

#[actix_web::main]
async fn main() -> std::io::Result<()> {
    HttpServer::new(|| {
        App::new()
            .route("/notes", web::get().to(list))
            .route("/notes", web::post().to(create))
            .route("/teams/{team}/notes/{id}", web::get().to(one))
            .route("/teams/{team}/notes/{id}", web::put().to(replace))
            .route("/teams/{team}/notes/{id}", web::delete().to(remove))
            .route("/notes/{id}/own", web::get().to(own_or_admin))
            .service(
                web::resource("/upload").wrap(AuthMiddleware).route(web::post().to(upload)),
            )
    })
    .run()
    .await
}
//- /src/auth.rs
use actix_web::dev::{Service, ServiceRequest, ServiceResponse, Transform};
use actix_web::{error::ErrorUnauthorized, FromRequest, HttpRequest};

pub struct AuthUser {
    pub id: u64,
    pub role: String,
}

impl FromRequest for AuthUser {
    type Error = actix_web::Error;
    type Future = std::future::Ready<Result<Self, Self::Error>>;

    fn from_request(request: &HttpRequest, _: &mut actix_web::dev::Payload) -> Self::Future {
        match request.headers().get("Authorization") {
            Some(token) => std::future::ready(decode(token)),
            None => std::future::ready(Err(ErrorUnauthorized("no token"))),
        }
    }
}

pub struct AuthMiddleware;

impl<S> Transform<S, ServiceRequest> for AuthMiddleware {
    type Transform = AuthService<S>;
}

pub struct AuthService<S> {
    service: S,
}

impl<S> Service<ServiceRequest> for AuthService<S> {
    fn call(&self, request: ServiceRequest) -> Self::Future {
        if request.headers().get("Authorization").is_none() {
            return Box::pin(async { Err(ErrorUnauthorized("no token")) });
        }
        self.service.call(request)
    }
}
"""


def endpoints() -> dict[str, Endpoint]:
    side, _ = read(parse(ACTIX))
    assert not side.unresolved
    return {endpoint.handler: endpoint for endpoint in side.endpoints}


def parameters(endpoint: Endpoint) -> list[tuple[str, str, str | None, bool]]:
    found = endpoint.signature.parameters
    return [(one.name, one.location, one.annotation, one.required) for one in found]


def test_parameters_by_extractor() -> None:
    found = endpoints()
    assert parameters(found["list"]) == [
        ("limit", "query", "Option<i64>", False),
        ("page", "query", "i64", True),
    ]
    assert found["list"].signature.parameters[1].alias == "pageNumber"
    assert parameters(found["create"]) == [("form", "body", "NoteForm", True)]
    assert parameters(found["one"]) == [
        ("team", "path", "String", True),
        ("id", "path", "u64", True),
    ]
    assert parameters(found["replace"]) == [
        ("team", "path", "String", True),
        ("id", "path", "u64", True),
        ("body", "body", "Bytes", True),
    ]
    assert parameters(found["remove"]) == [("id", "path", "u64", True)]
    assert parameters(found["upload"]) == [("form", "file", "actix_multipart::Multipart", True)]


def test_models_and_answers() -> None:
    found = endpoints()
    assert found["create"].signature.body_models == ("src/main.rs::NoteForm",)
    given = {name: one.signature.response_models for name, one in found.items()}
    note = ("src/main.rs::Note",)
    assert {name for name, models in given.items() if models == note} == {"list", "create", "one"}
    codes = {name: one.signature.status_code for name, one in found.items()}
    assert codes["create"] == 201
    assert codes["replace"] == 204
    assert codes["list"] == 200


def test_guards_say_why() -> None:
    guards = {name: one.signature.guard for name, one in endpoints().items()}
    assert guards["list"] == Guard("public")
    assert guards["create"] == Guard("user", "AuthUser", ("extractor AuthUser",))
    assert guards["one"] == Guard("public")  # the extractor is optional
    assert guards["upload"] == Guard("user", "AuthMiddleware", ("middleware AuthMiddleware",))
    assert guards["remove"].level == "role"
    assert guards["remove"].name == "admin"
    assert guards["remove"].evidence[-1] == 'check in the body: user.role != "admin"'
    assert guards["own_or_admin"].level == "user"  # an admin is only let in as well
