"""What tree-sitter's nodes are lowered to is what libcst's are, spans included."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import msgspec
import pytest

from port_lsp.python import syntax as ir
from port_lsp.python.chunks import stub
from port_lsp.python.lower import UnreadableError, lone_expression, statements
from port_lsp.python.nodesource import Source
from port_lsp.python.outline import cut, relative
from tests.fixturefile import parse
from tests.python import libcst_lowering

HERE = Path(__file__).parent.parent


def texts() -> Iterator[tuple[str, str]]:
    """Every Python file of the fixtures and of the example backend."""
    for path in sorted(HERE.glob("fixtures/*/*.txt")):
        for name, text in parse(path.read_text()).files.items():
            if name.endswith(".py"):
                yield f"{path.stem}/{name}", text
    for path in sorted((HERE.parent / "examples").rglob("*.py")):
        yield path.name, path.read_text()


def on_one_line(value: Any) -> Any:
    """A record with the texts in it on one line each: libcst prints them without indentation."""
    if isinstance(value, tuple):
        return tuple(on_one_line(item) for item in cast("tuple[Any, ...]", value))
    if not isinstance(value, msgspec.Struct):
        return value
    fields = {name: on_one_line(getattr(value, name)) for name in value.__struct_fields__}
    if isinstance(fields.get("text"), str):
        fields["text"] = " ".join(fields["text"].split())
    return type(value)(**fields)


CASES = list(texts())

# What the fixtures don't have.
SNIPPETS = (
    "a = b, *c = d[1:2, ::3, ...], e[:, None]\n",
    "x: int\ny: 'list[X] | None' = field(default_factory=list)\nz += 1; z @= 2\n",
    "f(*a, b, **c, d=e)(g)[h].i\n",
    "f(x for x in y if z)\n",
    "{**a, 1: b, 'c': d}; {k: v for k, v in e if f for g in h}; {1, *a}; {x for x in y}\n",
    "a if b else c if d else e\n",
    "not a and b or c == d < e is not f not in g\n",
    "lambda a, *b, c=1, **d: a + b - c * d ** -1\n",
    "s = 'a' \"b\" r'c' f'd{e}{f!r}{g:>{h}}{{i}}{j=}' '\\n\\x41\\u00e9\\N{BULLET}\\q'\n",
    "t = '''a\nb''' + r'\\d' + '\\\n'\n",
    "def f(a, /, b: int = 1, *c: str, d, e=2, **f: dict) -> None: return\n",
    "def g(a, *, b): yield\n",
    "async def h():\n  async with a as b, c(d):\n    await e\n  async for x in y: yield x\n",
    "with (a as b, c): pass\nwith a as (b, c): d\n",
    "class A(B, metaclass=M, **k):\n    'doc'\n    x = 1; y: int\n    class C: pass\n",
    "class G[T: int](B[T]): ...\ntype P[T] = list[T]\ndef k[T](x: T) -> T: ...\n",
    "import a.b.c, d as e\nfrom .. import f as g\nfrom .h.i import (j, k as l,)\nfrom m import *\n",
    "if a: b\nelif c:\n    d\nelif e: f\nelse:\n    g\n",
    "for a, (b, c) in d, e:\n    break\nelse:\n    continue\nwhile x: y\nelse: z\n",
    "try:\n    a\nexcept (B, C) as d:\n    e\nexcept F: g\nelse: h\nfinally:\n    i\n",
    "try: a\nexcept* B: c\n",
    "match a, b:\n    case C(d=1) | {'e': f} if g:\n        h\n    case _: i\n",
    "@a.b(c)  # why\n@(d)\n# between\ndef e(): ...\n",
    "raise A from b\nassert a, b\ndel a[0]\nglobal c\n",
    "x = rb'c'; y = await z\n(a := b)\nprint(*c, sep='')\n",
    "x = 0x1F + 1_000 + 1.5e3 + 2j + True + None + ...\n",
    "if b:\n\tc = (1 +\n\t   2)\n",
    "ä = 'ö'; ä.ü('€', b=ä)\n",
    "a = 1;\nb = 2  # c\n\n# d\n",
    "f(\n    # first\n    a,  # second\n    b=(c),\n)\n",
)


@pytest.mark.parametrize(("name", "text"), CASES, ids=[name for name, _ in CASES])
def test_fixtures_read_as_libcst_reads_them(name: str, text: str) -> None:
    data = text.encode()
    got = on_one_line(statements(Source(data)))
    assert got == on_one_line(libcst_lowering.statements(data)), name


@pytest.mark.parametrize("text", SNIPPETS)
def test_snippets_read_as_libcst_reads_them(text: str) -> None:
    data = text.encode()
    assert on_one_line(statements(Source(data))) == on_one_line(libcst_lowering.statements(data))


@pytest.mark.parametrize("text", SNIPPETS)
def test_headers_are_the_whole_without_bodies(text: str) -> None:
    """A chunk's header has the places of the chunk, not those of the text that was read."""
    data = text.encode()
    for shape in cut(data).shapes:
        if shape.kind in ("function", "class"):
            chunk = data[shape.span.start : shape.span.end]
            whole = statements(Source(chunk))
            assert statements(stub(relative(shape), chunk)) == tuple(map(without_bodies, whole))


def without_bodies(statement: ir.Stmt) -> ir.Stmt:
    if isinstance(statement, ir.FuncDef):
        return msgspec.structs.replace(statement, body=None)
    if isinstance(statement, ir.ClassDef):
        body = tuple(map(without_bodies, statement.body))
        return msgspec.structs.replace(statement, body=body)
    return statement


def test_text_with_errors_is_unreadable() -> None:
    with pytest.raises(UnreadableError):
        statements(Source(b"def f(:\n"))


@pytest.mark.parametrize(
    "text",
    ["[" * 5000 + "]" * 5000, "(" * 400 + ")" * 400, "a" + ".b()" * 3000, "a" + " + 1" * 5000],
    ids=["lists", "parentheses", "calls", "sum"],
)
def test_deep_nesting_is_cut_off(text: str) -> None:
    (statement,) = statements(Source(f"x = {text}\n".encode()))
    assert isinstance(statement, ir.Assign)


def test_statements_nested_too_deeply_are_unreadable() -> None:
    text = "".join(" " * depth + "if a:\n" for depth in range(900)) + " " * 900 + "b\n"
    with pytest.raises(UnreadableError):
        statements(Source(text.encode()))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("list[int]", ir.Index(ir.Name("list"), (ir.Name("int"),))),
        (" A | None ", ir.Binary("|", ir.Name("A"), ir.Const(None))),
        ("not an expression", ir.Other("not an expression")),
        ("a = b", ir.Other("a = b")),
        ("a; b", ir.Other("a; b")),
        ("", ir.Other("")),
    ],
)
def test_forward_references(text: str, expected: ir.Expr) -> None:
    assert lone_expression(text) == expected
