"""How alike a backend's and a crate's types are, one line a case: what requests and answers get."""

from __future__ import annotations

import pytest

from port_lsp.types.compare import Level, compare
from port_lsp.types.from_python import from_python
from port_lsp.types.from_rust import from_rust

CASES: list[tuple[str, str, Level, Level]] = [
    ("str", "String", "same", "same"),
    ("int", "i64", "same", "same"),
    ("int", "i32", "compatible", "same"),
    ("int", "u64", "compatible", "same"),
    ("float", "f64", "same", "same"),
    ("float", "i64", "different", "compatible"),
    ("int", "f64", "compatible", "different"),
    ("bool", "bool", "same", "same"),
    ("bool", "i64", "different", "different"),
    ("str", "i64", "different", "different"),
    ("str", "char", "different", "same"),
    ("datetime", "DateTime<Utc>", "same", "same"),
    ("datetime", "i64", "different", "different"),
    ("datetime", "String", "compatible", "compatible"),
    ("date", "DateTime<Utc>", "different", "different"),
    ("timedelta", "Duration", "different", "different"),
    ("timedelta", "String", "compatible", "compatible"),
    ("UUID", "Uuid", "same", "same"),
    ("str", "Uuid", "compatible", "compatible"),
    ("UUID", "String", "compatible", "compatible"),
    ("Decimal", "Decimal", "same", "same"),
    ("Decimal", "f64", "compatible", "different"),
    ("float", "Decimal", "compatible", "different"),
    ("EmailStr", "String", "same", "compatible"),
    ("str", "Url", "compatible", "same"),
    ("bytes", "String", "compatible", "compatible"),
    ("bytes", "Vec<u8>", "different", "different"),
    # null
    ("Optional[str]", "Option<String>", "same", "same"),
    ("Optional[str]", "String", "different", "compatible"),
    ("str", "Option<String>", "compatible", "different"),
    ("Optional[int]", "Option<String>", "different", "different"),
    ("None", "()", "same", "same"),
    ("None", "Option<String>", "same", "different"),
    ("None", "String", "different", "different"),
    # any JSON
    ("Any", "Value", "same", "same"),
    ("dict", "Value", "compatible", "compatible"),
    ("Optional[dict]", "Option<Value>", "compatible", "compatible"),
    ("Any", "String", "compatible", "compatible"),
    ("Optional[str]", "Value", "compatible", "compatible"),
    # containers
    ("list[str]", "Vec<String>", "same", "same"),
    ("list[str]", "Vec<i64>", "different", "different"),
    ("list[Optional[str]]", "Vec<String>", "different", "compatible"),
    ("set[str]", "Vec<String>", "compatible", "compatible"),
    ("set[str]", "HashSet<String>", "same", "same"),
    ("tuple[int, str]", "(i64, String)", "same", "same"),
    ("tuple[int, str]", "(i64, String, bool)", "different", "different"),
    ("tuple[int, int]", "Vec<i64>", "compatible", "different"),
    ("list[str]", "String", "different", "different"),
    ("dict[str, int]", "HashMap<String, i64>", "same", "same"),
    ("dict[str, int]", "HashMap<String, String>", "different", "different"),
    ("dict", "HashMap<String, Value>", "same", "same"),
    ("dict[str, str]", "Vec<String>", "different", "different"),
    # certain values
    ('Literal["a", "b"]', "String", "compatible", "different"),
    ("Literal[1, 2]", "i64", "compatible", "different"),
    ("Literal[1, 2]", "String", "different", "different"),
    # unions
    ("int | str", "Either<i64, String>", "same", "same"),
    ("int | str", "String", "different", "same"),
    ("str", "Either<i64, String>", "same", "different"),
    ("int | str | None", "Option<Either<i64, String>>", "same", "same"),
    # models
    ("User", "User", "same", "same"),
    ("UserModel", "User", "compatible", "compatible"),
    ("models.User", "crate::models::User", "same", "same"),
    ("list[User]", "Vec<User>", "same", "same"),
    ("User", "Option<User>", "compatible", "different"),
    ("Role", "String", "compatible", "compatible"),
    ("Page[User]", "Page<User>", "same", "same"),
    ("Page[int]", "Page<String>", "different", "different"),
    # what isn't read
    ("Callable[[], int]", "i64", "compatible", "compatible"),
    ("str", "Box<dyn Any>", "compatible", "compatible"),
]
RANK = {"same": 0, "compatible": 1, "different": 2}


@pytest.mark.parametrize(("backend", "crate", "request_", "answer"), CASES)
def test_levels(backend: str, crate: str, request_: Level, answer: Level) -> None:
    one, other = from_python(backend), from_rust(crate)
    into, out = compare(one, other, "in"), compare(one, other, "out")
    assert (into.level, out.level) == (request_, answer)
    both = compare(one, other)
    assert both == max((into, out), key=lambda verdict: RANK[verdict.level])
    for verdict in (into, out):
        assert bool(verdict.reason) == (verdict.level != "same")


@pytest.mark.parametrize(
    ("backend", "crate", "flow", "reason"),
    [
        ("Optional[str]", "String", "in", "the backend may have null there, the crate may not"),
        ("str", "Option<String>", "out", "the crate may have null there, the backend may not"),
        ("list[int]", "Vec<u8>", "in", "item: the crate's u8 has no negative numbers"),
        ("dict[str, list[int]]", "HashMap<String, Vec<bool>>", "in",
         "value: item: the backend has int, the crate bool"),
        ("datetime", "i64", "out", "the crate has int (i64), the backend datetime"),
        ("str", "Uuid", "in", "the crate asks for the form of a uuid"),
    ],
)  # fmt: skip
def test_reasons(backend: str, crate: str, flow: str, reason: str) -> None:
    verdict = compare(from_python(backend), from_rust(crate), "in" if flow == "in" else "out")
    assert verdict.reason == reason


def test_values_of_enums() -> None:
    backend = from_python('Literal["a", "b"]')
    more, fewer = from_python('Literal["a", "b", "c"]'), from_python('Literal["a"]')
    assert compare(backend, more, "in").level == "compatible"
    assert compare(backend, more, "out").reason == 'the backend doesn\'t know "c"'
    assert compare(backend, fewer, "in").reason == 'the crate doesn\'t know "b"'
    assert compare(backend, from_python('Literal["b", "a"]')).level == "same"


def test_links_decide_about_models() -> None:
    links = {("UserModel", "User"): True, ("User", "User"): False}

    def linked(backend: str, crate: str) -> bool | None:
        return links.get((backend, crate))

    user = from_rust("User")
    assert compare(from_python("UserModel"), user, linked=linked).level == "same"
    assert compare(from_python("User"), user, linked=linked).level == "different"
    assert compare(from_python("Other"), user, linked=linked).level == "compatible"
