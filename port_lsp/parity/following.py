"""Follows a scenario: asks both sides step by step, and keeps what each gave."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

import msgspec
import tomlkit
from tomlkit.exceptions import TOMLKitError

from port_lsp.facts.items import Endpoint
from port_lsp.facts.source import Record
from port_lsp.index.snapshot import Snapshot
from port_lsp.parity.alike import Alike, Allowed
from port_lsp.parity.answering import answered
from port_lsp.parity.asking import Answer, Question
from port_lsp.parity.cases import SAFE
from port_lsp.parity.comparing import Difference, compared
from port_lsp.parity.results import ported, texts_of
from port_lsp.parity.running import Differing, Outcome, Plan
from port_lsp.parity.scenario import ScenarioError, Step, Values, question, taken

_ASK = re.compile(r"[A-Z]+ /\S*")
_PARAMETER = re.compile(r"\\\{\w+(:path)?\\\}")


class Scenario(Allowed, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a scenario's file says."""

    step: tuple[Step, ...] = ()


class Pair(Record, frozen=True):
    """What both sides said to one request: an answer, or why there is none."""

    python: Answer | str
    rust: Answer | str
    differences: tuple[Difference, ...]


class Sides:
    """Both sides, and the values that were taken of each."""

    def __init__(self, plan: Plan, allowed: Allowed) -> None:
        self.plan, self.alike = plan, Alike(allowed)
        self.python, self.rust = Values(), Values()

    def questions(self, step: Step) -> tuple[Question, Question]:
        """The request of a step for either side. Raises ScenarioError."""
        python = question(step, self.python.lookup(self.rust))
        return python, question(step, self.rust.lookup(self.python))

    def asked(self, python: Question, rust: Question) -> Pair:
        """What comes of a request that is each side's own."""
        one = answered(self.plan.python, python, self.plan.timeout)
        other = answered(self.plan.rust, rust, self.plan.timeout)
        if isinstance(one, Answer) and isinstance(other, Answer):
            found = compared(one, other, self.plan.ignore)
            if found and found[0].where == "body" and self.alike.is_text(one.body, other.body):
                found = ()
        else:
            said = [it if isinstance(it, str) else str(it.status) for it in (one, other)]
            found = (Difference("answer", *said),)
        return Pair(one, other, self.alike.left(found))

    def take(self, step: Step, pair: Pair) -> None:
        """Keeps what a step takes of its answers."""
        for side, answer in ((self.python, pair.python), (self.rust, pair.rust)):
            if isinstance(answer, Answer):
                side.own.update(taken(step, answer))


class Paths:
    """Which endpoint a path means."""

    def __init__(self, endpoints: Iterable[Endpoint]) -> None:
        listed = [one for one in endpoints if one.kind != "fallback"]
        # Of two that fit, the one with fewer parameters answers.
        listed.sort(key=lambda one: one.path.count("{"))
        self.endpoints = tuple(listed)
        self._patterns = [(one, _pattern(one.path)) for one in listed]

    def endpoint(self, method: str, path: str) -> Endpoint | None:
        """The endpoint that answers; `path` with its query, quoted or not."""
        asked = path.partition("?")[0]
        for one, pattern in self._patterns:
            if one.method == method and pattern.fullmatch(asked):
                return one
        return None


def read(text: str) -> Scenario:
    """The scenario of a TOML file. Raises ScenarioError."""
    try:
        document: Any = tomlkit.parse(text).unwrap()
        found = msgspec.convert(document, Scenario)
    except (TOMLKitError, msgspec.ValidationError) as error:
        raise ScenarioError(str(error)) from None
    if not found.step:
        raise ScenarioError("it has no [[step]]: each is one request")
    for number, step in enumerate(found.step, 1):
        if _ASK.fullmatch(step.ask) is None:
            how = 'give a method and a path: "GET /api/notes"'
            raise ScenarioError(f"step {number}: ask = {step.ask!r}: {how}")
    return found


def followed(snapshot: Snapshot, scenario: Scenario, plan: Plan) -> list[Outcome]:
    """What came of each endpoint that the steps ask for. Raises ScenarioError where a step goes to
    no endpoint of the backend, may not be sent, or names what was never taken."""
    backend = snapshot.backend
    paths = Paths(backend.endpoints if backend is not None else ())
    sides, there = Sides(plan, scenario), {one.id: rust for one, rust in ported(snapshot)}
    found: dict[str, list[tuple[Step, Pair]]] = {}
    meant: dict[str, Endpoint] = {}
    for number, step in enumerate(scenario.step, 1):
        if step.method not in SAFE and not plan.unsafe:
            reason = "may change something: allow it by --unsafe"
            raise ScenarioError(f"step {number}: {step.method} {reason}")
    for number, step in enumerate(scenario.step, 1):
        try:
            python, rust = sides.questions(step)
        except ScenarioError as error:
            raise ScenarioError(f"step {number}: {error}") from None
        endpoint = paths.endpoint(python.method, python.path)
        if endpoint is None:
            raise ScenarioError(f"step {number}: {step.ask} is no endpoint of the backend")
        pair = sides.asked(python, rust)
        sides.take(step, pair)
        meant[endpoint.id] = endpoint
        found.setdefault(endpoint.id, []).append((step, pair))
    return [_outcome(snapshot, meant[name], there.get(name), rows) for name, rows in found.items()]


def _outcome(
    snapshot: Snapshot, one: Endpoint, rust: Endpoint | None, rows: Sequence[tuple[Step, Pair]]
) -> Outcome:
    statuses = Counter(it.python.status for _, it in rows if isinstance(it.python, Answer))
    differing = tuple(
        Differing(step.name or step.ask, step.ask, pair.differences)
        for step, pair in rows
        if pair.differences
    )
    texts = texts_of(snapshot, one, rust) if rust is not None else ""
    verdict = "differs" if differing else "same"
    return Outcome(
        one.id, verdict, len(rows), "", tuple(sorted(statuses.items())), texts, differing
    )


def _pattern(path: str) -> re.Pattern[str]:
    return re.compile(_PARAMETER.sub(lambda it: ".+" if it[1] else "[^/]+", re.escape(path)))
