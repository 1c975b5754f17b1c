"""Socket.IO events in the crate: socketioxide's calls, and dispatch made by hand.

First step, chunk by chunk: `.on("x", …)`, `.ns("/", …)`, calls whose name speaks of emitting, and
a `match` over an event's name in a function that is about sockets. Second step, over the crate:
whose events they are, and which calls really emit (those of socketioxide, and those of functions
of the crate that take a parameter named `event`).
"""

import re
from collections.abc import Iterator
from typing import Literal

from tree_sitter import Node

from port_lsp.facts.source import Record
from port_lsp.rust.literals import unquote
from port_lsp.rust.syntax import Source
from port_lsp.text import Span

How = Literal["on", "namespace", "match", "emit"]

HINTS = (b".on(", b".ns(", b".dyn_ns(", b"on_disconnect(", b"emit", b"broadcast", b"event")

_CALL = re.compile(
    rb"\b(?P<name>on|ns|dyn_ns|on_disconnect|\w*(?:emit|broadcast|publish|send_event|notify)\w*)"
    rb"\s*(?:::\s*<[^()]*>\s*)?\("
)
_MATCH = re.compile(
    rb"\bmatch\s+[&*]*[\w.]*?\b(?:\w*event\w*|evt)(?:\s*\.\s*(?:as_str|as_ref|as_deref|trim)\(\))*\s*\{"
)
_ABOUT_SOCKETS = re.compile(rb"socket|\bsid\b|\bws\b|websocket|emit", re.I)
_SID = re.compile(rb"\bsid\s*:")
_CALLED = re.compile(r"(?:\.|\b)([a-z_]\w*)\s*(?:::\s*<[^()]*>\s*)?\(")
_LOUD = frozenset({"info", "debug", "warn", "error", "trace", "println", "clone", "spawn"})


class SocketFact(Record, frozen=True):
    """One place where an event is handled or emitted, or a namespace is opened.

    `name` is the event or namespace, `function` the qualified name of the function around it.
    `target` is the path of what handles it as written, or the bare name of what an arm calls;
    None for a closure and for an arm that calls nothing. `callee` is the name of the method that
    emits and `index` which of its arguments the event's name is. `closure` is the range of a
    namespace's closure, `asks` the path of what lets clients into it: `on_connect.with(asks)`.
    """

    how: How
    name: str
    function: str
    span: Span
    target: str | None = None
    callee: str = ""
    index: int = 0
    closure: Span | None = None
    asks: str | None = None


def read_sockets(function: Node, name: str, source: Source) -> tuple[SocketFact, ...]:
    """What one function_item has to do with events, in order."""
    body = function.child_by_field_name("body")
    if body is None:
        return ()
    text = source.data[body.start_byte : body.end_byte]
    if not any(hint in text for hint in HINTS):
        return ()
    found = list(_calls(body, name, source))
    if b"event" in text and b"match" in text:
        found += _dispatches(function, body, name, source)
    return tuple(sorted(found, key=lambda fact: fact.span))


def _calls(body: Node, function: str, source: Source) -> Iterator[SocketFact]:
    for match in _CALL.finditer(source.data, body.start_byte, body.end_byte):
        at = match.start("name")
        if source.data[at - 1 : at] not in (b".", b" ", b":", b"\n", b"(", b"\t", b"!"):
            continue
        node = body.descendant_for_byte_range(at, at + 1)
        if node is None or node.type not in ("field_identifier", "identifier"):
            continue  # in a comment or a string
        call = node
        while call is not None and call.type != "call_expression":
            call = call.parent
        listed = call.child_by_field_name("arguments") if call is not None else None
        if listed is None or listed.start_byte < at:
            continue
        given = [child for child in listed.named_children if not child.type.endswith("comment")]
        name = match["name"].decode()
        if name == "on_disconnect" and given:
            target, closure = _handler(given[0], source)
            yield SocketFact(
                "on", "disconnect", function, source.span(node), target, name, 0, closure
            )
        elif name in ("on", "ns", "dyn_ns"):
            event = unquote(source.text(given[0])) if len(given) > 1 else None
            if event is not None:
                greeted, asks = _admitted(given[1], source)
                target, closure = _handler(greeted, source)
                how: How = "on" if name == "on" else "namespace"
                span = source.span(given[0])
                yield SocketFact(how, event, function, span, target, name, 0, closure, asks)
        else:
            for index, argument in enumerate(given[:4]):
                event = unquote(source.text(argument).lstrip("&"))
                if event is not None:
                    span = source.span(argument)
                    yield SocketFact("emit", event, function, span, None, name, index)


