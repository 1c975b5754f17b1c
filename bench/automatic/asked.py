"""The steps of a scenario and every endpoint's cases, asked of both sides; what came of each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from bench.automatic.chosen import Act, Scenario
from bench.automatic.sides import Sides
from port_lsp.facts.items import Endpoint
from port_lsp.facts.source import Record
from port_lsp.index.index import Index
from port_lsp.parity import following
from port_lsp.parity.asking import Answer, Question
from port_lsp.parity.cases import SAFE, Asking, Kind, Taken, UnaskableError
from port_lsp.parity.comparing import Difference
from port_lsp.parity.running import Plan
from port_lsp.parity.scenario import ScenarioError
from port_lsp.types.schema import ModelSchema
from port_lsp.writing.registering import Framework

_SECONDS = 60.0  # for an answer: hashing a password takes some in a build without optimization
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

    def __init__(
        self, sides: Sides, scenario: Scenario, endpoints: Sequence[Endpoint], framework: Framework
    ) -> None:
        self._sides, self._scenario, self._framework = sides, scenario, framework
        plan = Plan(sides.python.address, sides.rust.address, _SECONDS, unsafe=True)
        self._both = following.Sides(plan, scenario)
        self._paths = following.Paths(endpoints)

    def begin(self) -> tuple[Difference, ...]:
        """What the databases differ in before anything was asked."""
        return self._both.alike.left(self._sides.databases.differences())

    def step(self, one: Act) -> Came:
        """What comes of a step."""
        if one.swap:
            self._sides.databases.swap(one.swap, one.where)
        if one.sql:
            self._sides.databases.run(one.sql)
        try:
            python, rust = self._both.questions(one)
        except ScenarioError as error:
            return Came(self._endpoint(one.method, one.path), one.kind, one.name, str(error))
        name = self._endpoint(python.method, python.path)
        came = self._came(name, one.kind, one.name or one.ask, python, rust, one)
        if not one.apart or one.apart_on not in ("", self._framework):
            return came
        # What no longer differs must not be said to.
        return replace(came, reason="" if came.reason else "it agrees", apart=one.apart)

    def cases(self, index: Index) -> Iterator[Came]:
        """What comes of every endpoint's cases, of those that change something last."""
        wanted = self._scenario.cases
        if wanted is None:
            return
        for one in sorted(self._paths.endpoints, key=_turn):
            if any(text in one.id for text in wanted.but):
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

        parameters = [
            Taken(it, reader.parameter(one.place.file, it)) for it in one.signature.parameters
        ]
        python, rust = self._both.python, self._both.rust
        asked: list[list[tuple[Kind, str, Question]]] = []
        for known in (python.lookup(rust), rust.lookup(python)):
            try:
                values = {key: value.format_map(known) for key, value in wanted.values.items()}
                headers = [(key, value.format_map(known)) for key, value in wanted.headers.items()]
                found = Asking(schema, values, headers).cases(one, parameters)
            except (UnaskableError, KeyError) as error:
                yield Came(name, "success", "can't be asked", str(error))
                return
            asked.append([(it.kind, it.reason, it.question) for it in found])
        for (kind, reason, ours), (_, _, theirs) in zip(*asked, strict=True):
            yield self._came(name, kind, reason, ours, theirs)

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
        pair = self._both.asked(python, rust)
        changes, left = python.method not in SAFE, pair.differences
        if act is not None:
            self._both.take(act, pair)
        if changes:
            left += self._both.alike.left(self._sides.databases.differences())
        reason = self._sides.rust.panic(said) or "; ".join(map(str, left[:3])) if left else ""
        if left and changes:
            # So that one thing that goes wrong is told once.
            self._sides.databases.level()
            self._both.rust.own = dict(self._both.python.own)
            self._both.alike.forget()
        return Came(endpoint, kind, name, reason, left, (_status(pair.python), _status(pair.rust)))

    def _endpoint(self, method: str, path: str) -> str:
        found = self._paths.endpoint(method, path)
        return f"{method} {found.path if found is not None else path.partition('?')[0]}"

    def unasked(self, came: Sequence[Came]) -> list[str]:
        """Endpoints that nothing was asked of."""
        named = {one.endpoint for one in came}
        every = (f"{one.method} {one.path}" for one in self._paths.endpoints)
        return [one for one in every if one not in named]


def _turn(one: Endpoint) -> int:
    return _LAST.index(one.method) + 1 if one.method in _LAST else 0


def _status(answer: Answer | str) -> int:
    return answer.status if isinstance(answer, Answer) else 0
