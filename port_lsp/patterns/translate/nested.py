"""Functions that are defined inside of others, as functions of the backend by themselves.

What calls one is in the function around it, and all of it is seen: so what it takes from there can
be handed to it at each call, which is when Python looks it up.
"""

from __future__ import annotations

import ast
import re
from typing import cast

from msgspec.structs import replace

from port_lsp.facts.items import Function
from port_lsp.facts.source import Place, Record
from port_lsp.patterns.desk import Desk
from port_lsp.patterns.translate.backendfunctions import functions_at
from port_lsp.patterns.translate.binding import stored, walked
from port_lsp.patterns.translate.inferring.callers import Callers, Site
from port_lsp.patterns.translate.inferring.inferred import Inferred
from port_lsp.patterns.translate.values import UntranslatedError
from port_lsp.text import Span
from port_lsp.types import meanings as m
from port_lsp.types.wire import Wire

_Function = ast.FunctionDef | ast.AsyncFunctionDef
_Place = tuple[Function, _Function, _Function]
# What makes one another thing than a function that is called, or reaches out of it.
_OTHER = (
    ast.Yield, ast.YieldFrom, ast.Global, ast.Nonlocal, ast.FunctionDef, ast.AsyncFunctionDef,
    ast.ClassDef, ast.Lambda, ast.Delete, ast.NamedExpr,
)  # fmt: skip
_DYNAMIC = frozenset(("locals", "vars", "eval", "exec", "super"))
_WORD = re.compile(r"\w+")
_BLOCKS = ("body", "orelse", "finalbody")
_REASON = "a function in a function"


class Nested(Record, frozen=True):
    """One: what it means where it is defined, and the names that it takes from around it,
    those of them that are parameters with what their annotations say."""

    meaning: m.Callable
    captured: tuple[str, ...]
    said: tuple[tuple[str, Wire], ...] = ()


class NestedFunctions:
    """Those that were asked for, of one revision: each pass over a body asks again."""

    def __init__(self, desk: Desk) -> None:
        """Of the desk's backend."""
        self._desk = desk
        # By the identity of the statement, which is kept for that.
        self._known: dict[int, tuple[_Function, Nested | UntranslatedError]] = {}

    def of(self, file: str, whose: str, node: _Function) -> Nested:
        """The function that a statement defines in the body of another (item key), whose names are
        understood by a file. Raises UntranslatedError."""
        if id(node) not in self._known:
            try:
                self._known[id(node)] = node, _nested(self._desk, file, whose, node)
            except UntranslatedError as error:
                self._known[id(node)] = node, error
        _, found = self._known[id(node)]
        if isinstance(found, UntranslatedError):
            raise found
        return found


def _nested(desk: Desk, file: str, whose: str, node: _Function) -> Nested:
    outer, around, own = _found(desk, whose, node)
    if own.decorator_list or any(isinstance(one, _OTHER) for one in walked(*own.body)):
        raise UntranslatedError(_REASON)
    calls = _calls(around, own)
    args = own.args
    params = {one.arg for one in walked(args) if isinstance(one, ast.arg)}
    inside = {name for one in own.body for name in stored(one)} | params
    said = [one for one in walked(*own.body) if isinstance(one, ast.Name)]
    outside = {one.arg for one in walked(around.args) if isinstance(one, ast.arg)}
    outside |= {name for one in around.body for name in stored(one)}
    read = {one.id for one in said} - inside
    spoken = [one.annotation for one in walked(args) if isinstance(one, ast.arg)]
    types = " ".join(ast.unparse(one) for one in (*spoken, own.returns) if one is not None)
    if outside & {*_WORD.findall(types)}:  # of what the function around it binds
        raise UntranslatedError(_REASON)
    captured = sorted(read & outside)
    every = walked(*around.body)
    if read & _DYNAMIC or any(not _is_kept(around, every, own, one) for one in captured):
        raise UntranslatedError(_REASON)
    key = f"{outer.key}.<locals>.{own.name}"
    functions = functions_at(desk)
    if key not in functions.by_key:
        place = _place(desk, outer.place, own)
        functions.by_key[key] = Function(key, f"{outer.name}_{own.name}", place)
    sites = tuple(Site(file, one, around, outer.key) for one in calls)
    desk.shares(Callers).tell(key, sites)
    meaning = desk.shares(Inferred).typed(_meaning(desk, file, key, own))
    annotated = tuple(
        (one.arg, desk.backend.wire(file, ast.unparse(one.annotation)))
        for one in walked(around.args)
        if isinstance(one, ast.arg) and one.arg in captured and one.annotation is not None
    )
    return Nested(meaning, tuple(captured), annotated)


def _found(desk: Desk, key: str, node: _Function) -> _Place:
    """The function around one (item key), and both as Python parses them. Raises
    UntranslatedError where that doesn't define it by itself."""
    functions = functions_at(desk)
    outer, around = functions.get(key), functions.node(key)
    for own in _defined(around.body) if around is not None else ():
        alike = own.name == node.name and own.lineno == node.lineno
        if outer is not None and around is not None and alike and ast.dump(own) == ast.dump(node):
            return outer, around, own
    raise UntranslatedError(_REASON)


