"""Extractors, middleware and checks: whom they let in."""

from __future__ import annotations

from port_lsp.rust.gates import Gate
from tests.rust.declaring import declared

ERRORS = """
pub enum AppError { NoToken, NotYours, Broken }
impl IntoResponse for AppError {
    fn into_response(self) -> Response {
        match self {
            AppError::NoToken => StatusCode::UNAUTHORIZED,
            AppError::NotYours => StatusCode::FORBIDDEN,
            AppError::Broken => StatusCode::INTERNAL_SERVER_ERROR,
        }.into_response()
    }
}
"""


def gates(text: str) -> dict[str, Gate]:
    return {gate.name: gate for gate in declared(text + ERRORS).gates}


def test_an_extractor_and_one_on_top_of_it() -> None:
    text = """
    pub struct User { pub id: i64, pub role: String }
    impl<S: Send + Sync> FromRequestParts<S> for User {
        type Rejection = AppError;
        async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Self::Rejection> {
            let header = parts.headers.get(AUTHORIZATION).ok_or(AppError::NoToken)?;
            decode(header)
        }
    }
    pub struct Admin(pub User);
    impl<S> axum::extract::FromRequestParts<S> for Admin {
        type Rejection = AppError;
        async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, AppError> {
            let user = User::from_request_parts(parts, state).await?;
            if user.role != "admin" { return Err(AppError::NotYours); }
            Ok(Admin(user))
        }
    }
    """
    found = gates(text)
    user, admin = found["User"], found["Admin"]
    assert (user.kind, user.statuses, user.fields) == ("extractor", (401,), ("id", "role"))
    assert user.reads == ("Authorization header",)
    assert (admin.statuses, admin.roles, admin.fields) == ((401, 403), ("admin",), ("0",))
    parts = {p.name: (p.kind, p.detail) for p in declared(text + ERRORS).parts}
    assert parts["Admin"] == ("extractor", "401 403")


def test_actix_extractor_from_extensions() -> None:
    user = gates(
        """
        pub struct AuthUser { pub user: User }
        impl actix_web::FromRequest for AuthUser {
            type Error = actix_web::Error;
            fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
                let user = req.extensions().get::<AuthUser>().cloned();
                ready(user.ok_or_else(|| ErrorUnauthorized("no")))
            }
        }
        """
    )["AuthUser"]
    assert (user.statuses, user.takes, user.key) == ((401,), ("AuthUser",), "src/lib.rs::AuthUser")


def test_a_transform_does_what_its_service_does() -> None:
    found = gates(
        """
        pub struct Auth;
        impl<S, B> Transform<S, ServiceRequest> for Auth {
            type Transform = AuthService<S>;
            fn new_transform(&self, service: S) -> Self::Future {
                ready(Ok(AuthService { service }))
            }
        }
        impl<S, B> Service<ServiceRequest> for AuthService<S> {
            fn call(&self, req: ServiceRequest) -> Self::Future {
                let token = req.cookie("token").ok_or(AppError::NoToken)?;
                req.extensions_mut().insert(AuthUser { user });
            }
        }
        """
    )
    auth = found["Auth"]
    assert "AuthService" not in found
    assert (auth.kind, auth.statuses, auth.gives) == ("middleware", (401,), ("AuthUser",))
    assert auth.reads == ("cookie",)


def test_a_function_that_takes_next_and_what_it_asks() -> None:
    found = gates(
        """
        pub async fn require_admin(req: Request, next: Next) -> Result<Response, AppError> {
            check(&req)?;
            service.lookup(&req);
            Ok(next.run(req).await)
        }
        fn check(req: &Request) -> Result<(), AppError> {
            if claims(req).role != "owner" { return Err(AppError::Forbidden); }
            Ok(())
        }
        async fn lookup(user: User) -> Result<(), AppError> { Err(AppError::Unauthorized) }
        pub async fn log(req: Request<Body>, next: Next<Body>) -> Response { next.run(req).await }
        """
    )
    gate = found["require_admin"]
    assert (gate.kind, gate.statuses, gate.roles) == ("middleware", (403,), ("owner",))
    assert (found["log"].kind, found["log"].statuses) == ("middleware", ())
    assert found["check"].kind == "check"


def test_a_check_in_a_handler() -> None:
    check = gates(
        """
        async fn delete(auth: AuthUser) -> AppResult<HttpResponse> {
            if auth.user.role != "admin" { return Err(AppError::Forbidden("no".to_string())); }
            Ok(HttpResponse::Ok().finish())
        }
        """
    )["delete"]
    assert (check.kind, check.statuses, check.roles) == ("check", (403,), ("admin",))


def test_an_error_handed_on_may_be_a_401() -> None:
    gate = gates(
        """
        struct Claims { sub: String }
        impl<S> FromRequestParts<S> for Claims {
            type Rejection = AppError;
            async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
                let header = parts.extract::<TypedHeader<Authorization<Bearer>>>().await?;
                verify(header)
            }
        }
        """
    )["Claims"]
    assert gate.statuses == (401,)


def test_a_method_of_a_named_type_and_one_of_any() -> None:
    text = """//- /src/main.rs
mod token;
mod other;
mod gate;
//- /src/token.rs
impl Token {
    pub fn read(headers: &Headers) -> Result<Self, StatusCode> { Err(StatusCode::UNAUTHORIZED) }
}
//- /src/other.rs
impl Store { pub fn get(&self) -> Result<(), StatusCode> { Err(StatusCode::FORBIDDEN) } }
//- /src/gate.rs
pub async fn gate(request: Request, next: Next) -> Response {
    if Token::read(request.headers()).is_err() { return refuse(); }
    request.extensions().get();
    next.run(request).await
}
"""
    found = {gate.name: gate for gate in declared(text).gates}
    assert found["gate"].statuses == (401,)
