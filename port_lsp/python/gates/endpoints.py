"""The gates that stand before a backend's endpoints."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from port_lsp.facts.items import Model
from port_lsp.facts.source import SourceFile
from port_lsp.python.depended import Depended
from port_lsp.python.gates.machine import Machine
from port_lsp.python.gates.queries import Tables
from port_lsp.python.gates.settingnames import SettingNames
from port_lsp.types.auth import Auth, Branch, Gate, Through, Tree
from port_lsp.types.settings import Setting

if TYPE_CHECKING:
    from port_lsp.python.interpret import Interpreter


def auth_of(
    run: Interpreter,
    files: Mapping[str, SourceFile],
    models: Iterable[Model],
    settings: Iterable[Setting],
    depended: Mapping[str, tuple[Depended, ...]],
) -> Auth | None:
    """The gates of endpoints, given by what these depend on; None where nothing is guarded."""
    tables = Tables({one.key: one for one in models if one.kind in ("sqlalchemy", "peewee")})
    machine = Machine(run, SettingNames(settings, files), tables)
    rows: list[tuple[str, tuple[str, ...]]] = []
    seen: dict[tuple[Depended, ...], tuple[str, ...]] = {}
    for ident, every in depended.items():
        known = seen.get(every)
        if known is None:
            gates = [gate for one in every if one.guards and (gate := machine.gate(one))]
            known = seen[every] = tuple(_outermost(gates, machine.gates))
        if known:
            rows.append((ident, known))
    if not rows:
        return None
    used = {key for _, keys in rows for key in keys}
    every_used = {below for key in used for below in (key, *_below(key, machine.gates))}
    gates = tuple(gate for key, gate in machine.gates.items() if key in every_used)
    return Auth(gates, tuple(rows))


def _outermost(gates: Iterable[Gate], known: Mapping[str, Gate]) -> list[str]:
    """The gates behind which the others of an endpoint stand anyway."""
    keys = list(dict.fromkeys(gate.key for gate in gates))
    covered = {below for key in keys for below in _below(key, known)}
    return [key for key in keys if key not in covered]


def _below(key: str, known: Mapping[str, Gate]) -> set[str]:
    """The gates that everybody has passed who has passed one."""
    found: set[str] = set()
    for below in _through(known[key].tree):
        found |= {below, *_below(below, known)}
    return found


def _through(tree: Tree) -> set[str]:
    if isinstance(tree, Through):
        return {tree.gate, *_through(tree.then)}
    return _through(tree.then) | _through(tree.other) if isinstance(tree, Branch) else set()
