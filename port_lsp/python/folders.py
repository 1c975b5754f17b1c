"""Modules that a backend finds by listing a folder of its own, to import them one by one.

What `os`, `glob`, `pathlib` and `pkgutil` say of the tree's folders, as far as a loop over modules
needs it. Paths are texts below `ROOT`, which stands for wherever the backend lies. A listing holds
Python files and folders, sorted; `__init__.py` and its like aren't what somebody lists to import.
"""

from __future__ import annotations

import fnmatch
import posixpath
from collections.abc import Iterator
from typing import TYPE_CHECKING

from port_lsp.facts.source import Place
from port_lsp.python.values import Arguments, External, Made, NativeMethod, Unknown, Value

if TYPE_CHECKING:
    from port_lsp.python.interpret import Interpreter

ROOT = "/~"
MODULE_NAMES = frozenset({"__file__", "__path__", "__name__", "__package__"})
CONSTANTS = {"os.sep": "/", "os.path.sep": "/", "os.pardir": "..", "os.curdir": "."}
PATHS = frozenset({"pathlib.Path", "pathlib.PurePath", "pathlib.PosixPath"})
_SAME = frozenset({"abspath", "realpath", "normpath", "fspath", "normcase", "expanduser"})
_SAME_METHODS = frozenset({"resolve", "absolute", "expanduser", "as_posix", "__str__"})
_LISTS = frozenset({"pkgutil.iter_modules", "pkgutil.walk_packages"})


class ModuleInfo(tuple[Value, ...]):
    """What `pkgutil` gives of a module: a finder, its name, whether it is a package."""

    __slots__ = ()

    def named(self, name: str) -> Value:
        """The item of a name, as `pkgutil.ModuleInfo` has it."""
        fields = ("module_finder", "name", "ispkg")
        return self[fields.index(name)] if name in fields else Unknown(name)


def module_value(run: Interpreter, place: str, name: str) -> Value:
    """What Python itself binds in a module: its file, its folder, its dotted name."""
    is_package = not place.endswith(".py") or posixpath.basename(place) == "__init__.py"
    folder = posixpath.dirname(place) if place.endswith(".py") else place
    if name == "__file__":
        file = place if place.endswith(".py") else f"{place}/__init__.py"
        return f"{ROOT}/{file}"
    if name == "__path__":
        paths: list[Value] = [f"{ROOT}/{folder}"]
        return paths if is_package else Unknown("a module that is no package")
    dotted = run.modules.dotted(place)
    if name == "__package__" and not is_package:
        return dotted.rpartition(".")[0]
    return dotted


def told(run: Interpreter, name: str, given: list[Value], place: Place) -> Value:
    """What a function of the standard library says of a path of the backend; None where it is
    about something else."""
    if name in PATHS and given and all(_is_path(one) for one in given):
        return Made(External("pathlib.Path"), Arguments([_joined(given)]), place)
    if name in _LISTS and given:
        return _modules(run, given, recursive=name.endswith("walk_packages"))
    if name in ("glob.glob", "glob.iglob") and given:
        return _globbed(run, given[0])
    if name == "os.listdir" and given:
        folder = path_of(given[0])
        return None if folder is None else [*_entries(run, folder)]
    package, _, short = name.rpartition(".")
    if package not in ("os.path", "os", "posixpath") or not given:
        return None
    return _of_path(short, given)


def _of_path(name: str, given: list[Value]) -> Value:
    """What functions of `os.path` make of paths."""
    path = path_of(given[0])
    if path is None:
        return None
    if name in _SAME:
        return posixpath.normpath(path)
    if name == "dirname":
        return posixpath.dirname(path)
    if name == "basename":
        return posixpath.basename(path)
    if name == "join":
        return _joined(given)
    if name == "splitext":
        return posixpath.splitext(path)
    if name == "relpath":
        base = path_of(given[1]) if len(given) > 1 else ROOT
        return posixpath.relpath(path, base) if base is not None else None
    return None


def path_of(value: Value) -> str | None:
    """The path that a text or a `Path` is; None for one that isn't known."""
    if isinstance(value, Made) and value.maker.name in PATHS and value.args.positional:
        value = value.args.positional[0]
    return value if isinstance(value, str) else None


def path_attribute(owner: Made, name: str) -> Value:
    """An attribute of a `Path`; None where the object is none."""
    path = path_of(owner)
    if path is None or owner.maker.name not in PATHS:
        return None
    if name == "parent":
        return _made(posixpath.dirname(path), owner)
    if name in ("stem", "name", "suffix"):
        stem, suffix = posixpath.splitext(posixpath.basename(path))
        return {"stem": stem, "name": stem + suffix, "suffix": suffix}[name]
    if name == "parents":
        above = [path]
        while above[-1] not in ("/", ""):
            above.append(posixpath.dirname(above[-1]))
        return [_made(one, owner) for one in above[1:]]
    return NativeMethod(owner, name)


