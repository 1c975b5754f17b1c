"""An event handler with its body, translated as far as that is surely right.

python-socketio hands over what the client sent as it is: nothing of it is checked, whatever the
annotations say, so that it is JSON here, and what isn't there fails where it is asked for.
"""

from __future__ import annotations

import ast
from collections import Counter

from msgspec.structs import replace

from port_lsp.facts.items import Event
from port_lsp.facts.source import Record
from port_lsp.patterns.desk import Desk
from port_lsp.patterns.endpoints.needs import Needs
from port_lsp.patterns.endpoints.pythontext import PythonBody, python_body
from port_lsp.patterns.endpoints.says import GuardWay
from port_lsp.patterns.endpoints.survey import survey_of
from port_lsp.patterns.events.acknowledging import acknowledge, answering
from port_lsp.patterns.events.admitting import (
    GIVES,
    Admission,
    admitting,
    is_asked,
    is_known,
)
from port_lsp.patterns.events.handlers import ACK, handler, is_state
from port_lsp.patterns.events.python import PythonEvent
from port_lsp.patterns.translate.answers import Answer
from port_lsp.patterns.translate.binding import walked
from port_lsp.patterns.translate.body import Translated, translate
from port_lsp.patterns.translate.bodytext import Body
from port_lsp.patterns.translate.calls import around, result_of, state_of
from port_lsp.patterns.translate.errors import error_type
from port_lsp.patterns.translate.expressions import RULES
from port_lsp.patterns.translate.expressions.pythonic import is_true
from port_lsp.patterns.translate.functions import Functions
from port_lsp.patterns.translate.mutating import mutable
from port_lsp.patterns.translate.ownership import JSON
from port_lsp.patterns.translate.reading import is_read, touching
from port_lsp.patterns.translate.scene import Env, Scene
from port_lsp.patterns.translate.sent import Sent
from port_lsp.patterns.translate.sockets import OwnSocket
from port_lsp.patterns.translate.values import VALUE, Val, known
from port_lsp.writing.ir import body as b
from port_lsp.writing.ir import items as i
from port_lsp.writing.ir.names import bound
from port_lsp.writing.ir.types import UNIT, AnyType

_ACK_NAME = "<ack>"  # no name of Python's


class EventSpans:
    """What became of the handlers that were translated at a desk: for who counts them."""

    def __init__(self, _: Desk) -> None:
        """Of none yet; `by_event` has them by the ids of their events."""
        self.by_event: dict[str, Translated] = {}


class Handled(Record, frozen=True):
    """A handler that is to be written: its event, its Python, its name and file, what it takes of
    the socket, the application's state, the file for functions of its own, what it begins with
    where nothing of it is translated."""

    event: Event
    python: PythonEvent
    name: str
    file: str
    params: tuple[i.Param, ...]
    state: i.Param | None
    home: str
    first: tuple[b.Statement, ...] = ()
    visibility: i.Visibility = ""


def filled_in(desk: Desk, one: Handled, needs: Needs, functions: Functions) -> i.Function:
    """The function."""
    ack = _ack(one)
    params = [*one.params, *((one.state,) if one.state is not None else ())]
    answers = (ack,) if ack is not None and one.python.answers else ()
    plain = handler(
        one.name, (*params, *answers), one.python, first=one.first, visibility=one.visibility
    )  # fmt: skip
    file = desk.snapshot.backend_files.get(one.event.place.file)
    body = python_body(file, one.event.place) if file is not None else None
    enters = one.event.event == "connect"
    asked = enters and is_asked(desk.snapshot.backend_files.values())
    if asked:  # who isn't let in before somebody fills it
        plain = handler(one.name, params, one.python, returns=GIVES, visibility=one.visibility)
    if body is None or not body.is_exact or not _is_known(one):
        return plain
    if enters and not (asked and is_known(body)):
        return plain
    returns = survey_of(desk).conventions(one.event.place.file).returns(GuardWay("nothing"))
    result = result_of(returns)
    gives: AnyType = VALUE if one.python.answers and not enters else UNIT
    if enters and result is None:
        return plain
    kind = Admission if enters else Answer
    answer = kind(gives, fails=result is not None, plain=True)
    errors = error_type(desk, returns)
    scene = Scene(desk, needs, one.event.place.file, answer, errors, RULES)
    scene.whose = one.event.key
    scene.functions, scene.state = functions, state_of(one.state)
    scene.result = result
    scene.returns = around(result, gives) if result is not None else None
    (socket,) = bound(one.params[0].pattern)
    scene.socket = OwnSocket(
        socket, one.event.namespace or "/", enters, one.python.myself, _methods(desk)
    )  # fmt: skip
    scene.sent = _sent(body, one.python)
    env = _env(scene, one, ack)
    made = translate(scene, Body(body.nodes, body.lines, body.end, (), body.params), env)
    desk.shares(EventSpans).by_event[one.event.id] = made
    if _is_hole(made.block):
        return plain
    sends, name = None, ""
    if ack is not None:
        sends = acknowledge(functions, needs, one.home, one.event.key, result, errors)
        (name,) = bound(ack.pattern)
    if result is not None and not needs.has("tracing"):
        needs.depend("tracing", "0.1")
    acks = (ack,) if ack is not None else ()
    if enters and result is not None:
        block = admitting(made.block, around(result, UNIT), errors)
    else:
        block = answering(
            made.block, sends, one.event.event, name, gives, result, (*params, *acks), errors
        )  # fmt: skip
    for variable in bound(one.state.pattern) if one.state is not None else ():
        block = touching(variable, block)
    block = b.Block((*_optional(scene, one, block), *block.statements), block.tail)
    taken = [_used(at, param, block) for at, param in enumerate(params)]
    kept = [replace(each, pattern=mutable(each.pattern, made.lent)) for each in taken if each]
    return replace(plain, params=(*kept, *acks), body=block, returns=GIVES if enters else None)


