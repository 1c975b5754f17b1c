"""What calls give, read off their text: of the backend's own functions and classes, of Python's, of
those that the table of libraries has."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from port_lsp.patterns.translate.calls import JSON
from port_lsp.patterns.translate.inferring.kinds import SAME, of_rust, together
from port_lsp.patterns.translate.libraries.making import type_made
from port_lsp.patterns.translate.libraries.table import table_of
from port_lsp.patterns.translate.schemas import schema_at
from port_lsp.types import meanings as m
from port_lsp.types.wire import BOOL, BYTES, FLOAT, INT, OBJECT, STR, Wire, array, ref

if TYPE_CHECKING:
    from port_lsp.patterns.translate.inferring.bodies import Typing

# What functions of Python's standard library give (its docs).
_GIVES: dict[str, Wire] = {
    "builtins.len": INT, "builtins.int": INT, "builtins.str": STR, "builtins.float": FLOAT,
    "builtins.bool": BOOL, "builtins.any": BOOL, "builtins.all": BOOL, "builtins.repr": STR,
    "builtins.isinstance": BOOL, "builtins.hasattr": BOOL, "json.dumps": STR, "time.time": FLOAT,
    "time.time_ns": INT, "time.monotonic": FLOAT, "os.path.exists": BOOL, "os.path.isfile": BOOL,
    "json.loads": JSON, "os.path.isdir": BOOL, "os.path.basename": STR, "os.path.join": STR,
}  # fmt: skip
_TEXTS: dict[str, Wire] = {
    **dict.fromkeys(
        ("lower", "upper", "strip", "lstrip", "rstrip", "replace", "title", "capitalize", "format",
         "join", "removeprefix", "removesuffix", "zfill", "casefold", "swapcase"),
        STR,
    ),
    **dict.fromkeys(("startswith", "endswith", "isdigit", "isalpha", "isalnum", "islower"), BOOL),
    **dict.fromkeys(("split", "rsplit", "splitlines"), array(STR)),
    **dict.fromkeys(("find", "rfind", "count", "index"), INT),
    "partition": Wire("tuple", (STR, STR, STR)), "rpartition": Wire("tuple", (STR, STR, STR)),
    "encode": BYTES,
}  # fmt: skip
# What calls a function elsewhere, and gives what it gives to who waits (their docs).
_IN_THREADS = frozenset((
    "asyncio.to_thread", "starlette.concurrency.run_in_threadpool",
    "fastapi.concurrency.run_in_threadpool",
))  # fmt: skip
_MAKES = frozenset(("model_validate", "model_validate_json", "parse_obj", "from_orm", "parse_raw"))
_DUMPS: dict[str, Wire] = {
    "model_dump": OBJECT, "dict": OBJECT, "model_dump_json": STR, "json": STR,
}  # fmt: skip
_ROWS = ("sqlalchemy", "peewee")


def what_is_called(body: Typing, node: ast.Call, *, waits: bool) -> Wire | None:
    """What a call gives; one that must be waited for only where somebody does."""
    meaning = body.meaning(node.func)
    if isinstance(meaning, m.Kind) and not waits:
        return _made(body, meaning)
    if isinstance(meaning, m.Callable):
        if meaning.is_async != waits:
            return None
        return body.of.returns(meaning)
    if isinstance(meaning, m.Outside):
        return _outside(body, meaning.name, node, waits=waits)
    return _method(body, node) if meaning is None and not waits else None


def _made(body: Typing, meaning: m.Kind) -> Wire | None:
    """An object of a class, where that is a model."""
    return ref(meaning.key) if schema_at(body.of.desk, meaning.key) is not None else None


def _outside(body: Typing, name: str, node: ast.Call, *, waits: bool) -> Wire | None:
    if name in ("builtins.list", "builtins.sorted") and len(node.args) == 1 and not waits:
        of = body.wire(node.args[0])
        if of is not None and of.kind == "list" and of.args != (SAME,):
            return of
        item = body.items(node.args[0])
        return array(item) if item is not None else None
    if name in _GIVES and not waits:
        return _GIVES[name]
    if name in _IN_THREADS and waits and node.args:
        meaning = body.meaning(node.args[0])
        is_plain = isinstance(meaning, m.Callable) and not meaning.is_async
        return body.of.returns(meaning) if is_plain and isinstance(meaning, m.Callable) else None
    rows = [one for one in table_of(body.of.desk).rows(name) if one.awaited == waits]
    return together(of_rust(type_made(one.gives)) for one in rows)


def _method(body: Typing, node: ast.Call) -> Wire | None:
    """What a method of a value, or of a class, gives."""
    func = node.func
    if not isinstance(func, ast.Attribute):
        return None
    if func.attr in _MAKES:
        meaning = body.meaning(func.value)
        return _made(body, meaning) if isinstance(meaning, m.Kind) else None
    if func.attr == "hexdigest" and body.made_by(func.value).startswith("hashlib."):
        return STR
    of = body.wire(func.value)
    if of is None or of == SAME:
        return None
    if of.kind == "str":
        return _TEXTS.get(func.attr)
    schema = schema_at(body.of.desk, of.name) if of.kind == "ref" else None
    if schema is not None and schema.kind not in _ROWS:
        return _DUMPS.get(func.attr)
    return of if func.attr == "copy" and of.kind in ("list", "map") and not node.args else None
