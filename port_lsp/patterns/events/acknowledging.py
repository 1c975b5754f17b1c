"""What becomes of what an event's handler gives, or fails with.

python-socketio, its server's `_handle_event_internal`: what a handler returns is sent as the
acknowledgement that a client asks for, as no value where that is None; where it fails, nothing is
sent, and the failure is logged. socketioxide: docs of `AckSender`.
"""

from __future__ import annotations

from port_lsp.patterns.endpoints.needs import Needs
from port_lsp.patterns.translate.calls import around
from port_lsp.patterns.translate.errors import ErrorType
from port_lsp.patterns.translate.failing import logged
from port_lsp.patterns.translate.functions import Functions
from port_lsp.patterns.translate.sockets import nothing
from port_lsp.patterns.translate.values import ERR, OK, VALUE, leaves
from port_lsp.writing.ir import body as b
from port_lsp.writing.ir import items as i
from port_lsp.writing.ir.names import bound
from port_lsp.writing.ir.types import AnyType, Bounds, Reference, Symbol, Type, named, symbol
from port_lsp.writing.printer.literals import string

_DOCS = "Sends what an event's handler gives as its acknowledgement; what fails is logged."
_ACK = named("socketioxide::extract::AckSender")
_INTO = Bounds("impl", (Type(symbol("Into"), (VALUE,)),))
_NULL = b.PathPattern(VALUE.head, ("Null",))


def acknowledge(
    functions: Functions,
    needs: Needs,
    file: str,
    source: str,
    result: AnyType | None,
    errors: ErrorType | None,
) -> Symbol:
    """The symbol of the function that sends acknowledgements, which is in a file; `result` is what
    handlers give that may fail, with which `errors`."""

    def make(name: str) -> i.Function:
        return _function(name, result, errors)

    key = f"A function of the Socket.IO server: {_DOCS}"
    return functions.helper(key, source, "acknowledge", _DOCS, needs, make, file)


def _function(name: str, result: AnyType | None, errors: ErrorType | None) -> i.Function:
    ack, answer = b.Name("ack"), b.Name("answer")

    def sent(data: b.Expr) -> b.Block:
        return b.Block((b.Let(b.Wild(), b.Method(ack, "send", (data,))),))

    params = [i.Param(b.Bind("ack"), _ACK)]
    given: AnyType = _INTO
    if result is None:
        of: b.Expr = b.Method(answer, "into")
        arms = [b.Arm(_NULL, sent(nothing())),
                b.Arm(b.Bind("answer"), sent(b.Unary("&", answer)))]  # fmt: skip
    else:
        params.append(i.Param(b.Bind("event"), Reference(named("str"))))
        given = around(result, _INTO)
        of = b.Method(answer, "map", (b.Path(symbol("Into"), ("into",)),))
        failed = logged(errors, "{event}: ")
        arms = [
            b.Arm(b.TuplePattern(OK, (_NULL,)), sent(nothing())),
            b.Arm(b.TuplePattern(OK, (b.Bind("answer"),)), sent(b.Unary("&", answer))),
            b.Arm(b.TuplePattern(ERR, (b.Bind("error"),)), failed),
        ]
    params.append(i.Param(b.Bind("answer"), given))
    block = b.Block((b.Do(b.Match(of, tuple(arms))),))
    return i.Function(name, tuple(params), None, block, visibility="pub", docs=(_DOCS,))


def answering(
    block: b.Block,
    function: Symbol | None,
    event: str,
    ack: str,
    gives: AnyType,
    result: AnyType | None,
    params: tuple[i.Param, ...],
    errors: ErrorType | None,
) -> b.Block:
    """A handler's block of a translated one. `function` sends the acknowledgement by the variable
    `ack`, if there is one; `gives` is what the translated one has for a value, `result` what that
    is in where it may fail."""
    before, answer = block.statements, block.tail
    kind = around(result, gives) if result is not None else gives
    if answer is None or leaves(before) or leaves(answer):
        taken = {name for one in params for name in bound(one.pattern)}
        name = next(one for one in ("answer", "given", "outcome") if one not in taken)
        made = b.Await(b.Block(before, answer, "async"))
        before, answer = (b.Let(b.Bind(name), made, kind),), b.Name(name)
    if function is not None:
        said = (b.Lit(string(event)),) if result is not None else ()
        done = b.Call(b.Path(function), (b.Name(ack), *said, answer))
        return b.Block((*before, b.Do(done)))
    if result is None or answer == b.Call(b.Path(OK), (b.TupleOf(),)):
        return b.Block(before)
    said = logged(errors, f"{event}: ")
    failed = b.If(
        answer, b.Block((b.Do(said),)), binding=b.TuplePattern(ERR, (b.Bind("error"),))
    )  # fmt: skip
    return b.Block((*before, b.Do(failed)))
