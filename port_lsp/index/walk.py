"""Which source files there are below a folder: one walk for both sides, each folder read once.

Left out are hidden folders, virtual environments, what tools install or build, and what
.gitignore names. Symbolic links are followed only out of what is walked anyway and never out of
the repository, so that no file comes twice and no loop matters.
"""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

from pathspec import GitIgnoreSpec

SOURCES = (".py", ".rs")
MANIFEST = "Cargo.toml"
LOCK = "Cargo.lock"
PROJECT = "pyproject.toml"
MAX_FOLDERS = 20_000
_NEVER = frozenset({"node_modules", "site-packages", "__pycache__", "conda-meta"})
_BUILT = frozenset({"build", "dist", "target"})  # unless they hold modules themselves
# What a build's folder stands beside: what says how to build, or the repository's top.
_BUILDERS = (PROJECT, "setup.py", "setup.cfg", MANIFEST, "package.json", "Makefile")
_TOP = ".git"
_ENVIRONMENT = frozenset({"pyvenv.cfg", "conda-meta"})


class Cancelled(Exception):  # noqa: N818 - no error: it was asked for
    """Somebody wants the result no more."""


class Rules(NamedTuple):
    """One .gitignore and the folder that it stands in."""

    folder: str
    spec: GitIgnoreSpec


class Folder(NamedTuple):
    """A folder that was read: names in order, source files and manifests only."""

    folders: tuple[str, ...]
    files: tuple[str, ...]
    rules: tuple[Rules, ...]


def repository_top(start: Path) -> Path | None:
    """The folder with .git, at or above a folder; None where home or the root comes first.

    A submodule's .git is a file that points into its superproject: the search goes on.
    """
    home = Path.home()
    for folder in (start, *start.parents):
        if folder == home or folder == folder.parent:
            return None
        git = folder / ".git"
        if git.is_dir() or (git.is_file() and not _is_submodule(git)):
            return folder
    return None


def _is_submodule(git: Path) -> bool:
    try:
        return "/modules/" in git.read_text("utf-8", "replace").replace("\\", "/")
    except OSError:
        return False