def path_method(run: Interpreter, owner: Made, name: str, given: list[Value]) -> Value:
    """What a method of a `Path` gives."""
    path = path_of(owner) or ""
    if name in _SAME_METHODS:
        return _made(posixpath.normpath(path), owner)
    if name == "joinpath":
        return _made(_joined([owner, *given]), owner)
    if name == "iterdir":
        return [_made(f"{path}/{one}", owner) for one in _entries(run, path)]
    if name in ("glob", "rglob") and given and isinstance(given[0], str):
        pattern = f"{path}/**/{given[0]}" if name == "rglob" else f"{path}/{given[0]}"
        return [_made(one, owner) for one in _matching(run, pattern)]
    if name == "relative_to" and given and (base := path_of(given[0])) is not None:
        return _made(posixpath.relpath(path, base), owner)
    if name == "with_suffix" and given and isinstance(given[0], str):
        return _made(posixpath.splitext(path)[0] + given[0], owner)
    return Unknown(f"a call of .{name}()")


def divided(left: Value, right: Value) -> Value:
    """`path / "name"`; None where it is no path."""
    if isinstance(left, Made) and path_of(left) is not None and _is_path(right):
        return _made(_joined([left, right]), left)
    return None


def _made(path: str, like: Made) -> Made:
    return Made(like.maker, Arguments([path]), like.place)


def _is_path(value: Value) -> bool:
    return path_of(value) is not None


def _joined(parts: list[Value]) -> str:
    known = [path_of(part) or "*" for part in parts]
    return posixpath.normpath(posixpath.join(*known))


def _globbed(run: Interpreter, pattern: Value) -> Value:
    path = path_of(pattern)
    if path is None or not path.startswith(ROOT):
        return None
    found: list[Value] = [*_matching(run, path)]
    return found


def _matching(run: Interpreter, pattern: str) -> Iterator[str]:
    """The Python files that a pattern of `glob` takes; `**` stands for any folders."""
    wanted = [part for part in pattern.split("/") if part]
    for file in sorted(run.modules.files):
        if _is_listed(file) and _takes(wanted, f"{ROOT}/{file}".strip("/").split("/")):
            yield f"{ROOT}/{file}"


def _takes(pattern: list[str], parts: list[str]) -> bool:
    if not pattern or not parts:
        return not pattern and not parts
    if pattern[0] == "**":
        return _takes(pattern[1:], parts) or _takes(pattern, parts[1:])
    return fnmatch.fnmatchcase(parts[0], pattern[0]) and _takes(pattern[1:], parts[1:])


def _entries(run: Interpreter, folder: str) -> Iterator[str]:
    """The names of Python files and folders in a folder."""
    inside = _below(folder)
    if inside is None:
        return
    names: set[str] = set()
    for file in run.modules.files:
        rest = file.removeprefix(inside)
        if (rest != file or not inside) and _is_listed(rest):
            names.add(rest.partition("/")[0])
    yield from sorted(names)


def _modules(run: Interpreter, given: list[Value], *, recursive: bool) -> Value:
    """What `pkgutil` lists below the folders of a package."""
    folders = given[0] if isinstance(given[0], (list, tuple)) else [given[0]]
    prefix = given[1] if len(given) > 1 and isinstance(given[1], str) else ""
    found: list[Value] = []
    for folder in folders:
        path = path_of(folder)
        if path is None or not path.startswith(ROOT):
            return None
        for name in _entries(run, path):
            stem, is_module = name.removesuffix(".py"), name.endswith(".py")
            inside = f"{_below(path) or ''}{name}/__init__.py"
            if not is_module and inside not in run.modules.files:
                continue
            found.append(ModuleInfo((None, prefix + stem, not is_module)))
            if recursive and not is_module:
                deeper = _modules(run, [f"{path}/{name}", f"{prefix}{stem}."], recursive=True)
                found += deeper if isinstance(deeper, list) else []
    return found


def _below(folder: str) -> str | None:
    """What the paths of the tree's files in a folder begin with; None for one outside."""
    if folder != ROOT and not folder.startswith(f"{ROOT}/"):
        return None
    inside = folder.removeprefix(ROOT).strip("/")
    return f"{inside}/" if inside else ""


def _is_listed(path: str) -> bool:
    return path.endswith(".py") and posixpath.basename(path) not in ("__init__.py", "__main__.py")
