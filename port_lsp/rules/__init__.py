"""One file per rule; its docstring is its page. `RULES` is the list of them."""

from port_lsp.rules import (
    alias_not_mounted,
    method_drift,
    path_drift,
    rust_only_route,
    stub_endpoint,
    unmounted_route,
    unported_endpoint,
    unported_model,
    unreachable_route,
)
from port_lsp.rules.rule import Rule

RULES: tuple[Rule, ...] = (
    unported_endpoint.RULE,
    stub_endpoint.RULE,
    unported_model.RULE,
    path_drift.RULE,
    method_drift.RULE,
    alias_not_mounted.RULE,
    unreachable_route.RULE,
    unmounted_route.RULE,
    rust_only_route.RULE,
)
RULE_NAMES: tuple[str, ...] = tuple(rule.name for rule in RULES)
