"""`request.app.state.name` in an expression: a copy of what the crate's state has of it."""

from __future__ import annotations

from port_lsp.patterns.translate.appstate.cells import WHAT, Cell, cell
from port_lsp.patterns.translate.appstate.struct import shared_at
from port_lsp.patterns.translate.appstate.uses import Place, uses_at
from port_lsp.patterns.translate.scene import Env, Scene
from port_lsp.patterns.translate.values import UNCHANGING, UntranslatedError, Val, option_of
from port_lsp.writing.ir import body as b
from port_lsp.writing.ir.types import Type

_ERROR = ("crate", "error", "AppError")


def place_of(scene: Scene, whole: str, env: Env) -> tuple[Place, tuple[str, ...]] | None:
    """The attribute of the state that a dotted name leads to, with the names behind it; None for
    what is none, or none that anybody assigns, and in a crate that has no place for them."""
    if ".state." not in whole or shared_at(scene.desk) is None:
        return None
    root, *parts = whole.split(".")
    uses = uses_at(scene.desk)
    if scene.request and root == scene.request and parts[:2] == ["app", "state"]:
        parts = parts[1:]
    elif parts[:1] != ["state"] or not _is_application(scene, root):
        return None
    found = uses.place(tuple(parts[1:])) if root not in env.names else None
    return (found, tuple(parts[1 + len(found.path) :])) if found is not None else None


def _is_application(scene: Scene, name: str) -> bool:
    known = uses_at(scene.desk).is_application(scene.backend_file, name)
    return known and name not in scene.local


def shared_read(scene: Scene, whole: str, env: Env) -> Val | None:
    """An attribute of the state; None for another expression, also for a part of what it holds.
    Raises UntranslatedError."""
    found = place_of(scene, whole, env)
    if found is None or found[1]:
        return None
    there = cell_of(scene, found[0])
    if not is_plain(there) and (scene.lends == "whole" or (scene.lends and not _has_plain(there))):
        raise UntranslatedError("what the application's state holds, which is changed in place")
    return Val(b.Try(b.Method(there.expr, "get"), alike=True), there.kind)


def cell_of(scene: Scene, place: Place) -> Cell:
    """The crate's field of an attribute, for a body that may fail by what the field fails by.
    Raises UntranslatedError."""
    if scene.result is None or scene.errors is None or scene.errors.symbol.path != _ERROR:
        raise UntranslatedError(WHAT)
    return cell(scene, place)


def is_plain(of: Cell) -> bool:
    """Whether it holds what has no parts that somebody could change."""
    return (option_of(of.kind) or of.kind) in UNCHANGING


def _has_plain(of: Cell) -> bool:
    """Whether it is a list, a set or a dict of what has no parts."""
    kind = option_of(of.kind) or of.kind
    return isinstance(kind, Type) and bool(kind.args) and set(kind.args) <= set(UNCHANGING)


def is_part(scene: Scene, whole: str, env: Env) -> bool:
    """Whether a dotted name is of what an attribute of the state holds."""
    found = place_of(scene, whole, env)
    return found is not None and bool(found[1])
