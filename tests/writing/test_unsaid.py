"""Functions whose annotations don't say what they take: what a backend's text shows of it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from port_lsp.patterns.port import Ported, Target
from port_lsp.patterns.registry import porter
from tests.fixturefile import parse
from tests.writing.crates import is_formatted
from tests.writing.test_bodies import FIXTURES
from tests.writing.test_functions import desk_of
from tests.writing.test_printer import rustfmt

__all__ = ["rustfmt"]

HEAD = """from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel

router = APIRouter()


class Form(BaseModel):
    name: str
    size: int = 0
    note: str | None = None


def of_form(form: Form) -> str:
    return form.name


def given() -> Form:
    return Form(name="a")


"""


def ported(folder: Path, text: str, *names: str) -> Ported:
    """Ports functions of a module of the backend by themselves."""
    parse((FIXTURES / "queries.txt").read_text(encoding="utf-8")).write_to(folder)
    (folder / "backend/app/made.py").write_text(HEAD + text, encoding="utf-8")
    keys = [f"app/made.py::{one}" for one in names or ("f",)]
    done = porter(desk_of(folder)).port([Target("function", one) for one in keys])
    for change in done.changes:
        path = folder / "crate" / change.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(change.after, encoding="utf-8")
    return done


def head_of(done: Ported, name: str = "f") -> str:
    """What a function takes besides the state, on one line."""
    text = "".join(one.after for one in done.changes)
    found = re.search(rf"fn {name}\(([^{{]*?)\) *(?:->|{{)", text)
    assert found is not None, text
    given = re.sub(r"\s+", " ", found[1]).strip(" ,")
    return re.sub(r"^_?state: &AppState(, )?", "", given)


CALLED = "def f(a):\n    return print(a)\n\n\ndef g(form: Form, b: str, n: int, q: str | None):\n"


@pytest.mark.parametrize(
    ("text", "taken"),
    [
        # a default
        ("def f(a=30, b='', c=False, d=0.5):\n    print(a, b, c, d)\n",
         "a: i64, b: &str, c: bool, d: f64"),
        ("def f(from_db=True):\n    print(from_db)\n", "from_db: bool"),
        ("LONG = 30\n\n\ndef f(a=LONG):\n    print(a)\n", "a: i64"),
        ("def f(a=None):\n    print(a)\n", "a: &Value"),
        ("def f(a=30):\n    print(a)\n\n\ndef g():\n    f('x')\n", "a: &Value"),
        ("def f(a=30):\n    print(a)\n\n\ndef g():\n    f(None)\n", "a: Option<i64>"),
        ("def f(a=30):\n    print(a)\n\n\ndef g(other):\n    f(other)\n", "a: i64"),
        ("def f(a=None):\n    print(a)\n\n\ndef g():\n    f('x')\n    f()\n", "a: Option<&str>"),
        # what everybody gives
        (CALLED + "    f(b)\n", "a: &str"),
        (CALLED + "    f(form.name)\n    f(a=b)\n    f(f'{n}')\n", "a: &str"),
        (CALLED + "    f(form)\n", "a: &Form"),
        (CALLED + "    f([one for one in b.split()])\n", "a: &[String]"),
        (CALLED + "    f({'a': n})\n", "a: &Map<String, Value>"),
        (CALLED + "    f(q)\n", "a: Option<&str>"),
        (CALLED + "    f(form.note)\n", "a: Option<&str>"),
        (CALLED + "    f(q) if q else None\n", "a: Option<&str>"),
        (CALLED + "    if q:\n        f(q)\n", "a: &str"),
        (CALLED + "    if not q:\n        return\n    f(q)\n", "a: &str"),
        (CALLED + "    if q is not None:\n        q = None\n        f(q)\n    f(b)\n",
         "a: Option<&str>"),
        (CALLED + "    for one in b.split():\n        f(one)\n", "a: &str"),
        (CALLED + "    f(b)\n    f(None)\n", "a: Option<&str>"),
        # of several types
        (CALLED + "    f(b)\n    f(n)\n", "a: &Value"),
        (CALLED + "    f(n)\n    f(0.5)\n", "a: &Value"),
        # what isn't known
        (CALLED + "    f(*b)\n", "a: &Value"),
        (CALLED + "    f(**{'a': b})\n", "a: &Value"),
        (CALLED + "    f(b)\n    return map(f, form)\n", "a: &Value"),
        (CALLED + "    f(b)\n    return lambda b: f(b)\n", "a: &Value"),
        (CALLED + "    f(b)\n    return getattr(form, 'f')\n", "a: &Value"),
        (CALLED + "    b = unknown()\n    f(b)\n", "a: &Value"),
        (CALLED + "    def inner():\n        nonlocal b\n        b = n\n    f(b)\n", "a: &Value"),
        (CALLED + "    f(b)\n\n\n@router.get('/')\ndef h(x=Depends(f)):\n    pass\n", "a: &Value"),
        (CALLED + "    f(b)\n\n\ndef h(f):\n    f(3)\n", "a: &str"),  # which is another
        # of a handler
        (CALLED + "    pass\n\n\n@router.get('/{x}')\ndef h(x: int, form: Form):\n    f(x)\n",
         "a: i64"),
        (CALLED + "    pass\n\n\n@router.get('/')\ndef h(x=Depends(given)):\n    f(x)\n",
         "a: &Form"),
        ("def f(a=Depends(given)):\n    print(a)\n", "a: &Form"),
        # what it must be
        ("def f(a):\n    return of_form(a)\n", "a: &Form"),
        ("def f(a):\n    return of_form(a) if a else None\n", "a: &Value"),
        ("def f(a):\n    return a.startswith('x')\n", "a: &str"),
        ("def f(a):\n    return a.startswith('x') and isinstance(a, bytes)\n", "a: &Value"),
        ("def f(a):\n    a = a or 1\n    return of_form(a)\n", "a: &Value"),
        ("def f(a):\n    return of_form(a)\n\n\ndef g(b: str):\n    f(b)\n", "a: &str"),
        # by hands of others
        ("def f(a):\n    print(a)\n\n\ndef g(b):\n    f(b)\n\n\ndef h():\n    g('x')\n", "a: &str"),
        ("def f(a):\n    f(a)\n    return of_form(a)\n", "a: &Form"),
    ],
)  # fmt: skip
def test_what_a_function_takes(tmp_path: Path, text: str, taken: str) -> None:
    done = ported(tmp_path, text)
    assert head_of(done) == taken
    said = "f: `a` doesn't say its type: it became serde_json::Value"
    assert (said in done.notes) == (taken == "a: &Value")


@pytest.mark.parametrize(
    ("text", "taken", "left"),
    [
        ("def f(request: Request, a: int):\n    return request.app.state.name\n", "a: i64", False),
        ("def f(request, a: int):\n    return request.app.state.name\n", "a: i64", False),
        ("def f(request: Request):\n    return request.headers\n", "", True),
        ("def f(request: Request):\n    return g(request)\n\n\n"
         "def g(it):\n    return it.app.state.name\n", "", False),
        ("def f(request: Request):\n    return g(request)\n\n\n"
         "def g(it):\n    it.app.state.name = it.url\n", "", True),
    ],
)  # fmt: skip
def test_a_request_is_left_out(tmp_path: Path, text: str, taken: str, left: bool) -> None:
    """Of which nobody wants but the state, which a function has anyway; else a note says so."""
    done = ported(tmp_path, text)
    assert head_of(done).replace("_a:", "a:") == taken
    assert ("f: `request` is the request: it was left out" in done.notes) == left


def test_what_is_no_json_stands_in_holes(tmp_path: Path, rustfmt: str) -> None:
    text = (
        "def f(act, thing, words, things):\n    if thing:\n        act(1)\n"
        "    if words:\n        return 1\n    print(thing.name)\n"
        "    for one in things:\n        print(one.name)\n    return 2\n"
    )
    done = ported(tmp_path, text)
    is_formatted(done, rustfmt)
    (made,) = [one.after for one in done.changes if one.path.endswith("made.rs")]
    assert "// if thing:" in made
    assert "// for one in things:" in made
    assert "if is_true(words) {" in made


def test_a_handler_is_no_function(tmp_path: Path) -> None:
    """It is ported with its route."""
    main = "\n\nfrom fastapi import FastAPI\n\napp = FastAPI()\napp.include_router(router)\n"
    done = ported(tmp_path, '@router.get("/made")\ndef f(a: str) -> str:\n    return a\n' + main)
    assert [one.reason for one in done.left] == ["it is a handler: its route or event is ported"]


CALLS = """def f(a):
    if a:
        return "x"
    return None


