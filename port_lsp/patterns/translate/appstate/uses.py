"""What the whole backend does with the application's state: which attributes it has, when each gets
its first value, and which objects in it are nothing but a place for more of them."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from typing import Literal

from port_lsp.facts.items import Side
from port_lsp.facts.source import Record, SourceFile
from port_lsp.patterns.desk import Desk
from port_lsp.patterns.names import distinct, snake
from port_lsp.patterns.translate.appstate.mentions import Mention, Mentions, mentions_in
from port_lsp.patterns.translate.binding import dotted

Path = tuple[str, ...]
When = Literal["start", "request", "other"]
_PLAIN = ("types.SimpleNamespace", "SimpleNamespace", "starlette.datastructures.State", "State")
_DEEPEST = 2


class Write(Record, frozen=True):
    """An assignment to an attribute, in a file: `value` is None where it isn't one expression."""

    file: str
    mention: Mention
    when: When

    @property
    def value(self) -> ast.expr | None:
        """What is assigned."""
        return self.mention.value


class Place(Record, frozen=True):
    """An attribute of the state: what the crate's field of it is called, what is assigned to it.

    `first` is the assignment that surely gives it its first value, if there is one; `unset` says
    that nothing does before a request has set it. `owner` is what Python calls the class of the
    object that it is of, "" where that may be any. `handed` says that what isn't a request gets
    the value, which may change it where it may be changed; `base` is what makes the object that it
    is of, where that isn't the state itself."""

    path: Path
    name: str
    writes: tuple[Write, ...]
    first: Write | None = None
    unset: bool = False
    owner: str = "State"
    handed: bool = False
    base: Write | None = None

    @property
    def python(self) -> str:
        """As Python names it."""
        return ".".join(("app", "state", *self.path))


class Uses:
    """All of them, by their paths behind `app.state`."""

    def __init__(self, files: Mapping[str, SourceFile], side: Side | None) -> None:
        """Of a backend's files; none where it has several applications, or none that is known."""
        self.places: dict[Path, Place] = {}
        self.applications: frozenset[str] = frozenset()
        found = {path: mentions_in(one.text.data) for path, one in files.items()
                 if path.endswith(".py") and not _is_test(path)}  # fmt: skip
        found = {path: one for path, one in found.items() if one != Mentions()}
        if sum(one.made for one in found.values()) != 1:
            return
        self.applications = frozenset(name for one in found.values() for name in one.applications)
        self._handlers = {one.key for one in (side.endpoints if side is not None else ())}
        self._modules = found
        lifespans = {name for one in found.values() for name in one.lifespans}
        self._starting = lifespans or {name for one in found.values() for name in one.starting}
        self._makers = {name for one in found.values() for name in one.makers}
        every = [
            (file, one) for file, of in found.items() for one in of.every if self._is_state(one)
        ]
        self._collect(every)

    def is_application(self, file: str, name: str) -> bool:
        """Whether a module's name is the application: it makes it, or imports it from who does."""
        own = self._modules.get(file) if self.places else None
        if own is None or name not in self.applications or own.makers:
            return False
        makers = [path for path, one in self._modules.items() if name in one.applications]
        stems = {path.rpartition("/")[2].removesuffix(".py") for path in makers}
        return name in own.applications or any((stem, name) in own.imports for stem in stems)

    def place(self, path: Path) -> Place | None:
        """The longest attribute that is known, of those that a path leads through."""
        return next(
            (self.places[path[:size]] for size in (1, 2) if path[:size] in self.places), None
        )

    def _is_state(self, one: Mention) -> bool:
        """Whether what stands before `.state` may be the application."""
        last = one.root.rpartition(".")[2]
        if one.root in self.applications or ("." in one.root and last == "app"):
            return True
        if not one.inside:
            return False
        args = one.inside[-1].args
        every = [*args.posonlyargs, *args.args, *args.kwonlyargs]
        given = next((each for each in every if each.arg == one.root), None)
        said = given.annotation if given is not None else None
        is_app = said is not None and dotted(said).rpartition(".")[2] in ("FastAPI", "Starlette")
        starts = one.inside[-1].name in self._starting and bool(every) and given is every[0]
        return given is not None and (is_app or starts)

    def _when(self, file: str, one: Mention) -> When:
        names = [each.name for each in one.inside]
        if len(names) == 1 and f"{file}::{names[0]}" in self._handlers:
            return "request"
        if not names:
            return "start" if self._modules[file].applications else "other"
        last = names[-1]
        known = last in self._starting or (last in self._makers and len(names) == 1)
        return "start" if known else "other"

    def _collect(self, every: list[tuple[str, Mention]]) -> None:
        writes: dict[Path, list[Write]] = {}
        touched: dict[Path, list[tuple[When, Mention]]] = {}
        leaked = False
        for file, one in every:
            when = self._when(file, one)
            leaked = leaked or (one.how == "leaked" and when != "request")
            path = one.path[:_DEEPEST]
            if one.late and one.inside and when == "start":
                continue  # when the application stops
            if one.how == "set" and len(one.path) <= _DEEPEST:
                writes.setdefault(path, []).append(Write(file, one, when))
            elif one.path:
                touched.setdefault(path, []).append((when, one))
                touched.setdefault(path[:1], []).append((when, one))
        spaces = {path[:1] for path in writes if len(path) == _DEEPEST}
        taken: set[str] = set()
        for path, own in writes.items():
            if path in spaces:
                continue
            base = writes.get(path[:1], []) if len(path) == _DEEPEST else []
            if any(one.when != "start" for one in base):
                continue  # its attributes come and go with it
            space = _space(base) if len(path) == _DEEPEST else "State"
            quiet = not leaked and not any(
                when != "request" and (one.how != "read" or one.path in spaces)
                for when, one in (*touched.get(path, ()), *touched.get(path[:1], ()))
                if one.path[: len(path)] == path or one.path == path[:1]
            )
            first = _first(own) if quiet and space else None
            handed = any(when != "request" for when, _ in touched.get(path, ()))
            name = snake(path[-1])
            name = distinct(name if name not in taken else snake("_".join(path)), taken)
            unset = quiet and bool(space) and all(one.when == "request" for one in own)
            self.places[path] = Place(
                path,
                name,
                tuple(own),
                first,
                unset,
                space,
                handed,
                base[0] if len(base) == 1 else None,
            )


def _first(writes: list[Write]) -> Write | None:
    """The last assignment that is made when the application starts, if that is surely made: of a
    module, or of what runs later, when the application starts."""
    before = [one for one in writes if one.when != "request"]
    own = [one for one in before if one.mention.inside] or before
    if len(own) != 1 or any(one.when != "start" for one in before) or own[0].value is None:
        return None
    one = own[0].mention
    return own[0] if one.straight and not one.late else None


def _space(writes: list[Write]) -> str:
    """The class of an object that is nothing but a place for attributes; "" for any other."""
    first = _first(writes) if len(writes) == 1 else None
    made = first.value if first is not None else None
    name = dotted(made.func) if isinstance(made, ast.Call) else ""
    if not isinstance(made, ast.Call) or name not in _PLAIN or made.args or made.keywords:
        return ""
    return "State" if name.endswith("State") else "types.SimpleNamespace"


def _is_test(path: str) -> bool:
    parts = path.split("/")
    return any(one in ("test", "tests") for one in parts) or parts[-1].startswith("test_")


def uses_at(desk: Desk) -> Uses:
    """Those of a desk's backend, worked out once for a revision."""
    return desk.shares(_uses)


def _uses(desk: Desk) -> Uses:
    return Uses(desk.snapshot.backend_files, desk.snapshot.backend)
