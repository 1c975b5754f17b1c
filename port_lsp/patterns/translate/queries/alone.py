"""`one_or_none()` and `one()` of a query that may have several rows: SQLAlchemy reads them, and
refuses more than one (its docs, "Result.one_or_none": MultipleResultsFound), which nobody expects.
"""

from __future__ import annotations

from port_lsp.patterns.translate.calls import around
from port_lsp.patterns.translate.expressions.pythonic import ALSO, FILE
from port_lsp.patterns.translate.failing import unsaid
from port_lsp.patterns.translate.scene import Scene
from port_lsp.patterns.translate.values import ERR, OK, UntranslatedError, Val, inside
from port_lsp.writing.ir import body as b
from port_lsp.writing.ir import items as i
from port_lsp.writing.ir.types import named

_NAME = "at_most_one"
_DOCS = "The only row there is, if there is one; SQLAlchemy refuses several."


def at_most_one(scene: Scene, rows: Val) -> Val:
    """The only one of rows that were read, as an Option. Raises UntranslatedError."""
    kind, result = inside(rows.type, "Vec"), scene.result
    if kind is None or result is None or scene.functions is None:
        raise UntranslatedError("what takes the rows of a query")

    def make(name: str) -> i.Function:
        held, several = b.Name("rows"), b.Lit("1")
        refuse = b.Jump("return", b.Call(b.Path(ERR), (unsaid(scene, "MultipleResultsFound"),)))
        test = b.If(b.Binary(b.Method(held, "len"), ">", several), b.Block((b.Do(refuse),)))
        first = b.Method(b.Method(held, "into_iter"), "next")
        return i.Function(
            name,
            (i.Param(b.Bind("rows"), named("Vec", named("T"))),),
            around(result, named("Option", named("T"))),
            b.Block((b.Do(test),), b.Call(b.Path(OK), (first,))),
            generics=(i.Generic("T"),),
            visibility="pub",
            docs=(_DOCS,),
        )

    found = scene.functions.helper(f"{ALSO}: {_NAME}", FILE, _NAME, _DOCS, scene.needs, make)
    made = b.Try(b.Call(b.Path(found), (rows.expr,)))
    return Val(made, named("Option", kind))
