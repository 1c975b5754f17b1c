"""What the arguments of a registering call are: texts, methods, handlers, names for people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from port_lsp.python.alternatives import iterate
from port_lsp.python.evaluate import force
from port_lsp.python.values import (
    Bound,
    Class,
    External,
    Function,
    Instance,
    LambdaValue,
    Late,
    Made,
    NativeMethod,
    Partial,
    Unknown,
    Value,
)

if TYPE_CHECKING:
    from port_lsp.python.interpret import Interpreter


def text_of(run: Interpreter, value: Value) -> str | None:
    """A text, where it is known."""
    known = force(run, value)
    return known if isinstance(known, str) else None


def why_not(run: Interpreter, value: Value) -> str:
    """Why a value can't be what a registering call needs."""
    known = force(run, value)
    if isinstance(known, Unknown):
        return known.reason
    if isinstance(known, External):
        return f"{known.name} is outside the tree"
    if isinstance(known, Made):
        return f"{known.maker.name}() is outside the tree"
    return f"{name_of(known)} isn't what is expected here"


def methods_of(run: Interpreter, value: Value) -> tuple[str, ...]:
    """The methods that a list names, in capitals, each once."""
    if value is None:
        return ()
    names = [force(run, item) for item in iterate(run, value)]
    found: list[str] = []
    for name in names:
        if isinstance(name, str) and name.upper() not in found:
            found.append(name.upper())
        elif isinstance(name, External):  # http.HTTPMethod.GET
            found.append(name.name.rpartition(".")[2].upper())
    return tuple(found)


def unwrapped(run: Interpreter, handler: Value) -> Value:
    """The function inside wrappers: `limiter.limit("5/minute")(handler)`."""
    value = force(run, handler)
    while True:
        if isinstance(value, Made):
            inner = [force(run, item) for item in value.args.positional]
            function = next((v for v in inner if isinstance(v, (Function, Bound))), None)
            if function is None:
                return value
            value = function
        else:
            return value


def name_of(value: Value) -> str:
    """A value's name for people."""
    if isinstance(value, (Function, LambdaValue)):
        return value.definition.name if isinstance(value, Function) else "<lambda>"
    if isinstance(value, Class):
        return value.definition.name
    if isinstance(value, Bound):
        return value.function.definition.name
    if isinstance(value, External):
        return value.name
    if isinstance(value, Made):
        return value.maker.name
    if isinstance(value, Instance):
        return value.cls.definition.name
    if isinstance(value, Partial):
        inner = value.func
        return name_of(inner.value if isinstance(inner, Late) else inner)
    if isinstance(value, NativeMethod):
        return value.name
    return str(value) if isinstance(value, (str, int)) else type(value).__name__
