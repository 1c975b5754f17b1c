"""Classes and their objects: bases, members, and what `__init__` sets (Python's data model)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from port_lsp.python import syntax as ir
from port_lsp.python.evaluate import evaluate, force
from port_lsp.python.values import (
    Arguments,
    Class,
    External,
    Function,
    Generic,
    Instance,
    Made,
    Value,
)

if TYPE_CHECKING:
    from port_lsp.python.interpret import Interpreter


def is_decorated(function: Function, name: str) -> bool:
    """Whether a function has this decorator, given by its plain name."""
    return any(ir.dotted(decorator.expr) == name for decorator in function.definition.decorators)


def mro(run: Interpreter, cls: Class) -> Iterator[Class | External]:
    """A class and its bases, as far as the tree has them, each once.

    The order is depth first with a shared base last, which is Python's own order for the
    hierarchies that a consistent one exists for and no base is listed out of order.
    """
    seen: list[Class | External] = []
    _collect_bases(run, cls, seen, ())
    last: dict[object, int] = {_identity(item): index for index, item in enumerate(seen)}
    for index, item in enumerate(seen):
        if last[_identity(item)] == index:
            yield item


def _identity(item: Class | External) -> object:
    return item.key if isinstance(item, Class) else item.name


def _collect_bases(
    run: Interpreter, cls: Class, seen: list[Class | External], above: tuple[str, ...]
) -> None:
    seen.append(cls)
    if cls.key in above:
        return
    for base in bases(run, cls):
        if isinstance(base, Class):
            _collect_bases(run, base, seen, (*above, cls.key))
        elif isinstance(base, External):
            seen.append(base)


def bases(run: Interpreter, cls: Class) -> tuple[Value, ...]:
    """The values of a class statement's bases; a subscripted base is its origin."""
    if cls.bases is None:
        cls.bases = ()  # a class that is its own base ends here
        found: list[Value] = []
        for arg in cls.definition.bases:
            if arg.name is None and not arg.star:
                value = evaluate(run, arg.value, cls.scope)
                if isinstance(value, Generic):
                    value = force(run, value.origin)
                if isinstance(value, Made):  # `declarative_base()` gives a class
                    value = External(f"{value.maker.name}()")
                found.append(value)
        cls.bases = tuple(found)
    return cls.bases


def external_bases(run: Interpreter, cls: Class) -> set[str]:
    """The dotted names of all classes outside the tree that a class comes from."""
    return {item.name for item in mro(run, cls) if isinstance(item, External)}


def class_member(run: Interpreter, cls: Class, name: str) -> Value:
    """A name of a class or of its bases in the tree; None where nobody has it."""
    for item in mro(run, cls):
        if isinstance(item, Class):
            members = run.members(item)
            if name in members.names:
                return force(run, members.names[name])
    return None


def start(run: Interpreter, owner: Instance) -> None:
    """Follows `__init__` once."""
    if not owner.started:
        owner.started = True
        run.starting += 1
        try:
            init = class_member(run, owner.cls, "__init__")
            if isinstance(init, Function):
                run.run_function(init, owner.args, owner)
            for name in ("__post_init__", "__attrs_post_init__"):  # dataclasses, attrs
                after = class_member(run, owner.cls, name)
                if isinstance(after, Function):
                    run.run_function(after, Arguments(), owner)
        finally:
            run.starting -= 1
