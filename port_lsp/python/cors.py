"""Who may call from another origin: the arguments of Starlette's CORSMiddleware.

Starlette's docs, "Middleware" (CORSMiddleware), with its defaults. Read on demand.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, cast

from port_lsp.facts.source import SourceFile
from port_lsp.python.evaluate import evaluate
from port_lsp.python.lower import lone_expression
from port_lsp.python.parsing import parsed, text_of
from port_lsp.python.schemafields import plain_value
from port_lsp.types.settings import Cors

if TYPE_CHECKING:
    from port_lsp.python.interpret import Interpreter

_NAME = "CORSMiddleware"


def cors_of(run: Interpreter, files: Mapping[str, SourceFile]) -> Cors | None:
    """What the backend's first CORSMiddleware is given; None without one."""
    for path in sorted(files):
        data = files[path].text.data
        if _NAME.encode() not in data:
            continue
        for call in _calls(files[path]):
            return _read(run, path, {one.arg: one.value for one in call.keywords if one.arg})
    return None


def _calls(file: SourceFile) -> Iterator[ast.Call]:
    """`add_middleware(CORSMiddleware, …)` and `Middleware(CORSMiddleware, …)`."""
    for chunk in file.chunks:
        data = file.chunk_bytes(chunk)
        if _NAME.encode() not in data:
            continue
        tree = parsed(text_of(file, chunk))
        for node in ast.walk(tree) if tree is not None else ():
            if not isinstance(node, ast.Call):
                continue
            given = [*node.args, *(one.value for one in node.keywords)]
            if any(
                isinstance(one, (ast.Name, ast.Attribute)) and ast.unparse(one).endswith(_NAME)
                for one in given
            ):
                yield node


def _read(run: Interpreter, path: str, given: Mapping[str, ast.expr]) -> Cors:
    state = run.module(path)

    def value(name: str) -> object:
        if name not in given:
            return None
        text = ast.unparse(given[name])
        try:
            return ast.literal_eval(text)
        except (ValueError, SyntaxError):
            scope = state.scope if state is not None else None
            return plain_value(run, evaluate(run, lone_expression(text), scope)) if scope else None

    def texts(name: str, usual: tuple[str, ...]) -> tuple[str, ...] | None:
        if name not in given:
            return usual
        found = value(name)
        if isinstance(found, str):
            return (found,)
        if not isinstance(found, (list, tuple)):
            return None
        items = tuple(cast(Sequence[object], found))
        return tuple(map(str, items)) if all(isinstance(one, str) for one in items) else None

    origins = given.get("allow_origins")
    variable = ast.unparse(origins) if isinstance(origins, (ast.Name, ast.Attribute)) else ""
    age = value("max_age")
    return Cors(
        texts("allow_origins", ()),
        variable,
        texts("allow_methods", ("GET",)) or ("*",),
        texts("allow_headers", ()) or (),
        texts("expose_headers", ()) or (),
        value("allow_credentials") is True,
        age if isinstance(age, int) else 600,
    )
