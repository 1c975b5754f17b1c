//! What is wrong with a request, in the words of FastAPI and Pydantic.

use std::fmt::{self, Display};

use serde::de::{self, Expected, Unexpected};
use serde::Serialize;
use serde_json::{json, Value};
use validator::{ValidationError, ValidationErrors, ValidationErrorsKind};

/// One entry of the list that a 422 answers as its `detail`.
#[derive(Clone, Debug, Serialize)]
pub struct Issue {
    #[serde(rename = "type")]
    pub kind: String,
    pub loc: Vec<Value>,
    pub msg: String,
    pub input: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ctx: Option<Value>,
}

impl Issue {
    pub fn new(kind: &str, msg: impl Into<String>) -> Box<Self> {
        Box::new(Self {
            kind: kind.into(),
            loc: Vec::new(),
            msg: msg.into(),
            input: None,
            ctx: None,
        })
    }

    /// A part of the request that has to be there and isn't.
    pub fn missing() -> Box<Self> {
        Self::new("missing", "Field required")
    }

    /// The body isn't JSON; `position` counts its characters.
    pub fn no_json(position: usize, error: &str) -> Box<Self> {
        let mut issue = Self::new("json_invalid", "JSON decode error").inside(position);
        issue.input = Some(json!({}));
        issue.ctx = Some(json!({ "error": error }));
        issue
    }

    /// A text that doesn't say what it should.
    pub fn unreadable(kind: &str) -> Box<Self> {
        match kind {
            "int" => Self::new(
                "int_parsing",
                "Input should be a valid integer, unable to parse string as an integer",
            ),
            "float" => Self::new(
                "float_parsing",
                "Input should be a valid number, unable to parse string as a number",
            ),
            _ => Self::new(
                "bool_parsing",
                "Input should be a valid boolean, unable to interpret input",
            ),
        }
    }

    /// The same, found in a part of something larger: a field's name or an index.
    pub fn inside(mut self: Box<Self>, part: impl Into<Value>) -> Box<Self> {
        self.loc.insert(0, part.into());
        self
    }

    /// The same, with the value in which it was found, where that isn't known yet.
    pub fn found_in(mut self: Box<Self>, value: impl FnOnce() -> Value) -> Box<Self> {
        if self.input.is_none() {
            let value = value();
            let part = match self.loc.last() {
                Some(Value::String(name)) if self.kind == "extra_forbidden" => value.get(name),
                _ => None,
            };
            self.input = Some(part.cloned().unwrap_or(value));
        }
        self
    }
}

impl Display for Issue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.msg)
    }
}

impl std::error::Error for Issue {}

impl de::Error for Box<Issue> {
    fn custom<T: Display>(msg: T) -> Self {
        Issue::new("value_error", format!("Value error, {msg}"))
    }

    fn invalid_type(found: Unexpected, expected: &dyn Expected) -> Self {
        let expected = expected.to_string();
        let text = matches!(found, Unexpected::Str(_));
        let number = matches!(
            found,
            Unexpected::Signed(_) | Unexpected::Unsigned(_) | Unexpected::Float(_)
        );
        match expected.as_str() {
            "a string" | "a borrowed string" | "a character" => {
                Issue::new("string_type", "Input should be a valid string")
            }
            "a boolean" if text || number => Issue::unreadable("bool"),
            "a boolean" => Issue::new("bool_type", "Input should be a valid boolean"),
            "f32" | "f64" if text => Issue::unreadable("float"),
            "f32" | "f64" => Issue::new("float_type", "Input should be a valid number"),
            "i8" | "i16" | "i32" | "i64" | "i128" | "isize" | "u8" | "u16" | "u32" | "u64"
            | "u128" | "usize" => match found {
                Unexpected::Str(_) => Issue::unreadable("int"),
                Unexpected::Float(_) => Issue::new(
                    "int_from_float",
                    "Input should be a valid integer, got a number with a fractional part",
                ),
                _ => Issue::new("int_type", "Input should be a valid integer"),
            },
            "a sequence" | "a set" => Issue::new("list_type", "Input should be a valid list"),
            "a map" => Issue::new("dict_type", "Input should be a valid dictionary"),
            _ if expected.starts_with("struct ") => Issue::new(
                "model_attributes_type",
                "Input should be a valid dictionary or object to extract fields from",
            ),
            _ => Self::custom(format_args!("expected {expected}")),
        }
    }

    fn invalid_value(_: Unexpected, expected: &dyn Expected) -> Self {
        Self::custom(format_args!("expected {expected}"))
    }

    fn unknown_variant(_: &str, expected: &'static [&'static str]) -> Self {
        let expected = alternatives(expected);
        let mut issue = Issue::new("enum", format!("Input should be {expected}"));
        issue.ctx = Some(json!({ "expected": expected }));
        issue
    }

    fn unknown_field(field: &str, _: &'static [&'static str]) -> Self {
        Issue::new("extra_forbidden", "Extra inputs are not permitted").inside(field)
    }

    fn missing_field(field: &'static str) -> Self {
        Issue::missing().inside(field)
    }
}

