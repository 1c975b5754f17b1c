"""Requests that build on each other: what is taken of an answer, and put into the next."""

from __future__ import annotations

import pytest

from port_lsp.parity.asking import Answer
from port_lsp.parity.following import read
from port_lsp.parity.scenario import ScenarioError, Step, Values, question, taken


def test_each_side_has_its_own_values_and_may_have_the_others() -> None:
    python, rust = Values(), Values()
    python.own, rust.own = {"token": "p", "only": "here"}, {"token": "r"}
    step = Step(
        ask="GET /notes/{token}?q=1",
        headers={"authorization": "Bearer {other.token}"},
        json={"a": ["{only}", 1, None], "b": "{token} {not a name}"},
    )
    asked = question(step, rust.lookup(python))
    assert (asked.method, asked.path) == ("GET", "/notes/r?q=1")
    assert dict(asked.headers)["authorization"] == "Bearer p"
    assert asked.body == b'{"a": ["here", 1, null], "b": "r {not a name}"}'
    assert dict(question(step, python.lookup(rust)).headers)["authorization"] == "Bearer r"


def test_values_are_quoted_where_they_have_to_be() -> None:
    step = Step(ask="POST /notes/{id}", form={"name": "a&{id}"})
    asked = question(step, {"id": "1/2 %"})
    assert asked.path == "/notes/1%2F2%20%25"
    assert asked.body == b"name=a%261%2F2+%25"


def test_null_is_a_body() -> None:
    assert question(Step(ask="POST /", json=None), {}).body == b"null"
    assert question(Step(ask="POST /"), {}).body is None


def test_what_was_never_taken() -> None:
    with pytest.raises(ScenarioError, match="note"):
        question(Step(ask="GET /{note}"), {})


def test_what_is_taken() -> None:
    step = Step(ask="GET /", take={"a": "$.items[1].id", "b": "$.no", "c": "$.items[0].id"})
    answer = Answer(200, (), b'{"items": [{"id": 1}, {"id": "x"}]}')
    assert taken(step, answer) == {"a": "x", "c": "1"}
    assert taken(step, Answer(500, (), b"oh")) == {}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", r"it has no \[\[step\]\]"),
        ("[[steps]]\nask = 'GET /'", "unknown field `steps`"),
        ("[[step]]\nask = 'GET /'\nheader = {}", r"unknown field `header` - at `\$.step\[0\]`"),
        (
            "[[step]]\nask = 'GET /'\n[[step]]\nask = 'get /'",
            "step 2: ask = 'get /': give a method",
        ),
        ("[[step]]\nask = 'GET'", "give a method and a path"),
        ("[[step]]\nask = ", "line 2"),
        ("[[step]]\nask = 'GET /'\ntake = { a = 1 }", "Expected `str`"),
    ],
)
def test_files_that_are_wrong(text: str, said: str) -> None:
    with pytest.raises(ScenarioError, match=said):
        read(text)


def test_what_json_has_not() -> None:
    (step,) = read("[[step]]\nask = 'POST /'\njson = { at = 2020-01-01 }").step
    with pytest.raises(ScenarioError, match=r"json: .*date"):
        question(step, {})
