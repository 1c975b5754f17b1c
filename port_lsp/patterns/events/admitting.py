"""What lets a client in: the body of Python's `connect` handler, before socketioxide says so.

python-socketio, its server's `_handle_connect`: the handler is through before the client hears that
it is connected, and before anything that it sends is handled; False refuses it. socketioxide: docs
of `handler::connect`, "Middlewares". With `always_connect` Python says so before, and such a body
stays a hole.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable

from port_lsp.facts.source import SourceFile
from port_lsp.patterns.endpoints.pythontext import PythonBody
from port_lsp.patterns.translate.answers import Answer
from port_lsp.patterns.translate.binding import walked
from port_lsp.patterns.translate.errors import ErrorType
from port_lsp.patterns.translate.failing import broken, logged
from port_lsp.patterns.translate.scene import Scene
from port_lsp.patterns.translate.values import (
    BOOL,
    ERR,
    OK,
    UntranslatedError,
    Val,
    is_none,
    leaves,
)
from port_lsp.writing.ir import body as b
from port_lsp.writing.ir.types import UNIT, AnyType, Reference, named, symbol
from port_lsp.writing.printer.literals import string

# `socketio.exceptions.ConnectionRefusedError`, its `error_args`.
REFUSED = "Connection rejected by server"
GIVES = named("Result", UNIT, Reference(named("str"), lifetime="static"))
MIDDLEWARE = symbol("socketioxide::handler::ConnectHandler")


class Admission(Answer, frozen=True):
    """What lets a client in: anything but False."""

    def of(self, scene: Scene, val: Val, *, last: bool = True) -> b.Expr:
        """The result for a value. Raises UntranslatedError."""
        known = val.known.value if val.known is not None else None
        if is_none(val) or (val.type == BOOL and known is True):
            return self.around(b.TupleOf())
        if val.type != BOOL:
            raise UntranslatedError("what lets a client in, which may be False")
        refused = b.Call(b.Path(ERR), (broken(scene, "ConnectionRefusedError", REFUSED),))
        if known is False:
            return refused
        return b.If(val.expr, b.Block((), self.around(b.TupleOf())), b.Block((), refused))


def is_asked(files: Iterable[SourceFile]) -> bool:
    """Whether a client hears that it is connected when Python's handler is through, and not
    before."""
    return not any(b"always_connect" in file.text.data for file in files)


def is_known(body: PythonBody) -> bool:
    """Whether it is known what a client is told that is refused."""
    names = {
        one.attr if isinstance(one, ast.Attribute) else one.id
        for one in walked(*body.nodes)
        if isinstance(one, (ast.Attribute, ast.Name))
    }
    return "ConnectionRefusedError" not in names


def admitting(block: b.Block, result: AnyType, errors: ErrorType | None) -> b.Block:
    """The block of what lets a client in, of a translated one that gives a `result`: why it fails
    is logged, and none of the client's business."""
    before, answer = block.statements, block.tail
    fine = b.Call(b.Path(OK), (b.TupleOf(),))
    if answer == fine and not leaves(before):
        return block
    made = b.Await(b.Block(before, answer, "async"))
    told = b.Block((b.Do(logged(errors, "connect: ")),), b.Lit(string(REFUSED)))
    mapped = b.Method(b.Name("answer"), "map_err", (b.Closure((b.Bind("error"),), told),))
    return b.Block((b.Let(b.Bind("answer"), made, result),), mapped)
