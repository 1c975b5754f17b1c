//! axum's extractors, with FastAPI's answers to a request that isn't as it should be.
//!
//! `Json`, `Form`, `Query`, `Path`, `Header` and `Cookie` read a type of serde; `Valid` around one
//! of them runs the type's validators too: `Valid(Json(form)): Valid<Json<SignupForm>>`.

pub mod input;
pub mod issue;

use axum::body::Bytes;
use axum::extract::{
    FromRequest, FromRequestParts, Multipart, OptionalFromRequest, RawPathParams, Request,
};
use axum::http::header::{CONTENT_TYPE, COOKIE};
use axum::http::request::Parts;
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use serde::de::DeserializeOwned;
use serde::Serialize;
use serde_json::Value;
use validator::Validate;

use crate::error::{AppError, AppResult};

use self::input::{grouped, Input, Pairs};
use self::issue::{issues_of, Issue};

/// A body of JSON; as an answer, JSON too.
#[derive(Clone, Copy, Debug, Default)]
pub struct Json<T>(pub T);

/// A form, urlencoded or multipart. Files of a multipart form are left out.
#[derive(Clone, Copy, Debug, Default)]
pub struct Form<T>(pub T);

/// The query's parameters, as the fields of a struct.
#[derive(Clone, Copy, Debug, Default)]
pub struct Query<T>(pub T);

/// The path's parameters: one by itself, several as a tuple or as the fields of a struct.
#[derive(Clone, Copy, Debug, Default)]
pub struct Path<T>(pub T);

/// Headers as the fields of a struct, their names in lower case: `#[serde(rename = "x-token")]`.
#[derive(Clone, Copy, Debug, Default)]
pub struct Header<T>(pub T);

/// Cookies as the fields of a struct.
#[derive(Clone, Copy, Debug, Default)]
pub struct Cookie<T>(pub T);

/// Another extractor, whose value has passed its validators.
#[derive(Clone, Copy, Debug, Default)]
pub struct Valid<E>(pub E);

/// What an extractor has taken, and where FastAPI says that it comes from.
pub trait Taken {
    type Value;
    const PLACE: &'static str;

    fn taken(&self) -> &Self::Value;
}

macro_rules! taken {
    ($($kind:ident $place:literal)*) => {
        $(impl<T> Taken for $kind<T> {
            type Value = T;
            const PLACE: &'static str = $place;

            fn taken(&self) -> &T {
                &self.0
            }
        })*
    };
}

taken! {
    Json "body"
    Form "body"
    Query "query"
    Path "path"
    Header "header"
    Cookie "cookie"
}

fn refused(issue: Box<Issue>, place: &str) -> AppError {
    AppError::Validation(vec![*issue.inside(place)])
}

fn read<T: DeserializeOwned>(input: Input<'_>, place: &str) -> AppResult<T> {
    T::deserialize(input).map_err(|issue| refused(issue, place))
}

fn content_type(headers: &HeaderMap) -> String {
    let given = headers.get(CONTENT_TYPE);
    let text = given.and_then(|value| value.to_str().ok()).unwrap_or("");
    let kind = text.split(';').next().unwrap_or("");
    kind.trim().to_ascii_lowercase()
}

fn is_json(kind: &str) -> bool {
    match kind.strip_prefix("application/") {
        Some(subtype) => subtype == "json" || subtype.ends_with("+json"),
        None => kind.is_empty(),
    }
}

/// The body's JSON, None where there is no body. A body that isn't said to be JSON is a text.
async fn json_body<S: Send + Sync>(request: Request, state: &S) -> AppResult<Option<Value>> {
    let kind = content_type(request.headers());
    let body = Bytes::from_request(request, state)
        .await
        .map_err(|rejection| AppError::http(rejection.status(), rejection.body_text()))?;
    if body.is_empty() {
        return Ok(None);
    }
    let unread = || AppError::BadRequest("There was an error parsing the body".into());
    let text = std::str::from_utf8(&body).map_err(|_| unread());
    if !is_json(&kind) {
        return Ok(Some(String::from_utf8_lossy(&body).into()));
    }
    let text = text?;
    serde_json::from_str(text).map(Some).map_err(|error| {
        let lines = text.split_inclusive('\n').map(|line| line.chars().count());
        let lines: usize = lines.take(error.line().saturating_sub(1)).sum();
        let position = lines + error.column().saturating_sub(1);
        refused(Issue::no_json(position, &error.to_string()), "body")
    })
}

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Json<T> {
    type Rejection = AppError;

    async fn from_request(request: Request, state: &S) -> AppResult<Self> {
        match json_body(request, state).await? {
            Some(value) => read_json(&value).map(Self),
            None => Err(refused(Issue::missing(), "body")),
        }
    }
}

impl<T: DeserializeOwned, S: Send + Sync> OptionalFromRequest<S> for Json<T> {
    type Rejection = AppError;

    async fn from_request(request: Request, state: &S) -> AppResult<Option<Self>> {
        match json_body(request, state).await? {
            Some(Value::Null) | None => Ok(None),
            Some(value) => read_json(&value).map(Self).map(Some),
        }
    }
}

