"""The steps of a scenario and every endpoint's cases, asked of both sides; what came of each."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from bench.automatic.chosen import Act, Scenario
from bench.automatic.sides import Sides
from port_lsp.facts.items import Endpoint
from port_lsp.facts.source import Record
from port_lsp.index.index import Index
from port_lsp.parity.alike import Alike
from port_lsp.parity.asking import Address, Answer, NoAnswerError, Question, ask
from port_lsp.parity.cases import SAFE, Asking, Kind, Taken, UnaskableError
from port_lsp.parity.comparing import Difference, compared
from port_lsp.parity.scenario import ScenarioError, Values, question, taken
from port_lsp.types.schema import ModelSchema

_SECONDS = 60.0  # for an answer: hashing a password takes some in a build without optimization
_PARAMETER = re.compile(r"\\\{\w+(:path)?\\\}")
_LAST = ("POST", "PUT", "PATCH", "DELETE")


class Came(Record, frozen=True):
    """What came of one request: the endpoint that it went to, and why the sides don't agree, ""
    where they do. `apart` says why they aren't meant to."""

    endpoint: str
    kind: Kind
    name: str
    reason: str = ""
    differences: tuple[Difference, ...] = ()
    statuses: tuple[int, int] = (0, 0)
    apart: str = ""

    @property
    def agrees(self) -> bool:
        """Whether both sides did the same."""
        return not self.reason


class Asker:
    """Asks, keeps what each side gave, and holds the databases against each other."""

    def __init__(self, sides: Sides, scenario: Scenario, endpoints: Sequence[Endpoint]) -> None:
        self._sides, self._scenario = sides, scenario
        self._alike = Alike(scenario)
        self._python, self._rust = Values(), Values()
        listed = [one for one in endpoints if one.kind != "fallback"]
        # Of two that fit, the one with fewer parameters answers.
        listed.sort(key=lambda one: one.path.count("{"))
        self._paths = [(one, _pattern(one.path)) for one in listed]

    def begin(self) -> tuple[Difference, ...]:
        """What the databases differ in before anything was asked."""
        return self._alike.left(self._sides.databases.differences())

    def step(self, one: Act) -> Came:
        """What comes of a step."""
        if one.swap:
            self._sides.databases.swap(one.swap, one.where)
        if one.sql:
            self._sides.databases.run(one.sql)
        try:
            python = question(one, self._python.lookup(self._rust))
            rust = question(one, self._rust.lookup(self._python))
        except ScenarioError as error:
            return Came(self._endpoint(one.method, one.path), one.kind, one.name, str(error))
        name = self._endpoint(python.method, python.path)
        came = self._came(name, one.kind, one.name or one.ask, python, rust, one)
        if not one.apart:
            return came
        # What no longer differs must not be said to.
        return replace(came, reason="" if came.reason else "it agrees", apart=one.apart)

    def cases(self, index: Index) -> Iterator[Came]:
        """What comes of every endpoint's cases, of those that change something last."""
        wanted = self._scenario.cases
        if wanted is None:
            return
        for one in sorted((one for one, _ in self._paths), key=_turn):
            if one.kind == "websocket" or any(text in one.id for text in wanted.but):
                continue
            yield from self._cases(one, index)

    def _cases(self, one: Endpoint, index: Index) -> Iterator[Came]:
        name = f"{one.method} {one.path}"
        wanted, reader = self._scenario.cases, index.backend_reader
        assert wanted is not None
        assert reader is not None
        backend = index.snapshot.backend
        models = {model.key: model for model in (backend.models if backend is not None else ())}

        def schema(key: str) -> ModelSchema | None:
            return reader.schema(models[key]) if key in models else None

        parameters = [Taken(it, reader.parameter(one.place.file, it))
                      for it in one.signature.parameters]  # fmt: skip
        known = ((self._python, self._rust), (self._rust, self._python))
        both: list[list[tuple[Kind, str, Question]]] = []
        for side, other in known:
            lookup = side.lookup(other)
            values = {key: value.format_map(lookup) for key, value in wanted.values.items()}
            headers = [(key, value.format_map(lookup)) for key, value in wanted.headers.items()]
            try:
                found = Asking(schema, values, headers).cases(one, parameters)
            except UnaskableError as error:
                yield Came(name, "success", "can't be asked", str(error))
                return
            both.append([(it.kind, it.reason, it.question) for it in found])
        for (kind, reason, python), (_, _, rust) in zip(*both, strict=True):
            yield self._came(name, kind, reason, python, rust)

    def _came(
        self,
        endpoint: str,
        kind: Kind,
        name: str,
        python: Question,
        rust: Question,
        act: Act | None = None,
    ) -> Came:
        said = self._sides.rust.said()
        one = _answer(self._sides.python.address, python)
        other = _answer(self._sides.rust.address, rust)
        found = _between(one, other)
        changes = python.method not in SAFE
        if act is not None:
            self._take(act, one, other)
        left = self._alike.left(found)
        if changes:
            left += self._alike.left(self._sides.databases.differences())
        reason = self._sides.rust.panic(said) or "; ".join(map(str, left[:3])) if left else ""
        if left and changes:
            # So that one thing that goes wrong is told once.
            self._sides.databases.level()
            self._rust.own = dict(self._python.own)
            self._alike.forget()
        return Came(endpoint, kind, name, reason, left, (_status(one), _status(other)))

    def _take(self, act: Act, one: Answer | str, other: Answer | str) -> None:
        for side, answer in ((self._python, one), (self._rust, other)):
            if isinstance(answer, Answer):
                side.own.update(taken(act, answer))
        for name in act.take:
            if name in self._python.own and name not in self._rust.own:
                self._rust.own[name] = self._python.own[name]

    def _endpoint(self, method: str, path: str) -> str:
        asked = path.partition("?")[0]
        for one, pattern in self._paths:
            if one.method == method and pattern.fullmatch(asked):
                return f"{method} {one.path}"
        return f"{method} {asked}"

    def unasked(self, came: Sequence[Came]) -> list[str]:
        """Endpoints that nothing was asked of."""
        named = {one.endpoint for one in came}
        every = (f"{one.method} {one.path}" for one, _ in self._paths)
        return [one for one in every if one not in named]


def _pattern(path: str) -> re.Pattern[str]:
    return re.compile(_PARAMETER.sub(lambda it: ".+" if it[1] else "[^/]+", re.escape(path)))


def _turn(one: Endpoint) -> int:
    return _LAST.index(one.method) + 1 if one.method in _LAST else 0


def _answer(address: Address, asked: Question) -> Answer | str:
    try:
        return ask(address, asked, _SECONDS)
    except NoAnswerError as error:
        return str(error)


def _status(answer: Answer | str) -> int:
    return answer.status if isinstance(answer, Answer) else 0


def _between(one: Answer | str, other: Answer | str) -> tuple[Difference, ...]:
    if isinstance(one, Answer) and isinstance(other, Answer):
        return compared(one, other)
    said = [it if isinstance(it, str) else str(it.status) for it in (one, other)]
    return (Difference("answer", *said),)
