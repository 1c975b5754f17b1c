"""Whether a chunk of a module must be looked into in its turn, as far as its text says it.

Asked of each text once: a module is run again after every edit that reaches it, and most of its
chunks are what they were.
"""

from __future__ import annotations

import re
from typing import Protocol

from port_lsp.facts.source import Record
from port_lsp.python.outline import Shape

_METHODS = rb"get|post|put|delete|patch|head|options|trace|api_route|websocket"
# The arguments of a call, brackets in them too, and that what it gives is called with a name.
CALLED_AGAIN = rb"\([^()]*(?:\([^()]*\)[^()]*)*\)\(\w+\)"
# Words by which a body or a statement may register something, and what says it by its form. A miss
# here is a missing endpoint, a hit too many costs a look. Bodies may be long, and looking for a
# word costs next to nothing; so do patterns that begin with a character of their own.
_REGISTERING_WORDS = (
    *(b"include_router", b"add_api_", b"add_route", b"add_websocket", b"APIRouter", b"FastAPI"),
    *(b"Router(", b".mount(", b"add_middleware", b"add_exception_handler", b"super().__init__"),
    *(b"AsyncServer", b"register_namespace"),
)
_REGISTERING_FORMS = (
    re.compile(rb"@[\w.]+\.(?:" + _METHODS + rb"|route)\s*\("),
    re.compile(rb"\.(?:" + _METHODS + rb")\(\s*f?[\"']/"),
    re.compile(rb"\.(?:on|event)\b"),
    # `router.get(path, **given)(handler)`: what a decorator of one's own does with its function.
    re.compile(rb"\.(?:" + _METHODS + rb")" + CALLED_AGAIN),
)


class Searched(Protocol):
    """Something that is searched for in a text."""

    def search(self, data: bytes, /) -> object:
        """What is found, which is true; nothing else."""
        ...


class _Registering:
    """Whether a text may register something."""

    def search(self, data: bytes) -> bool:
        """Whether one of the words or the forms is in a text."""
        return any(word in data for word in _REGISTERING_WORDS) or any(
            form.search(data) for form in _REGISTERING_FORMS
        )


REGISTERING: Searched = _Registering()
_ROUTE_DECORATOR = re.compile(
    rb"^\s*@[\w.]+\.(?:" + _METHODS + rb"|websocket_route|route|on|event)\b",
    re.M,
)
_TAKES_APPLICATION = re.compile(rb"[(,]\s*(?:\w+\s*=\s*)?\w*(?:app|api|router|sio)\s*[,)]")
# What a loop or an `if` does with an application: `app.get(path)(handler)`, `getattr(app, name)`.
_ON_APPLICATION = re.compile(rb"\b\w*(?:app|api|router)\s*\.\s*\w+\s*\(|\bgetattr\(")
_LOOKED_INTO = re.compile(rb"\b(?:import|def|class)\b|\.(?:append|extend|update)\(|\+=")
_BOUND_INSIDE = re.compile(rb"^[ \t]+(\w+)[ \t]*(?::[^=\n]+)?=[^=]", re.M)
_CALLED = re.compile(rb"=\s*([A-Za-z_][\w.]*)\(")
_MAIN = re.compile(rb"if\s*\(?\s*__name__\s*==")
_ELSE = re.compile(rb"^(?:else|elif)\b", re.M)


class Turn(Record, frozen=True):
    """What a chunk's text says about its turn.

    `now`: it is looked into. Else it waits until somebody asks for one of `names`, which it binds,
    unless its value speaks of one of them that is bound already (`value`), or what it `calls` (a
    dotted name, "" for nothing) makes an application. Of a compound statement `value` is all of its
    text, where it calls something: that may be on an application of any name.
    """

    now: bool
    names: tuple[str, ...] = ()
    calls: str = ""
    value: bytes = b""


NEVER = Turn(now=False)


def turn_of(shape: Shape, data: bytes) -> Turn:
    """The turn of a chunk given by its shape and its text; imports have none."""
    if shape.kind == "function":
        return Turn(bool(shape.decorators), (shape.name,))
    if shape.kind == "class":
        return Turn(bool(shape.decorators or _ROUTE_DECORATOR.search(data)), (shape.name,))
    if shape.kind == "assignment":
        _, _, value = data.partition(b"=")
        # An application or a router that goes into a call may be registered on.
        pattern = _TAKES_APPLICATION if shape.targets else REGISTERING
        called = _CALLED.search(data)
        calls = called[1].decode("utf-8", "replace") if called else ""
        return Turn(bool(pattern.search(value)), shape.targets, calls, value)
    if shape.kind == "compound":
        if _MAIN.match(data) and not _ELSE.search(data):
            return NEVER
        inside = (match[1].decode() for match in _BOUND_INSIDE.finditer(data))
        looks = (REGISTERING, _LOOKED_INTO, _TAKES_APPLICATION, _ON_APPLICATION)
        if any(look.search(data) for look in looks):
            return Turn(now=True)
        calls = data if b"(" in data else b""
        return Turn(now=False, names=tuple(dict.fromkeys(inside)), value=calls)
    return Turn(shape.kind == "expression")


def speaks_of_itself(turn: Turn, rebound: list[str]) -> bool:
    """Whether an assignment's value speaks of a name that it binds anew."""
    return any(re.search(rb"\b%s\b" % name.encode(), turn.value) for name in rebound)
