"""What a class of the backend is to who translates code that makes and uses its objects."""

from __future__ import annotations

import builtins
from typing import TYPE_CHECKING

from port_lsp.python import syntax as ir
from port_lsp.python.attributes import attribute
from port_lsp.python.classes import class_member, mro
from port_lsp.python.evaluate import evaluate, force
from port_lsp.python.lower import lone_expression
from port_lsp.python.models import classify
from port_lsp.python.schema import annotation_wire
from port_lsp.python.typeparameters import BARE, arguments, parameters
from port_lsp.python.values import Arguments, Class, External, Function, Instance
from port_lsp.types import meanings as m

if TYPE_CHECKING:
    from port_lsp.python.interpret import Interpreter

_WAYS: dict[str, m.Way] = {
    "staticmethod": "static", "classmethod": "class", "property": "property",
    "functools.cached_property": "property", "cached_property": "property",
    "abstractmethod": "method", "abc.abstractmethod": "method", "override": "method",
    "typing.override": "method",
}  # fmt: skip


def class_of(run: Interpreter, key: str) -> m.Class | None:
    """The class of an item key; None for what is none."""
    cls = _class(run, key)
    if cls is None:
        return None
    every = list(mro(run, cls))
    own = [one for one in every if isinstance(one, Class)]
    outside = tuple(one.name for one in every if isinstance(one, External) and one.name not in BARE)
    is_plain = (
        classify(run, cls) is None
        and not parameters(run, cls)
        and not any(
            one.definition.decorators or any(base.name is not None for base in one.definition.bases)
            for one in own
        )
    )
    keys = tuple(one.key for one in own)
    return m.Class(keys, outside, is_plain, tuple(arguments(run, own).items()), _offered(run, cls))


def _offered(run: Interpreter, cls: Class) -> tuple[str, ...]:
    """The names of a class's module that stand for objects of it."""
    names = dict(cls.scope.module.scope.names)
    return tuple(
        name for name, value in names.items()
        if isinstance(one := force(run, value), Instance) and one.cls is cls
    )  # fmt: skip


def attribute_of(run: Interpreter, key: str, name: str) -> str | None:
    """The class (item key) that objects of a class hold under a name, whatever they are made
    with; None for anything else."""
    cls = _class(run, key)
    if cls is None:
        return None
    value = force(run, attribute(run, Instance(cls, Arguments()), name))
    return value.key if isinstance(value, Class) else None


def below(run: Interpreter, name: str) -> tuple[str, ...]:
    """The names of the backend's classes that come from one: of its own, by its item key, or of
    Python's or a library, by its full name."""
    of_python = _builtin(name)
    found: dict[str, None] = {}
    for cls in list(run.classes.values()):
        for one in mro(run, cls):
            if isinstance(one, Class):
                same = one.key == name and one is not cls
            else:
                other = _builtin(one.name)
                same = of_python is not None and other is not None
                same = (same and issubclass(other or object, of_python or int)) or one.name == name
            if same:
                found[cls.definition.name] = None
    return tuple(found)


def _builtin(name: str) -> type | None:
    module, _, last = name.rpartition(".")
    found = getattr(builtins, last, None) if module in ("", "builtins") else None
    return found if isinstance(found, type) else None


def method_of(run: Interpreter, key: str, name: str) -> m.Method | None:
    """What a class (item key) has under a name, where that is a function; None where it is none,
    or where a decorator makes another thing of it."""
    cls = _class(run, key)
    member = class_member(run, cls, name) if cls is not None else None
    if not isinstance(member, Function):
        return None
    way: m.Way = "method"
    for one in member.definition.decorators:
        word = ir.dotted(one.expr)
        if word not in _WAYS:
            return None
        way = _WAYS[word] if way == "method" else way  # beside `abstractmethod`
    return m.Method(callable_of(run, member, bound=way != "static"), way)


def inherited(run: Interpreter, cls: Class, function: Function) -> m.Callable:
    """A method of a class's base as the class's own: with its item key, and with what the base's
    type parameters stand for."""
    known = dict(arguments(run, [one for one in mro(run, cls) if isinstance(one, Class)]))
    return m.as_own(callable_of(run, function, bound=True), cls.key, known)


def callable_of(run: Interpreter, function: Function, *, bound: bool) -> m.Callable:
    """A function as who calls it sees it; a `bound` one without its first parameter."""
    definition, module = function.definition, function.scope.module.path
    given = tuple(
        m.Given(
            one.name,
            annotation_wire(run, module, one.annotation.text if one.annotation else None),
            one.default.text if one.default is not None else "",
            one.star,
            one.keyword,
        )
        for one in definition.params[1 if bound else 0 :]
    )
    returns = definition.returns
    wire = annotation_wire(run, module, returns.text) if returns is not None else None
    return m.Callable(function.key, given, wire, definition.is_async)


def _class(run: Interpreter, key: str) -> Class | None:
    file, _, name = key.partition("::")
    state = run.module(file)
    if state is None or not name:
        return None
    value = force(run, evaluate(run, lone_expression(name), state.scope))
    return value if isinstance(value, Class) and value.key == key else None