def _is_known(one: Handled) -> bool:
    """Whether all that a handler takes is known."""
    every = one.python.arguments
    return not any(each.many or (each.optional and not each.is_plain) for each in every)


def _methods(desk: Desk) -> frozenset[str]:
    """The names of the backend's own methods: what a namespace's class may have in place of those
    that python-socketio gives it."""
    backend = desk.snapshot.backend
    every = backend.functions if backend is not None else ()
    return frozenset(one.name for one in every if one.owner is not None)


def _ack(one: Handled) -> i.Param | None:
    """What answers the client, by a name that nothing else has."""
    if one.event.event in ("connect", "disconnect"):
        return None
    params = [*one.params, *((one.state,) if one.state is not None else ())]
    taken = {name for param in params for name in bound(param.pattern)}
    name = "ack"
    while name in taken:
        name += "_"
    return i.Param(b.Bind(name), ACK)


def _sent(body: PythonBody, python: PythonEvent) -> Sent:
    """What the client sent, and parts of it that have a name which nothing else has."""
    stored = Counter(
        node.id
        for node in walked(*body.nodes)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
    )
    own = [one for one in python.arguments if one.name not in stored]
    there = {one.name for one in own if not one.optional}
    asked = {one.name for one in own}
    named = [
        (node.targets[0].id, node.value)
        for node in sorted(
            (one for one in walked(*body.nodes) if isinstance(one, ast.Assign)),
            key=lambda one: one.lineno,
        )
        if len(node.targets) == 1 and isinstance(node.targets[0], ast.Name)
    ]
    for name, value in named:
        known = Sent(frozenset(there), frozenset(asked))
        if stored[name] == 1 and known.is_sent(value):
            asked.add(name)
            if known.is_there(value):
                there.add(name)
    return Sent(frozenset(there), frozenset(asked))


def _env(scene: Scene, one: Handled, ack: i.Param | None) -> Env:
    """The names that the handler's parameters bind."""
    assert scene.socket is not None
    names = {one.python.sid: scene.socket.sid} if one.python.sid else {}
    for argument, name in zip(one.python.arguments, _sent_names(one), strict=False):
        names[argument.name] = Val(b.Name(name), VALUE, True, name)
    if ack is not None:
        (name,) = bound(ack.pattern)
        names[_ACK_NAME] = Val(b.Name(name), UNIT, True, name)
    params = [*one.params, *((one.state,) if one.state is not None else ())]
    touched = tuple(name for param in params for name in bound(param.pattern))
    return Env(names, touched).keeping(scene.state)


def _sent_names(one: Handled) -> list[str]:
    """The variables of what the client sent."""
    if one.event.event == "disconnect":
        return []
    return [name for param in one.params[1:] for name in bound(param.pattern)]


def _optional(scene: Scene, one: Handled, block: b.Block) -> tuple[b.Statement, ...]:
    """What stands for a value that the client left out; what it authenticates itself with counts as
    left out where Python takes it for false."""
    names = _sent_names(one)
    if len(names) != 1 or not is_read(names[0], block.statements, block.tail):
        return ()
    (argument,), (name,) = one.python.arguments[:1], names
    if one.event.event == "connect":
        true = is_true(scene, b.Name(name))
        assert isinstance(true, b.Call)
        there = b.Method(b.Method(b.Name(name), "ok"), "filter", (true.function,))
        return (b.Let(b.Bind(name), b.Method(there, "unwrap_or_default")),)
    if not argument.optional:
        return ()
    given = b.Method(b.Name(name), "unwrap_or_default")
    if argument.default != "None":
        made = b.Macro(JSON, (_default(argument.default),))
        given = b.Method(b.Name(name), "unwrap_or_else", (b.Closure((b.Wild(),), made),))
    return (b.Let(b.Bind(name), given),)


def _default(text: str) -> b.Expr:
    """A default as JSON."""
    return known(ast.literal_eval(text)).expr


def _used(at: int, param: i.Param, block: b.Block) -> i.Param | None:
    """A parameter of which a body reads something; of what the client must have sent it is asked
    for all the same."""
    names = bound(param.pattern)
    read = [one for one in names if is_read(one, block.statements, block.tail)]
    if not read and (at == 0 or is_state(param)):
        return None
    return replace(param, pattern=_without(param.pattern, set(read)))


def _without(pattern: b.Pattern, read: set[str]) -> b.Pattern:
    if isinstance(pattern, b.Bind):
        return pattern if pattern.name in read else b.Wild()
    if isinstance(pattern, b.TuplePattern):
        return replace(pattern, items=tuple(_without(one, read) for one in pattern.items))
    return pattern


def _is_hole(block: b.Block) -> bool:
    """Whether nothing of a body is translated."""
    return len(block.statements) == 1 and isinstance(block.statements[0], b.Hole)
