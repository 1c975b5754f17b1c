"""Applications that are made in a function which the tree itself never calls.

`create_app()` is called by the server (`uvicorn --factory`), a class by a script elsewhere. What
such a function makes is the backend all the same, so it is followed with unknown arguments.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from port_lsp.facts.source import Chunk, SourceFile, item_key
from port_lsp.python.classes import external_bases, start
from port_lsp.python.evaluate import lookup
from port_lsp.python.routers import APPLICATIONS, ROUTERS
from port_lsp.python.turns import Searched
from port_lsp.python.values import Arguments, Class, Function, Instance

if TYPE_CHECKING:
    from port_lsp.python.interpret import Interpreter
    from port_lsp.python.modulestate import ModuleState

_MADE = re.compile(rb"FastAPI\(")
_GIVEN = re.compile(rb"->\s*[\"']?[\w.]*FastAPI\b")


class _Makes:
    """Whether a text may make an application."""

    def search(self, data: bytes) -> bool:
        """Whether it calls something of an application's name, or says that it gives one."""
        return _calls_one(data) or bool(_GIVEN.search(data))


MAKES: Searched = _Makes()


def follow_factories(run: Interpreter, paths: list[str]) -> set[str]:
    """Follows the functions of these modules that make an application and were never called.

    Gives the item keys of those that were followed: as long as they and what calls them stay the
    same, so does what they make.
    """
    followed = _follow_users(run, paths)
    for path in paths:
        state = run.module(path)
        if state is None or not run.store.has_word(state.file, b"FastAPI"):
            continue
        run.running.append(path)
        for chunk in state.file.chunks:
            if chunk.kind not in ("function", "class"):
                continue
            if not run.store.mentions(state.file, chunk, MAKES):
                continue
            if item_key(path, chunk.name) in run.reached:
                continue
            if _named_elsewhere(state.file, chunk):
                continue
            value = lookup(run, state.scope, chunk.name)
            if isinstance(value, Function) and value.place.file == path:
                if _takes_one(value) and not _calls_one(state.file.chunk_bytes(chunk)):
                    continue
                followed.add(value.key)
                run.run_function(value, Arguments())
            elif (
                isinstance(value, Class)
                and value.key not in run.reached
                and not external_bases(run, value) & (APPLICATIONS | ROUTERS)
            ):
                followed.add(value.key)
                _follow_class(run, value)
        run.start()
        run.running.pop()
    return followed


def _follow_users(run: Interpreter, paths: list[str]) -> set[str]:
    """Follows the functions that nothing called and that make an object of a class which makes an
    application: what they ask of it may register more than its making does."""
    names: set[str] = set()
    for path in paths:
        state = run.module(path)
        if state is None or not run.store.has_word(state.file, b"FastAPI"):
            continue
        for chunk in state.file.chunks:
            if chunk.kind != "class" or item_key(path, chunk.name) in run.reached:
                continue
            if run.store.mentions(state.file, chunk, _MADE) and _is_no_router(run, state, chunk):
                names.add(chunk.name)
    followed: set[str] = set()
    for path in paths if names else ():
        state = run.module(path)
        if state is None:
            continue
        here = [name for name in sorted(names) if run.store.has_word(state.file, name.encode())]
        made = re.compile(rb"\b(?:%s)\(" % b"|".join(name.encode() for name in here))
        for chunk in state.file.chunks if here else ():
            if chunk.kind != "function" or item_key(path, chunk.name) in run.reached:
                continue
            if not made.search(state.file.chunk_bytes(chunk)):
                continue
            value = lookup(run, state.scope, chunk.name)
            if isinstance(value, Function) and value.place.file == path:
                run.running.append(path)
                followed.add(value.key)
                run.run_function(value, Arguments())
                run.start()
                run.running.pop()
    return followed


def _is_no_router(run: Interpreter, state: ModuleState, chunk: Chunk) -> bool:
    """Whether a class is none of applications or routers."""
    value = lookup(run, state.scope, chunk.name)
    return isinstance(value, Class) and not external_bases(run, value) & (APPLICATIONS | ROUTERS)


def _named_elsewhere(file: SourceFile, chunk: Chunk) -> bool:
    """Whether another function of the file that makes an application speaks of this one: then it
    is followed from there."""
    name = re.compile(rb"\b%s\(" % chunk.name.encode())
    return any(
        other is not chunk
        and other.kind in ("function", "class")
        and MAKES.search(file.chunk_bytes(other))
        and name.search(file.chunk_bytes(other))
        for other in file.chunks
    )


def _calls_one(data: bytes) -> bool:
    return b"App(" in data or b"Application(" in data or bool(_MADE.search(data))


def _takes_one(function: Function) -> bool:
    """Whether a function is handed an application, which it may give back."""
    params = function.definition.params
    return any(p.annotation and p.annotation.text.endswith("FastAPI") for p in params)


def _follow_class(run: Interpreter, cls: Class) -> None:
    instance = Instance(cls, Arguments())
    start(run, instance)
    for member in list(run.members(cls).names.values()):
        if isinstance(member, Function) and member.key not in run.reached and _makes(run, member):
            run.run_function(member, Arguments(), instance)


def _makes(run: Interpreter, function: Function) -> bool:
    file = run.files[function.place.file]
    chunk = file.by_id[function.place.chunk]
    shape = run.store.shapes.get(chunk.digest)
    if shape is None:
        return False
    data = file.chunk_bytes(chunk)
    for member in shape.members:
        if member.name_span == function.place.span:
            return bool(_MADE.search(data[member.colon : member.end]))
    return False
