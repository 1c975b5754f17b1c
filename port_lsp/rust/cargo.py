"""Cargo.toml: which packages there are, where their crates begin, what they depend on."""

import posixpath
import re
import sys
from collections.abc import Iterator, Mapping
from typing import Any, TypeVar, cast

from port_lsp.facts.source import Record

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomlkit

_Table = dict[str, Any]
# What stands in these isn't part of the port.
SIDE_FOLDERS = frozenset({"tests", "benches", "examples", "target", "fixtures"})
_VERSION = re.compile(r"\d+(?:\.\d+)*")
_LOCK = "Cargo.lock"
_ANY_OF = re.compile(r"[<>,]")
# Of these the version matters: what is written and matched differs from one to the next.
_ASKED_FOR = ("axum", "actix-web")
_Found = TypeVar("_Found")


class Package(Record, frozen=True):
    """A package: its folder ("" at the crate's root), and files of its library and programs.

    `library` is the name under which others import it. `dependencies` are pairs of the name in
    code and the name of the package it stands for; `versions` what is asked of each, `locked`
    which one Cargo.lock says was taken.
    """

    name: str
    folder: str
    library: str
    library_root: str
    programs: tuple[str, ...]
    dependencies: tuple[tuple[str, str], ...] = ()
    versions: tuple[tuple[str, str], ...] = ()
    locked: tuple[tuple[str, str], ...] = ()

    def version(self, package: str) -> str | None:
        """The version of a dependency: the one that was taken, else the one that is asked for, its
        operator left out: "0.8.1"; "" where any will do, None for what isn't a dependency."""
        asked = dict(self.versions).get(package)
        if asked is None:
            return None
        if (taken := dict(self.locked).get(package)) is not None:
            return taken
        found = _VERSION.search(asked)
        # "0" and "1" say nothing about what breaks: cargo takes the newest.
        return found.group() if found and (found.group() != "0") else ""


def packages(manifests: Mapping[str, bytes], paths: frozenset[str]) -> tuple[Package, ...]:
    """The packages of all manifests (Cargo.toml, Cargo.lock) by path; `paths` are the Rust files
    that exist.

    Without a manifest that names a package, the files at the root are taken for one.
    """
    tables = {path: parse(text) for path, text in manifests.items() if not path.endswith(_LOCK)}
    locks = {
        posixpath.dirname(path): text for path, text in manifests.items() if path.endswith(_LOCK)
    }
    shared: dict[str, _Table] = {}
    for path, table in tables.items():
        workspace = _table(table, "workspace")
        if workspace:
            shared[posixpath.dirname(path)] = _table(workspace, "dependencies")
    found = [
        _package(posixpath.dirname(path), table, shared, paths, locks)
        for path, table in sorted(tables.items())
        if _table(table, "package") and SIDE_FOLDERS.isdisjoint(path.split("/"))
    ]
    return tuple(found) or (_package("", {}, {}, paths, {}),)


def parse(text: bytes) -> _Table:
    """A manifest as a table; an empty one where it isn't TOML."""
    try:
        return _loaded(text)
    except ValueError:
        return {}


def faults(manifests: Mapping[str, bytes]) -> list[str]:
    """What is wrong with those manifests (by path) that aren't TOML, with the place."""
    named = {path: text for path, text in sorted(manifests.items()) if not path.endswith(_LOCK)}
    wrong = {path: _fault(text) for path, text in named.items()}
    return [f"{path} isn't TOML: {fault}" for path, fault in wrong.items() if fault]


def _fault(text: bytes) -> str:
    try:
        _loaded(text)
    except ValueError as error:
        return str(error)
    return ""


def _loaded(text: bytes) -> _Table:
    decoded = text.decode("utf-8", "replace")
    if sys.version_info >= (3, 11):
        return tomllib.loads(decoded)
    return tomlkit.parse(decoded).unwrap()


def _package(
    folder: str,
    table: _Table,
    shared: dict[str, _Table],
    paths: frozenset[str],
    locks: Mapping[str, bytes],
) -> Package:
    package, lib = _table(table, "package"), _table(table, "lib")
    name = str(package.get("name") or posixpath.basename(folder) or "crate")
    library_root = _at(folder, str(lib.get("path") or "src/lib.rs"))
    programs = list(_programs(folder, table, paths))
    workspace = _nearest(folder, shared) or {}
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
        tuple(_locked(versions, _nearest(folder, locks) or b"")),
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


def _locked(versions: list[tuple[str, str]], lock: bytes) -> Iterator[tuple[str, str]]:
    """Which version of the frameworks a lock file has taken: of several the newest that is what
    was asked for. One that isn't is left over from another manifest."""
    for package, asked in versions:
        if package not in _ASKED_FOR or not lock:
            continue
        pattern = rb'name = "' + package.encode() + rb'"\r?\nversion = "(\d[\d.]*)'
        taken = [found.decode() for found in re.findall(pattern, lock)]
        written = _VERSION.search(asked)
        if written is not None and not _ANY_OF.search(asked):
            taken = [one for one in taken if f"{one}.".startswith(_breaking(written.group()))]
        if taken:
            yield (
                package,
                max(taken, key=lambda one: [int(part) for part in one.split(".") if part]),
            )


def _breaking(version: str) -> str:
    """The part of a version that Cargo holds on to: "1." of 1.2.3, "0.8." of 0.8.1, "0." of 0."""
    parts = version.split(".")
    return ".".join(parts[: 2 if parts[0] == "0" else 1]) + "."


def _nearest(folder: str, shared: Mapping[str, _Found]) -> _Found | None:
    """What belongs to the workspace that a folder is in."""
    at = folder
    while at not in shared:
        if not at:
            return None
        at = posixpath.dirname(at)
    return shared[at]


def _at(folder: str, path: str) -> str:
    return posixpath.normpath(posixpath.join(folder, path)) + ("/" if path.endswith("/") else "")


def _table(table: _Table, key: str) -> _Table:
    found = table.get(key)
    return cast(_Table, found) if isinstance(found, dict) else {}
