"""From the facts of both sides to links and findings, as people have decided about them."""

import operator
from collections import defaultdict
from collections.abc import Mapping
from typing import NamedTuple

import msgspec

from port_lsp.config import Config
from port_lsp.facts.items import Side
from port_lsp.facts.links import Finding, Link, Links
from port_lsp.facts.source import Place, SourceFile
from port_lsp.linking.inline import Inline
from port_lsp.linking.link import Linker
from port_lsp.rules import RULES
from port_lsp.rules.levels import leveled
from port_lsp.rules.rule import ABOUT, About, Context, Rule
from port_lsp.rules.suppress import CommentReader, Suppressed, Verdicts, split

_NOTICED = frozenset({"error", "warning"})  # severities from which on a difference is a drift
_PRESENCE = frozenset({"unported-endpoint", "unported-model"})
_LINKING = frozenset(
    {"path-drift", "method-drift", "unreachable-route", "unmounted-route", "alias-not-mounted"}
)


def judge(
    backend: Side,
    crate: Side | None,
    backend_files: Mapping[str, SourceFile],
    crate_files: Mapping[str, SourceFile],
    config: Config,
    inline: tuple[Inline, ...] = (),
    rules: tuple[Rule, ...] = RULES,
) -> tuple[Links, tuple[Finding, ...]]:
    """Judges once; see `Judge.judge`."""
    return Judge(rules).judge(backend, crate, backend_files, crate_files, config, inline)


class _Judged(NamedTuple):
    """The last result and what it rests on."""

    basis: tuple[object, ...]
    verdicts: tuple[Verdicts, Verdicts]
    links: Links
    findings: tuple[Finding, ...]

    def still_holds(self, basis: tuple[object, ...], verdicts: tuple[Verdicts, Verdicts]) -> bool:
        """Whether it rests on the very same things."""
        return all(map(operator.is_, self.basis, basis)) and all(
            one.is_as(other) for one, other in zip(self.verdicts, verdicts, strict=True)
        )


class Judge:
    """Links and judges again and again; what it remembers changes only what that costs."""

    def __init__(self, rules: tuple[Rule, ...] = RULES) -> None:
        self._rules = rules
        self._linker = Linker()
        self._backend = CommentReader()
        self._crate = CommentReader()
        self._last: _Judged | None = None
        self._known: dict[About, _Asked] = {}
        self._settled = _Settled(rules)

    @property
    def verdicts(self) -> tuple[Verdicts, Verdicts] | None:
        """The comments that were last heeded, of backend and crate."""
        return self._last.verdicts if self._last is not None else None

    def judge(
        self,
        backend: Side,
        crate: Side | None,
        backend_files: Mapping[str, SourceFile],
        crate_files: Mapping[str, SourceFile],
        config: Config,
        inline: tuple[Inline, ...] = (),
    ) -> tuple[Links, tuple[Finding, ...]]:
        """The links of both sides and what the rules find, as people have decided about them.

        `inline` is what `linking.inline.InlineReader` found in the crate. Without a crate
        everything is unported, and there is nothing to find.
        """
        if crate is None:
            return self._linker.link(backend, None, config.links), ()
        verdicts = self._backend.read(backend_files), self._crate.read(crate_files)
        basis = (backend, crate, config, inline)
        last = self._last
        if last is not None and last.still_holds(basis, verdicts):
            return last.links, last.findings
        links, findings = self._judge(backend, crate, verdicts, config, inline)
        self._last = _Judged(basis, verdicts, links, findings)
        return links, findings

    def _judge(
        self,
        backend: Side,
        crate: Side,
        verdicts: tuple[Verdicts, Verdicts],
        config: Config,
        inline: tuple[Inline, ...],
    ) -> tuple[Links, tuple[Finding, ...]]:
        if any(verdicts):
            backend = _pinned(backend, verdicts[0])
            crate = _pinned(crate, verdicts[1])
        links = self._linker.link(backend, crate, config.links, inline=inline)
        context = Context(backend, crate, links, config.links.prefixes)
        every = {about: self._asked(about, context.part(about)) for about in ABOUT}
        found = leveled(
            (one for rule in self._rules for one in every[rule.about].found[rule.name]),
            config.rules,
        )
        whole = every["endpoints"].context
        kept, suppressed = split(found, *verdicts, _anchors(whole) if any(verdicts) else {})
        return self._settled.of(links, kept, suppressed, whole), tuple(kept)

    def _asked(self, about: About, context: Context) -> "_Asked":
        """What the rules about one kind of item find; as before where they'd see the same."""
        known = self._known.get(about)
        if known is None or not known.context.rests_on_same(context):
            rules = [rule for rule in self._rules if rule.about == about]
            known = _Asked(context, {rule.name: tuple(rule.check(context)) for rule in rules})
            self._known[about] = known
        return known


