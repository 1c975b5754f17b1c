"""What the crate's own types are on the wire."""

from __future__ import annotations

import pytest

from port_lsp.rust.serde import TypeFact
from port_lsp.rust.wires import Wires
from port_lsp.types.from_rust import from_rust
from tests.rust.declaring import known_types

TREE = """//- /src/main.rs
mod models;
use models::{Id, Page, Role as Kind, Text, User};
//- /src/models.rs
pub type Text = Option<Name>;
pub struct Name(String);
pub struct Id(pub uuid::Uuid);
#[derive(Serialize)] #[serde(transparent)] pub struct Bare { pub inner: Vec<Id> }
#[derive(Serialize)] #[serde(rename_all = "snake_case")] pub enum Role { Admin, PowerUser }
#[derive(Serialize_repr)] #[repr(u8)] pub enum Level { Low = 1, High = 5 }
#[derive(Serialize)] pub enum Shape { Round(f64), Flat }
#[derive(Serialize)] #[serde(untagged)] pub enum Either { A(i64), B(String) }
#[derive(Serialize)] pub struct User { pub id: Id }
#[derive(Serialize)] pub struct Page<T> { pub items: Vec<T> }
pub struct Loop(Box<Loop>);
pub type Around = Around;
pub struct Moment(#[serde(with = "chrono::serde::ts_seconds")] DateTime<Utc>);
"""


@pytest.mark.parametrize(
    ("file", "text", "wire"),
    [
        ("src/main.rs", "Text", "str or null"),
        ("src/main.rs", "Option<Id>", "uuid or null"),
        ("src/main.rs", "Kind", '"admin" | "power_user"'),
        ("src/main.rs", "models::Level", "1 | 5"),
        ("src/main.rs", "Vec<User>", "list[User]"),
        ("src/main.rs", "Page<crate::models::Text>", "Page[str or null]"),
        ("src/models.rs", "Bare", "list[uuid]"),
        ("src/models.rs", "Shape", "Shape"),
        ("src/models.rs", "Either", "Either"),
        ("src/models.rs", "Loop", "Loop"),
        ("src/models.rs", "Moment", "int (seconds)"),
        ("src/main.rs", "Bare", "Bare"),
    ],
)
def test_own_types(file: str, text: str, wire: str) -> None:
    assert str(from_rust(text, Wires(known_types(TREE)).at(file))) == wire


def test_a_model_is_a_ref_by_key() -> None:
    types = known_types(TREE)
    assert from_rust("User", Wires(types).at("src/main.rs")).name == "src/models.rs::User"
    assert all(isinstance(placed.fact, TypeFact) for placed in types.by_key.values())
