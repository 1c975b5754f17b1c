"""Where new code goes: the crate's files for what a backend file holds."""

from __future__ import annotations

import posixpath
from collections import Counter
from collections.abc import Iterable

from port_lsp.facts.links import Link
from port_lsp.patterns.desk import Desk
from port_lsp.patterns.endpoints.handlers import Neighbours
from port_lsp.patterns.endpoints.overrides import Overrides
from port_lsp.rust.scopes import Scopes
from port_lsp.writing.ir.types import Symbol

# Names that say what kind of thing a Python file holds; what it is about is its folder's name.
_KINDS = frozenset(
    ("router", "routers", "routes", "route", "api", "views", "view", "endpoints", "__init__",
     "handlers", "controller", "models", "schemas", "schema")
)  # fmt: skip
_ROOTS = frozenset(("main", "lib", "mod"))  # Rust files that are no modules of their own


def handlers_files(desk: Desk, neighbours: Neighbours, backend_file: str) -> list[str]:
    """The files that fit the handlers of a backend file equally well, that first which is taken; it
    may not exist yet.

    It is where most of those are that are ported already; else one that is named after it, in the
    folder where handlers are.
    """
    linked = Counter(one.file for one in neighbours.all if backend_file in one.backend)
    if linked:
        return _most(linked)
    configured = Overrides(desk).handlers
    if configured is not None:
        return [_in_folder(desk, configured, _about(backend_file))]
    rows = desk.snapshot.links.endpoints
    return _named_after(desk, backend_file, rows, (one.file for one in neighbours.all), "routes")


def _most(counted: Counter[str]) -> list[str]:
    """What was counted most often; of that first what was counted first."""
    most = max(counted.values(), default=0)
    return [one for one, count in counted.items() if count == most]


def symbol_in(scopes: Scopes, file: str, name: str) -> Symbol:
    """The symbol of an item of a file."""
    return Symbol((*scopes.planned_path(file), name))


def _named_after(
    desk: Desk, backend_file: str, rows: Iterable[Link], files: Iterable[str], usual: str
) -> list[str]:
    """Files with the name of what a backend file is about, in the folders where others like it are:
    those of the linked ones of the same backend folder, else most of the crate's."""
    here = posixpath.dirname(backend_file)
    beside: Counter[str] = Counter()
    anywhere: Counter[str] = Counter()
    for row in rows:
        if row.backend is None or row.crate is None:
            continue
        crate_file = _stem(row.crate.partition("::")[0])
        same = posixpath.dirname(row.backend.partition("::")[0]) == here
        (beside if same else anywhere)[posixpath.dirname(crate_file)] += 1
    every = Counter(posixpath.dirname(_stem(file)) for file in files)
    source = desk.source
    for counted in (beside, anywhere, every):
        folders = [name for name in _most(counted) if name != source]
        if folders:
            return [_in_folder(desk, folder, _about(backend_file)) for folder in folders]
    return [_in_folder(desk, posixpath.join(source, usual), _about(backend_file))]


def _in_folder(desk: Desk, folder: str, name: str) -> str:
    """The file of a folder for what is called so; it may not exist yet."""
    existing = [posixpath.join(folder, f"{word}.rs") for word in (name, *_forms(name))]
    return next((file for file in existing if file in desk.workshop.files), existing[0])


def _stem(file: str) -> str:
    """A module's file as if it had no mod.rs."""
    return f"{posixpath.dirname(file)}.rs" if file.endswith("/mod.rs") else file


def _about(backend_file: str) -> str:
    """What a Python file is about, as a module's name."""
    parts = backend_file.removesuffix(".py").split("/")
    while len(parts) > 1 and parts[-1] in _KINDS:
        parts.pop()
    name = parts[-1].lower().replace("-", "_")
    return "app" if name in _ROOTS or not name.isidentifier() else name


def _forms(name: str) -> tuple[str, ...]:
    """The singular and plural of a name, as English makes them most of the time."""
    if name.endswith("ies"):
        return (f"{name[:-3]}y",)
    if name.endswith("s"):
        return (name[:-1], name[:-2]) if name.endswith("es") else (name[:-1],)
    return (f"{name}s",)
