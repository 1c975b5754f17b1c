"""Asks both sides, endpoint by endpoint, and says what came of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Literal

from port_lsp.facts.items import Endpoint, Parameter
from port_lsp.facts.source import Record
from port_lsp.index.snapshot import Snapshot
from port_lsp.parity.answering import answered
from port_lsp.parity.asking import Address, Answer
from port_lsp.parity.cases import SAFE, Asking, Case, Taken, UnaskableError
from port_lsp.parity.comparing import Difference, compared
from port_lsp.parity.results import ported, texts_of
from port_lsp.types.schema import FieldSchema

Verdict = Literal["same", "differs", "not asked"]
Typed = Callable[[str, Parameter], FieldSchema]
"""What is known of a parameter of a handler, by the handler's file."""

_LAST = ("POST", "PUT", "PATCH", "DELETE")  # what reads first, what deletes last
_KINDS = frozenset({"streaming"})


class Differing(Record, frozen=True):
    """One request that was answered differently."""

    case: str
    request: str
    differences: tuple[Difference, ...]


class Outcome(Record, frozen=True):
    """What came of one endpoint: of how many requests, and why it wasn't asked. `statuses` are the
    backend's, each with how often it came. `texts` is a digest of both handlers as they were then:
    with others the outcome says nothing."""

    endpoint: str
    verdict: Verdict
    cases: int = 0
    reason: str = ""
    statuses: tuple[tuple[int, int], ...] = ()
    texts: str = ""
    differing: tuple[Differing, ...] = ()


class Plan(Record, frozen=True):
    """What is asked of whom. `unsafe` lets methods through that may change something."""

    python: Address
    rust: Address
    timeout: float
    unsafe: bool = False
    ignore: tuple[str, ...] = ()


def outcomes(
    snapshot: Snapshot, asking: Asking, typed: Typed, plan: Plan, only: Sequence[str] = ()
) -> Iterator[Outcome]:
    """One for each endpoint of the backend; `only` are texts of which an id has one."""
    backend = snapshot.backend
    there = {python.id: rust for python, rust in ported(snapshot)}
    every = backend.endpoints if backend is not None else ()
    for one in sorted(_asked(every, only), key=_turn):
        reason = _left(one, plan, there)
        if reason is None:
            try:
                cases = asking.cases(one, _taken(one, typed))
            except UnaskableError as error:
                reason = str(error)
            else:
                texts = texts_of(snapshot, one, there[one.id])
                yield _outcome(one, cases, plan, texts)
        if reason is not None:
            yield Outcome(one.id, "not asked", reason=reason)


def _asked(every: Iterable[Endpoint], only: Sequence[str]) -> Iterator[Endpoint]:
    for one in every:
        if one.kind != "fallback" and (not only or any(text in one.id for text in only)):
            yield one


def _turn(one: Endpoint) -> int:
    return _LAST.index(one.method) + 1 if one.method in _LAST else 0


def _left(one: Endpoint, plan: Plan, there: Mapping[str, Endpoint]) -> str | None:
    """Why an endpoint isn't asked; None where it is."""
    if one.id not in there:
        return "not ported"
    if "{?}" in one.path:
        return "its path isn't known"
    if one.method not in SAFE and not plan.unsafe:
        return f"{one.method} may change something: allow it by --unsafe"
    special = sorted(_KINDS.intersection(one.signature.kinds))
    return f"its answer is {special[0]}" if special else None


def _taken(one: Endpoint, typed: Typed) -> list[Taken]:
    file = one.place.file
    return [Taken(parameter, typed(file, parameter)) for parameter in one.signature.parameters]


def _outcome(one: Endpoint, cases: list[Case], plan: Plan, texts: str) -> Outcome:
    differing: list[Differing] = []
    statuses: Counter[int] = Counter()
    for case in cases:
        question = case.question
        python = answered(plan.python, question, plan.timeout)
        rust = answered(plan.rust, question, plan.timeout)
        if isinstance(python, Answer):
            statuses[python.status] += 1
        found = _differences(python, rust, plan)
        if found:
            asked = f"{case.question.method} {case.question.path}"
            differing.append(Differing(case.reason, asked, found))
    verdict: Verdict = "differs" if differing else "same"
    counted = tuple(sorted(statuses.items()))
    return Outcome(one.id, verdict, len(cases), "", counted, texts, tuple(differing))


def _differences(python: Answer | str, rust: Answer | str, plan: Plan) -> tuple[Difference, ...]:
    if isinstance(python, Answer) and isinstance(rust, Answer):
        return compared(python, rust, plan.ignore)
    said = [one if isinstance(one, str) else str(one.status) for one in (python, rust)]
    return (Difference("answer", *said),)