class Tree:
    """The folders that were read so far. `top` is the repository's, `notes` what went wrong."""

    def __init__(self, top: Path | None, cancelled: Callable[[], bool] = lambda: False) -> None:
        self.top = str(top) if top else None
        self.notes: dict[str, str] = {}
        self._folders: dict[str, Folder] = {}
        self._cancelled = cancelled

    def below(self, base: str) -> Iterator[str]:
        """Absolute paths of source files and manifests in and below a folder, in order."""
        self._read(base)
        waiting = [base]
        while waiting:
            path = waiting.pop()
            folder = self._folders.get(path)
            if folder is None:
                continue
            for name in folder.files:
                yield os.path.join(path, name)
            waiting.extend(os.path.join(path, name) for name in reversed(folder.folders))

    def accepts(self, base: str, path: str) -> bool:
        """Whether a file that isn't on disk would be listed below a folder."""
        relative = os.path.relpath(path, base)
        parts = relative.split(os.sep)
        if parts[0] == os.pardir or not _is_source(parts[-1]):
            return False
        at, rules = base, self._rules_above(base)
        for part in parts[:-1]:
            at = os.path.join(at, part)
            folder = self._folders.get(at)
            rules = folder.rules if folder is not None else rules
            if _is_skipped(at, part) or _ignored(rules, at + "/"):
                return False
        return not _ignored(rules, path)

    def _read(self, base: str) -> None:
        """Reads every folder below `base` that wasn't read yet; links last, each target once."""
        links: list[str] = []
        self._read_all(base, links)
        seen = {os.path.realpath(base)}
        while links:
            links.sort(key=os.path.isfile)  # a file may be in a folder that another link leads to
            link = links.pop(0)
            target = os.path.realpath(link)
            if self._overlaps(target, seen):
                continue
            seen.add(target)
            parent, name = os.path.split(link)
            held = self._folders[parent]
            if os.path.isdir(target):
                self._read_all(link, links)
                if link in self._folders:
                    folders = tuple(sorted({*held.folders, name}))
                    self._folders[parent] = held._replace(folders=folders)
            elif os.path.isfile(target):
                files = tuple(sorted({*held.files, name}))
                self._folders[parent] = held._replace(files=files)

    def _overlaps(self, target: str, seen: set[str]) -> bool:
        """Whether a link leads out of the repository, or to what is walked anyway."""
        if self.top is None or not is_below(target, os.path.realpath(self.top)):
            return True
        return any(is_below(target, one) or is_below(one, target) for one in seen)

    def _read_all(self, base: str, links: list[str]) -> None:
        waiting = [(base, self._rules_above(base))]
        while waiting:
            if self._cancelled():
                raise Cancelled
            path, rules = waiting.pop()
            folder = self._folders.get(path)
            if folder is None:
                if len(self._folders) >= MAX_FOLDERS:
                    self.notes[base] = f"more than {MAX_FOLDERS} folders: the rest wasn't looked at"
                    return
                folder = self._read_one(path, rules, links, first=path == base)
                if folder is None:
                    continue
                self._folders[path] = folder
            waiting.extend((os.path.join(path, name), folder.rules) for name in folder.folders)

    def _read_one(
        self, path: str, rules: tuple[Rules, ...], links: list[str], *, first: bool
    ) -> Folder | None:
        try:
            with os.scandir(path) as found:
                entries = sorted(found, key=lambda entry: entry.name)
        except OSError as error:
            self.notes[path] = f"cannot be read: {error.strerror or error}"
            return None
        names = {entry.name for entry in entries}
        if not first and not names.isdisjoint(_ENVIRONMENT):
            return None
        if ".gitignore" in names:
            rules = (*rules, *self._gitignore(path))
        folders: list[str] = []
        files: list[str] = []
        for entry in entries:
            name = entry.name
            if entry.is_symlink():
                if not _is_skipped(entry.path, name) and not _ignored(rules, entry.path):
                    links.extend([entry.path] if _is_source(name) or "." not in name else [])
            elif entry.is_dir(follow_symlinks=False):
                if not _is_skipped(entry.path, name) and not _ignored(rules, entry.path + "/"):
                    folders.append(name)
            elif _is_source(name) and entry.is_file() and not _ignored(rules, entry.path):
                files.append(name)
        return Folder(tuple(folders), tuple(files), rules)

    def _gitignore(self, folder: str) -> Iterator[Rules]:
        try:
            with open(os.path.join(folder, ".gitignore"), encoding="utf-8", errors="replace") as f:
                yield Rules(folder, GitIgnoreSpec.from_lines(f.read().splitlines()))
        except (OSError, ValueError) as error:
            self.notes[os.path.join(folder, ".gitignore")] = f"not honoured: {error}"

    def _rules_above(self, base: str) -> tuple[Rules, ...]:
        """The .gitignore files above a folder; none where they ignore the folder itself."""
        if (known := self._folders.get(os.path.dirname(base))) is not None:
            rules = known.rules
        elif self.top is None or not is_below(base, self.top):
            return ()
        else:
            above: list[str] = []
            folder = base
            while folder != self.top:
                folder = os.path.dirname(folder)
                above.append(folder)
            rules = tuple(
                rule
                for folder in reversed(above)
                if os.path.isfile(os.path.join(folder, ".gitignore"))
                for rule in self._gitignore(folder)
            )
        return () if _ignored_anywhere(rules, base) else rules


def _is_source(name: str) -> bool:
    return name.endswith(SOURCES) or name in (MANIFEST, LOCK, PROJECT)


def is_below(path: str, folder: str) -> bool:
    """Whether a path is a folder or something below it; both absolute."""
    return path == folder or path.startswith(folder.rstrip(os.sep) + os.sep)


def _is_skipped(path: str, name: str) -> bool:
    """Whether a folder holds nothing of the project by its name."""
    if name.startswith(".") or name in _NEVER:
        return True
    return name in _BUILT and _is_built(path)


def _is_built(path: str) -> bool:
    """Whether a folder named like a build's is none of the project's packages, which may be called
    so, too: nothing is built into a package, and what is built isn't far from what builds it."""
    folder = os.path.dirname(path)
    modules = ((path, "__init__.py"), (path, "mod.rs"), (folder, "__init__.py"), (f"{path}.rs",))
    if any(os.path.exists(os.path.join(*module)) for module in modules):
        return False
    if any(os.path.exists(os.path.join(folder, name)) for name in (*_BUILDERS, _TOP)):
        return True
    try:
        return not any(name.endswith(".py") for name in os.listdir(path))
    except OSError:
        return True


def _ignored(rules: tuple[Rules, ...], path: str) -> bool:
    """Whether the last line that speaks of a path, of the nearest file that has one, ignores it."""
    for folder, spec in reversed(rules):
        relative = path[len(folder) :].lstrip(os.sep)
        included = spec.check_file(relative).include
        if included is not None:
            return included
    return False


def _ignored_anywhere(rules: tuple[Rules, ...], base: str) -> bool:
    """Whether a folder or one above it is ignored."""
    outer = rules[0].folder if rules else base
    while len(base) > len(outer):
        if _ignored(tuple(r for r in rules if is_below(base, r.folder)), base + "/"):
            return True
        base = os.path.dirname(base)
    return False
