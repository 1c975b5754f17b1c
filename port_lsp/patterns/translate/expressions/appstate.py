"""`request.app.state.name`: a field of the crate's own state, or of a struct in one of its fields.

Which field that is, its name says. What lies behind a lock is copied out of it in front of the
statement (`state.py`): a lock is held by no statement that waits, and by none twice. Assignments
aren't translated: what Python does beside them (a class that saves what it is set to) isn't known.
A field that says of which environment variable it is, as in a new crate, is that and no more.
"""

from __future__ import annotations

import ast
import re

from port_lsp.facts.source import Record
from port_lsp.patterns.desk import Desk
from port_lsp.patterns.endpoints.written import alias_of, type_of
from port_lsp.patterns.names import snake
from port_lsp.patterns.translate.expressions.settings import is_setting
from port_lsp.patterns.translate.inferring.kinds import REQUESTS
from port_lsp.patterns.translate.scene import Env, Scene, dotted
from port_lsp.patterns.translate.state import HELD, HeldRead
from port_lsp.patterns.translate.values import UntranslatedError, Val, inside, without_reference
from port_lsp.types import meanings as m
from port_lsp.writing.ir import body as b
from port_lsp.writing.ir.types import AnyType, Type

# How a lock of a certain type is taken: the methods in their order, whether one waits for it.
_LOCKS: dict[tuple[str, ...], tuple[tuple[str, ...], bool]] = {
    ("std", "sync", "RwLock"): (("read", "unwrap"), False),
    ("std", "sync", "Mutex"): (("lock", "unwrap"), False),
    ("tokio", "sync", "RwLock"): (("read",), True),
    ("tokio", "sync", "Mutex"): (("lock",), True),
    ("parking_lot", "RwLock"): (("read",), False),
    ("parking_lot", "Mutex"): (("lock",), False),
}
_LINE = re.compile(rb"^[ \t]+[^\n#]*\.state\.[^\n]*", re.M)
_CHANGED = re.compile(
    rb"\.state\.(?:\w+\.)*?(\w+)(?:\[[^\]\n]*\])*[ \t]*"
    rb"(?:(?::[^=\n]+)?[-+|&*/%@^]?=(?!=)"
    rb"|\.(?:add|append|clear|discard|extend|insert|pop|popitem|remove|reverse|setdefault|sort"
    rb"|update)\()"
    rb"|\bdel [^\n]*\.state\.(?:\w+\.)*(\w+)"
)
_WHAT = "what the application's state holds"


class _Changes:
    """The names below `app.state` that functions of the backend change, by assignment or a method
    of a collection."""

    def __init__(self, desk: Desk) -> None:
        self.names: set[str] = set()
        for file in desk.snapshot.backend_files.values():
            text = file.text.data
            for line in _LINE.findall(text) if b".state." in text else ():
                for found in _CHANGED.findall(line):
                    self.names.update(one.decode() for one in found if one)


class _Place(Record, frozen=True):
    """A place in the state: the expression of a value, its type, the lock that is taken before."""

    expr: b.Expr
    type: AnyType
    guard: b.Expr | None = None


def request_of(scene: Scene, args: ast.arguments, stored: set[str]) -> str:
    """The parameter that gets the request or the WebSocket, by its annotation; "" where there is
    none, or the body makes something else of the name."""
    for one in (*args.posonlyargs, *args.args, *args.kwonlyargs):
        name = dotted(one.annotation) if one.annotation is not None else ""
        meaning = scene.desk.backend.meaning(scene.backend_file, name) if name else None
        if isinstance(meaning, m.Outside) and meaning.name in REQUESTS:
            return one.arg if one.arg not in stored else ""
    return ""


def state_read(scene: Scene, whole: str, env: Env) -> Val | None:
    """A part of the application's state; None for another expression. Raises UntranslatedError."""
    root, *parts = whole.split(".")
    if not scene.request or root != scene.request or parts[:2] != ["app", "state"]:
        return None
    if scene.state is None or len(parts) < 3 or root in env.names:
        raise UntranslatedError(_WHAT)
    place = _opened(scene, _Place(b.Name(scene.state.name), scene.state.type))
    for at, name in enumerate(parts[2:]):
        place = _field(scene, place if not at else _opened(scene, place), name)
    place = _opened(scene, place)
    kind = place.type
    # All that a lock guards isn't copied for the sake of one part.
    is_whole = place.expr == b.Name(HELD) and not scene.shapes.has(kind, "Copy")
    if is_whole or not _is_value(scene, kind):
        raise UntranslatedError(_WHAT)
    if place.guard is None and scene.desk.shares(_Changes).names.intersection(parts):
        raise UntranslatedError(_WHAT)  # the crate's can't change, so it is something else
    scene.needs.note("what `app.state` holds is read of the crate's state by its name")
    if place.guard is None:
        return Val(place.expr, kind, place=True, root=scene.state.name)
    return _copied(scene, place, parts[-1], env)


