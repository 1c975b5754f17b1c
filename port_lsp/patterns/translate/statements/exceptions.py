"""Which errors an `except` takes, as a question that Rust can ask of the crate's error.

SQLAlchemy: its docs, "Core Exceptions" (`IntegrityError` is what PEP 249 calls so: "when the
relational integrity of the database is affected"); sqlx: its docs, `error::ErrorKind`.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence, Set
from functools import reduce

from port_lsp.patterns.desk import Desk
from port_lsp.patterns.translate.errors import ErrorType
from port_lsp.patterns.translate.hierarchies import CLASSES, WRITTEN
from port_lsp.patterns.translate.raising import TOKENS, classes_taken, is_in_doubt
from port_lsp.patterns.translate.scene import Env, Scene
from port_lsp.patterns.translate.statements.ends import HTTP_EXCEPTIONS
from port_lsp.patterns.translate.values import BOOL, Val
from port_lsp.types import meanings as m
from port_lsp.writing.ir import body as b
from port_lsp.writing.ir import items as i
from port_lsp.writing.ir.types import Reference, Type, symbol
from port_lsp.writing.printer.literals import string

_DATABASE = frozenset(
    f"{package}.{name}"
    for package in ("sqlalchemy.exc", "sqlalchemy.exc.dialects")
    for name in ("SQLAlchemyError", "DBAPIError", "DatabaseError", "StatementError")
) | {"peewee.PeeweeException", "peewee.DatabaseError"}
_INTEGRITY = frozenset(("sqlalchemy.exc.IntegrityError", "peewee.IntegrityError"))
_TOKENS = "is_token_error"
_OF_TOKENS = "Whether it is a token that isn't good."
_NAME = "is_integrity_error"
_DOCS = "Whether the database refused a row: it is there already, or others need it."


def asked(
    scene: Scene,
    type_: ast.expr | None,
    error: Val,
    env: Env,
    before: Set[str] = frozenset(),
) -> b.Expr | None:
    """Whether an error is of a type that an `except` names; None where that can't be asked. What
    is of the classes `before` comes no further: another `except` has it."""
    errors = scene.errors
    several = type_.elts if isinstance(type_, ast.Tuple) else [type_] if type_ is not None else []
    found: list[b.Expr] = []
    taken: set[str] = set()
    for one in several:
        meaning = scene.meaning(one, env)
        if errors is None:
            return None
        question, classes = None, classes_taken(scene.desk, meaning)
        name = meaning.name if isinstance(meaning, m.Outside) else ""
        if name in HTTP_EXCEPTIONS:
            question = b.Method(error.expr, errors.is_http) if errors.is_http else None
        elif name in _INTEGRITY | _DATABASE:
            question = _of_the_database(scene, name, error)
        elif not classes or not errors.exception:
            return None
        taken |= set(classes)
        found += [question] if question is not None else []
        if question is None and not classes:
            return None
    if is_in_doubt(taken, {one - before for one in scene.doubts}):
        return None
    taken -= _unwritten(scene, taken)
    if taken >= TOKENS and (of_tokens := _of_tokens(scene, error)) is not None:
        taken -= TOKENS
        found.append(of_tokens)
    if errors is not None and (pattern := _pattern(errors, sorted(taken))) is not None:
        found.append(_matches(error.expr, pattern))
    return reduce(lambda left, right: b.Binary(left, "||", right), found) if found else None


def _unwritten(scene: Scene, taken: set[str]) -> set[str]:
    """Those of the classes by which no error is called: what reqwest can't tell apart, and those
    of libraries that the backend doesn't import."""
    unused = CLASSES.keys() - WRITTEN
    imported = scene.desk.shares(_imported)
    return {
        one for one in taken & CLASSES.keys() if one in unused or one.split(".")[0] not in imported
    }


_IMPORTS = re.compile(rb"^\s*(?:import|from)\b[^#\n]*?\b(requests|httpx|aiohttp)\b", re.MULTILINE)


