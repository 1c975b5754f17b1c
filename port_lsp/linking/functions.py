"""Links between functions: handlers by their endpoints, others by name within files that belong.

`Users.get_user_by_id` in models/users.py and `UserService::get_by_id` in services/user.rs are one:
what file and owner say anyway is taken out of the name before names are compared.
"""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import NamedTuple

import msgspec

from port_lsp.facts.items import Function
from port_lsp.facts.links import Candidate, Evidence, Link
from port_lsp.linking.config import LinkConfig
from port_lsp.linking.files import BELONG, Files, subject, without_layers
from port_lsp.linking.globs import ignored
from port_lsp.linking.names import likeness, overlap, phrase, words
from port_lsp.linking.pins import Pins, resolved
from port_lsp.linking.weights import BELOW, CANDIDATES, WORTH_SHOWING

_NAME = 0.6
_PLACE = 0.4
_HANDLER = 0.95  # the confidence of a pair that handles linked endpoints
_STRANGE = 0.5  # what a place is worth where the owners are about different things
_ENOUGH = 0.65  # the confidence from which on a name links; one place has many functions

Essence = tuple[str, frozenset[str]]
Spot = tuple[str, "str | None"]  # a file and an owner in it


class Named(msgspec.Struct, frozen=True, eq=False, gc=False):
    """A function made ready for linking: what its place says, and what its name says beyond."""

    function: Function
    order: int
    owner: frozenset[str]
    around: frozenset[str]
    essence: Essence
    spot: Spot


class FunctionMatch(msgspec.Struct, frozen=True, eq=False, gc=False):
    """A pair of functions; `handles` says that they handle linked endpoints."""

    backend: Named
    crate: Named
    name: float
    place: float
    score: float
    handles: bool = False


Essences = dict[Essence, dict[Spot, list[Named]]]


def named(functions: Iterable[Function], top: int) -> list[Named]:
    """The functions of one side made ready; `top` is how many folders all its files are in."""
    return [_named(one, at, top) for at, one in enumerate(functions)]


def by_essence(listed: Iterable[Named]) -> Essences:
    """The functions of the crate by what their names say, and by where they are."""
    found: Essences = {}
    for one in listed:
        found.setdefault(one.essence, {}).setdefault(one.spot, []).append(one)
    return found


def link_functions(
    ours: list[Named],
    theirs: list[Named],
    essences: Essences,
    handlers: Mapping[str, str],
    files: Files,
    pins: Pins,
    config: LinkConfig,
) -> tuple[Link, ...]:
    """One row per function of the backend, then one per function that only the crate has.

    `essences` are of `by_essence`; `handlers` leads from the handlers of the backend's linked
    endpoints to those of their counterparts.
    """
    names = _orders(ours), _orders(theirs)
    found: dict[int, FunctionMatch] = {}
    pinned = {lefts[0]: rights[0] for lefts, rights in resolved(pins.together, *names)}
    for left, right in pinned.items():
        found[left] = _match(ours[left], theirs[right], 1.0)
    for mine, other in handlers.items():
        for left, right in zip(names[0].get(mine, ()), names[1].get(other, ()), strict=False):
            if left not in pinned:
                found[left] = _match(ours[left], theirs[right], 1.0, handles=True)
    apart = {
        (lefts[0], rights[0]) for lefts, rights in resolved(pins.apart, *names) if lefts and rights
    }
    considered = _by_names(ours, essences, files, found, apart)
    taken = {match.crate.order for match in found.values()}
    rows = [
        _row(one, found.get(one.order), considered.get(one.order, []), config, pinned)
        for one in ours
    ]
    rows += [
        Link(None, one.function.key, "rust-only", sign=one.function.stub)
        for one in theirs
        if one.order not in taken
    ]
    return tuple(rows)


def _named(function: Function, order: int, top: int) -> Named:
    file, owner = function.place.file, function.owner
    said = _said(function.name, file, owner, top)
    return Named(function, order, said.owner, said.around, said.essence, (file, owner))


class _Said(NamedTuple):
    """What a function's name and place say, without the function."""

    owner: frozenset[str]
    around: frozenset[str]
    essence: Essence


@lru_cache(maxsize=16384)
def _said(name: str, file: str, owner: str | None, top: int) -> _Said:
    around, words_of_owner = _around(file, owner, top)
    said = phrase(name)
    return _Said(words_of_owner, around, (said.verb, said.nouns - around))


@lru_cache(maxsize=4096)
def _around(file: str, owner: str | None, top: int) -> tuple[frozenset[str], frozenset[str]]:
    """The words of a file and an owner, and those of the owner, without those of layers."""
    said = without_layers(words(owner.rpartition("::")[2])) if owner else frozenset[str]()
    return subject(file, top) | said, said