class _Asked(NamedTuple):
    """What rules found by their names, and what they looked at."""

    context: Context
    found: Mapping[str, tuple[Finding, ...]]


def _pinned(side: Side, verdicts: Verdicts) -> Side:
    pins = tuple(verdicts.pins(side))
    return msgspec.structs.replace(side, pins=(*side.pins, *pins)) if pins else side


def _anchors(context: Context) -> dict[str, tuple[Place, ...]]:
    """The places of each endpoint at which a comment about it may stand."""
    every = (*context.backend_endpoints.values(), *context.crate_endpoints.values())
    return {endpoint.id: (endpoint.place, endpoint.registered) for endpoint in every}


class _Settled:
    """Links with the drift that is left of the findings, and with what comments ignore. State: the
    last rows and what came of them."""

    def __init__(self, rules: tuple[Rule, ...]) -> None:
        self._drifting = frozenset(rule.name for rule in rules if rule.drift)
        self._known: dict[str, tuple[tuple[Link, ...], object, tuple[Link, ...]]] = {}

    def of(
        self, links: Links, kept: list[Finding], suppressed: list[Suppressed], context: Context
    ) -> Links:
        """The links; `kept` are the findings that people are told of."""
        noticed: defaultdict[str, set[str]] = defaultdict(set)
        told = [one for one in kept if one.severity in _NOTICED and one.rule in self._drifting]
        registered = _registered(told, context)
        for finding in told:
            noticed[finding.item].add(finding.rule)
            for one in finding.related:
                for item in registered.get(one.place, ()) if one.side == "crate" else ():
                    noticed[item].add(finding.rule)
        hidden = [one for one in suppressed if one.finding.rule in _PRESENCE]
        ignored = {one.finding.item: one.reason for one in hidden}
        return msgspec.structs.replace(
            links,
            endpoints=self._rows("endpoints", links.endpoints, noticed, ignored),
            models=self._rows("models", links.models, noticed, ignored),
        )

    def _rows(
        self,
        kind: str,
        rows: tuple[Link, ...],
        noticed: Mapping[str, set[str]],
        ignored: Mapping[str, str],
    ) -> tuple[Link, ...]:
        said = noticed, ignored
        known = self._known.get(kind)
        if known is None or known[0] is not rows or known[1] != said:
            touched = noticed.keys() | ignored.keys()
            made = tuple(
                [
                    _with_verdicts(row, noticed, ignored)
                    if row.drift or row.backend in touched or row.crate in touched
                    else row
                    for row in rows
                ]
            )
            self._known[kind] = known = rows, said, made
        return known[2]


def _registered(told: list[Finding], context: Context) -> Mapping[Place, list[str]]:
    """The crate's endpoints (ids) by where they are registered, in files that findings name."""
    files = {one.place.file for found in told for one in found.related if one.side == "crate"}
    registered: defaultdict[Place, list[str]] = defaultdict(list)
    for endpoint in context.crate_endpoints.values() if files else ():
        if endpoint.registered.file in files:
            registered[endpoint.registered].append(endpoint.id)
    return registered


def _with_verdicts(row: Link, noticed: Mapping[str, set[str]], ignored: Mapping[str, str]) -> Link:
    """A row without the drift that nobody is told of, and with what other rules found."""
    ours, theirs = row.backend, row.crate
    if ours is not None and ours in ignored:
        return msgspec.structs.replace(row, presence="ignored", reason=ignored[ours])
    if not row.drift and ours not in noticed and theirs not in noticed:
        return row
    here = noticed.get(ours or "", set[str]()) | noticed.get(theirs or "", set[str]())
    # A drift of linking's own rules is one of this very link; a finding at the crate's
    # registration may be of another that shares it.
    kept = [rule for rule in row.drift if rule in here]
    kept += sorted(here - _LINKING - set(kept))
    drift = tuple(kept)
    return row if drift == row.drift else msgspec.structs.replace(row, drift=drift)
