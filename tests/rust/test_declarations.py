"""What is kept from one reading to the next changes nothing."""

from __future__ import annotations

import pytest

from port_lsp.rust.declarations import Declaring
from tests.rust.declaring import declared

BEFORE = """//- /src/main.rs
mod a;
mod b;
//- /src/a.rs
use crate::b::{Base, Text};
pub fn role() -> String { "user".into() }
#[derive(Deserialize)]
pub struct A {
    #[serde(flatten)] base: Base,
    text: Text,
    #[serde(default = "role")] role: String,
    plain: i64,
}
#[derive(Serialize, FromRow)] pub struct Row { id: i64 }
pub type Rows = Row;
pub enum E { X, Y }
impl IntoResponse for E {
    fn into_response(self) -> Response { match self { E::X => StatusCode::NOT_FOUND, _ => e() } }
}
//- /src/b.rs
use crate::a::Row;
#[derive(Serialize)] pub struct Base { id: i64 }
pub type Text = Option<String>;
fn f() { sqlx::query_as::<_, Row>("SELECT * FROM rows"); }
"""


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("pub type Text = Option<String>;", "pub type Text = String;"),
        ("pub type Text = Option<String>;", ""),
        ("pub struct Base", "pub struct Other"),
        ("SELECT * FROM rows", "SELECT * FROM others"),
        ('"user".into()', '"admin".into()'),
        ("pub fn role", "pub fn other_role"),
        ("plain: i64", "plain: Option<i64>"),
        ("enum E { X, Y }", "enum E { X, Y, Z }"),
        ("mod b;", ""),
        ("use crate::a::Row;", "use crate::a::Rows as Row;"),
        ("//- /src/b.rs\n", "//- /src/b.rs\n\n\n"),
    ],
)
def test_after_an_edit_all_is_as_from_scratch(old: str, new: str) -> None:
    assert old in BEFORE
    after = BEFORE.replace(old, new, 1)
    keeping = Declaring()
    for text in (BEFORE, after, BEFORE, after):
        assert declared(text, by=keeping)[:-1] == declared(text)[:-1]