def _orders(listed: Iterable[Named]) -> dict[str, tuple[int, ...]]:
    return {one.function.key: (one.order,) for one in listed}


def _place(ours: Named, theirs: Named, files: Files) -> float:
    """How much two functions' files and owners belong together."""
    owners = overlap(ours.owner, theirs.owner)
    place = max(files.belong(ours.function.place.file, theirs.function.place.file), owners)
    return place * _STRANGE if ours.owner and theirs.owner and not owners else place


def _match(ours: Named, theirs: Named, place: float, *, handles: bool = False) -> FunctionMatch:
    left, right = ours.function, theirs.function
    given = ours.around & theirs.around
    name = likeness(left.name, right.name, ours.around, theirs.around, given)
    return FunctionMatch(ours, theirs, name, place, _NAME * name + _PLACE * place, handles)


def _by_names(
    ours: list[Named],
    essences: Essences,
    files: Files,
    found: dict[int, FunctionMatch],
    apart: set[tuple[int, int]],
) -> dict[int, list[FunctionMatch]]:
    """Links functions whose names say the same in places that belong together.

    Gives what was considered: those, and what has the very same name elsewhere.
    """
    places: dict[Spot, dict[Spot, float]] = {}
    considered: dict[int, list[FunctionMatch]] = {}
    plausible: list[FunctionMatch] = []
    for one in ours:
        there = essences.get(one.essence)
        if there is None or one.order in found:
            continue
        matches: list[FunctionMatch] = []
        telling = bool(one.essence[1])
        near = places.get(one.spot)
        if near is None:
            near = places[one.spot] = {}
        for spot, others in there.items():
            place = near.get(spot)
            if place is None:
                place = near[spot] = _place(one, others[0], files)
            if place < BELONG and not telling:
                continue
            for other in others:
                named = place >= BELONG or other.function.name == one.function.name
                if named and (one.order, other.order) not in apart:
                    matches.append(_match(one, other, place))
        if matches:
            considered[one.order] = matches
            plausible += (
                match for match in matches if match.place >= BELONG and match.score >= _ENOUGH
            )
    plausible.sort(key=_turn)
    taken = {match.crate.order for match in found.values()}
    for match in plausible:
        if match.backend.order not in found and match.crate.order not in taken:
            found[match.backend.order] = match
            taken.add(match.crate.order)
    return considered


def _turn(one: FunctionMatch) -> tuple[float, bool, int, int]:
    """Which comes first: of names that say the same, those that are spelled the same."""
    differ = one.backend.function.name != one.crate.function.name
    return -one.score, differ, one.backend.order, one.crate.order


def _row(
    ours: Named,
    match: FunctionMatch | None,
    considered: list[FunctionMatch],
    config: LinkConfig,
    pinned: dict[int, int],
) -> Link:
    function = ours.function
    reason = ignored(config.ignore, function.key) if config.ignore else None
    if match is None:
        return Link(
            function.key,
            None,
            "unported" if reason is None else "ignored",
            candidates=tuple(_candidate(one) for one in _best(considered)) if considered else (),
            reason=reason,
        )
    theirs = match.crate.function
    evidence = _evidence(match, pinned=ours.order in pinned)
    presence = "stub" if theirs.stub and not function.stub else "ported"
    return Link(
        function.key,
        theirs.key,
        presence if reason is None else "ignored",
        confidence=round(min(1.0, sum(one.weight for one in evidence)), 3),
        evidence=evidence,
        sign=theirs.stub if presence == "stub" else None,
        reason=reason,
    )


def _best(considered: list[FunctionMatch]) -> list[FunctionMatch]:
    shown = (one for one in considered if one.score >= WORTH_SHOWING)
    return sorted(shown, key=lambda one: (-one.score, one.crate.order))[:CANDIDATES]


def _evidence(match: FunctionMatch, *, pinned: bool = False) -> tuple[Evidence, ...]:
    if pinned:
        return (Evidence("pin", "settled by a person", 1.0),)
    if match.handles:
        return (Evidence("linked-by", "they handle linked endpoints", _HANDLER),)
    ours, theirs = match.backend.function, match.crate.function
    name = Evidence("handler-name", f"{ours.name} ~ {theirs.name}", round(_NAME * match.name, 3))
    if not match.place:
        return (name,)
    detail = f"{ours.place.file} ~ {theirs.place.file}"
    return name, Evidence("file", detail, round(_PLACE * match.place, 3))


def _candidate(match: FunctionMatch) -> Candidate:
    # Names alone never link, whatever they add up to.
    score = match.score if match.place >= BELONG else min(match.score, BELOW)
    return Candidate(match.crate.function.key, round(score, 3), _evidence(match))
