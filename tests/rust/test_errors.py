"""The status of each variant of an error type."""

from __future__ import annotations

import pytest

from port_lsp.rust.statuses import statuses
from tests.rust.declaring import declared


def answers(text: str) -> dict[str, str]:
    return {p.name: p.detail for p in declared(text).parts if p.kind == "error-response"}


ENUM = "enum E { A, B(String), C { a: i64 }, D }\n"


def test_actix_status_code() -> None:
    assert answers(
        ENUM
        + """
        impl actix_web::ResponseError for E {
            fn status_code(&self) -> StatusCode {
                match self {
                    E::A | E::B(_) => StatusCode::NOT_FOUND,
                    Self::C { .. } => { warn!("no"); StatusCode::FORBIDDEN }
                    _ => StatusCode::INTERNAL_SERVER_ERROR,
                }
            }
        }
        """
    ) == {"E::A": "404", "E::B": "404", "E::C": "403", "E::D": "500"}


def test_what_answers_counts_before_what_it_may_ask() -> None:
    assert answers(
        ENUM
        + """
        impl ResponseError for E {
            fn error_response(&self) -> HttpResponse {
                match *self {
                    E::A => HttpResponse::NotFound().finish(),
                    E::B(ref s) => HttpResponse::build(self.status_code()).json(s),
                    E::C { a } => HttpResponse::BadRequest().json(a),
                    E::D => HttpResponse::Gone().finish(),
                }
            }
            fn status_code(&self) -> StatusCode {
                match self { E::B(_) => StatusCode::CONFLICT, _ => StatusCode::OK }
            }
        }
        """
    ) == {"E::A": "404", "E::B": "409", "E::C": "400", "E::D": "410"}


def test_axum_asks_a_method_of_its_own() -> None:
    assert answers(
        ENUM
        + """
        impl E {
            fn status(&self) -> StatusCode {
                match self {
                    Self::A => StatusCode::NOT_FOUND,
                    Self::B(s) if s.is_empty() => StatusCode::BAD_REQUEST,
                    Self::B(_) => StatusCode::UNPROCESSABLE_ENTITY,
                    Self::C { .. } => StatusCode::from_u16(418).unwrap(),
                    Self::D => status_of_d(),
                }
            }
        }
        impl IntoResponse for E {
            fn into_response(self) -> Response {
                (self.status(), Json(self.body())).into_response()
            }
        }
        """
    ) == {"E::A": "404", "E::B": "400 422", "E::C": "418", "E::D": ""}


def test_a_struct_and_a_default() -> None:
    assert answers(
        """
        struct S(anyhow::Error);
        impl IntoResponse for S {
            fn into_response(self) -> Response { (StatusCode::BAD_GATEWAY, "x").into_response() }
        }
        enum F { A, B }
        impl ResponseError for F {
            fn error_response(&self) -> HttpResponse {
                HttpResponse::build(self.status_code()).finish()
            }
        }
        """
    ) == {"F::A": "500", "F::B": "500", "S": "502"}


def test_what_never_fails_is_no_error() -> None:
    assert (
        answers(
            """
        enum Page { A, B }
        impl IntoResponse for Page {
            fn into_response(self) -> Response {
                let status = match self { Page::A => StatusCode::OK, _ => StatusCode::CREATED };
                status.into_response()
            }
        }
        enum Other { A }
        impl Other {
            fn code(&self) -> StatusCode { match self { Other::A => StatusCode::NOT_FOUND } }
        }
        """
        )
        == {}
    )


def test_types_of_one_name_are_two() -> None:
    text = """//- /src/main.rs
mod a;
mod b;
//- /src/a.rs
pub enum E { A }
impl IntoResponse for E {
    fn into_response(self) -> Response { match self { E::A => StatusCode::NOT_FOUND } }
}
//- /src/b.rs
pub enum E { A }
impl IntoResponse for E {
    fn into_response(self) -> Response { match self { E::A => StatusCode::FORBIDDEN } }
}
"""
    parts = declared(text).parts
    assert [(p.place.file, p.name, p.detail) for p in parts] == [
        ("src/a.rs", "E::A", "404"),
        ("src/b.rs", "E::A", "403"),
    ]


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("StatusCode::NOT_FOUND", (404,)),
        ("http::StatusCode::from_u16(429)?", (429,)),
        ("HttpResponse::ImATeapot().finish()", (418,)),
        ('Err(ErrorUnauthorized("x"))', (401,)),
        ("(StatusCode::CONFLICT, Json(x)), StatusCode::CONFLICT", (409,)),
        ("HttpResponse::build(status)", ()),
        ("Error::Forbidden", ()),
    ],
)
def test_statuses(text: str, codes: tuple[int, ...]) -> None:
    assert statuses(text.encode()) == codes
