"""Lists and dicts of an object that somebody else has, too, while they are changed in place.

In Python both have the same one. In Rust the other has got a copy of it: so what is handed out of
an object isn't changed any more in the same body, nor is anything of an object that changes itself
while it is lent.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence

from port_lsp.patterns.translate.backendfunctions import functions_at
from port_lsp.patterns.translate.binding import walked
from port_lsp.patterns.translate.mutating import lent_in
from port_lsp.patterns.translate.objects.attributes import own_name
from port_lsp.patterns.translate.objects.classes import ObjectClass, objects_at
from port_lsp.patterns.translate.scene import Env, Scene
from port_lsp.patterns.translate.values import UntranslatedError, Val
from port_lsp.writing.ir import body as b
from port_lsp.writing.ir.names import uses
from port_lsp.writing.ir.types import Reference

_DEEP = 4  # methods that give what others give


def shown(scene: Scene, cls: ObjectClass, of: Val, name: str, val: Val) -> Val:
    """What is read of an object by an attribute, or a method's name: noted where it is a list or
    dict that somebody fills."""
    if _gives(scene, cls, name, 0):
        scene.shows[val.expr] = of.root
    return val


def filling(scene: Scene, root: str) -> None:
    """Something of an object is changed in place. Raises UntranslatedError."""
    if root in scene.seen:
        raise UntranslatedError("an object that is changed of which others have a part")
    scene.filled.add(root)


def is_filled(scene: Scene, of: Val, name: str) -> bool:
    """Whether a method fills an attribute of an object, which somebody else may have, too."""
    cls = objects_at(scene.desk).of_type(of.type)
    return cls is not None and name in cls.filled


def hand(scene: Scene, call: ast.Call, env: Env) -> None:
    """Notes the variables that a call hands to an object, which may keep what they hold."""
    for one in (*call.args, *(each.value for each in call.keywords)):
        val = env.names.get(one.id) if isinstance(one, ast.Name) else None
        if val is not None and val.place:
            scene.handed.add(val.root)


def apart(parts: Sequence[b.Expr]) -> None:
    """Raises UntranslatedError where one of some expressions changes what another one speaks of:
    Rust lends it only once."""
    for at, one in enumerate(parts):
        others = [*parts[:at], *parts[at + 1 :]]
        if any(uses(name, *others) for name in lent_in(one)):
            raise UntranslatedError("an object that is changed beside what reads it")


def lent_for(root: str, args: Sequence[b.Expr], types: Sequence[object]) -> None:
    """As `apart`, of the object that a method changes and what it is given."""
    for one, kind in zip(args, types, strict=False):
        kept = isinstance(kind, Reference) and uses(root, one)
        if kept or root in lent_in(one):
            raise UntranslatedError("an object that is changed beside what reads it")


def _gives(scene: Scene, cls: ObjectClass, name: str, deep: int) -> bool:
    """Whether an attribute, a property or a method gives a list or dict that somebody fills."""
    if cls.field(name) is not None:
        return name in cls.filled
    method = objects_at(scene.desk).method(cls, name)
    node = functions_at(scene.desk).node(method.callable.key) if method is not None else None
    if node is None or deep > _DEEP:
        return deep > _DEEP
    own = own_name(node)
    every = walked(*node.body)
    given = [one.value for one in every if isinstance(one, ast.Return) and one.value is not None]
    named = {each.id for one in given for each in walked(one) if isinstance(each, ast.Name)}
    given += [
        one.value for one in every if isinstance(one, (ast.Assign, ast.AnnAssign))
        for target in (one.targets if isinstance(one, ast.Assign) else [one.target])
        if one.value is not None and isinstance(target, ast.Name) and target.id in named
    ]  # fmt: skip
    return any(
        _gives(scene, cls, part.attr, deep + 1)
        for one in given for part in walked(one)
        if isinstance(part, ast.Attribute) and isinstance(part.value, ast.Name)
        and part.value.id == own
    )  # fmt: skip
