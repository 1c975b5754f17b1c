"""Peewee's operators where they aren't SQLAlchemy's.

Its docs, "Query operators": `contains` and its like don't ask for upper or lower case, and take
signs of LIKE for what they are; `%` and `like` are GLOB on SQLite (`SqliteDatabase.operations`).
"""

from __future__ import annotations

import ast
from collections.abc import Callable

from port_lsp.patterns.translate.queries.columns import function_of
from port_lsp.patterns.translate.queries.conditions import Binds
from port_lsp.patterns.translate.queries.nesting import Nesting
from port_lsp.patterns.translate.queries.tables import Column
from port_lsp.patterns.translate.values import (
    STRING,
    UntranslatedError,
    is_none,
    is_text,
    waits,
)
from port_lsp.writing.ir import body as b
from port_lsp.writing.printer.literals import string

_FUNCTIONS = frozenset(("count", "max", "min", "sum", "lower", "upper", "abs", "trim", "coalesce"))


class Operators(Nesting):
    """The values of a statement of Peewee's, and its conditions."""

    def condition(self, node: ast.expr) -> str:
        """A condition."""
        if isinstance(node, ast.BinOp):
            made = _SIGNS.get(type(node.op))
            column = self.operand(node.left) if made is not None else None
            if made is not None and column is not None:
                return made(self, column, node.right)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            made = _METHODS.get(node.func.attr)
            column = self.operand(node.func.value) if made is not None else None
            if made is not None and column is not None and not node.keywords:
                if node.func.attr == "is_null" and not node.args:
                    return f"{column.sql} IS NULL"
                if len(node.args) == 1:
                    return made(self, column, node.args[0])
            if node.func.attr not in ("between",):
                raise UntranslatedError(f"{node.func.attr} in a condition of a query")
        return super().condition(node)

    def operand(self, node: ast.expr) -> Column | None:
        """A column, or what is computed in its place."""
        name = function_of(self, node) if isinstance(node, ast.Call) else ""
        if name and name not in _FUNCTIONS:
            raise UntranslatedError(f"fn.{name} in a query")
        found = super().operand(node)
        narrow = found is not None and found.kind in ("Integer", "SmallInteger", "")
        if name == "sum" and found is not None and self.database == "postgres" and not narrow:
            raise UntranslatedError("fn.sum in a query")  # a Decimal
        return found


def _glob(binds: Binds, column: Column, node: ast.expr) -> str:
    word = "LIKE" if binds.database == "postgres" else "GLOB"
    return f"{column.sql} {word} {_text(binds, column, node)}"


def _like(binds: Binds, column: Column, node: ast.expr) -> str:
    word = "ILIKE" if binds.database == "postgres" else "LIKE"
    return f"{column.sql} {word} {_text(binds, column, node)}"


def _in(binds: Binds, column: Column, node: ast.expr) -> str:
    return f"{column.sql} IN {binds.listed(column, node)}"


def _not_in(binds: Binds, column: Column, node: ast.expr) -> str:
    return f"({column.sql} NOT IN {binds.listed(column, node)})"


def _is(binds: Binds, column: Column, node: ast.expr) -> str:
    if not is_none(binds.scene.value(node, binds.env)):
        raise UntranslatedError("`>>` in a condition of a query")
    return f"{column.sql} IS NULL"


def _is_null(binds: Binds, column: Column, node: ast.expr) -> str:
    if not isinstance(node, ast.Constant) or not isinstance(node.value, bool):
        raise UntranslatedError("is_null in a condition of a query")
    return f"{column.sql} IS {'' if node.value else 'NOT '}NULL"


def _text(binds: Binds, column: Column, node: ast.expr) -> str:
    val = binds.scene.value(node, binds.env)
    if column.type != STRING or not is_text(val):
        raise UntranslatedError("a text in a query")
    return binds.value(val, STRING)


def _part(before: str, after: str) -> Callable[[Binds, Column, ast.expr], str]:
    """A column that has a text in it, at its beginning, or at its end."""

    def made(binds: Binds, column: Column, node: ast.expr) -> str:
        val = binds.scene.value(node, binds.env)
        if column.type != STRING or not is_text(val) or waits(val.expr):
            raise UntranslatedError("a text in a query")
        text: b.Expr = val.expr
        if val.known is not None:
            said = str(val.known.value)
            for sign in "\\_%":
                said = said.replace(sign, f"\\{sign}")
            text = b.Lit(string(said))
        else:
            for sign in ("\\\\", "_", "%"):
                text = b.Method(text, "replace", (b.Lit(f"'{sign}'"), b.Lit(f'"\\\\{sign}"')))
        word = "ILIKE" if binds.database == "postgres" else "LIKE"
        return f"({column.sql} {word} {before}{binds.number(text)}{after} ESCAPE '\\')"

    return made


_SIGNS: dict[type[ast.operator], Callable[[Binds, Column, ast.expr], str]] = {
    ast.LShift: _in, ast.RShift: _is, ast.Mod: _glob, ast.Pow: _like,
}  # fmt: skip
_METHODS: dict[str, Callable[[Binds, Column, ast.expr], str]] = {
    "in_": _in, "not_in": _not_in, "is_null": _is_null, "like": _glob, "ilike": _like,
    "contains": _part("'%' || ", " || '%'"), "startswith": _part("", " || '%'"),
    "endswith": _part("'%' || ", ""),
}  # fmt: skip
