"""SQL statements: what counts as one, its text, the type of its rows."""

from __future__ import annotations

import pytest

from port_lsp.facts.items import Query
from port_lsp.rust.sqlx import tables
from tests.rust.declaring import declared


def queries(body: str, answer: str = "()") -> list[Query]:
    text = f"impl Store {{ async fn run(&self, id: &str) -> {answer} {{\n{body}\n}} }}\n"
    return list(declared(text).queries)


@pytest.mark.parametrize(
    ("body", "macro", "sql", "row"),
    [
        ('sqlx::query("SELECT 1").execute(p).await?;', "query", "SELECT 1", None),
        ('sqlx::query(r#"SELECT "a""#);', "query", 'SELECT "a"', None),
        ('sqlx::query("SELECT \\"a\\" \\\n   FROM b");', "query", 'SELECT "a" FROM b', None),
        ('sqlx::query_as::<_, m::User>("SELECT 1");', "query_as", "SELECT 1", "m::User"),
        ('sqlx::query_as::<Postgres, (i64,)>("SELECT 1");', "query_as", "SELECT 1", "(i64,)"),
        ('query_as!(User, "SELECT 1", id);', "query_as", "SELECT 1", "User"),
        ('sqlx::query_as!(User, // all of them\n r"SELECT 1");', "query_as", "SELECT 1", "User"),
        ('sqlx::query!("SELECT 1", id);', "query", "SELECT 1", None),
        ('query_scalar::<_, i64>("SELECT 1");', "query_scalar", "SELECT 1", "i64"),
        ('sqlx::query_file_as!(User, "a.sql");', "query_file_as", None, "User"),
        ('let u: Vec<User> = sqlx::query_as("SELECT 1").fetch_all(p).await?;',
         "query_as", "SELECT 1", "User"),
        ('let u: Option<User> = sqlx::query_as::<_, _>("SELECT 1").x().await?;',
         "query_as", "SELECT 1", "User"),
        ('sqlx::query(&format!("SELECT {x}"));', "query", None, None),
        ('sqlx::query(concat!("SELECT ", "1"));', "query", "SELECT 1", None),
        ('let sql = "SELECT 1"; sqlx::query(sql);', "query", "SELECT 1", None),
        ('let mut sql = String::from("SELECT 1"); sqlx::query(&sql);', "query", "SELECT 1", None),
        ('let mut sql = String::from("SELECT"); sql.push_str(" 1"); sqlx::query(&sql);',
         "query", None, None),
        ("sqlx::query(sql_of(id));", "query", None, None),
        ('query("DELETE FROM a").bind(id);', "query", "DELETE FROM a", None),
        ("query(&sql).bind(id).fetch_all(p);", "query", None, None),
        ('let mut b = sqlx::QueryBuilder::new("UPDATE a"); b.build_query_as::<User>();',
         "QueryBuilder", None, "User"),
        ("sqlx::raw_sql(SCRIPT).execute(p);", "raw_sql", None, None),
    ],
)  # fmt: skip
def test_statements(body: str, macro: str, sql: str | None, row: str | None) -> None:
    assert [(q.macro, q.sql, q.row_type) for q in queries(body)] == [(macro, sql, row)]


@pytest.mark.parametrize(
    "body",
    [
        'client.get(u).query(&[("a", "b")]).send().await?;',
        'query("a");',
        '// sqlx::query("SELECT 1")\n let s = "sqlx::query(1)";',
        "let q: web::Query<Q> = web::Query::from_query(s)?;",
        "self.query(id).await?;",
    ],
)
def test_what_is_none(body: str) -> None:
    assert queries(body) == []


@pytest.mark.parametrize("answer", ["AppResult<Vec<User>>", "Result<Option<User>, E>", "Self"])
def test_the_function_s_answer_names_the_row(answer: str) -> None:
    body = 'sqlx::query_as("SELECT 1").fetch_all(p).await'
    assert [q.row_type for q in queries(body, answer)] == ["Store" if answer == "Self" else "User"]


def test_keys_count_in_a_function() -> None:
    found = queries('sqlx::query("SELECT 1"); if x { sqlx::query("SELECT 2") }')
    assert [(q.key, q.function) for q in found] == [
        ("src/lib.rs::Store::run#1", "src/lib.rs::Store::run"),
        ("src/lib.rs::Store::run#2", "src/lib.rs::Store::run"),
    ]


@pytest.mark.parametrize(
    ("sql", "named"),
    [
        ('SELECT * FROM "user" WHERE 1', ("user",)),
        ("insert into public.a (b) select b from c join a on true", ("a", "c")),
        ("UPDATE ONLY [dbo].[t] SET x = 1", ("t",)),
        ("DELETE FROM `a`", ("a",)),
        ("SELECT 1", ()),
    ],
)
def test_tables(sql: str, named: tuple[str, ...]) -> None:
    assert tables(sql) == named
