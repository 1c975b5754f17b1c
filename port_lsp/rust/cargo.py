"""Cargo.toml: which packages there are, where their crates begin, what they depend on."""

import posixpath
import re
import sys
from collections.abc import Iterator, Mapping
from typing import Any, cast

from port_lsp.facts.source import Record

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomlkit

_Table = dict[str, Any]
# What stands in these isn't part of the port.
SIDE_FOLDERS = frozenset({"tests", "benches", "examples", "target", "fixtures"})
_VERSION = re.compile(r"\d+(?:\.\d+)*")


class Package(Record, frozen=True):
    """A package: its folder ("" at the crate's root), and files of its library and programs.

    `library` is the name under which others import it. `dependencies` are pairs of the name in
    code and the name of the package it stands for; `versions` what is asked of each.
    """

    name: str
    folder: str
    library: str
    library_root: str
    programs: tuple[str, ...]
    dependencies: tuple[tuple[str, str], ...] = ()
    versions: tuple[tuple[str, str], ...] = ()

    def version(self, package: str) -> str | None:
        """The version that is asked of a dependency, its operator left out: "0.8.1"."""
        asked = dict(self.versions).get(package)
        found = _VERSION.search(asked) if asked else None
        return found.group() if found else "" if asked is not None else None


def packages(manifests: Mapping[str, bytes], paths: frozenset[str]) -> tuple[Package, ...]:
    """The packages of all manifests by path; `paths` are the Rust files that exist.

    Without a manifest that names a package, the files at the root are taken for one.
    """
    tables = {path: parse(text) for path, text in manifests.items()}
    shared: dict[str, _Table] = {}
    for path, table in tables.items():
        workspace = _table(table, "workspace")
        if workspace:
            shared[posixpath.dirname(path)] = _table(workspace, "dependencies")
    found = [
        _package(posixpath.dirname(path), table, shared, paths)
        for path, table in sorted(tables.items())
        if _table(table, "package") and SIDE_FOLDERS.isdisjoint(path.split("/"))
    ]
    return tuple(found) or (_package("", {}, {}, paths),)


def parse(text: bytes) -> _Table:
    """A manifest as a table; an empty one where it isn't TOML."""
    decoded = text.decode("utf-8", "replace")
    try:
        if sys.version_info >= (3, 11):
            return tomllib.loads(decoded)
        return tomlkit.parse(decoded).unwrap()
    except ValueError:
        return {}


def _package(
    folder: str, table: _Table, shared: dict[str, _Table], paths: frozenset[str]
) -> Package:
    package, lib = _table(table, "package"), _table(table, "lib")
    name = str(package.get("name") or posixpath.basename(folder) or "crate")
    library_root = _at(folder, str(lib.get("path") or "src/lib.rs"))
    programs = list(_programs(folder, table, paths))
    workspace = _nearest(folder, shared)
    dependencies: list[tuple[str, str]] = []
    versions: list[tuple[str, str]] = []
    for key, asked in _dependencies(table):
        real, version = _dependency(key, asked, workspace)
        dependencies.append((key.replace("-", "_"), real))
        versions.append((real, version))
    return Package(
        name,
        folder,
        str(lib.get("name") or name).replace("-", "_"),
        library_root if library_root in paths else "",
        tuple(dict.fromkeys(program for program in programs if program in paths)),
        tuple(dependencies),
        tuple(versions),
    )


def _programs(folder: str, table: _Table, paths: frozenset[str]) -> Iterator[str]:
    yield _at(folder, "src/main.rs")
    bins = table.get("bin")
    for entry in cast(list[_Table], bins) if isinstance(bins, list) else []:
        given, name = entry.get("path"), entry.get("name")
        if isinstance(given, str):
            yield _at(folder, given)
        elif isinstance(name, str):
            yield _at(folder, f"src/bin/{name}.rs")
            yield _at(folder, f"src/bin/{name}/main.rs")
    below = _at(folder, "src/bin/")
    for path in sorted(paths):
        rest = path.removeprefix(below)
        if rest != path and ("/" not in rest.removesuffix("/main.rs")):
            yield path


def _dependencies(table: _Table) -> Iterator[tuple[str, Any]]:
    yield from _table(table, "dependencies").items()
    for target in _table(table, "target").values():
        if isinstance(target, dict):
            yield from _table(cast(_Table, target), "dependencies").items()


def _dependency(key: str, asked: Any, workspace: _Table) -> tuple[str, str]:
    """The package that a dependency stands for, and the version that is asked of it."""
    if isinstance(asked, str):
        return key, asked
    table = cast(_Table, asked) if isinstance(asked, dict) else {}
    if table.get("workspace") is True:
        return _dependency(key, {**_as_table(workspace.get(key)), "workspace": False}, {})
    return str(table.get("package") or key), str(table.get("version") or "")


def _as_table(asked: Any) -> _Table:
    if isinstance(asked, str):
        return {"version": asked}
    return cast(_Table, asked) if isinstance(asked, dict) else {}


def _nearest(folder: str, shared: dict[str, _Table]) -> _Table:
    """The dependencies of the workspace that a folder belongs to."""
    at = folder
    while at not in shared:
        if not at:
            return {}
        at = posixpath.dirname(at)
    return shared[at]


def _at(folder: str, path: str) -> str:
    return posixpath.normpath(posixpath.join(folder, path)) + ("/" if path.endswith("/") else "")


def _table(table: _Table, key: str) -> _Table:
    found = table.get(key)
    return cast(_Table, found) if isinstance(found, dict) else {}
