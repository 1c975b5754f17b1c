"""How tests get at the application of a package with a library: by its function that makes all
of that."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable

from port_lsp.patterns.desk import Desk
from port_lsp.rust.cargo import Package
from port_lsp.rust.declared import FnItem
from port_lsp.testing.harness import Harness, NoHarnessError
from port_lsp.testing.makers import Maker, makes, mounted_by, state_of
from port_lsp.writing.ir.types import Symbol


def of_library(desk: Desk, package: Package) -> Harness:
    """The harness of a package's library. Raises NoHarnessError."""
    maker = _outermost(desk, list(_makers(desk, package)), package)
    path = desk.workshop.scopes.found_path(maker.file, maker.item.qualified)
    if path is None:
        raise NoHarnessError(f"{maker.file} is no module of the library")
    state, takes = state_of(desk, [maker], package)
    mounted = mounted_by(maker, Symbol((package.library, *path[1:])))
    return Harness(package, package.library, (mounted,), state, takes)


def _makers(desk: Desk, package: Package) -> Iterable[Maker]:
    """The library's functions that make routers, or configure applications."""
    scopes, below = desk.workshop.scopes, posixpath.dirname(package.library_root)
    for file in desk.workshop.files:
        if scopes.package_of(file) != package or not file.startswith(below):
            continue
        if scopes.root_of(file) != package.library_root:
            continue
        for _, item in desk.workshop.declared(file):
            if isinstance(item, FnItem) and item.public and makes(desk, item):
                yield Maker(file, item)


def _outermost(desk: Desk, makers: list[Maker], package: Package) -> Maker:
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


def _speaks_of(text: str, one: Maker) -> bool:
    """Whether code names such a function: with its module before it, or by a `use` of it."""
    stem = posixpath.basename(one.file).removesuffix(".rs")
    if stem == "mod":
        stem = posixpath.basename(posixpath.dirname(one.file))
    if stem in ("lib", "main"):
        return re.search(rf"\b{one.item.name}\b", text) is not None
    pattern = rf"\b{stem}::(?:\{{[^}}]*\b)?{re.escape(one.item.name)}\b"
    return re.search(pattern, text) is not None