def _imported(desk: Desk) -> frozenset[str]:
    """The clients of HTTP that files of the backend import."""
    files = desk.snapshot.backend_files.values()
    return frozenset(
        match[1].decode() for one in files for match in _IMPORTS.finditer(one.text.data)
    )


def _of_the_database(scene: Scene, name: str, error: Val) -> b.Expr | None:
    """Whether the database failed, or what a query gave was refused as if it had."""
    errors = scene.errors
    if errors is None or not errors.database or scene.functions is None:
        return None
    below = ("IntegrityError",)
    if name in _INTEGRITY:
        function = scene.functions.helper(
            _NAME, scene.inside or f"{scene.backend_file}::", _NAME, _DOCS, scene.needs,
            lambda name: _is_integrity(name, errors),
        )  # fmt: skip
        return b.Call(b.Path(function), (b.Unary("&", error.expr),))
    if name == "sqlalchemy.exc.SQLAlchemyError":
        below = ("IntegrityError", "NoResultFound")
    failed = b.Call(b.Path(errors.symbol, (errors.database,)), (b.Name("_"),))
    raised = _pattern(errors, below)
    return _matches(error.expr, failed if raised is None else _either(failed, raised))


def _of_tokens(scene: Scene, error: Val) -> b.Expr | None:
    """Whether a token wasn't good: a question of so many classes is asked by a function."""
    errors = scene.errors
    pattern = _pattern(errors, sorted(TOKENS)) if errors is not None else None
    if errors is None or pattern is None or scene.functions is None:
        return None
    params = (i.Param(b.Bind("error"), Reference(Type(errors.symbol))),)
    whole = b.Block(tail=_matches(b.Name("error"), pattern))
    function = scene.functions.helper(
        _TOKENS, "tokens.py", _TOKENS, _OF_TOKENS, scene.needs,
        lambda name: i.Function(
            name, params, BOOL, whole, visibility="pub", docs=(_OF_TOKENS,)
        ),
    )  # fmt: skip
    return b.Call(b.Path(function), (b.Unary("&", error.expr),))


def _pattern(errors: ErrorType, names: Sequence[str]) -> b.Expr | None:
    if not errors.exception or not names:
        return None
    kinds = reduce(_either, (b.Lit(string(one)) for one in names))
    return b.Call(b.Path(errors.symbol, (errors.exception,)), (kinds, b.Name("_")))


def _matches(of: b.Expr, pattern: b.Expr) -> b.Expr:
    """`matches!(of, pattern)`, with a pattern that is written as an expression is."""
    return b.Macro(symbol("matches"), (of, pattern))


def _either(left: b.Expr, right: b.Expr) -> b.Expr:
    return b.Binary(left, "|", right)


def _is_integrity(name: str, errors: ErrorType) -> i.Function:
    """`fn is_integrity_error(error: &AppError) -> bool`."""
    error = b.Name("error")
    database = symbol("sqlx::Error")
    inside = b.TuplePattern(database, (b.Bind("refused"),), ("Database",))
    other = b.Path(symbol("sqlx::error::ErrorKind"), ("Other",))
    asked = b.Unary("!", _matches(b.Method(b.Name("refused"), "kind"), other))
    arms = [b.Arm(b.TuplePattern(errors.symbol, (inside,), (errors.database,)), asked)]
    if errors.exception:
        kind = (b.LiteralPattern(string("IntegrityError")), b.Wild())
        raised = b.TuplePattern(errors.symbol, kind, (errors.exception,))
        arms.append(b.Arm(raised, b.Lit("true")))
    arms.append(b.Arm(b.Wild(), b.Lit("false")))
    return i.Function(
        name,
        (i.Param(b.Bind("error"), Reference(Type(errors.symbol))),),
        BOOL,
        b.Block(tail=b.Match(error, tuple(arms))),
        visibility="pub",
        docs=(_DOCS,),
    )
