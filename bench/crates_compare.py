"""Compares what the product exports of a crate with what was read of it by hand."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator

import msgspec
from exported import Row, Spot, Tree

# A place that can't be read is listed at its call, its statement or its argument.
NEAR = 3


class Fact(msgspec.Struct, frozen=True):
    """A registration as read by hand; lines are 1-based, files relative to the crate's root.

    `handler` is the name of the `fn`, `written` the name at the registration where an import
    renames it; None is a constant. `file` and `line` are the `fn`'s, or where the closure begins;
    None for what stands outside of the tree. `condition` as `conditional` in an export. `prefix`
    is "always" or "sometimes" where a prefix stands before it that only a running program knows.
    """

    method: str
    path: str
    handler: str | None
    file: str | None
    line: int | None
    reg_file: str
    reg_line: int
    written: str | None = None
    condition: str | None = None
    prefix: str | None = None
    optional: bool = False


class Unreadable(msgspec.Struct, frozen=True):
    """A place whose path or prefix only a running program knows."""

    file: str
    line: int
    what: str


class Facts(msgspec.Struct, frozen=True):
    """Everything that was read by hand of one application at one commit."""

    source: str
    commit: str
    endpoints: tuple[Fact, ...]
    unresolved: tuple[Unreadable, ...]


class Exported(msgspec.Struct, frozen=True):
    """An export; everything else in it is skipped."""

    crate: Tree


def handler_agrees(fact: Fact, row: Row) -> bool:
    """The row names the handler, or there is no name to compare."""
    return fact.handler is None or row.handler in (fact.handler, fact.written)


def fn_agrees(fact: Fact, row: Row) -> bool:
    """The row points at the handler's `fn`, or there is none to point at."""
    return fact.line is None or (fact.file, fact.line) == (row.file, row.line)


def registered_agrees(fact: Fact, row: Row) -> bool:
    """The row points at the registering call."""
    return (fact.reg_file, fact.reg_line) == (row.registered.file, row.registered.line)


def condition_agrees(fact: Fact, row: Row) -> bool:
    """Both say that the registration is conditional, or neither does."""
    return bool(fact.condition) == bool(row.conditional)


class Comparison(msgspec.Struct, frozen=True):
    """What came of one application, or of several."""

    by_hand: int = 0
    found: tuple[tuple[Fact, Row], ...] = ()
    missing: tuple[Fact, ...] = ()
    extra: tuple[Row, ...] = ()
    unresolved: int = 0
    known: int = 0
    known_listed: int = 0

    @property
    def handlers(self) -> int:
        return sum(handler_agrees(*pair) for pair in self.found)

    @property
    def fn_lines(self) -> int:
        return sum(fn_agrees(*pair) for pair in self.found)

    @property
    def registered(self) -> int:
        return sum(registered_agrees(*pair) for pair in self.found)

    @property
    def conditions(self) -> int:
        return sum(condition_agrees(*pair) for pair in self.found)

    def plus(self, other: Comparison) -> Comparison:
        """Both together."""
        return Comparison(
            self.by_hand + other.by_hand,
            self.found + other.found,
            self.missing + other.missing,
            self.extra + other.extra,
            self.unresolved + other.unresolved,
            self.known + other.known,
            self.known_listed + other.known_listed,
        )

    def misses(self) -> Iterator[str]:
        """A line for each row that is missing, made up, or differs in what it points at."""
        for fact in self.missing:
            place = f"{fact.reg_file}:{fact.reg_line}"
            yield f"- {fact.method} {fact.path} {fact.handler or '(no fn)'} {place}"
        extra = Counter(
            f"+ {row.method} {row.path} {row.handler} {row.registered.file}:{row.registered.line}"
            for row in self.extra
        )
        yield from (f"{text} ×{n}" if n > 1 else text for text, n in extra.items())
        for fact, row in self.found:
            yield from (f"~ {fact.method} {fact.path} {text}" for text in _differences(fact, row))


def _differences(fact: Fact, row: Row) -> Iterator[str]:
    if not handler_agrees(fact, row):
        yield f"handler {row.handler}, by hand {fact.handler}"
    if not fn_agrees(fact, row):
        yield f"fn {row.file}:{row.line}, by hand {fact.file}:{fact.line}"
    if not registered_agrees(fact, row):
        here = f"{row.registered.file}:{row.registered.line}"
        yield f"registered {here}, by hand {fact.reg_file}:{fact.reg_line}"
    if not condition_agrees(fact, row):
        yield f"conditional {row.conditional}, by hand {fact.condition}"


def compare(facts: Facts, exported: Exported) -> Comparison:
    """Pairs the rows of an export with those read by hand: on one method and path, the most alike
    first. The order of either list doesn't matter."""
    rows: defaultdict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in exported.crate.endpoints:
        if row.kind != "fallback":
            method = "GET" if row.method == "WEBSOCKET" else row.method
            rows[method, row.path].append(row)
    pairs: list[tuple[Fact, Row]] = []
    left: list[Fact] = []
    same: defaultdict[tuple[str, str], list[Fact]] = defaultdict(list)
    for fact in facts.endpoints:
        same[fact.method, fact.path].append(fact)
    for key, alike in same.items():
        left += _pair(alike, rows[key], pairs)
    extra = [row for some in rows.values() for row in some]
    for fact in [fact for fact in left if fact.prefix == "always"]:
        row = next((row for row in extra if _is_variant(row, fact)), None)
        if row is not None:
            pairs.append((fact, row))
            left.remove(fact)
            extra.remove(row)
    listed = [place for place in facts.unresolved if _is_listed(place, exported.crate.unresolved)]
    return Comparison(
        by_hand=sum(not fact.optional for fact in facts.endpoints),
        found=tuple(pair for pair in pairs if not pair[0].optional),
        missing=tuple(fact for fact in left if not fact.optional),
        extra=tuple(row for row in extra if not _is_excused(row, facts)),
        unresolved=len(exported.crate.unresolved),
        known=len(facts.unresolved),
        known_listed=len(listed),
    )


def _pair(facts: list[Fact], rows: list[Row], pairs: list[tuple[Fact, Row]]) -> list[Fact]:
    """Moves the best pairs from `facts` and `rows` (both emptied as far as it goes) to `pairs`;
    gives the facts that are left. An optional fact only takes what no other needs."""
    while facts and rows:
        fact, row = max(
            ((fact, row) for fact in facts for row in rows),
            key=lambda pair: (
                not pair[0].optional,
                handler_agrees(*pair) + fn_agrees(*pair) + registered_agrees(*pair),
                condition_agrees(*pair),
            ),
        )
        pairs.append((fact, row))
        facts.remove(fact)
        rows.remove(row)
    return facts


def _is_variant(row: Row, fact: Fact) -> bool:
    """The same registration, under a prefix that can't be known."""
    return (
        fact.prefix is not None
        and registered_agrees(fact, row)
        and row.method == fact.method
        and (row.path.endswith(fact.path) or fact.path == "/")
    )


def _is_excused(row: Row, facts: Facts) -> bool:
    """Something is registered there, under a path or a prefix that can't be known."""
    here = (row.registered.file, row.registered.line)
    return any((place.file, place.line) == here for place in facts.unresolved) or any(
        _is_variant(row, fact) for fact in facts.endpoints
    )


def _is_listed(place: Unreadable, listed: tuple[Spot, ...]) -> bool:
    return any(spot.file == place.file and abs(spot.line - place.line) <= NEAR for spot in listed)