def _copied(scene: Scene, place: _Place, name: str, env: Env) -> Val:
    """A variable in front of the statement."""
    if scene.held is None or place.guard is None:
        raise UntranslatedError(_WHAT)
    taken = {one.rust for one in scene.held} | set(env.bound)
    rust = env.free(name)
    while rust in taken:
        rust += "_"
    copied = scene.shapes.has(place.type, "Copy")
    value = place.expr if copied else b.Method(place.expr, "clone")
    if value == b.Name(HELD):
        value = b.Unary("*", value)
    scene.held.append(HeldRead(rust, place.guard, value))
    return Val(b.Name(rust), place.type, place=True, root=rust)


def _field(scene: Scene, of: _Place, name: str) -> _Place:
    shape = scene.shapes.of(of.type)
    found = (shape.field(name) or shape.field(snake(name))) if shape is not None else None
    if found is None or shape is None or is_setting(scene, shape.symbol, found[0]):
        raise UntranslatedError(_WHAT)
    if not scene.shapes.may_name(shape, found[0], scene.needs.file):
        raise UntranslatedError(_WHAT)
    return _Place(b.Access(of.expr, found[0]), _meant(scene, found[1]), of.guard)


def _opened(scene: Scene, of: _Place) -> _Place:
    """What is behind pointers and a lock."""
    kind = without_reference(_meant(scene, of.type))
    pointed = inside(kind, "Arc", "Data")
    while pointed is not None:
        kind = without_reference(_meant(scene, pointed))
        pointed = inside(kind, "Arc", "Data")
    lock = _LOCKS.get(kind.head.path) if isinstance(kind, Type) else None
    held = inside(kind, "RwLock", "Mutex")
    if held is None:
        return _Place(of.expr, kind, of.guard)
    if lock is None or of.guard is not None:
        raise UntranslatedError(_WHAT)
    guard: b.Expr = of.expr
    for name in lock[0]:
        guard = b.Method(guard, name)
    return _Place(b.Name(HELD), _meant(scene, held), b.Await(guard) if lock[1] else guard)


def _meant(scene: Scene, kind: AnyType) -> AnyType:
    """A type with the crate's aliases put in."""
    scopes = scene.desk.workshop.scopes
    for _ in range(4):  # of aliases of aliases
        alias = alias_of(scopes, kind.head) if isinstance(kind, Type) and not kind.args else None
        target = alias[1].target if alias is not None else None
        made = type_of(scopes, alias[0], target) if alias is not None and target else None
        if made is None:
            break
        kind = made
    return kind


def _is_value(scene: Scene, kind: AnyType) -> bool:
    """Whether it is something that one may have a copy of: no object of the application's own."""
    if scene.shapes.of(kind) is not None or inside(kind, "Arc", "RwLock", "Mutex", "Data"):
        return False
    return scene.shapes.has(kind, "Clone")


def is_in_order(scene: Scene, node: ast.stmt, env: Env) -> bool:
    """Whether what is copied out in front of a statement is what it reads itself: no function of
    the backend's is called in it before, and nothing is read by statements behind it."""
    own = [
        one for child in ast.iter_child_nodes(node)
        if not isinstance(child, (ast.stmt, ast.ExceptHandler))
        for one in ast.walk(child)
    ]  # fmt: skip
    start = f"{scene.request}.app.state"
    reads = [one for one in own if isinstance(one, ast.Attribute) and dotted(one) == start]
    calls = [
        one for one in own
        if isinstance(one, ast.Call) and isinstance(scene.meaning(one.func, env), m.Callable)
    ]  # fmt: skip
    late = any(
        _at(call) < _at(read) and all(part is not read for part in ast.walk(call))
        for call in calls
        for read in reads
    )
    return not late and len(scene.held or ()) <= len(reads)


def _at(node: ast.expr) -> tuple[int, int]:
    return node.lineno, node.col_offset
