"""How the crate's handlers are written, for people: each answer with what it rests on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterator
from typing import TypeVar

from port_lsp.facts.source import Record
from port_lsp.patterns.desk import Desk
from port_lsp.patterns.endpoints.conventions import Conventions, GuardWay
from port_lsp.patterns.endpoints.extractors import Asked
from port_lsp.patterns.endpoints.handlers import Handler, Neighbours, tally
from port_lsp.patterns.endpoints.overrides import Overrides
from port_lsp.writing.ir import items as i
from port_lsp.writing.ir.types import named
from port_lsp.writing.printer.names import qualified
from port_lsp.writing.printer.patterns import print_pattern
from port_lsp.writing.printer.types import print_type

_Answer = TypeVar("_Answer", bound=Hashable)
_TAKES: tuple[Asked, ...] = ("body", "query", "path", "form")
_GUIDE = "the guide: no handler of the crate says it"
_ANSWER = named("_")


class Row(Record, frozen=True):
    """A question (the configuration's key for it), its answer, and what that rests on."""

    question: str
    answer: str
    rests_on: str


def convention_rows(desk: Desk) -> list[Row]:
    """The answers for the crate as a whole; those for a file follow its own handlers first."""
    return list(_Rows(desk).all())


class _Rows:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._handlers = Neighbours(desk).all
        self._conventions = Conventions(desk, Neighbours(desk), "")
        unread = Overrides(desk).unread()
        configured = (name for name, _ in desk.snapshot.config.conventions)
        self._configured = {name for name in configured if name not in unread}

    def all(self) -> Iterator[Row]:
        ways = self._conventions
        crate = self._desk.snapshot.crate
        version = f" {crate.framework_version}" if crate and crate.framework_version else ""
        locked = any(path.endswith("Cargo.lock") for path in self._desk.workshop.manifests)
        rests_on = "Cargo.toml and Cargo.lock" if locked else "Cargo.toml"
        yield Row("framework", f"{self._desk.framework}{version}", rests_on)
        folders = Counter(one.file.rpartition("/")[0] for one in self._handlers)
        if folders:
            folder, count = folders.most_common(1)[0]
            yield self._row("handlers", folder, self._of(count, folders.total()))
        state = ways.state()
        shown = " ".join([*map(_generic, ways.state_generics()), _param(state)])
        yield self._row("state", shown, self._rest(ways.says.state_of))
        nothing = GuardWay("nothing")
        returns = ways.returns(nothing)
        yield self._row("result", print_type(returns.around(_ANSWER), qualified),
                        self._rest(ways.says.returns_of))  # fmt: skip
        for level in ("user", "role"):
            way = ways.guard(level, None)
            rest = self._rest(lambda one, level=level: ways.says.guard_of(one, level))
            yield self._row(level, _guard(way), rest)
        for takes in _TAKES:
            rest = self._rest(lambda one, takes=takes: ways.says.extractor_of(one, takes))
            yield self._row(takes, qualified(ways.extractor(takes)), rest)
        public = ways.visibility()
        rest = self._rest(lambda one: one.item.public)
        yield self._row("visibility", public or "private", rest)

    def _row(self, question: str, answer: str, rests_on: str) -> Row:
        if question in self._configured:
            rests_on = "the configuration"
        return Row(question, answer, rests_on)

    def _rest(self, says: Callable[[Handler], _Answer | None]) -> str:
        said = tally([self._handlers], says)
        return self._of(said.voices, said.of) if said is not None else _GUIDE

    @staticmethod
    def _of(count: int, of: int) -> str:
        return f"{count} of {of} handlers that say it"


def _generic(one: i.Generic) -> str:
    """`<DB: crate::Database>`, which the state's type speaks of."""
    return f"<{one.name}: {' + '.join(print_type(kind, qualified) for kind in one.bounds)}>"


def _param(param: i.Param | None) -> str:
    if param is None:
        return "none"
    pattern = print_pattern(param.pattern, qualified)
    return f"{pattern}: {print_type(param.type, qualified)}" if param.type else pattern


def _guard(way: GuardWay | None) -> str:
    if way is None:
        return "none"
    param = _param(way.param) if way.param is not None else ""
    if way.by == "extractor":
        return param
    what = way.by if not way.check else f"{way.by} `{way.check}`"
    return f"{what}, {param}" if param else what
