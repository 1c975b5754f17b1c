"""Where a backend may be: the folders from which the modules that import FastAPI are imported."""

import os
import re
import sys
from collections import Counter
from collections.abc import Iterable

from port_lsp.facts.source import Record

_FASTAPI = re.compile(rb"^[ \t]*(?:from|import)[ \t]+fastapi\b", re.M)
_APPLICATION = re.compile(rb"\b(?:FastAPI|APIRouter)\(")
_IMPORT = re.compile(rb"^[ \t]*(?:from|import)[ \t]+(\.*)([\w.]*)", re.M)
_MAX_BYTES = 512 * 1024  # imports stand further up
_PROJECT_NAME = re.compile(rb"""^name\s*=\s*["']([\w.-]+)["']""", re.M)
_WEIGHT_OF_APPLICATION = 2


class Candidate(Record, frozen=True):
    """A folder that may be a side's root.

    `files` is how many files speak for it, `weight` counts those that define routes more, `names`
    is what the project is called here and there.
    """

    path: str
    files: int
    weight: float
    names: tuple[str, ...]


class _Module(Record, frozen=True):
    path: str
    top: str
    imports: tuple[str, ...]
    weight: int


def backends(paths: Iterable[str], base: str) -> list[Candidate]:
    """The candidates among Python files (absolute paths) below the folder `base`."""
    files = frozenset(paths)
    modules = [module for path in sorted(files) if (module := _read(path)) is not None]
    folders = {folder for path in files for folder in _above(path, base)}
    roots: dict[str, list[_Module]] = {}
    for top in sorted({module.top for module in modules}):
        group = [module for module in modules if module.top == top]
        roots.setdefault(_voted(group, files, folders, base) or top, []).extend(group)
    return [_candidate(root, group) for root, group in _merged(roots).items()]


def _read(path: str) -> _Module | None:
    """A module that imports FastAPI, with its imports and its package's parent folder."""
    try:
        with open(path, "rb") as file:
            data = file.read(_MAX_BYTES)
    except OSError:
        return None
    if b"fastapi" not in data or not _FASTAPI.search(data):
        return None
    levels, names = 0, list[str]()
    for dots, name in _IMPORT.findall(data):
        levels = max(levels, len(dots))
        first = name.decode("utf-8", "replace").partition(".")[0]
        if not dots and first not in sys.stdlib_module_names and first != "fastapi":
            names.append(first)
    weight = 1 + _WEIGHT_OF_APPLICATION * bool(_APPLICATION.search(data))
    return _Module(path, _package_parent(path, levels), tuple(names), weight)


def _package_parent(path: str, levels: int) -> str:
    """The folder that holds a module's top-level package: that is the first without __init__.py,
    above as many folders as a relative import of the module climbs."""
    folder = os.path.dirname(path)
    for _ in range(levels):
        folder = os.path.dirname(folder)
    while os.path.isfile(os.path.join(folder, "__init__.py")):
        folder = os.path.dirname(folder)
    return folder


def _above(path: str, base: str) -> list[str]:
    out: list[str] = []
    while len(path) > len(base):
        path = os.path.dirname(path)
        out.append(path)
    return out


def _voted(group: list[_Module], files: frozenset[str], folders: set[str], base: str) -> str | None:
    """The folder below which most absolute imports of some modules are found."""
    votes: Counter[str] = Counter()
    for module in group:
        for name in module.imports:
            for folder in _bases(module, base):
                target = os.path.join(folder, name)
                if f"{target}.py" in files or target in folders:
                    votes[folder] += 1
                    break
    return min(votes, key=lambda folder: (-votes[folder], len(folder), folder)) if votes else None


def _bases(module: _Module, base: str) -> list[str]:
    """The folders from which a module may import, the likeliest first.

    A package's own folders come last: only a script that is run inside of it sees them.
    """
    above = _above(module.path, base)
    inside = [folder for folder in above if len(folder) > len(module.top)]
    return [*above[len(inside) :], *inside]


def _merged(roots: dict[str, list[_Module]]) -> dict[str, list[_Module]]:
    """Roots inside another whose modules import what they are in belong to that one."""
    out: dict[str, list[_Module]] = {}
    for root in sorted(roots, key=lambda root: (len(root), root)):
        outer = next((o for o in out if _imports_into(out[o], o, root)), None)
        out.setdefault(outer or root, []).extend(roots[root])
    return out


def _imports_into(group: list[_Module], outer: str, inner: str) -> bool:
    prefix = outer.rstrip(os.sep) + os.sep
    if not inner.startswith(prefix):
        return False
    first = inner[len(prefix) :].split(os.sep)[0]
    return any(first in module.imports for module in group) or any(
        module.path.startswith(os.path.join(prefix, first) + os.sep) for module in group
    )


def _candidate(root: str, group: list[_Module]) -> Candidate:
    packages = Counter(
        os.path.relpath(module.path, root).split(os.sep)[0].removesuffix(".py") for module in group
    )
    names = [*_folder_names(root), *(name for name, _ in packages.most_common(2))]
    return Candidate(root, len(group), sum(m.weight for m in group), (*names, *_project(root)))


def _folder_names(root: str) -> list[str]:
    """The folder's name, and the next one where it says nothing."""
    name = os.path.basename(root)
    return [os.path.basename(os.path.dirname(root)), name] if name == "src" else [name]


def _project(root: str) -> list[str]:
    """The name of the project whose pyproject.toml is in a folder, or one above a `src`."""
    for folder in (root, os.path.dirname(root)) if root.endswith("src") else (root,):
        try:
            with open(os.path.join(folder, "pyproject.toml"), "rb") as file:
                match = _PROJECT_NAME.search(file.read())
        except OSError:
            continue
        if match:
            return [match[1].decode("ascii", "replace")]
    return []
