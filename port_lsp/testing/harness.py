"""How tests get at the crate's application: the function that makes it, and the state it needs."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable

from port_lsp.facts.source import Record
from port_lsp.patterns.desk import Desk
from port_lsp.patterns.endpoints.written import type_of
from port_lsp.rust.cargo import Package
from port_lsp.rust.declared import FnItem
from port_lsp.rust.typetable import arguments, head
from port_lsp.writing.ir.types import AnyType, Reference, Symbol, Type

_CONFIG = re.compile(r"&\s*mut\s+(?:\w+::)*ServiceConfig$")
_DATA = re.compile(r"\bData<((?:[^<>]|<[^<>]*>)+)>")


class NoHarnessError(Exception):
    """Tests can't get at the application: the reason."""


class Harness(Record, frozen=True):
    """The function that makes the application (axum: its router; actix-web: what configures it),
    by its full path in the library. `state` is the application's, None where there is none; `takes`
    says that the function is given it, else the router is (`with_state`), or `app_data`."""

    package: Package
    function: Symbol
    state: AnyType | None
    takes: bool
    is_async: bool = False
    fails: bool = False


class _Maker(Record, frozen=True):
    file: str
    item: FnItem


def harness_of(desk: Desk, files: Iterable[str]) -> Harness:
    """How to get at the endpoints that are registered in these files of the crate. Raises
    NoHarnessError."""
    scopes = desk.workshop.scopes
    packages = {found for file in files if (found := scopes.package_of(file)) is not None}
    if len(packages) != 1:
        raise NoHarnessError("the endpoints are in several packages, or in none")
    (package,) = packages
    if not package.library_root:
        raise NoHarnessError(
            f"{package.name} has no library (src/lib.rs), so that tests can't get at its router"
        )
    version = package.version("axum")
    if desk.framework == "axum" and version and version.startswith("0.6"):
        raise NoHarnessError("tests are written for axum 0.7 and later")
    maker = _outermost(desk, list(_makers(desk, package)), package)
    path = scopes.found_path(maker.file, maker.item.qualified)
    if path is None:
        raise NoHarnessError(f"{maker.file} is no module of the library")
    function = Symbol((package.library, *path[1:]))
    state, takes = _state(desk, maker, package)
    returns = maker.item.returns or ""
    fails = head(returns).rpartition("::")[2].endswith("Result")
    return Harness(package, function, state, takes, maker.item.is_async, fails)


def _makers(desk: Desk, package: Package) -> Iterable[_Maker]:
    """The library's functions that make routers, or configure applications."""
    scopes, below = desk.workshop.scopes, posixpath.dirname(package.library_root)
    for file in desk.workshop.files:
        if scopes.package_of(file) != package or not file.startswith(below):
            continue
        if scopes.root_of(file) != package.library_root:
            continue
        for _, item in desk.workshop.declared(file):
            if isinstance(item, FnItem) and item.public and _makes(desk, item):
                yield _Maker(file, item)


def _makes(desk: Desk, item: FnItem) -> bool:
    if desk.framework == "axum":
        returns = item.returns or ""
        kind = head(returns).rpartition("::")[2]
        inner = arguments(returns)
        if kind.endswith("Result") and inner:
            kind = head(inner[0]).rpartition("::")[2]
        return kind == "Router"
    return len(item.params) == 1 and _CONFIG.match(item.params[0][1]) is not None


def _outermost(desk: Desk, makers: list[_Maker], package: Package) -> _Maker:
    """The one that the program starts with, else the one that no other calls."""
    if not makers:
        wanted = "gives a Router" if desk.framework == "axum" else "takes a ServiceConfig"
        raise NoHarnessError(
            f"no public function of {package.name}'s library {wanted}: "
            "what builds it in `main` would have to become one"
        )
    scopes = desk.workshop.scopes
    texts = {
        file: one.text.data.decode("utf-8", "replace")
        for file, one in desk.workshop.files.items()
        if scopes.package_of(file) == package
    }
    programs = {file: text for file, text in texts.items() if file in package.programs}
    named = [one for one in makers if any(_speaks_of(t, one) for t in programs.values())]
    if len(named) == 1:
        return named[0]
    every = named or makers
    files = {one.file for one in every}
    inner = [
        one
        for one in every
        if any(file != one.file and _speaks_of(texts[file], one) for file in files)
    ]
    outer = [one for one in every if one not in inner]
    if len(outer) != 1:
        names = ", ".join(sorted(f"{one.file}::{one.item.qualified}" for one in outer))
        raise NoHarnessError(f"which function makes the application isn't known: {names or 'none'}")
    return outer[0]


def _speaks_of(text: str, one: _Maker) -> bool:
    """Whether code names such a function: with its module before it, or by a `use` of it."""
    stem = posixpath.basename(one.file).removesuffix(".rs")
    if stem == "mod":
        stem = posixpath.basename(posixpath.dirname(one.file))
    if stem in ("lib", "main"):
        return re.search(rf"\b{one.item.name}\b", text) is not None
    pattern = rf"\b{stem}::(?:\{{[^}}]*\b)?{re.escape(one.item.name)}\b"
    return re.search(pattern, text) is not None


def _state(desk: Desk, maker: _Maker, package: Package) -> tuple[AnyType | None, bool]:
    """The application's state, and whether the function takes it."""
    scopes = desk.workshop.scopes
    if desk.framework == "actix-web":
        written = {
            (found.strip(), file)
            for file in desk.workshop.files
            if scopes.package_of(file) == package
            for _, item in desk.workshop.declared(file)
            if isinstance(item, FnItem)
            for _, kind in item.params
            for found in _DATA.findall(kind)
        }
        types = {kind for text, file in written if (kind := type_of(scopes, file, text))}
        if len(types) > 1:
            raise NoHarnessError("handlers ask for several kinds of `web::Data`")
        return next(iter(types), None), False
    if len(maker.item.params) > 1:
        raise NoHarnessError(f"{maker.item.name} takes several parameters")
    if maker.item.params:
        written_type = maker.item.params[0][1]
        kind = type_of(scopes, maker.file, written_type)
        if kind is None or isinstance(kind, Reference):
            raise NoHarnessError(f"{maker.item.name} takes `{written_type}`")
        return kind, True
    returned = type_of(scopes, maker.file, maker.item.returns or "")
    if isinstance(returned, Type) and returned.head.name.endswith("Result") and returned.args:
        returned = returned.args[0]
    args = returned.args if isinstance(returned, Type) else ()
    return (args[0] if args else None), False
