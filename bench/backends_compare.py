"""Compares what the product exports of a backend with what FastAPI itself says of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator

import msgspec
from exported import Row, Tree


class Said(msgspec.Struct, frozen=True, omit_defaults=True):
    """One method of one route as FastAPI has it; fastapi_walk.py's Row says what the fields are."""

    kind: str
    method: str
    path: str
    handler: str
    file: str | None
    def_line: int | None
    decorator_file: str | None
    decorator_line: int | None
    status_code: int | None = None
    dependencies: tuple[str, ...] = ()
    body_models: tuple[str, ...] = ()


class Routes(msgspec.Struct, frozen=True):
    """What FastAPI said of one application, `of` naming what was asked about."""

    of: str
    fastapi: str
    python: str
    endpoints: tuple[Said, ...]


class Exported(msgspec.Struct, frozen=True):
    """An export; everything else in it is skipped."""

    backend: Tree


Pair = tuple[Said, Row]


def handler_agrees(said: Said, row: Row) -> bool:
    """The row names the handler."""
    return said.handler == row.handler


def def_agrees(said: Said, row: Row) -> bool:
    """The row points at the handler's `def`."""
    return (said.file, said.def_line) == (row.file, row.line)


def registered_agrees(said: Said, row: Row) -> bool:
    """The row points at the decorator or the registering call; a library's own call has none."""
    if said.decorator_line is None:
        return True
    return (said.decorator_file, said.decorator_line) == (row.registered.file, row.registered.line)


def exact(said: Said, row: Row) -> bool:
    """The row names the handler and points at both lines."""
    return all(agrees(said, row) for agrees in (handler_agrees, def_agrees, registered_agrees))


def dependencies_agree(said: Said, row: Row) -> bool:
    """The same dependencies stand directly before the handler, in whatever order."""
    return set(said.dependencies) == set(row.dependencies)


def bodies_agree(said: Said, row: Row) -> bool:
    """The body is made of models of the same names; their files aren't compared."""
    exported = {key.rpartition("::")[2].rpartition(".")[2] for key in row.body_models}
    return {name.rpartition(".")[2] for name in said.body_models} == exported


def status_agrees(said: Said, row: Row) -> bool:
    """The status code that was asked for, or none."""
    return said.status_code == row.status_code


class Comparison(msgspec.Struct, frozen=True):
    """What came of one application, or of several."""

    said: int = 0
    """Endpoints whose handlers are in the tree: what recall is of."""
    found: tuple[Pair, ...] = ()
    missing: tuple[Said, ...] = ()
    extra: tuple[Row, ...] = ()
    outside: int = 0
    """Endpoints whose handlers a library has: nothing to read in the tree."""
    outside_found: int = 0
    idle: int = 0
    """Rows that the product calls conditional and FastAPI doesn't have: the condition was false."""
    unresolved: int = 0

    def count(self, agrees: Callable[[Said, Row], bool]) -> int:
        """How many of the pairs found agree in something."""
        return sum(agrees(*pair) for pair in self.found)

    @property
    def precision(self) -> float | None:
        """Found of what was exported, without `idle`; None if that is nothing."""
        exported = len(self.found) + len(self.extra)
        return len(self.found) / exported if exported else None

    @property
    def recall(self) -> float | None:
        """Found of what FastAPI said; None if that is nothing."""
        return len(self.found) / self.said if self.said else None

    def plus(self, other: Comparison) -> Comparison:
        """Both together."""
        return Comparison(
            self.said + other.said,
            self.found + other.found,
            self.missing + other.missing,
            self.extra + other.extra,
            self.outside + other.outside,
            self.outside_found + other.outside_found,
            self.idle + other.idle,
            self.unresolved + other.unresolved,
        )

    def misses(self) -> Iterator[str]:
        """A line for each row that is missing, made up, or differs in what it points at."""
        for said in self.missing:
            place = f"{said.decorator_file}:{said.decorator_line}"
            yield f"- {said.method} {said.path} {said.handler} {place}"
        for row in self.extra:
            place = f"{row.registered.file}:{row.registered.line}"
            yield f"+ {row.method} {row.path} {row.handler} {place}"
        for said, row in self.found:
            yield from (f"~ {said.method} {said.path} {text}" for text in _differences(said, row))


def _differences(said: Said, row: Row) -> Iterator[str]:
    if not handler_agrees(said, row):
        yield f"handler {row.handler}, FastAPI has {said.handler}"
    if not def_agrees(said, row):
        yield f"def {row.file}:{row.line}, FastAPI has {said.file}:{said.def_line}"
    if not registered_agrees(said, row):
        here = f"{row.registered.file}:{row.registered.line}"
        yield f"registered {here}, FastAPI has {said.decorator_file}:{said.decorator_line}"
    if not dependencies_agree(said, row):
        yield f"depends on {_list(row.dependencies)}, FastAPI has {_list(said.dependencies)}"
    if not bodies_agree(said, row):
        yield f"body {_list(row.body_models)}, FastAPI has {_list(said.body_models)}"
    if not status_agrees(said, row):
        yield f"status {row.status_code}, FastAPI has {said.status_code}"


def _list(names: tuple[str, ...]) -> str:
    return " ".join(sorted(names)) or "nothing"


def compare(routes: tuple[Said, ...], exported: Exported) -> Comparison:
    """Pair an export's rows with FastAPI's: of one method and path, the most alike first.

    Starlette's own routes (`app.add_route`) are in FastAPI's list as kind "plain": finding them or
    not counts neither way. Neither does where the lists are in another order.
    """
    rows: defaultdict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in exported.backend.endpoints:
        if row.kind != "fallback":
            rows[row.method, row.path].append(row)
    pairs: list[Pair] = []
    missing: list[Said] = []
    routes = tuple(_own_bodies(routes))
    # Rows in the tree choose first: a library's or Starlette's route takes only what is left.
    for said in sorted(routes, key=lambda s: (s.kind == "plain", s.file is None)):
        same = rows[said.method, said.path]
        if same:
            best = max(same, key=lambda row: _likeness(said, row))
            same.remove(best)
            pairs.append((said, best))
        else:
            missing.append(said)
    left = [row for same in rows.values() for row in same]
    counted = [said for said in routes if said.kind != "plain" and said.file is not None]
    outside = [said for said in routes if said.kind != "plain" and said.file is None]
    return Comparison(
        said=len(counted),
        found=tuple(pair for pair in pairs if _counts(pair[0])),
        missing=tuple(said for said in missing if _counts(said)),
        extra=tuple(row for row in left if row.conditional is None),
        outside=len(outside),
        outside_found=sum(said.kind != "plain" and said.file is None for said, _ in pairs),
        idle=sum(row.conditional is not None for row in left),
        unresolved=len(exported.backend.unresolved),
    )


def _own_bodies(routes: tuple[Said, ...]) -> Iterator[Said]:
    """The routes with those models of their bodies that the tree's own packages define."""
    packages = {
        part.removesuffix(".py") for said in routes if said.file for part in said.file.split("/")
    }
    for said in routes:
        own = [name for name in said.body_models if name.partition(".")[0] in packages]
        yield msgspec.structs.replace(said, body_models=tuple(own))


def _counts(said: Said) -> bool:
    return said.kind != "plain" and said.file is not None


def _likeness(said: Said, row: Row) -> int:
    return handler_agrees(said, row) + def_agrees(said, row) + registered_agrees(said, row)
