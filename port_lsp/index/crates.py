"""Where a crate may be: the packages that depend on a web framework, or their workspace."""

import os
from collections.abc import Iterable
from fnmatch import fnmatch
from typing import Any, cast

from port_lsp.facts.source import Record
from port_lsp.index.backends import Candidate
from port_lsp.rust.cargo import parse

FRAMEWORKS = frozenset({"axum", "actix-web"})
_DATA = (b"Serialize", b"Deserialize", b"FromRow")
_WEB = (b"axum", b"actix_web")
_TESTS = frozenset({"tests", "benches", "fixtures"})
_EXAMPLES = "examples"

_Table = dict[str, Any]


class _Package(Record, frozen=True):
    """A package: `workspace` is the folder of its workspace, "" without; `needs` are packages."""

    folder: str
    name: str
    workspace: str
    needs: frozenset[str]


def crates(paths: Iterable[str], base: str) -> list[Candidate]:
    """The candidates among manifests and Rust files (absolute paths) below the folder `base`."""
    every = sorted(paths)
    packages = _packages(_ports(every, base))
    web = [package for package in packages if package.needs & FRAMEWORKS]
    roots: dict[str, list[_Package]] = {}
    for package in web:
        roots.setdefault(package.workspace or package.folder, []).append(package)
    return [
        _candidate(_root(workspace, group, packages, every), group, every)
        for workspace, group in sorted(roots.items())
    ]


def _ports(every: list[str], base: str) -> list[str]:
    """The manifests that may be a port's: not those of tests, nor of a crate's examples."""
    manifests = [path for path in every if path.endswith("Cargo.toml")]
    folders = {os.path.dirname(path) for path in manifests}
    out: list[str] = []
    for path in manifests:
        parts = os.path.relpath(path, base).split(os.sep)[:-1]
        above = [
            os.path.join(base, *parts[:i]) for i, part in enumerate(parts) if part == _EXAMPLES
        ]
        if _TESTS.isdisjoint(parts) and folders.isdisjoint(above):
            out.append(path)
    return out


def _packages(manifests: list[str]) -> list[_Package]:
    tables = {os.path.dirname(path): _manifest(path) for path in manifests}
    spaces = {
        folder: space
        for folder, table in tables.items()
        if (space := _workspace(table)) is not None
    }
    packages: list[_Package] = []
    for folder, table in tables.items():
        package = table.get("package")
        if not isinstance(package, dict):
            continue
        space = _space_of(folder, spaces)
        shared = _dict(spaces.get(space, {}).get("dependencies"))
        name = str(cast(_Table, package).get("name") or os.path.basename(folder))
        packages.append(_Package(folder, name, space, frozenset(_needs(table, shared))))
    return packages


def _manifest(path: str) -> _Table:
    try:
        with open(path, "rb") as file:
            return parse(file.read())
    except OSError:
        return {}


def _workspace(table: _Table) -> _Table | None:
    return _dict(table["workspace"]) if isinstance(table.get("workspace"), dict) else None


def _space_of(folder: str, spaces: dict[str, _Table]) -> str:
    """The folder of the nearest workspace that doesn't exclude a package; "" without one."""
    at = folder
    while True:
        if at in spaces:
            inside = os.path.relpath(folder, at).replace(os.sep, "/")
            excluded: Any = spaces[at].get("exclude") or []
            if not any(fnmatch(inside, str(glob)) for glob in excluded):
                return at
        parent = os.path.dirname(at)
        if parent == at:
            return ""
        at = parent


def _needs(table: _Table, shared: _Table) -> Iterable[str]:
    """The real names of the packages that one depends on, tests apart."""
    tables = [_dict(table.get("dependencies"))]
    tables += [_dict(_dict(t).get("dependencies")) for t in _dict(table.get("target")).values()]
    for dependencies in tables:
        for name, asked in dependencies.items():
            detail = _dict(asked)
            if detail.get("workspace") is True:
                detail = _dict(shared.get(name))
            yield str(detail.get("package") or name)


def _dict(value: Any) -> _Table:
    return cast(_Table, value) if isinstance(value, dict) else {}


def _root(workspace: str, group: list[_Package], packages: list[_Package], every: list[str]) -> str:
    """The workspace where several of its members take part, else the one package's folder.

    Those take part that depend on a web framework, and those that they need and that have data.
    """
    taking = {package.folder for package in group}
    members = {package.name: package for package in packages if package.workspace == workspace}
    waiting = [name for package in group for name in sorted(package.needs)]
    seen: set[str] = set()
    while waiting:
        name = waiting.pop()
        member = members.get(name)
        if member is None or name in seen:
            continue
        seen.add(name)
        waiting += sorted(member.needs)
        if member.folder not in taking and _mentions(member.folder, every, _DATA):
            taking.add(member.folder)
    return workspace if len(taking) > 1 else group[0].folder


def _mentions(folder: str, every: list[str], what: tuple[bytes, ...]) -> int:
    return sum(
        any(word in content for word in what)
        for path in every
        if path.endswith(".rs") and path.startswith(folder.rstrip(os.sep) + os.sep)
        for content in [_content(path)]
    )


def _content(path: str) -> bytes:
    try:
        with open(path, "rb") as file:
            return file.read()
    except OSError:
        return b""


def _candidate(root: str, group: list[_Package], every: list[str]) -> Candidate:
    files = _mentions(root, every, _WEB)
    names = (os.path.basename(root), *(package.name for package in group[:3]))
    return Candidate(root, files, files, names)