def _defined(nodes: list[ast.stmt]) -> list[_Function]:
    """The functions that a body defines by itself."""
    left: list[ast.AST] = list(nodes)
    found: list[_Function] = []
    while left:
        node = left.pop()
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            found.append(node)
        elif not isinstance(node, (ast.Lambda, ast.ClassDef)):
            left += ast.iter_child_nodes(node)
    return found


# All that is in functions, by their identity: they are parsed once, and asked at each attempt.
_INSIDE: dict[int, tuple[_Function, list[ast.AST]]] = {}
_MOST_INSIDE = 256


def _inside(around: _Function) -> list[ast.AST]:
    known = _INSIDE.get(id(around))
    if known is None or known[0] is not around:
        if len(_INSIDE) >= _MOST_INSIDE:
            _INSIDE.clear()
        known = _INSIDE[id(around)] = (around, walked(around))
    return known[1]


def _calls(around: _Function, own: _Function) -> list[ast.Call]:
    """The calls of one, behind it in its block. Raises UntranslatedError where its name stands for
    anything else, or somewhere else."""
    behind = _behind(around, own)
    inside = walked(*behind)
    inner = [one for one in inside if isinstance(one, (ast.Lambda, *_DEFS))]
    hidden = {id(each) for one in inner for each in walked(one)}
    waited = {id(one.value) for one in inside if isinstance(one, ast.Await)}
    is_async = isinstance(own, ast.AsyncFunctionDef)
    calls = [
        one for one in inside
        if isinstance(one, ast.Call) and isinstance(one.func, ast.Name)
        and one.func.id == own.name and id(one) not in hidden and (id(one) in waited) == is_async
    ]  # fmt: skip
    every = [one for one in _inside(around) if isinstance(one, ast.Name) and one.id == own.name]
    others = [
        one for one in _inside(around)
        if one is not own and isinstance(one, (ast.arg, ast.alias, *_DEFS, ast.ExceptHandler))
        and own.name in (getattr(one, "name", None), getattr(one, "arg", None),
                         getattr(one, "asname", None))
    ]  # fmt: skip
    if not calls or others or {id(one.func) for one in calls} != {id(one) for one in every}:
        raise UntranslatedError(_REASON)
    return calls


_DEFS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


def _behind(around: _Function, own: _Function) -> list[ast.stmt]:
    """The statements behind one in its block."""
    for node in _inside(around):
        for name in _BLOCKS:
            block = cast("list[ast.stmt] | None", getattr(node, name, None))
            if isinstance(block, list) and own in block:
                return block[block.index(own) + 1 :]
    return []


def _is_kept(around: _Function, inside: list[ast.AST], own: _Function, name: str) -> bool:
    """Whether a name of the function around one stands for the same all the time: it is bound once,
    before; `inside` is all of that function's body."""
    every = [
        one for one in inside
        if isinstance(one, ast.Name) and one.id == name and not isinstance(one.ctx, ast.Load)
    ]  # fmt: skip
    others = [
        one for one in inside
        if isinstance(one, (ast.alias, *_DEFS, ast.ExceptHandler, ast.Global, ast.Nonlocal))
        and name in (getattr(one, "name", None), getattr(one, "asname", None),
                     *getattr(one, "names", ()))
    ]  # fmt: skip
    params = {one.arg for one in walked(around.args) if isinstance(one, ast.arg)}
    if others or len(every) + (name in params) != 1:
        return False
    return all(one.lineno < own.lineno for one in every)


def _place(desk: Desk, outer: Place, own: _Function) -> Place:
    """Where the name of one stands, in the chunk of the function around it."""
    source = desk.snapshot.backend_files[outer.file]
    lines = source.chunk_bytes(source.by_id[outer.chunk]).split(b"\n")
    start = sum(len(one) + 1 for one in lines[: own.lineno - 1]) + lines[own.lineno - 1].index(
        own.name.encode(), own.col_offset + len("def ")
    )
    return replace(outer, span=Span(start, start + len(own.name.encode())))


def _meaning(desk: Desk, file: str, key: str, own: _Function) -> m.Callable:
    """One as who calls it sees it. Raises UntranslatedError."""
    args, given = own.args, list[m.Given]()
    if args.posonlyargs or args.vararg or args.kwarg:
        raise UntranslatedError(_REASON)
    missing = [None] * (len(args.args) - len(args.defaults))
    places = [*zip(args.args, [*missing, *args.defaults], strict=True)]
    named = [*zip(args.kwonlyargs, args.kw_defaults, strict=True)]
    for one, default in (*places, *named):
        if default is not None and not isinstance(default, ast.Constant):
            raise UntranslatedError(_REASON)  # which is made when the function is defined
        said = ast.unparse(one.annotation) if one.annotation is not None else None
        wire = desk.backend.wire(file, said)
        text = ast.unparse(default) if default is not None else ""
        given.append(m.Given(one.arg, wire, text, "", one in args.kwonlyargs))
    returns = None
    if own.returns is not None:
        returns = desk.backend.wire(file, ast.unparse(own.returns))
    return m.Callable(key, tuple(given), returns, isinstance(own, ast.AsyncFunctionDef))