def _admitted(node: Node, source: Source) -> tuple[Node, str | None]:
    """The handler of a namespace, and the path of the last of what is asked before it is called
    (socketioxide: docs of `handler::connect`, "Middlewares")."""
    asks: str | None = None
    while node.type == "call_expression":
        function, listed = (node.child_by_field_name(one) for one in ("function", "arguments"))
        field = function.child_by_field_name("field") if function is not None else None
        of = function.child_by_field_name("value") if function is not None else None
        given = listed.named_children if listed is not None else []
        if field is None or of is None or source.text(field) != "with" or len(given) != 1:
            break
        asks = asks or _handler(given[0], source)[0]
        node = of
    return node, asks


def _handler(node: Node, source: Source) -> tuple[str | None, Span | None]:
    """The path of a handler, or the range of the closure that is one."""
    if node.type == "closure_expression" or node.type == "async_block":
        return None, source.span(node)
    text = source.text(node)
    return text.partition("(")[0].partition("::<")[0].strip(), None


def _dispatches(function: Node, body: Node, name: str, source: Source) -> Iterator[SocketFact]:
    """The arms of a match over an event's name, and `Connect` and `Disconnect` around it."""
    if not _ABOUT_SOCKETS.search(source.data, function.start_byte, function.end_byte):
        return
    for match in _MATCH.finditer(source.data, body.start_byte, body.end_byte):
        word = body.descendant_for_byte_range(match.start(), match.start() + 1)
        node = word.parent if word is not None and word.type == "match" else None
        if node is None:
            continue
        arms = list(_named_arms(node, name, source))
        if len(arms) > 1 or _takes_sid(function, source):
            yield from arms
            yield from _life_cycle(node, name, source)


def _takes_sid(function: Node, source: Source) -> bool:
    """Whether a parameter is called `sid`, as python-socketio calls a client's id: there a single
    name is told apart already, elsewhere it may be a match over anything."""
    listed = function.child_by_field_name("parameters")
    if listed is None:
        return False
    return _SID.search(source.data, listed.start_byte, listed.end_byte) is not None


def _named_arms(node: Node, function: str, source: Source) -> Iterator[SocketFact]:
    block = node.child_by_field_name("body")
    for arm in block.named_children if block is not None else ():
        pattern, value = arm.child_by_field_name("pattern"), arm.child_by_field_name("value")
        if arm.type != "match_arm" or pattern is None or value is None:
            continue
        target = _called(source.text(value))
        for part in _alternatives(pattern):
            if part.type in ("string_literal", "raw_string_literal"):
                event = unquote(source.text(part))
                if event:
                    yield SocketFact("match", event, function, source.span(part), target)


def _alternatives(pattern: Node) -> Iterator[Node]:
    for child in pattern.named_children:
        if child.type == "or_pattern":
            yield from _alternatives(child)
        else:
            yield child


def _called(text: str) -> str | None:
    """The function that an arm calls first; one that says `handle` or `on` before others."""
    names = [name for name in _CALLED.findall(text) if name not in _LOUD]
    speaking = [name for name in names if name.startswith(("handle", "on_"))]
    return next(iter(speaking or names), None)


def _life_cycle(node: Node, function: str, source: Source) -> Iterator[SocketFact]:
    """Where the match stands in an arm of another, that one's `X::Connect` and `X::Disconnect`."""
    above = node.parent
    while above is not None and above.type != "match_block":
        if above.type == "function_item":
            return
        above = above.parent
    for arm in above.named_children if above is not None else ():
        pattern = arm.child_by_field_name("pattern")
        if pattern is None:
            continue
        last = source.text(pattern).partition("(")[0].rpartition("::")[2].strip()
        if last in ("Connect", "Disconnect"):
            yield SocketFact("match", last.lower(), function, source.span(pattern))