/// `'a', 'b' or 'c'`.
fn alternatives(names: &[&str]) -> String {
    let quoted: Vec<String> = names.iter().map(|name| format!("'{name}'")).collect();
    match quoted.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} or {last}", rest.join(", ")),
        _ => quoted.concat(),
    }
}

/// What validators found, in the order of the fields' names.
pub fn issues_of(errors: &ValidationErrors) -> Vec<Box<Issue>> {
    let mut fields: Vec<_> = errors.errors().iter().collect();
    fields.sort_by(|left, right| left.0.cmp(right.0));
    let mut issues = Vec::new();
    for (name, kind) in fields {
        let name = name.trim_start_matches("r#");
        let found = match kind {
            ValidationErrorsKind::Field(errors) => errors.iter().map(issue_of).collect(),
            ValidationErrorsKind::Struct(errors) => issues_of(errors),
            ValidationErrorsKind::List(items) => items
                .iter()
                .flat_map(|(index, errors)| {
                    let issues = issues_of(errors).into_iter();
                    issues.map(|issue| issue.inside(*index))
                })
                .collect(),
        };
        // A validator that looks at a model as a whole has no field of its own.
        let whole = name == "__all__";
        issues.extend(found.into_iter().map(|issue| match whole {
            true => issue,
            false => issue.inside(name),
        }));
    }
    issues
}

fn issue_of(error: &ValidationError) -> Box<Issue> {
    let limit = |name: &str| error.params.get(name);
    let value = error.params.get("value");
    let text = !matches!(value, Some(Value::Array(_) | Value::Object(_)));
    let below = |low: &Value| match value {
        Some(Value::String(text)) => text.chars().count() < as_count(low),
        Some(Value::Array(items)) => items.len() < as_count(low),
        Some(Value::Object(items)) => items.len() < as_count(low),
        _ => false,
    };
    let beyond = |low: &Value, or_equal: bool| match (value.and_then(Value::as_f64), low.as_f64()) {
        (Some(value), Some(low)) => value < low || (or_equal && value == low),
        _ => false,
    };
    let (kind, limits) = match error.code.as_ref() {
        "length" => match (limit("equal").or(limit("min")), limit("max")) {
            (Some(low), _) if below(low) && text => ("string_too_short", ("min_length", low)),
            (Some(low), _) if below(low) => ("too_short", ("min_length", low)),
            (low, high) if text => ("string_too_long", ("max_length", either(high, low))),
            (low, high) => ("too_long", ("max_length", either(high, low))),
        },
        "range" => match (limit("min"), limit("exclusive_min")) {
            (Some(low), _) if beyond(low, false) => ("greater_than_equal", ("ge", low)),
            (_, Some(low)) if beyond(low, true) => ("greater_than", ("gt", low)),
            _ => match (limit("max"), limit("exclusive_max")) {
                (None, Some(high)) => ("less_than", ("lt", high)),
                (high, other) => ("less_than_equal", ("le", either(high, other))),
            },
        },
        "regex" => ("string_pattern_mismatch", ("", &Value::Null)),
        "email" | "must_match" | "contains" | "does_not_contain" => {
            ("value_error", ("", &Value::Null))
        }
        "url" => ("url_parsing", ("", &Value::Null)),
        "required" => ("missing", ("", &Value::Null)),
        other => (other, ("", &Value::Null)),
    };
    let message = match &error.message {
        Some(message) => message.to_string(),
        None => worded(kind, error.code.as_ref(), limits.1),
    };
    let mut issue = Issue::new(kind, message);
    issue.input = value.cloned();
    issue.ctx = (!limits.0.is_empty()).then(|| json!({ limits.0: limits.1 }));
    issue
}

fn either<'a>(first: Option<&'a Value>, second: Option<&'a Value>) -> &'a Value {
    first.or(second).unwrap_or(&Value::Null)
}

fn as_count(limit: &Value) -> usize {
    limit.as_u64().map_or(0, |limit| limit as usize)
}

/// Pydantic's own words.
fn worded(kind: &str, code: &str, limit: &Value) -> String {
    match kind {
        "string_too_short" => format!("String should have at least {limit} characters"),
        "string_too_long" => format!("String should have at most {limit} characters"),
        "too_short" => format!("Value should have at least {limit} items"),
        "too_long" => format!("Value should have at most {limit} items"),
        "greater_than_equal" => format!("Input should be greater than or equal to {limit}"),
        "greater_than" => format!("Input should be greater than {limit}"),
        "less_than_equal" => format!("Input should be less than or equal to {limit}"),
        "less_than" => format!("Input should be less than {limit}"),
        "string_pattern_mismatch" => "String should match the pattern".into(),
        "url_parsing" => "Input should be a valid URL".into(),
        "missing" => "Field required".into(),
        _ if code == "email" => "value is not a valid email address".into(),
        _ => format!("Value error, {code}"),
    }
}
