"""Nothing dropped: every place where something is registered, and what became of it.

The readers say what became of each call site that they met. Whether they met all is asked of the
text itself: a line that looks like a registration and that no site covers is counted as missing.
"""

import re
from collections import Counter
from collections.abc import Iterator

from port_lsp.facts.items import Side
from port_lsp.facts.links import SideName
from port_lsp.facts.source import Record
from port_lsp.index.snapshot import Snapshot
from port_lsp.python.turns import CALLED_AGAIN
from port_lsp.python.uncalled import without_texts

_PYTHON = re.compile(
    rb"^[ \t]*@[\w.]+\.(?:get|post|put|patch|delete|head|options|trace|route|api_route|websocket"
    rb"|websocket_route)\("
    rb"|^[ \t]*@(?:\w+\.)*\w*(?:sio|socket)\w*\.(?:on\(|event\b)"
    rb"|^[^#\n]*\.(?:include_router|(?:add_api_|add_|add_api_websocket_|add_websocket_)route"
    rb"|register_namespace)\("
    rb"|^[^#\n]*\b\w*(?:app|api|router)\.(?:get|post|put|patch|delete)"
    + CALLED_AGAIN
    + rb"|^[^#\n]*\.mount\(\s*[\"']/",
    re.M,
)
_CODE = rb"^(?:(?!(?<!:)//)[^\n])*"  # a line as far as it is no comment (a URL in a text is none)
_RUST = re.compile(
    rb"^[ \t]*#\[(?:\w+::)*(?:get|post|put|patch|delete|head|options|trace|route)\(\s*r?#*\""
    rb"|"
    + _CODE
    + rb"\.(?:route|route_service|nest|nest_service)\((?:\s*$|\s*&?(?:r?\"|\w+::\w+\())"
    rb"|" + _CODE + rb"\.(?:configure|merge|service)\((?!\s*&)",
    re.M,
)


class Account(Record, frozen=True):
    """The call sites of one side. `unmet` are lines (file, line) that no site covers."""

    side: SideName
    resolved: int
    unresolved: int
    excluded: int
    reasons: tuple[tuple[str, int], ...]
    constructs: tuple[tuple[str, int], ...]
    unmet: tuple[tuple[str, int], ...]

    @property
    def total(self) -> int:
        """Every call site, met or not."""
        return self.resolved + self.unresolved + self.excluded + len(self.unmet)

    @property
    def difference(self) -> int:
        """What is neither resolved nor unresolved nor excluded."""
        return self.total - self.resolved - self.unresolved - self.excluded


def reconciliation(snapshot: Snapshot) -> tuple[str, int]:
    """The account of both sides as text, and the sum of their differences."""
    accounts = list(_accounts(snapshot))
    lines = [line for account in accounts for line in _lines(account)]
    return "".join(f"{line}\n" for line in lines), sum(a.difference for a in accounts)


def _accounts(snapshot: Snapshot) -> Iterator[Account]:
    if snapshot.backend is not None:
        yield account(snapshot, "backend", snapshot.backend)
    if snapshot.crate is not None:
        yield account(snapshot, "crate", snapshot.crate)


def account(snapshot: Snapshot, side: SideName, facts: Side) -> Account:
    """The account of one side."""
    # What is skipped in one call of a function and registers in another isn't excluded.
    done = {site.place for site in facts.sites if site.outcome != "excluded"}
    sites = [one for one in facts.sites if one.outcome != "excluded" or one.place not in done]
    outcomes = Counter(site.outcome for site in sites)
    return Account(
        side=side,
        resolved=outcomes["resolved"],
        unresolved=outcomes["unresolved"],
        excluded=outcomes["excluded"],
        reasons=_counted(s.reason for s in sites if s.outcome != "resolved"),
        constructs=_counted(site.construct for site in sites),
        unmet=tuple(_unmet(snapshot, side, facts)),
    )


def _unmet(snapshot: Snapshot, side: SideName, facts: Side) -> Iterator[tuple[str, int]]:
    covered: dict[str, set[int]] = {}
    files = snapshot.files(side)
    places = (place for site in facts.sites for place in (site.place, site.inside) if place)
    for place in places:
        file = files.get(place.file)
        if file is not None:
            span = file.span(place)
            lines = range(file.text.line_of(span.start), file.text.line_of(span.end) + 1)
            covered.setdefault(file.path, set()).update(lines)
    pattern = _PYTHON if side == "backend" else _RUST
    for path, file in files.items():
        data = without_texts(file.text.data) if side == "backend" else file.text.data
        for match in pattern.finditer(data):
            line = file.text.line_of(match.end() - 1)
            if line not in covered.get(path, ()) and line - 1 not in covered.get(path, ()):
                yield path, line


def _counted(names: Iterator[str]) -> tuple[tuple[str, int], ...]:
    return tuple(sorted(Counter(names).items(), key=lambda pair: (-pair[1], pair[0])))


def _lines(one: Account) -> Iterator[str]:
    yield (
        f"{one.side}: {one.total} call sites = {one.resolved} resolved + {one.unresolved}"
        f" unresolved + {one.excluded} excluded; difference {one.difference}"
    )
    yield f"  constructs: {', '.join(f'{name} {n}' for name, n in one.constructs) or 'none'}"
    for reason, number in one.reasons:
        yield f"  {number} × {reason or 'no reason given'}"
    for path, line in one.unmet:
        yield f"  not met: {path}:{line}"
