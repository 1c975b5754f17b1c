"""Statements, one file for each kind; `RULES` says which translates which of Python's."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from typing import Any, cast

from port_lsp.patterns.translate.statements.assignments import annotated, assigned
from port_lsp.patterns.translate.statements.conditions import conditional
from port_lsp.patterns.translate.statements.ends import raised, returned
from port_lsp.patterns.translate.statements.heads import asked_in_a_gap, chosen_in_a_gap
from port_lsp.patterns.translate.statements.standing import nothing, standing
from port_lsp.patterns.translate.statements.step import Rule
from port_lsp.patterns.translate.statements.tries import tried, tried_alone

_RULES: dict[type, Any] = {
    ast.Assign: assigned,
    ast.AnnAssign: annotated,
    ast.Expr: standing,
    ast.If: conditional,
    ast.Pass: nothing,
    ast.Raise: raised,
    ast.Return: returned,
    ast.Try: tried,
}
RULES = cast("Mapping[type, Rule]", _RULES)
_SECOND: dict[type, Any] = {
    ast.If: (chosen_in_a_gap, asked_in_a_gap),
    ast.Try: (tried_alone,),
}
SECOND = cast("Mapping[type, tuple[Rule, ...]]", _SECOND)
"""What keeps the blocks of a statement that isn't translated itself, in the order in which it is
tried: its head is a gap."""
__all__ = ["RULES", "SECOND"]