fn read_json<T: DeserializeOwned>(value: &Value) -> AppResult<T> {
    Input::Json(value)
        .read()
        .map_err(|issue| refused(issue, "body"))
}

impl<T: Serialize> IntoResponse for Json<T> {
    fn into_response(self) -> Response {
        axum::Json(self.0).into_response()
    }
}

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Form<T> {
    type Rejection = AppError;

    async fn from_request(request: Request, state: &S) -> AppResult<Self> {
        let mut pairs = form_pairs(request, state).await?;
        // To FastAPI an empty field of a form isn't there.
        for (_, texts) in &mut pairs {
            texts.retain(|text| !text.is_empty());
        }
        pairs.retain(|(_, texts)| !texts.is_empty());
        read(Input::Named(&pairs), "body").map(Self)
    }
}

async fn form_pairs<S: Send + Sync>(request: Request, state: &S) -> AppResult<Pairs> {
    let unread = || AppError::BadRequest("There was an error parsing the body".into());
    match content_type(request.headers()).as_str() {
        "application/x-www-form-urlencoded" => {
            let body = Bytes::from_request(request, state)
                .await
                .map_err(|rejection| AppError::http(rejection.status(), rejection.body_text()))?;
            Ok(grouped(form_urlencoded::parse(&body).into_owned()))
        }
        "multipart/form-data" => {
            let mut fields = <Multipart as FromRequest<S>>::from_request(request, state)
                .await
                .map_err(|_| unread())?;
            let mut found = Vec::new();
            while let Some(field) = fields.next_field().await.map_err(|_| unread())? {
                if field.file_name().is_none() {
                    let name = field.name().unwrap_or_default().to_owned();
                    found.push((name, field.text().await.map_err(|_| unread())?));
                }
            }
            Ok(grouped(found))
        }
        _ => Ok(Pairs::new()),
    }
}

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Query<T> {
    type Rejection = AppError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> AppResult<Self> {
        let query = parts.uri.query().unwrap_or_default();
        let pairs = grouped(form_urlencoded::parse(query.as_bytes()).into_owned());
        read(Input::Named(&pairs), "query").map(Self)
    }
}

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Path<T> {
    type Rejection = AppError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> AppResult<Self> {
        let given = RawPathParams::from_request_parts(parts, state)
            .await
            .map_err(|rejection| AppError::http(rejection.status(), rejection.body_text()))?;
        let named = given.iter().map(|(name, text)| (name.into(), text.into()));
        read(Input::Path(&grouped(named)), "path").map(Self)
    }
}

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Header<T> {
    type Rejection = AppError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> AppResult<Self> {
        let given = parts.headers.iter().map(|(name, value)| {
            let text = String::from_utf8_lossy(value.as_bytes());
            (name.as_str().to_owned(), text.into_owned())
        });
        read(Input::Named(&grouped(given)), "header").map(Self)
    }
}

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Cookie<T> {
    type Rejection = AppError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> AppResult<Self> {
        read(Input::Named(&grouped(cookies(&parts.headers))), "cookie").map(Self)
    }
}

/// The request's cookies, names and values.
pub fn cookies(headers: &HeaderMap) -> Vec<(String, String)> {
    let given = headers.get_all(COOKIE).iter();
    let texts = given.filter_map(|value| value.to_str().ok());
    let pairs = texts.flat_map(|text| text.split(';'));
    pairs
        .filter_map(|pair| pair.split_once('='))
        .map(|(name, value)| (name.trim(), value.trim().trim_matches('"')))
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect()
}

fn checked<E: Taken<Value: Validate>>(taken: E) -> AppResult<Valid<E>> {
    match taken.taken().validate() {
        Ok(()) => Ok(Valid(taken)),
        Err(errors) => {
            let issues = issues_of(&errors).into_iter();
            let placed = issues.map(|issue| *issue.inside(E::PLACE));
            Err(AppError::Validation(placed.collect()))
        }
    }
}

macro_rules! valid_parts {
    ($($kind:ident)*) => {
        $(impl<T: DeserializeOwned + Validate, S: Send + Sync> FromRequestParts<S> for Valid<$kind<T>> {
            type Rejection = AppError;

            async fn from_request_parts(parts: &mut Parts, state: &S) -> AppResult<Self> {
                checked($kind::from_request_parts(parts, state).await?)
            }
        })*
    };
}

valid_parts!(Query Path Header Cookie);

macro_rules! valid_body {
    ($($kind:ident)*) => {
        $(impl<T: DeserializeOwned + Validate, S: Send + Sync> FromRequest<S> for Valid<$kind<T>> {
            type Rejection = AppError;

            async fn from_request(request: Request, state: &S) -> AppResult<Self> {
                checked(<$kind<T> as FromRequest<S>>::from_request(request, state).await?)
            }
        })*
    };
}

valid_body!(Json Form);

impl<T: DeserializeOwned + Validate, S: Send + Sync> OptionalFromRequest<S> for Valid<Json<T>> {
    type Rejection = AppError;

    async fn from_request(request: Request, state: &S) -> AppResult<Option<Self>> {
        let body = <Json<T> as OptionalFromRequest<S>>::from_request(request, state).await?;
        body.map(checked).transpose()
    }
}
