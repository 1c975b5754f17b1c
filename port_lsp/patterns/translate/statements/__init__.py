"""Statements, one file for each kind; `RULES` says which translates which of Python's."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from typing import Any, cast

from port_lsp.patterns.translate.appstate import writes
from port_lsp.patterns.translate.replies import (
    background,
    setting,
    streams,
)
from port_lsp.patterns.translate.statements import (
    answered,
    assignments,
    changes,
    clients,
    conditions,
    dumping,
    emits,
    ends,
    heads,
    imports,
    inserts,
    loops,
    models,
    nested,
    objects,
    popping,
    reshaped,
    rooms,
    rows,
    sessions,
    standing,
    tries,
    unpacking,
    whiles,
)
from port_lsp.patterns.translate.statements.step import Rule
from port_lsp.patterns.translate.websockets import accepting, hearing, refusing

# A line for each rule: those of one kind of statement are tried from top to bottom. What keeps the
# blocks of a statement whose head isn't translated stands behind what translates all of it.
_LIST: tuple[tuple[type[ast.stmt], Any], ...] = (
    (ast.Assign, writes.set_),
    (ast.Assign, objects.kept),
    (ast.Assign, dumping.dumped),
    (ast.Assign, answered.answered),
    (ast.Assign, popping.popped),
    (ast.Assign, assignments.assigned),
    (ast.Assign, assignments.kept),
    (ast.Assign, sessions.counted),
    (ast.Assign, objects.changed),
    (ast.Assign, models.model_changed),
    (ast.Assign, rows.changed),
    (ast.Assign, reshaped.reshaped),
    (ast.Assign, unpacking.unpacked),
    (ast.Assign, changes.keyed),
    (ast.Assign, inserts.filled_in),
    (ast.Assign, setting.headed),
    (ast.AnnAssign, writes.set_),
    (ast.AnnAssign, objects.kept),
    (ast.AnnAssign, dumping.dumped),
    (ast.AnnAssign, answered.answered),
    (ast.AnnAssign, assignments.annotated),
    (ast.AnnAssign, assignments.kept),
    (ast.AugAssign, writes.increased),
    (ast.AugAssign, objects.changed),
    (ast.AugAssign, changes.increased),
    (ast.AugAssign, rows.changed),
    (ast.AsyncFor, hearing.heard_each),
    (ast.Break, loops.jumped),
    (ast.Continue, loops.jumped),
    (ast.For, loops.looped),
    (ast.For, rows.changed_each),
    (ast.For, heads.looped_in_a_gap),
    (ast.Expr, models.model_executed),
    (ast.Expr, rows.added_again),
    (ast.Expr, rows.changed_each),
    (ast.Expr, background.added),
    (ast.Expr, emits.emitted),
    (ast.Expr, rooms.moved),
    (ast.Expr, rooms.ended),
    (ast.Expr, accepting.upgraded),
    (ast.Expr, refusing.closed),
    (ast.Delete, popping.deleted),
    (ast.Expr, popping.popped),
    (ast.Expr, objects.filled),
    (ast.Expr, standing.standing),
    (ast.Expr, objects.called),
    (ast.Expr, sessions.written),
    (ast.Expr, rows.committed),
    (ast.Expr, changes.filled),
    (ast.Expr, inserts.added),
    (ast.Expr, setting.decorated),
    (ast.Expr, streams.yielded),
    (ast.FunctionDef, streams.streamed),
    (ast.FunctionDef, nested.lifted),
    (ast.AsyncFunctionDef, streams.streamed),
    (ast.AsyncFunctionDef, nested.lifted),
    (ast.If, rows.changed_under),
    (ast.If, conditions.conditional),
    (ast.If, conditions.decided),
    (ast.If, heads.chosen_in_a_gap),
    (ast.If, heads.asked_in_a_gap),
    (ast.Import, imports.imported),
    (ast.ImportFrom, imports.imported),
    (ast.Pass, standing.nothing),
    (ast.Raise, refusing.raised),
    (ast.Raise, ends.raised),
    (ast.Return, ends.returned),
    (ast.Try, tries.tried),
    (ast.Try, tries.tried_alone),
    (ast.While, whiles.repeated),
    (ast.With, sessions.opened),
    (ast.With, clients.asked),
    (ast.With, models.connected),
    (ast.With, heads.entered_in_a_gap),
    (ast.AsyncWith, sessions.opened),
    (ast.AsyncWith, clients.asked),
    (ast.AsyncWith, models.connected),
    (ast.AsyncWith, heads.entered_in_a_gap),
)


def _by_kind() -> dict[type, tuple[Rule, ...]]:
    found: dict[type, tuple[Rule, ...]] = {}
    for kind, rule in _LIST:
        found[kind] = (*found.get(kind, ()), cast("Rule", rule))
    return found


RULES: Mapping[type, tuple[Rule, ...]] = _by_kind()
"""By the kind of a statement, in the order in which they are tried."""
__all__ = ["RULES"]
