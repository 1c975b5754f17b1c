"""What people read of a comparison."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from port_lsp.parity.running import Outcome

_REFUSED = frozenset((401, 403))
_NAMED = 3  # endpoints that are named of those that weren't asked for one reason


def lines(found: Iterable[Outcome]) -> Iterator[str]:
    """What people read: what differs in full, the rest counted."""
    listed = list(found)
    for one in listed:
        if one.verdict != "differs":
            continue
        share = f"{len(one.differing)} of {one.cases}"
        yield f"{_short(one)}: {share} requests are answered differently"
        for case in one.differing:
            yield f"  {case.case} ({case.request})"
            yield from (f"    {difference}" for difference in case.differences)
    left: dict[str, list[Outcome]] = {}
    for one in listed:
        if one.verdict == "not asked":
            left.setdefault(one.reason, []).append(one)
    for reason, ones in sorted(left.items(), key=lambda item: -len(item[1])):
        yield f"not asked, {reason}: {len(ones)} ({_names(ones)})"
    asked = [one for one in listed if one.verdict != "not asked"]
    same = sum(one.verdict == "same" for one in asked)
    requests = sum(one.cases for one in asked)
    yield f"{same} of {len(asked)} endpoints answer the same, {requests} requests to each side"
    statuses: Counter[int] = Counter()
    for one in asked:
        statuses.update(dict(one.statuses))
    if asked:
        yield "the backend answered " + ", ".join(f"{n} × {s}" for s, n in sorted(statuses.items()))
    closed = [one for one in asked if one.statuses and dict(one.statuses).keys() <= _REFUSED]
    if closed:
        yield f"{len(closed)} only refused ({_names(closed)}): give credentials by --header"


def _names(ones: list[Outcome]) -> str:
    return ", ".join(map(_short, ones[:_NAMED])) + (", …" if len(ones) > _NAMED else "")


def _short(one: Outcome) -> str:
    return one.endpoint.partition("#")[2]
