"""Type parameters of the backend's classes, and what they stand for in those that have arguments
(Python's docs, `typing`, "User-defined generic types")."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from port_lsp.python.classes import mro
from port_lsp.python.evaluate import evaluate, force
from port_lsp.python.values import Class, External, Generic
from port_lsp.python.wires import wire_of
from port_lsp.types.wire import Wire, replaced

if TYPE_CHECKING:
    from port_lsp.python.interpret import Interpreter

# What says nothing of how objects are made.
BARE = frozenset(("object", "builtins.object", "abc.ABC", "typing.Generic", "typing.Protocol"))


def arguments(run: Interpreter, own: Sequence[Class]) -> dict[str, Wire]:
    """What type parameters of classes stand for in the first of these, which has the others for
    bases (Python's docs, `typing`, "User-defined generic types")."""
    found: dict[str, Wire] = {}

    def known(wire: Wire) -> Wire | None:
        return found.get(wire.name) if wire.kind == "ref" else None

    for cls in own:
        for arg in cls.definition.bases:
            value = evaluate(run, arg.value, cls.scope)
            base = force(run, value.origin) if isinstance(value, Generic) else None
            if isinstance(value, Generic) and isinstance(base, Class):
                given = [wire_of(run, one, value.scope) for one in value.items]
                for name, wire in zip(parameters(run, base), given, strict=False):
                    found.setdefault(name, replaced(wire, known))
    return found


def parameters(run: Interpreter, cls: Class) -> list[str]:
    """The names of a class's type parameters, in order: of `Generic[…]`, else of its bases."""
    names: dict[str, None] = {}
    for arg in cls.definition.bases:
        value = evaluate(run, arg.value, cls.scope)
        if not isinstance(value, Generic):
            continue
        wires = [wire_of(run, one, value.scope) for one in value.items]
        own = [one.name for one in wires if one.kind == "ref" and "::" not in one.name]
        origin = force(run, value.origin)
        if isinstance(origin, External) and origin.name in BARE:
            return own
        names |= dict.fromkeys(own)
    return list(names)


def stands_for(run: Interpreter, name: str) -> Iterable[Wire]:
    """All that a type parameter (its name) is given by some class."""
    for cls in list(run.classes.values()):
        if cls.definition.bases:
            own = [one for one in mro(run, cls) if isinstance(one, Class)]
            found = arguments(run, own).get(name)
            if found is not None:
                yield found
