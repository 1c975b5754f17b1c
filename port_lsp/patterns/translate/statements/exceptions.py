"""Which errors an `except` takes, as a question that Rust can ask of the crate's error.

SQLAlchemy: its docs, "Core Exceptions" (`IntegrityError` is what PEP 249 calls so: "when the
relational integrity of the database is affected"); sqlx: its docs, `error::ErrorKind`.
"""

from __future__ import annotations

import ast
from functools import reduce

from port_lsp.patterns.translate.scene import Env, Scene
from port_lsp.patterns.translate.values import BOOL, Val
from port_lsp.types import meanings as m
from port_lsp.writing.ir import body as b
from port_lsp.writing.ir import items as i
from port_lsp.writing.ir.types import Reference, Symbol, Type, symbol

_DATABASE = frozenset(
    f"{package}.{name}"
    for package in ("sqlalchemy.exc", "sqlalchemy.exc.dialects")
    for name in ("SQLAlchemyError", "DBAPIError", "DatabaseError", "StatementError")
) | {"peewee.PeeweeException", "peewee.DatabaseError"}
_INTEGRITY = frozenset(("sqlalchemy.exc.IntegrityError", "peewee.IntegrityError"))
_NAME = "is_integrity_error"
_DOCS = "Whether the database refused a row: it is there already, or others need it."


def asked(scene: Scene, type_: ast.expr | None, error: Val, env: Env) -> b.Expr | None:
    """Whether an error is of the type that an `except` names; None where that can't be asked."""
    if isinstance(type_, ast.Tuple) and type_.elts:
        several = [asked(scene, one, error, env) for one in type_.elts]
        found = [one for one in several if one is not None]
        if len(found) != len(several):
            return None
        return reduce(lambda left, right: b.Binary(left, "||", right), found)
    meaning = scene.meaning(type_, env) if type_ is not None else None
    errors = scene.errors
    if not isinstance(meaning, m.Outside) or errors is None or not errors.database:
        return None
    if meaning.name in _INTEGRITY and scene.functions is not None:
        function = scene.functions.helper(
            _NAME, scene.inside or f"{scene.backend_file}::", _NAME, _DOCS, scene.needs,
            lambda name: _is_integrity(name, errors.symbol, errors.database),
        )  # fmt: skip
        return b.Call(b.Path(function), (b.Unary("&", error.expr),))
    if meaning.name in _DATABASE:
        return _matches(
            error.expr, b.Call(b.Path(errors.symbol, (errors.database,)), (b.Name("_"),))
        )
    return None


def _matches(of: b.Expr, pattern: b.Expr) -> b.Expr:
    """`matches!(of, pattern)`, with a pattern that is written as an expression is."""
    return b.Macro(symbol("matches"), (of, pattern))


def _is_integrity(name: str, errors: Symbol, variant: str) -> i.Function:
    """`fn is_integrity_error(error: &AppError) -> bool`."""
    error = b.Name("error")
    database = symbol("sqlx::Error")
    inside = b.TuplePattern(database, (b.Bind("refused"),), ("Database",))
    other = b.Path(symbol("sqlx::error::ErrorKind"), ("Other",))
    asked = b.Unary("!", _matches(b.Method(b.Name("refused"), "kind"), other))
    found = b.Arm(b.TuplePattern(errors, (inside,), (variant,)), asked)
    otherwise = b.Arm(b.Wild(), b.Lit("false"))
    return i.Function(
        name,
        (i.Param(b.Bind("error"), Reference(Type(errors))),),
        BOOL,
        b.Block(tail=b.Match(error, (found, otherwise))),
        visibility="pub",
        docs=(_DOCS,),
    )
