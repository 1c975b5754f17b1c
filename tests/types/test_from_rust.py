"""Rust types as wire types, one line a case."""

from __future__ import annotations

import pytest

from port_lsp.facts.items import Constraint
from port_lsp.types.from_rust import from_rust
from port_lsp.types.wire import Wire, ref

CASES = [
    ("String", "str"),
    ("&str", "str"),
    ("&'static str", "str"),
    ("&'a mut str", "str"),
    ("char", "str (char)"),
    ("std::string::String", "str"),
    ("Cow<'a, str>", "str"),
    ("Box<str>", "str"),
    ("PathBuf", "str"),
    ("std::path::Path", "str"),
    ("bool", "bool"),
    ("i64", "int (i64)"),
    ("usize", "int (usize)"),
    ("NonZeroU32", "int (u32)"),
    ("NonZero<u8>", "int (u8)"),
    ("std::sync::atomic::AtomicUsize", "int (usize)"),
    ("f64", "float (f64)"),
    ("()", "null"),
    ("PhantomData<T>", "null"),
    # optional and containers
    ("Option<String>", "str or null"),
    ("Option<Option<i32>>", "int (i32) or null"),
    ("std::option::Option<bool>", "bool or null"),
    ("Vec<String>", "list[str]"),
    ("Vec::<String>", "list[str]"),
    ("Vec<Vec<Option<bool>>>", "list[list[bool or null]]"),
    ("&[String]", "list[str]"),
    ("[f32; 3]", "list[float (f32)]"),
    ("[u8; N * 2]", "list[int (u8)]"),
    ("SmallVec<[String; 4]>", "list[list[str]]"),
    ("VecDeque<bool>", "list[bool]"),
    ("HashSet<String>", "set[str]"),
    ("BTreeSet<String>", "set[str]"),
    ("HashMap<String, Vec<bool>>", "map[str, list[bool]]"),
    ("std::collections::BTreeMap<Uuid, String>", "map[uuid, str]"),
    ("serde_json::Map<String, Value>", "map[str, any]"),
    ("IndexMap<String, bool, RandomState>", "map[str, bool]"),
    ("(String, bool)", "tuple[str, bool]"),
    ("(String,)", "tuple[str]"),
    ("(String)", "str"),
    ("Box<Option<Arc<String>>>", "str or null"),
    ("Arc<RwLock<HashMap<String, String>>>", "map[str, str]"),
    ("Either<String, bool>", "str or bool"),
    ("Option<Either<String, bool>>", "str or bool or null"),
    # JSON
    ("serde_json::Value", "any"),
    ("Option<JsonValue>", "any"),
    ("Box<RawValue>", "any"),
    ("sqlx::types::Json<Vec<String>>", "list[str]"),
    ("web::Json<Form>", "Form"),
    ("Result<Json<User>, AppError>", "User"),
    ("AppResult<Vec<User>>", "list[User]"),
    # time, ids, numbers, addresses
    ("DateTime<Utc>", "datetime"),
    ("chrono::DateTime<chrono::FixedOffset>", "datetime"),
    ("NaiveDateTime", "datetime"),
    ("time::OffsetDateTime", "datetime"),
    ("chrono::NaiveDate", "date"),
    ("time::Date", "date"),
    ("NaiveTime", "time"),
    ("std::time::Duration", "timedelta (secs and nanos)"),
    ("chrono::TimeDelta", "timedelta"),
    ("Uuid", "uuid"),
    ("rust_decimal::Decimal", "decimal"),
    ("BigDecimal", "decimal"),
    ("Url", "str (url)"),
    ("EmailAddress", "str (email)"),
    ("IpAddr", "str (ip)"),
    ("SecretString", "str"),
    ("Secret<String>", "str"),
    ("Bytes", "bytes"),
    # models
    ("User", "User"),
    ("r#type", "type"),
    ("crate::models::User", "User"),
    ("Page<User>", "Page[User]"),
    ("Page<'a, crate::User, 3>", "Page[User]"),
    ("Option<super::user::User>", "User or null"),
    # what is no data
    ("Box<dyn Fn(i64) -> bool>", "`Box<dyn Fn(i64) -> bool>`"),
    ("impl Serialize", "`impl Serialize`"),
    ("fn(i64) -> bool", "`fn(i64) -> bool`"),
    ("<T as Trait>::Item", "`<T as Trait>::Item`"),
    ("Vec<", "`Vec<`"),
    ("!", "`!`"),
    ("SystemTime", "`SystemTime`"),
    ("Option<\n    Vec<String>,\n>", "list[str] or null"),
]


@pytest.mark.parametrize(("text", "wire"), CASES)
def test_types(text: str, wire: str) -> None:
    assert str(from_rust(text)) == wire


@pytest.mark.parametrize(
    ("text", "path", "wire"),
    [
        ("DateTime<Utc>", "chrono::serde::ts_seconds", "int (seconds)"),
        ("Option<DateTime<Utc>>", "chrono::serde::ts_seconds_option", "int (seconds) or null"),
        ("DateTime<Utc>", "ts_milliseconds", "int (milliseconds)"),
        ("OffsetDateTime", "time::serde::rfc3339", "datetime"),
        ("Option<OffsetDateTime>", "time::serde::rfc3339::option", "datetime or null"),
        ("OffsetDateTime", "time::serde::timestamp", "int (seconds)"),
        ("Decimal", "rust_decimal::serde::float", "float"),
        ("Vec<u8>", "serde_bytes", "bytes"),
        ("OffsetDateTime", "time::serde::rfc3339::serialize", "datetime"),
        ("Option<Option<bool>>", "::serde_with::rust::double_option", "bool or null"),
        ("Vec<u8>", "crate::hex", "`list[int (u8)] through crate::hex`"),
    ],
)
def test_a_field_s_own_way(text: str, path: str, wire: str) -> None:
    assert str(from_rust(text, constraints=[Constraint("with", f'"{path}"')])) == wire


def test_serde_as() -> None:
    said = [Constraint("serde_as.as", '"Option<DisplayFromStr>"')]
    assert str(from_rust("Option<i64>", constraints=said)) == "str or null"
    said = [Constraint("serde_as.as", '"serde_with::DurationSeconds<u64>"')]
    assert str(from_rust("Duration", constraints=said)) == "int (seconds)"


def test_paths_are_asked_first() -> None:
    known = {"Value": ref("src/a.rs::Value"), "m::Page": ref("src/a.rs::Page")}
    assert from_rust("Vec<Value>", known.get) == Wire("list", (known["Value"],))
    assert from_rust("m::Page<bool>", known.get) == ref("src/a.rs::Page", [Wire("bool")])
    assert from_rust("serde_json::Value", known.get).kind == "any"


def test_nothing_is_null() -> None:
    assert from_rust(None).kind == "null"


def test_depth_has_an_end() -> None:
    assert from_rust("Vec<" * 500 + "i64" + ">" * 500).kind == "unknown"
