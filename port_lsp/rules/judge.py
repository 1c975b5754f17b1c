"""From the facts of both sides to links and findings, as people have decided about them."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import lru_cache

import msgspec

from port_lsp.config import Config, RuleLevel
from port_lsp.facts.items import Side
from port_lsp.facts.links import SEVERITIES, Finding, Link, Links, Severity
from port_lsp.facts.source import Place, SourceFile
from port_lsp.linking.globs import pattern
from port_lsp.linking.inline import Inline
from port_lsp.linking.link import link
from port_lsp.rules import RULES
from port_lsp.rules.rule import Context, Rule
from port_lsp.rules.suppress import Suppressed, Verdicts, split

_NOTICED = frozenset({"error", "warning"})  # severities from which on a difference is a drift
_PRESENCE = frozenset({"unported-endpoint", "unported-model"})


def judge(
    backend: Side,
    crate: Side | None,
    backend_files: Mapping[str, SourceFile],
    crate_files: Mapping[str, SourceFile],
    config: Config,
    inline: tuple[Inline, ...] = (),
    rules: tuple[Rule, ...] = RULES,
) -> tuple[Links, tuple[Finding, ...]]:
    """The links of both sides and what the rules find, as configuration and comments have it.

    `inline` is what `linking.inline.InlineReader` found in the crate. Without a crate everything
    is unported, and there is nothing to find.
    """
    if crate is None:
        return link(backend, None, config.links), ()
    verdicts = Verdicts(backend_files), Verdicts(crate_files)
    if any(verdicts):
        backend = _pinned(backend, verdicts[0])
        crate = _pinned(crate, verdicts[1])
    links = link(backend, crate, config.links, inline=inline)
    context = Context(backend, crate, links, config.links.prefixes)
    found = _leveled((one for rule in rules for one in rule.check(context)), config.rules)
    kept, suppressed = split(found, *verdicts, _anchors(context) if any(verdicts) else {})
    return _settled(links, kept, suppressed, context, rules), tuple(kept)


def _pinned(side: Side, verdicts: Verdicts) -> Side:
    pins = tuple(verdicts.pins(side))
    return msgspec.structs.replace(side, pins=(*side.pins, *pins)) if pins else side


def _leveled(findings: Iterable[Finding], levels: tuple[RuleLevel, ...]) -> Iterable[Finding]:
    """The findings with the severities that are configured; those of rules that are off, not."""
    if not levels:
        yield from findings
        return
    for finding in findings:
        severity = _severity(finding, levels)
        if severity is None:
            continue
        if severity != finding.severity:
            finding = msgspec.structs.replace(finding, severity=severity)
        yield finding


def _severity(finding: Finding, levels: tuple[RuleLevel, ...]) -> Severity | None:
    """The configured severity, None for off: what is said of the file goes before the rest.

    A level sets the severity of the rule's serious findings; those that the rule itself says are
    less (a twin that is never reached) stay at most what they were.
    """
    said: RuleLevel | None = None
    for level in levels:
        if level.rule != finding.rule:
            continue
        if level.path is None:
            said = said if said is not None and said.path is not None else level
        elif _glob(level.path).fullmatch(finding.place.file):
            said = level
    if said is None:
        return finding.severity
    if said.level == "off":
        return None
    default = next((rule.severity for rule in RULES if rule.name == finding.rule), said.level)
    if finding.severity == default:
        return said.level
    return SEVERITIES[max(SEVERITIES.index(said.level), SEVERITIES.index(finding.severity))]


@lru_cache(maxsize=256)
def _glob(glob: str) -> re.Pattern[str]:
    return pattern(glob)


def _anchors(context: Context) -> dict[str, tuple[Place, ...]]:
    """The places of each endpoint at which a comment about it may stand."""
    every = (*context.backend_endpoints.values(), *context.crate_endpoints.values())
    return {endpoint.id: (endpoint.place, endpoint.registered) for endpoint in every}


def _settled(
    links: Links,
    kept: list[Finding],
    suppressed: list[Suppressed],
    context: Context,
    rules: tuple[Rule, ...],
) -> Links:
    """The links with the drift that is left of the findings, and with what comments ignore."""
    drifting = {rule.name for rule in rules if rule.drift}
    noticed: dict[str, set[str]] = {}
    registered: defaultdict[Place, list[str]] = defaultdict(list)
    for endpoint in context.crate_endpoints.values():
        registered[endpoint.registered].append(endpoint.id)
    for finding in kept:
        if finding.severity not in _NOTICED or finding.rule not in drifting:
            continue
        about = {finding.item}
        for one in finding.related:
            if one.side == "crate":
                about.update(registered.get(one.place, ()))
        for item in about:
            noticed.setdefault(item, set()).add(finding.rule)
    ignored = {one.finding.item: one.reason for one in suppressed if one.finding.rule in _PRESENCE}
    return msgspec.structs.replace(
        links,
        endpoints=tuple(_with_drift(row, noticed, drifting, ignored) for row in links.endpoints),
        models=tuple(_with_drift(row, noticed, drifting, ignored) for row in links.models),
    )


def _with_drift(
    row: Link, noticed: Mapping[str, set[str]], drifting: set[str], ignored: Mapping[str, str]
) -> Link:
    if row.backend is not None and row.backend in ignored:
        return msgspec.structs.replace(row, presence="ignored", reason=ignored[row.backend])
    ids = [one for one in (row.backend, row.crate) if one is not None]
    here = {rule for one in ids for rule in noticed.get(one, ())}
    kept = [rule for rule in row.drift if rule in here or rule not in drifting]
    # What other rules found goes behind what linking said; linking's own rules name their links
    # by the crate's registrations, which several links may share.
    own = _LINKING | set(kept)
    kept += sorted(rule for rule in here if rule not in own)
    drift = tuple(kept)
    return row if drift == row.drift else msgspec.structs.replace(row, drift=drift)


_LINKING = frozenset(
    {"path-drift", "method-drift", "unreachable-route", "unmounted-route", "alias-not-mounted"}
)
