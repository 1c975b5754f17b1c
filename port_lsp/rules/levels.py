"""How severe findings are, as the configuration says."""

import re
from collections.abc import Iterable
from functools import lru_cache

import msgspec

from port_lsp.config import RuleLevel
from port_lsp.facts.links import SEVERITIES, Finding, Severity
from port_lsp.linking.globs import pattern
from port_lsp.rules import RULES

_DEFAULTS = {rule.name: rule.severity for rule in RULES}


def leveled(findings: Iterable[Finding], levels: tuple[RuleLevel, ...]) -> Iterable[Finding]:
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
    if finding.severity == _DEFAULTS.get(finding.rule, finding.severity):
        return said.level
    return SEVERITIES[max(SEVERITIES.index(said.level), SEVERITIES.index(finding.severity))]


@lru_cache(maxsize=256)
def _glob(glob: str) -> re.Pattern[str]:
    return pattern(glob)
