"""Which types are models, and what only the whole crate knows of them."""

from __future__ import annotations

import pytest

from port_lsp.facts.items import Constraint, Model
from tests.rust.declaring import declared


def models(text: str) -> dict[str, Model]:
    return {model.key: model for model in declared(text).models}


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("#[derive(Serialize)] struct A;", ["A"]),
        ("#[derive(serde::Deserialize)] struct A(String);", ["A"]),
        ("#[derive(sqlx::FromRow)] struct A { a: i64 }", ["A"]),
        ("#[derive(sqlx::Type)] enum A { B }", ["A"]),
        ("#[derive(Validate)] struct A { a: i64 }", ["A"]),
        ('#[cfg_attr(feature = "x", derive(Serialize))] struct A;', ["A"]),
        ("#[derive(Debug, Clone)] struct A;", []),
        ("struct A; impl Serialize for A {}", ["A"]),
        ("struct A<T>(T); impl<'de, T> serde::Deserialize<'de> for A<T> {}", ["A"]),
        ("mod m { #[derive(Serialize)] struct A; }", ["m::A"]),
        ("mod m { struct A; impl Serialize for A {} }", ["m::A"]),
        ("fn f() { #[derive(Serialize)] struct A; }", ["f::A"]),
        ("impl T { async fn f() { if x { #[derive(Serialize)] enum A {} } } }", ["T::f::A"]),
        ("#[cfg(test)] mod tests { #[derive(Serialize)] struct A; }", []),
        ("#[cfg(all(test, unix))] #[derive(Serialize)] struct A;", []),
        ("#[cfg(any(test, unix))] #[derive(Serialize)] struct A;", ["A"]),
        ("#[test] fn f() { #[derive(Serialize)] struct A; }", []),
        ("#[cfg_attr(test, derive(Serialize))] struct A;", []),
        ("impl Deref for B { type Target = A; } #[derive(Serialize)] struct A; struct B;", ["A"]),
        ('fn f() { let s = "struct A { }"; /* struct B {} */ }', []),
    ],
)
def test_which_types_count(text: str, keys: list[str]) -> None:
    assert [key.removeprefix("src/lib.rs::") for key in models(text)] == keys


def test_twins_under_cfg_have_keys_of_their_own() -> None:
    found = models(
        "#[cfg(a)] #[derive(Serialize)] struct A { x: i64 }\n"
        "#[cfg(not(a))] #[derive(Serialize)] struct A { y: i64 }\n"
    )
    assert list(found) == ["src/lib.rs::A", "src/lib.rs::A~2"]
    assert [model.attributes for model in found.values()] == [
        (Constraint("cfg", "a"),),
        (Constraint("cfg", "not(a)"),),
    ]


TREE = """//- /src/main.rs
mod models;
mod routes;
use models::user::User as Account;
pub type Current = Account;
pub type Users = models::Page<Account>;
pub type Named = std::collections::HashMap<String, String>;
//- /src/models/mod.rs
pub mod user;
#[derive(Serialize)]
pub struct Page<T> { pub items: Vec<T>, pub first: T, pub next: Option<T> }
//- /src/models/user.rs
use super::*;
pub type Maybe<T> = Option<T>;
pub type Text = Maybe<String>;
#[derive(Serialize, Deserialize)]
#[serde(transparent)]
pub struct Bio(Option<String>);
fn default_role() -> String {
    "user".to_string()
}
#[derive(Serialize, Deserialize, FromRow)]
pub struct User {
    pub id: String,
    #[serde(default = "default_role")]
    pub role: String,
    pub nick: Text,
    pub bio: Bio,
}
//- /src/routes.rs
use crate::models::user::{self, User};
use serde::Serialize;
#[derive(Serialize)]
struct Answer {
    #[serde(flatten)] user: user::User,
    #[serde(flatten)] more: Option<Box<User>>,
    #[serde(flatten)] rest: HashMap<String, Value>,
}
async fn f(pool: &Pool) {
    sqlx::query_as::<_, User>("SELECT * FROM accounts WHERE id = $1").fetch_one(pool).await;
    sqlx::query_as::<_, User>("SELECT a.* FROM accounts a JOIN b ON true").fetch_one(pool).await;
    let u: Vec<User> = sqlx::query_as("SELECT * FROM old_accounts").fetch_all(pool).await?;
}
"""


def test_aliases_are_followed() -> None:
    found = models(TREE)
    current = found["src/main.rs::Current"]
    assert (current.kind, current.bases) == ("alias", ("src/models/user.rs::User",))
    assert [field.name for field in current.fields] == ["id", "role", "nick", "bio"]
    assert {field.owner for field in current.fields} == {"src/models/user.rs::User"}
    users = found["src/main.rs::Users"]
    assert [(f.name, f.annotation, f.required) for f in users.fields] == [
        ("items", "Vec<Account>", True),
        ("first", "Account", True),
        ("next", "Option<Account>", False),
    ]
    assert "src/main.rs::Named" not in found


def test_a_flattened_model_s_key_is_said() -> None:
    fields = models(TREE)["src/routes.rs::Answer"].fields
    user = "src/models/user.rs::User"
    assert [f.constraints for f in fields] == [
        (Constraint("flatten", user),),
        (Constraint("flatten", user),),
        (Constraint("flatten", ""),),
    ]
    assert [f.required for f in fields] == [True, False, False]


def test_what_isn_t_written_as_an_option_may_be_one() -> None:
    fields = {f.name: f for f in models(TREE)["src/models/user.rs::User"].fields}
    assert [name for name, field in fields.items() if field.required] == ["id"]
    assert fields["role"].default == '"user".to_string()'


def test_the_table_of_a_row_is_that_of_most_statements() -> None:
    assert models(TREE)["src/models/user.rs::User"].table == "accounts"


def test_generics_and_shapes_are_attributes() -> None:
    found = models("#[derive(Serialize)] struct A<'a, T: Clone, const N: usize>(&'a T);")
    assert found["src/lib.rs::A"].attributes == (
        Constraint("generics", "T"),
        Constraint("shape", "tuple"),
    )
