"""What a function gives back: how a value becomes its result, whatever wraps it.

axum: docs of `axum::response` (a tuple of status and answer); actix-web: docs of `HttpResponse`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from port_lsp.facts.source import Record
from port_lsp.patterns.translate.errors import DATABASE, constant
from port_lsp.patterns.translate.ownership import as_json, fitting, in_json, owned
from port_lsp.patterns.translate.replies.building import Body, Reply, actix_builder, built
from port_lsp.patterns.translate.replies.calls import redirect, texts
from port_lsp.patterns.translate.replies.kinds import is_whole
from port_lsp.patterns.translate.values import (
    COPIED,
    EMPTY,
    OK,
    SOME,
    STR,
    VALUE,
    UntranslatedError,
    Val,
    failing_alike,
    is_none,
)
from port_lsp.types.wire import Wire
from port_lsp.writing.ir import body as b
from port_lsp.writing.ir.types import UNIT, AnyType, Symbol, Tuple, Type, symbol

if TYPE_CHECKING:
    from port_lsp.patterns.translate.scene import Scene

_NO_BODY = frozenset((204, 205, 304))


class Answer(Record, frozen=True):
    """What a function gives: of a `type` inside of the wrapping, in a Result where it `fails`.

    `type` is that of the whole answer in axum (`Json<T>`, `(StatusCode, Json<T>)`, `StatusCode`);
    None in actix-web, where a HttpResponse is made with a `status` of JSON of a `model`, which is
    None where the backend gives it no type. `plain` is a function's that is no handler: the value
    by itself. `wire` is the backend's response model, of which the
    route leaves something out where it `is_cut`. `replies` says that the type is the
    framework's own, of any answer; `kind` is the class of Starlette's that makes one of what is no
    answer ("" for JSON), `given` the status that the route says, `begun` the variable that headers
    were set on, `json` axum's wrapper of JSON or the crate's own. `maybe` says that it is a block's
    which may also give none, and then the function goes on.
    """

    type: AnyType | None
    fails: bool
    status: int = 200
    model: AnyType | None = None
    plain: bool = False
    wire: Wire | None = None
    is_cut: bool = False
    replies: bool = False
    kind: str = ""
    given: int | None = None
    begun: str = ""
    json: Symbol = symbol("axum::Json")
    maybe: bool = False

    @property
    def is_json(self) -> bool:
        """Whether the answer is JSON of no certain type."""
        kind = self.type
        if kind is None or self.replies:
            return self.model is None or self.model == VALUE
        if isinstance(kind, Tuple) and kind.items:
            kind = kind.items[-1]
        return isinstance(kind, Type) and kind.args == (VALUE,)

    @property
    def value(self) -> AnyType | None:
        """The type of the value that is wrapped; None where it isn't known."""
        kind = self.type if self.type is not None else self.model
        if self.plain or self.type is None:
            return kind
        if isinstance(kind, Tuple) and kind.items:
            kind = kind.items[-1]
        known = isinstance(kind, Type) and kind.head.name == "Json" and len(kind.args) == 1
        return kind.args[0] if known and isinstance(kind, Type) else None

    def of(self, scene: Scene, val: Val, *, last: bool = True) -> b.Expr:
        """The result for a value. Raises UntranslatedError."""
        if self.plain and self.type is not None:
            same = val.type == self.type and self.fails and not self.maybe
            alike = failing_alike(val.expr) if same else None
            if same and scene.errors == DATABASE and isinstance(val.expr, b.Try):
                alike = val.expr.of  # nothing else is ever an error there
            if alike is not None:
                return alike
            nothing = self.type == UNIT and is_none(val)
            inner = b.TupleOf() if nothing else fitting(scene, val, self.type, last=last)
        elif is_whole(val.type) and (self.type is None or self.replies):
            inner = owned(scene, val, last=last)
        elif self.kind or (self.replies and self.type is not None):
            inner = self._replied(scene, val)
        elif self.type is None:
            inner = self._actix(scene, val)
        else:
            inner = self._axum(scene, val, self.type, last=last)
        return self.around(inner)

    def around(self, answer: b.Expr) -> b.Expr:
        """The result for an answer that is made."""
        inner = b.Call(b.Path(SOME), (answer,)) if self.maybe else answer
        return b.Call(b.Path(OK), (inner,)) if self.fails else inner

    def _replied(self, scene: Scene, val: Val) -> b.Expr:
        """An answer that FastAPI makes of a value: by a class of Starlette's, or JSON."""
        begun = self._begun(scene)
        if self.kind == "RedirectResponse":
            if begun is not None:
                raise UntranslatedError("a redirection with headers of its own")
            return built(scene, redirect(scene, val, self.given))
        if self.kind:
            return built(scene, texts(scene, self.kind, val, self.status), begun)
        if self.status in _NO_BODY:
            if not is_none(val):
                raise UntranslatedError("an answer without a body that has one")
            return built(scene, Reply(self.status, (), Body("empty")), begun)
        model = self.model if self.model is not None else VALUE
        value = fitting(scene, val, model, last=True)
        return built(scene, Reply(self.status, (), Body("json", value)), begun)

    def _begun(self, scene: Scene) -> b.Expr | None:
        if not self.begun:
            return None
        name = b.Name(self.begun)
        axum = scene.desk.framework == "axum"
        return b.Method(name, "clone") if axum and not scene.may_move else name

    def _axum(self, scene: Scene, val: Val, kind: AnyType, *, last: bool) -> b.Expr:
        if isinstance(kind, Tuple) and len(kind.items) == 2:
            status, inner = kind.items
            if isinstance(status, Type) and status.head.name == "StatusCode":
                made = self._axum(scene, val, inner, last=last)
                return b.TupleOf((_status(status.head, self.status), made))
        if isinstance(kind, Type) and kind.head.name == "Json" and len(kind.args) == 1:
            value = fitting(scene, val, kind.args[0], last=last)
            return b.Call(b.Path(kind.head), (value,))
        if isinstance(kind, Type) and kind.head.name == "StatusCode":
            if not is_none(val):
                raise UntranslatedError("an answer without a body that has one")
            return _status(kind.head, self.status)
        if val.type == kind:
            return owned(scene, val, last=last)
        raise UntranslatedError("return of a response")

    def _actix(self, scene: Scene, val: Val) -> b.Expr:
        builder = self._begun(scene) or actix_builder(scene, self.status)
        if self.status in _NO_BODY:
            if not is_none(val):
                raise UntranslatedError("an answer without a body that has one")
            return b.Method(builder, "finish")
        if val.type == EMPTY:  # of which nothing else says what it is a list of
            value = as_json(scene, val)
        elif self.model is None or self.model == VALUE:
            value = as_json(scene, val)
            if isinstance(value, b.Macro) and not is_none(val):
                value = _borrowed(in_json(scene, val), val)
        else:
            value = fitting(scene, val, self.model, last=True)
            if is_none(val):
                value = b.Path(VALUE.head, ("Null",))
            elif val.type == STR:  # nothing says what `into` should make
                value = val.expr
        return b.Method(builder, "json", (value,))


def _borrowed(expr: b.Expr, val: Val) -> b.Expr:
    """What `.json(…)` takes, which is anything that serde writes."""
    return b.Unary("&", expr) if val.place and val.type not in COPIED else expr


def _status(of: Symbol, status: int) -> b.Expr:
    name = constant(status)
    if name is None:
        raise UntranslatedError("a status without a name")
    return b.Path(of, (name,))
