"""Statements, one file for each kind; `RULES` says which translates which of Python's."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from typing import Any, cast

from port_lsp.patterns.translate.replies.setting import decorated, headed
from port_lsp.patterns.translate.replies.streams import streamed, yielded
from port_lsp.patterns.translate.statements.assignments import (
    annotated,
    assigned,
    kept,
    unpacked,
)
from port_lsp.patterns.translate.statements.changes import filled, increased, keyed
from port_lsp.patterns.translate.statements.conditions import conditional, decided
from port_lsp.patterns.translate.statements.ends import raised, returned
from port_lsp.patterns.translate.statements.heads import (
    asked_in_a_gap,
    chosen_in_a_gap,
    entered_in_a_gap,
)
from port_lsp.patterns.translate.statements.inserts import added, filled_in
from port_lsp.patterns.translate.statements.loops import jumped, looped
from port_lsp.patterns.translate.statements.models import (
    connected,
    model_changed,
    model_executed,
)
from port_lsp.patterns.translate.statements.rows import changed, changed_each, committed
from port_lsp.patterns.translate.statements.sessions import counted, opened, written
from port_lsp.patterns.translate.statements.standing import nothing, standing
from port_lsp.patterns.translate.statements.step import Rule
from port_lsp.patterns.translate.statements.tries import tried, tried_alone

_RULES: dict[type, Any] = {
    ast.Assign: (
        assigned,
        kept,
        counted,
        model_changed,
        changed,
        unpacked,
        keyed,
        filled_in,
        headed,
    ),
    ast.AnnAssign: (annotated, kept),
    ast.AugAssign: (increased,),
    ast.Break: (jumped,),
    ast.Continue: (jumped,),
    ast.For: (looped, changed_each),
    ast.Expr: (model_executed, standing, written, committed, filled, added, decorated, yielded),
    ast.FunctionDef: (streamed,),
    ast.AsyncFunctionDef: (streamed,),
    ast.If: (conditional, decided, chosen_in_a_gap, asked_in_a_gap),
    ast.Pass: (nothing,),
    ast.Raise: (raised,),
    ast.Return: (returned,),
    ast.Try: (tried, tried_alone),
    ast.With: (opened, connected, entered_in_a_gap),
    ast.AsyncWith: (opened, connected, entered_in_a_gap),
}
RULES = cast("Mapping[type, tuple[Rule, ...]]", _RULES)
"""By the kind of a statement, in the order in which they are tried: the later ones keep its blocks
where its head isn't translated."""
__all__ = ["RULES"]
