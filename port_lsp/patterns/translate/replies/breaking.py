"""Streams that may fail when the answer has begun.

uvicorn has sent the head and all texts by then; it closes the connection without the end that a
client waits for, and logs why. hyper and actix-web close it, too, but what waits to be sent would
be lost: so what fails lets them send it first.
"""

from __future__ import annotations

from typing import cast

import msgspec
from msgspec.structs import replace

from port_lsp.patterns.translate.calls import around
from port_lsp.patterns.translate.errors import ErrorType
from port_lsp.patterns.translate.failing import logged
from port_lsp.patterns.translate.scene import Env, Scene
from port_lsp.patterns.translate.values import ERR, UntranslatedError, waits
from port_lsp.writing.ir import body as b
from port_lsp.writing.ir import items as i
from port_lsp.writing.ir.types import AnyType, Bounds, Type, named, symbol
from port_lsp.writing.printer.literals import string

_FILE = "python.py"  # beside the models
_DOCS = "What a stream sends until it fails: all that came before goes out, and why is logged."
_STREAM = symbol("futures_util::Stream")
_EXTENDED = symbol("futures_util::TryStreamExt")
_IO_ERROR = named("std::io::Error")
_ONE = named("T")
_INSIDE = (b.If, b.Match, b.For, b.While, b.Closure, b.Block)


def until_failure(scene: Scene, made: tuple[b.Statement, ...]) -> b.Expr:
    """The stream of statements that may fail. Raises UntranslatedError."""
    if scene.functions is None or scene.result is None:
        raise UntranslatedError("a generator that may fail in a handler that can't")
    if _asks_in_macro(made):
        raise UntranslatedError("a generator whose values fail inside of others")
    scene.needs.depend("futures-util", "0.3")
    if not scene.needs.has("tokio"):
        scene.needs.depend("tokio", "1", "rt")
    if not scene.needs.has("tracing"):
        scene.needs.depend("tracing", "0.1")
    given = around(scene.result, _ONE)

    def make(name: str) -> i.Function:
        return _function(name, given, scene.errors)

    key = f"A function of streams: {_DOCS}"
    found = scene.functions.helper(key, _FILE, "until_failure", _DOCS, scene.needs, make)
    return b.Call(b.Path(found), (b.Block(made, None, "async_stream::try_stream!"),))


def hoisted(text: b.Expr, env: Env) -> tuple[tuple[b.Statement, ...], b.Expr]:
    """An expression whose macros have no `?` in them, which async_stream couldn't see there: what
    fails is bound before. Raises UntranslatedError."""
    made: list[b.Statement] = []

    def through(part: object, *, macro: bool) -> object:
        if not waits(part):
            return part
        if isinstance(part, _INSIDE):
            raise UntranslatedError("a generator whose values fail inside of others")
        if macro and isinstance(part, (b.Try, b.Await)):
            name = env.free("part" if not made else f"part{len(made) + 1}")
            made.append(b.Let(b.Bind(name), cast("b.Expr", through(part, macro=False))))
            return b.Name(name)
        if isinstance(part, tuple):
            return tuple(through(one, macro=macro) for one in cast("tuple[object, ...]", part))
        if not isinstance(part, msgspec.Struct):
            return part
        within = macro or isinstance(part, (b.Macro, b.Json))
        fields = {
            name: through(getattr(part, name), macro=within) for name in part.__struct_fields__
        }
        return replace(part, **fields)

    left = cast("b.Expr", through(text, macro=False))
    return tuple(made), left


def _asks_in_macro(part: object, *, macro: bool = False) -> bool:
    """Whether a `?` stands in a macro."""
    if isinstance(part, b.Try) and macro:
        return True
    if isinstance(part, tuple):
        every = cast("tuple[object, ...]", part)
        return any(_asks_in_macro(one, macro=macro) for one in every)
    if not isinstance(part, msgspec.Struct):
        return False
    within = macro or isinstance(part, (b.Macro, b.Json))
    return any(_asks_in_macro(getattr(part, one), macro=within) for one in part.__struct_fields__)


def _function(name: str, given: AnyType, errors: ErrorType | None) -> i.Function:
    """`stream.or_else(…)`, of docs of `futures_util::TryStreamExt`."""
    error, result = b.Name("error"), symbol("Result")
    later = b.Await(b.Call(b.Path(symbol("tokio::task::yield_now"))))
    said: b.Expr = b.Method(error, "to_string")
    if errors is not None and not errors.is_shown:
        said = b.Lit(string("the stream failed"))
    told = b.Call(b.Path(_IO_ERROR.head, ("other",)), (said,))
    ends = b.Block(
        (b.Do(logged(errors)), b.Do(later)), b.Call(b.Path(ERR), (told,)), "async move"
    )  # fmt: skip
    whole = b.Method(
        b.Name("stream"), "or_else", (b.Closure((b.Bind("error"),), ends),), (), _EXTENDED
    )
    gives = Type(_STREAM, (), (("Item", Type(result, (_ONE, _IO_ERROR))),))
    takes = Type(_STREAM, (), (("Item", given),))
    return i.Function(
        name,
        (i.Param(b.Bind("stream"), Bounds("impl", (takes,))),),
        Bounds("impl", (gives,)),
        b.Block(tail=whole),
        generics=(i.Generic("T"),),
        visibility="pub",
        docs=(_DOCS,),
    )
