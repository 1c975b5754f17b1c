"""What people read of a run: endpoints and kinds, the share, and what stands in the way."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import get_args

from bench.automatic.asked import Came
from bench.automatic.chosen import Scenario
from port_lsp.parity.cases import Kind

_KINDS: tuple[Kind, ...] = get_args(Kind)
_PLACE = re.compile(r" \(\S+:\d+\)$|\[\d+\]")
_LONGEST = 100


def table(came: Sequence[Came]) -> Iterator[str]:
    """A row an endpoint, a column a kind: how many of the requests are answered the same."""
    came = [one for one in came if not one.apart]
    endpoints = list(dict.fromkeys(one.endpoint for one in came))
    width = max(map(len, endpoints), default=0)
    yield f"{'':{width}} " + " ".join(f"{kind:>8}" for kind in _KINDS)
    for name in [*sorted(endpoints, key=lambda it: it.split()[::-1]), ""]:
        of = [one for one in came if name in ("", one.endpoint)]
        cells = (_share([one for one in of if one.kind == kind]) for kind in _KINDS)
        yield f"{name or 'all':{width}} " + " ".join(f"{cell:>8}" for cell in cells)


def _share(of: Sequence[Came]) -> str:
    return f"{sum(one.agrees for one in of)}/{len(of)}" if of else "-"


def summary(came: Sequence[Came]) -> Iterator[str]:
    """The shares: of requests, and of endpoints of which every request agrees."""
    apart = [one for one in came if one.apart and one.agrees]
    for one in apart:
        yield f"differs by design, not counted: {one.endpoint} · {one.name}: {one.apart}"
    came = [one for one in came if one not in apart]
    agree = sum(one.agrees for one in came)
    whole: dict[str, bool] = {}
    for one in came:
        whole[one.endpoint] = whole.get(one.endpoint, True) and one.agrees
    yield f"{agree} of {len(came)} requests agree ({agree / max(len(came), 1):.1%})"
    yield f"{sum(whole.values())} of {len(whole)} endpoints agree in all of them"


def obstacles(came: Sequence[Came]) -> Iterator[str]:
    """What stands in the way, by how many requests it does."""
    found: dict[str, list[Came]] = {}
    for one in came:
        if not one.agrees:
            found.setdefault(_PLACE.sub("", one.reason)[:_LONGEST], []).append(one)
    for reason, ones in sorted(found.items(), key=lambda it: -len(it[1])):
        names = Counter(one.endpoint for one in ones)
        listed = ", ".join(name for name, _ in names.most_common(4))
        yield f"{len(ones):4} {reason}  [{listed}{', …' if len(names) > 4 else ''}]"


def masked(of: Scenario) -> Iterator[str]:
    """What isn't compared as it is."""
    yield f"not compared: {', '.join((*of.masked, *of.apart)) or 'nothing'}"
    yield f"the same id for the same id: {', '.join(of.paired) or 'nothing'}"
    yield f"times, a minute apart at most: {', '.join(of.near) or 'nothing'}"


def lines(came: Sequence[Came]) -> list[str]:
    """One line a request: whether it agrees; what a suite keeps."""
    return [
        f"{'=' if one.agrees else '≠'} {one.endpoint} · {one.kind} · {one.name}" for one in came
    ]
