"""`session.scalar(text("SELECT 1"))`: what asks whether the database answers.

SQLAlchemy: its docs, `text`. Of SQL that somebody writes out nothing else is known: which types its
columns have.
"""

from __future__ import annotations

import ast
import re

from port_lsp.patterns.translate.queries.database import database_of
from port_lsp.patterns.translate.scene import Env, Scene
from port_lsp.patterns.translate.values import I64, UntranslatedError, Val
from port_lsp.types import meanings as m
from port_lsp.writing.ir import body as b
from port_lsp.writing.ir.types import UNIT, named, symbol
from port_lsp.writing.printer.literals import string

_NUMBER = re.compile(r"\s*SELECT\s+(\d{1,9})\s*;?\s*", re.I)


def literal(scene: Scene, way: str, node: ast.expr, env: Env) -> Val | None:
    """A statement that is a number, run by `session.execute` or `session.scalar` (the `way`); None
    for another one. Raises UntranslatedError."""
    meaning = scene.meaning(node.func, env) if isinstance(node, ast.Call) else None
    if not isinstance(node, ast.Call) or not isinstance(meaning, m.Outside):
        return None
    if meaning.name.rpartition(".")[2] != "text" or not meaning.name.startswith("sqlalchemy"):
        return None
    text = scene.value(node.args[0], env).known if len(node.args) == 1 else None
    found = _NUMBER.fullmatch(str(text.value)) if text is not None else None
    if found is None or node.keywords or way not in ("execute", "scalar"):
        raise UntranslatedError("SQL that is written out")
    reached, sql = database_of(scene), (b.Lit(string(f"SELECT {found[1]}")),)
    if way == "execute":
        made = b.Call(b.Path(symbol("sqlx::query")), sql)
        return Val(b.Try(b.Await(b.Method(made, "execute", (reached.pool,)))), UNIT)
    wide = reached.database == "postgres"  # where it is an integer of 32 bits
    kind = named("i32") if wide else I64
    made = b.Call(b.Path(symbol("sqlx::query_scalar"), args=(named("_"), kind)), sql)
    one = b.Try(b.Await(b.Method(made, "fetch_one", (reached.pool,))))
    return Val(b.Call(b.Path(I64.head, ("from",)), (one,)) if wide else one, I64)
