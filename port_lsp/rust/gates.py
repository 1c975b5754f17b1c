"""Who the crate lets in, over the whole crate: what each extractor and middleware may refuse with.

Variants become statuses by the crate's own error types, what a gate asks of another one or of a
function is added, and a middleware gets what its service does. A gate that may refuse with more
than 401 and 403 says only these two: they are what a guard is.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Literal, TypeVar

from port_lsp.facts.items import ApplicationPart
from port_lsp.facts.source import Place, Record, item_key
from port_lsp.rust.extractors import CHECK, EXTRACTING, WRAPPING, GateFact, Refusals
from port_lsp.rust.statuses import status_of_name
from port_lsp.rust.typetable import Types

REFUSING = (401, 403)
# What an error's name says, where nobody says which status it has.
_NAMES = (
    (401, re.compile(r"unauthori|unauthent|notauthenticated|invalidcredential|loginrequired")),
    (403, re.compile(r"forbidden|permissiondenied|accessdenied|notallowed")),
)
_Value = TypeVar("_Value", int, str)
_SPEAKING = re.compile(
    r"auth|verif|valid|check|token|session|login|requir|permi|allow|ensure|claims|guard|jwt|admin"
)
GateKind = Literal["extractor", "middleware", "check"]


class PlacedGate(Record, frozen=True):
    """A gate and where its chunk is."""

    file: str
    chunk: str
    fact: GateFact


class Gate(Record, frozen=True):
    """An extractor, a middleware or a function that checks, and whom it keeps out.

    `statuses` are those of 401 and 403 that it may answer, `roles` what it compares a role with,
    `reads` the credentials that it looks at. `takes` are types that it expects in the request's
    extensions, `gives` those that it puts there. `fields` are the names of the extractor's fields.
    `optional` is an extractor that answers None where others refuse. `fails` says that it may end
    with an error of which the status isn't known; `lets` that who shows nothing gets past.
    """

    key: str
    name: str
    kind: GateKind
    place: Place
    statuses: tuple[int, ...] = ()
    roles: tuple[str, ...] = ()
    reads: tuple[str, ...] = ()
    takes: tuple[str, ...] = ()
    gives: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()
    optional: bool = False
    fails: bool = False
    lets: bool = False


def gates(
    placed: Iterable[PlacedGate], types: Types, errors: Iterable[ApplicationPart]
) -> tuple[Gate, ...]:
    """Every gate of the crate, in their order; `errors` are the answers of its error types."""
    known = list(placed)
    answers: dict[str, set[int]] = defaultdict(set)
    for part in errors:
        answers[part.name] |= {int(status) for status in part.detail.split()}
    look = _Lookup(known, answers)
    found: list[Gate] = []
    for gate in known:
        if gate.fact.trait == "Service":
            continue  # it stands behind the Transform or Layer that makes it
        whole = look.whole(gate)
        kind = _kind(gate.fact)
        scope, _, name = gate.fact.type.rpartition("::")
        key = types.key_of(gate.file, f"{scope}::" if scope else "", name)
        owner = types.by_key.get(key or "")
        key = key or item_key(gate.file, gate.fact.type)
        found.append(
            Gate(
                key,
                key.rpartition("::")[2],
                kind,
                Place(gate.file, gate.chunk, gate.fact.span),
                look.refusing(whole, gate),
                whole.roles,
                whole.reads,
                whole.takes,
                whole.gives,
                tuple(field.name for field in owner.fact.fields) if owner else (),
                gate.fact.trait == "OptionalFromRequestParts",
                bool(whole.variants) and not _is_infallible(gate),
                gate.fact.refusals.lets or any(one.fact.refusals.lets for one in look.behind(gate)),
            )
        )
    return tuple(found)


def gate_parts(found: Iterable[Gate]) -> tuple[ApplicationPart, ...]:
    """Extractors and middleware as parts of the application; `detail` are the refusals."""
    return tuple(
        ApplicationPart(gate.kind, gate.name, gate.place, " ".join(map(str, gate.statuses)))
        for gate in found
        if gate.kind != "check"
    )


def _kind(fact: GateFact) -> GateKind:
    if fact.trait in EXTRACTING:
        return "extractor"
    return "check" if fact.trait == CHECK else "middleware"


class _Lookup:
    """Finds what a gate refers to: other extractors, functions that check, services, errors."""

    def __init__(self, placed: Iterable[PlacedGate], answers: Mapping[str, set[int]]) -> None:
        self._answers = answers
        self._extractors: dict[str, list[PlacedGate]] = defaultdict(list)
        self._services: dict[str, list[PlacedGate]] = defaultdict(list)
        self._checks: dict[str, list[PlacedGate]] = defaultdict(list)
        for gate in placed:
            name = gate.fact.type.rpartition("::")[2]
            if gate.fact.trait in EXTRACTING:
                self._extractors[name].append(gate)
            elif gate.fact.trait in WRAPPING:
                self._services[name].append(gate)
            elif gate.fact.trait == CHECK:
                self._checks[name].append(gate)

    def whole(self, gate: PlacedGate, seen: frozenset[int] = frozenset()) -> Refusals:
        """What a gate says, together with all that it hands the request to."""
        if id(gate) in seen:
            return Refusals()
        seen |= {id(gate)}
        own = gate.fact.refusals
        below: list[PlacedGate] = []
        below += self.behind(gate)
        for name in own.uses:
            below += _near(self._extractors.get(name, []), gate)
        if gate.fact.trait != CHECK:  # a handler's check is its own; a gate may ask a function
            for name in own.calls:
                below += self._called(name, gate)
        parts = [own, *(self.whole(other, seen) for other in below)]
        return Refusals(
            _merged(part.statuses for part in parts),
            _merged(part.variants for part in parts),
            own.uses,
            _merged(part.roles for part in parts),
            _merged(part.reads for part in parts),
            _merged(part.takes for part in parts),
            _merged(part.gives for part in parts),
        )

    def behind(self, gate: PlacedGate) -> list[PlacedGate]:
        """The service that a Transform or Layer makes."""
        service = gate.fact.service
        return _near(self._services.get(service, []), gate) if service else []

    def _called(self, name: str, gate: PlacedGate) -> list[PlacedGate]:
        """The function that checks which a gate calls: `name`, `.name` or `Type::name`."""
        kind, _, bare = name.replace(".", "::").rpartition("::")
        found = self._checks.get(bare, [])
        if kind:
            own = gate.fact.type.rpartition("::")[2] if kind == "Self" else kind
            return _near([one for one in found if _owner(one) == own], gate)
        if name.startswith("."):
            found = [one for one in found if _owner(one)[:1].isupper()]
        if not _SPEAKING.search(bare):  # elsewhere, `.call()` and `get()` may be anything
            found = [one for one in found if one.file == gate.file]
        return _near(found, gate)

    def refusing(self, whole: Refusals, gate: PlacedGate) -> tuple[int, ...]:
        """Which of 401 and 403 it may answer."""
        if _is_infallible(gate):
            return ()
        may = set(whole.statuses)
        for variant in whole.variants:
            may |= self._answers.get(variant) or _meant(variant.rpartition("::")[2])
        if not may & set(REFUSING) and whole.reads and gate.fact.rejection:
            # It hands an error on with `?`: what its error type may say is what it may say.
            error = gate.fact.rejection.rpartition("::")[2]
            for name, statuses in self._answers.items():
                if name == error or name.startswith(f"{error}::"):
                    may |= statuses & {401}
        return tuple(status for status in REFUSING if status in may)


def _meant(name: str) -> set[int]:
    """The statuses that an error's name says."""
    status = status_of_name(name)
    if status is not None:
        return {status}
    plain = name.replace("_", "").lower()
    return {status for status, pattern in _NAMES if pattern.search(plain)}


def _is_infallible(gate: PlacedGate) -> bool:
    return (gate.fact.rejection or "").rpartition("::")[2] in ("Infallible", "!")


def _owner(gate: PlacedGate) -> str:
    """What a function stands in: a type, which is written with a capital, a module, or ""."""
    return gate.fact.type.rpartition("::")[0].rpartition("::")[2]


def _near(found: list[PlacedGate], gate: PlacedGate) -> list[PlacedGate]:
    """Those of the same file, else the only one there is: names alone don't say more."""
    own = [other for other in found if other.file == gate.file and other is not gate]
    return own or (found if len(found) == 1 else [])


def _merged(parts: Iterable[tuple[_Value, ...]]) -> tuple[_Value, ...]:
    return tuple(dict.fromkeys(value for part in parts for value in part))