@router.get("/{b}/{n}")
def by_text(b: str, n: int) -> dict:
    return {"found": f(b)}


@router.get("/other/{b}/{n}")
def by_number(b: str, n: int) -> dict:
    return {"found": f(n)}
"""


def test_what_the_crate_has_is_called_with_its_own_types(tmp_path: Path) -> None:
    """A function that was written for JSON is no function of a text, in a later draft."""
    done = ported(tmp_path, CALLS)
    assert head_of(done) == "a: &Value"
    handlers = ["app/made.py::by_text#GET /{b}/{n}", "app/made.py::by_number#GET /other/{b}/{n}"]
    main = tmp_path / "backend/app/main.py"
    main.write_text(
        main.read_text(encoding="utf-8")
        + "\nfrom app.made import router as made\n\napp.include_router(made)\n",
        encoding="utf-8",
    )
    later = porter(desk_of(tmp_path)).port([Target("endpoint", one) for one in handlers])
    assert [one.id for one in later.left] == []
    text = "".join(one.after for one in later.changes)
    assert '// return {"found": f(b)}' in text
    assert '// return {"found": f(n)}' in text


@pytest.mark.parametrize("decorator", ["cached", "cached(ttl=3)"])
def test_a_decorated_function_comes_without_its_decorator(tmp_path: Path, decorator: str) -> None:
    """Who asks for it by itself is told; what calls it never gets it."""
    text = f"@{decorator}\ndef f(a: str) -> str:\n    return a\n\n\ndef g():\n    return f('x')\n"
    done = ported(tmp_path, f"from cachetools import cached\n\n\n{text}", "f", "g")
    shown = decorator.replace("ttl=3", "…")
    assert f"f: `@{shown}` isn't ported: it is the function without it" in done.notes
    made = "".join(one.after for one in done.changes)
    assert "Ok(a.to_string())" in made or "a.to_string()" in made
    assert "// return f('x')" in made
