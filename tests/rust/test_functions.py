"""Functions and methods, and the signs by which they are stubs."""

from __future__ import annotations

import pytest

from port_lsp.facts.items import Function
from tests.rust.declaring import declared


def functions(text: str) -> dict[str, Function]:
    return {f.key.partition("::")[2]: f for f in declared(text).functions}


def test_keys_owners_parameters() -> None:
    found = functions(
        """
        pub async fn list(State(state): State<App>, Path((id, r#type)): Path<(i64, String)>) {}
        fn hidden(mut a: i64, &b: &i64, _: i64) {}
        impl<'a> Store<'a> {
            pub(crate) fn get(&self, id: &str) {}
            fn own(self: Arc<Self>, Filter { by, limit: top }: Filter) {}
        }
        impl Users for Store<'_> { fn all(&self) {} }
        impl From<A> for Store<'_> { fn from(a: A) -> Self { Store } }
        impl std::fmt::Display for Store<'_> { fn fmt(&self, f: &mut Formatter) -> Result {} }
        trait Users { fn all(&self); fn none(&self) {} }
        mod inner { pub fn f() {} #[cfg(test)] mod tests { fn g() {} } }
        #[tokio::test] async fn tested() {}
        fn outer() { fn nested(x: i64) {} }
        """
    )
    assert {key: (f.name, f.owner, f.parameters, f.public) for key, f in found.items()} == {
        "list": ("list", None, ("state", "id", "type"), True),
        "hidden": ("hidden", None, ("a", "b"), False),
        "Store::get": ("get", "Store", ("id",), True),
        "Store::own": ("own", "Store", ("by", "top"), False),
        "Store::all": ("all", "Store", (), True),
        "Users::none": ("none", "Users", (), True),
        "inner::f": ("f", None, (), True),
        "outer": ("outer", None, (), False),
        "outer::nested": ("nested", None, ("x",), False),
    }


UNIMPLEMENTED = "it answers that it isn't implemented"
UNFINISHED = "constant answer under a TODO"
AWAY = "constant answer, the request's data is never looked at"


@pytest.mark.parametrize(
    ("parameters", "body", "sign"),
    [
        ("", "todo!()", "`todo!()`"),
        ("", 'todo!("later");', "`todo!()`"),
        ("", "unimplemented!()", "`unimplemented!()`"),
        ("x: i64", "let _ = x; todo!()", "`todo!()`"),
        ("x: i64", "if x > 0 { return todo!(); } x", "`todo!()` on one of its ways"),
        ("x: i64", "match x { 0 => 1, _ => todo!() }", "`todo!()` on one of its ways"),
        ("x: i64", "match x { 0 => 1, _ => unimplemented!() }", None),
        ("", '// todo!()\n f("todo!()")', None),
        ("", "Err(AppError::NotImplemented(s()))", UNIMPLEMENTED),
        ("", "StatusCode::NOT_IMPLEMENTED.into_response()", UNIMPLEMENTED),
        ("", 'Ok(Json(json!({"error": "not yet implemented"})))', UNIMPLEMENTED),
        ("e: E", "if e.a { return Err(x()); } Err(AppError::NotImplemented(s()))", UNIMPLEMENTED),
        ("e: E", "if e.a { return Ok(g().await?); } Err(AppError::NotImplemented(s()))", None),
        ("e: E", "match e { A => f(), B => Err(AppError::NotImplemented) }", None),
        ("_f: web::Json<F>", "Ok(save().await?)", "the request's body is never looked at: `_f`"),
        ("Json(_f): Json<F>", "g()", "the request's body is never looked at: `Json(_f)`"),
        ("_s: State<S>, f: Json<F>", "g(f)", None),
        ("_req: HttpRequest", "g()", None),
        ("", "// TODO: ask the database\n Json(json!([]))", UNFINISHED),
        (
            "",
            "// For now, an empty list\n Ok(HttpResponse::Ok().json(Vec::<V>::new()))",
            UNFINISHED,
        ),
        ("u: U", 'if u.role != "admin" { return Err(no()); }\n // TODO\n Ok(Json(()))', UNFINISHED),
        ("", 'info!("asked");\n // placeholder\n let a = "x"; Json(json!({"a": a}))', UNFINISHED),
        (
            "d: D",
            "let _old = d.get_user().await?;\n // TODO: change it\n Ok(Json(true))",
            UNFINISHED,
        ),
        ("d: D", "d.delete().await?;\n // TODO: vectors, too\n Ok(Json(true))", None),
        ("d: D", "let n = d.delete().await?;\n // TODO: more\n Ok(Json(true))", None),
        ("x: X", "// TODO: more\n Json(x.name)", None),
        ("", "let x = 1; // TODO: from the configuration\n Json(x)", None),
        ("", 'Json(json!({"status": true}))', None),
        ("_id: Path<String>", 'Json(json!({"active": false}))', AWAY),
        ("_id: Path<String>, q: Query<Q>", "Json(json!({}))", None),
        ("_s: State<S>", "Json(json!({}))", None),
        ("_id: Path<String>", "Json(now())", None),
        ("", "", None),
        ("", "// TODO", UNFINISHED),
    ],
)
def test_signs_of_a_stub(parameters: str, body: str, sign: str | None) -> None:
    found = functions(f"pub async fn handler({parameters}) -> impl IntoResponse {{\n {body}\n}}\n")
    assert found["handler"].stub == sign


def test_what_makes_the_answer_is_no_stub() -> None:
    found = functions(
        "fn not_implemented() -> Response { StatusCode::NOT_IMPLEMENTED.into_response() }"
    )
    assert found["not_implemented"].stub is None
