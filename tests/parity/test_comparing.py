"""What counts as a difference."""

from __future__ import annotations

import json
from typing import Any

import pytest
from msgspec.structs import replace

from port_lsp.parity.asking import Answer
from port_lsp.parity.comparing import compared

FORM = {"detail": [{"loc": ["body", "a"], "msg": "Field required", "type": "missing"}]}
OTHER_FORM = {"detail": [{"loc": ["body"], "msg": "missing field `a`", "type": "json_invalid"}]}


def answer(value: Any, status: int = 200, kind: str = "application/json", **headers: str) -> Answer:
    body = value if isinstance(value, bytes) else json.dumps(value).encode()
    return Answer(status, (("content-type", kind), *headers.items()), body)


CASES: list[tuple[Answer, Answer, list[str]]] = [
    (answer({"a": 1, "b": 2}), answer({"b": 2, "a": 1.0}), []),
    (answer({"a": 1}), answer({"a": True}), ["$.a: 1 ≠ true"]),
    (answer({"a": None}), answer({}), ["$.a: null ≠ nothing"]),
    (answer({}), answer({"a": "x"}), ['$.a: nothing ≠ "x"']),
    (answer([1, 2]), answer([2, 1]), ["$[0]: 1 ≠ 2", "$[1]: 2 ≠ 1"]),
    (answer([{"a": [1]}]), answer([{"a": [1, 2]}]), ["$[0].a: 1 items ≠ 2 items"]),
    (answer({}, 200), answer({}, 404), ["status: 200 ≠ 404"]),
    (answer({}), answer(b"{}", kind="text/plain"), ["content-type: application/json ≠ text/plain"]),
    (answer({}), answer({}, kind="application/json; charset=utf-8"), []),
    (answer(b"a", kind="text/csv"), answer(b"b", kind="text/csv"), ['body: "a" ≠ "b"']),
    (answer({}, 307, location="/a"), answer({}, 307, location="/b"), ["location: /a ≠ /b"]),
    (answer(FORM, 422), answer(OTHER_FORM, 422), []),
    (
        answer(FORM, 422),
        answer({"detail": "no"}, 422),
        ['$.detail: a list of loc, msg and type ≠ {"detail": "no"}'],
    ),
    (
        answer({"detail": "own"}, 422),
        answer({"detail": "other"}, 422),
        ['$.detail: "own" ≠ "other"'],
    ),
    (answer(b"{", kind="application/json"), answer(b"{", kind="application/json"), []),
]


@pytest.mark.parametrize(("python", "rust", "expected"), CASES)
def test_differences(python: Answer, rust: Answer, expected: list[str]) -> None:
    assert [str(one) for one in compared(python, rust)] == expected


@pytest.mark.parametrize(
    ("ignore", "left"),
    [
        ((), ["$.id", "$.items[0].id", "$.items[0].at"]),
        (("id",), ["$.items[0].at"]),
        (("$.id",), ["$.items[0].id", "$.items[0].at"]),
        (("$.items[*].*",), ["$.id"]),
        (("*.at", "$.items[*].id"), ["$.id"]),
        (("i",), ["$.id", "$.items[0].id", "$.items[0].at"]),
    ],
)
def test_what_may_differ(ignore: tuple[str, ...], left: list[str]) -> None:
    one = answer({"id": 1, "items": [{"id": 1, "at": 1}]})
    other = answer({"id": 2, "items": [{"id": 2, "at": 2}]})
    assert [found.where for found in compared(one, other, ignore)] == left


def test_the_media_type_of_nothing_is_nothing() -> None:
    json_said = Answer(204, (("content-type", "application/json"),))
    assert compared(json_said, Answer(204)) == ()
    assert [it.where for it in compared(replace(json_said, status=200), Answer(200))] == [
        "content-type"
    ]


def test_json_that_is_nested_too_deeply() -> None:
    deep = b"[" * 100_000
    python = replace(answer(1), body=deep + b"]" * 100_000)
    assert compared(python, python) == ()
    assert [one.where for one in compared(python, replace(python, body=deep))] == ["body"]


def test_half_of_a_pair_is_shown_as_something_that_can_be_written() -> None:
    (found,) = compared(answer("\ud800"), answer("a"))
    assert (found.python, found.rust) == ('"?"', '"a"')
