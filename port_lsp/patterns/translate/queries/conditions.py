"""What rows must be like, as SQL: SQLAlchemy's operators on columns (its docs, "Operator
Reference"), and Peewee's, which are mostly the same."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Sequence

from msgspec.structs import replace

from port_lsp.patterns.translate.enums import as_variant
from port_lsp.patterns.translate.ownership import written
from port_lsp.patterns.translate.queries.chains import outside
from port_lsp.patterns.translate.queries.columns import computed
from port_lsp.patterns.translate.queries.tables import Column, Table, table_of
from port_lsp.patterns.translate.scene import Env, Scene
from port_lsp.patterns.translate.values import (
    BOOL,
    I64,
    SOME,
    STR,
    STRING,
    UntranslatedError,
    Val,
    inside,
    is_none,
    is_text,
    option_of,
    waits,
    without_reference,
)
from port_lsp.types.databases import Database
from port_lsp.writing.ir import body as b
from port_lsp.writing.ir.types import AnyType, Reference, Slice, symbol

_OPERATORS: dict[type[ast.cmpop], str] = {
    ast.Eq: "=", ast.NotEq: "!=", ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=",
}  # fmt: skip
_JSON = symbol("sqlx::types::Json")
_TURNED = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}
_PARTS = {"contains": ("'%' || ", " || '%'"), "startswith": ("", " || '%'"),
          "endswith": ("'%' || ", "")}  # fmt: skip
_JOINED = {"and_": " AND ", "or_": " OR "}


class Binds:
    """The values of one statement, in the order of their numbers, and the tables that it speaks
    of."""

    def __init__(
        self, scene: Scene, table: Table, env: Env, database: Database, outer: Binds | None = None
    ) -> None:
        """Of a table, to which joins add others; names of values are understood by `env`. `outer`
        is the statement that it stands in."""
        self.scene, self.table, self.env = scene, table, env
        self.database: Database = database
        self.tables = [table]
        self.qualified = outer is not None
        self.outer = outer
        self.values: list[b.Expr] = [] if outer is None else outer.values

    def number(self, value: b.Expr) -> str:
        """A value's place in the SQL."""
        self.values.append(_typed(value, wide=self.database == "postgres"))
        return f"${len(self.values)}"

    def value(self, val: Val, kind: AnyType | None) -> str:
        """A value that isn't null as one of a column's type. Raises UntranslatedError."""
        found = as_variant(self.scene, val, kind) if kind is not None else None
        return self.number(bound_value(val, kind) if found is None else found)

    def conditions(self, nodes: Sequence[ast.expr]) -> list[str]:
        """Several conditions, also those of a list that is written with `*`."""
        found: list[str] = []
        for one in nodes:
            if isinstance(one, ast.Starred):
                if not isinstance(one.value, (ast.List, ast.Tuple)):
                    raise UntranslatedError("`*` in a query")
                found += self.conditions(one.value.elts)
            else:
                found.append(self.condition(one))
        return found

    def condition(self, node: ast.expr) -> str:
        """A condition, in parentheses where it is joined of several."""
        if isinstance(node, ast.BinOp) and isinstance(node.op, (ast.BitAnd, ast.BitOr)):
            word = " AND " if isinstance(node.op, ast.BitAnd) else " OR "
            return f"({self.condition(node.left)}{word}{self.condition(node.right)})"
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Invert):
            return f"NOT ({self.condition(node.operand)})"
        if isinstance(node, ast.Compare) and len(node.ops) == 1:
            return self._compared(node.left, node.ops[0], node.comparators[0])
        if isinstance(node, ast.Call):
            return self._called(node)
        column = self.column(node)
        if column is not None and column.type == BOOL:
            return column.sql
        raise UntranslatedError("a condition of a query")

    def column(self, node: ast.expr) -> Column | None:
        """The column of one of the statement's tables that `Model.name` stands for, or
        `col(Model.name)`, which SQLModel has for type checkers alone."""
        if isinstance(node, ast.Call) and outside(self.scene, node.func, self.env) == "col":
            return self.column(node.args[0]) if len(node.args) == 1 else None
        if not isinstance(node, ast.Attribute):
            return None
        table = table_of(self.scene, node.value, self.env)
        if table is None:
            return None
        if any(one.key == table.key for one in self.tables):
            return self.named(table, node.attr)
        return self.outer.qualified_column(table, node.attr) if self.outer is not None else None

    def named(self, table: Table, name: str) -> Column:
        """A column by Python's name. Raises UntranslatedError."""
        column = table.column(name)
        if not self.qualified:
            return column
        return replace(column, sql=f"{table.sql}.{column.sql}")

    def qualified_column(self, table: Table, name: str) -> Column | None:
        """A column as a statement inside of this one calls it."""
        if any(one.key == table.key for one in self.tables):
            column = table.column(name)
            return replace(column, sql=f"{table.sql}.{column.sql}")
        return self.outer.qualified_column(table, name) if self.outer is not None else None

    def operand(self, node: ast.expr) -> Column | None:
        """A column, or what is computed in its place."""
        return self.column(node) or computed(self, node)

    def equal(self, column: Column, node: ast.expr, sign: str = "=") -> str:
        """`column = value`, which asks for null where the value is None."""
        other = self.operand(node)
        if other is not None:
            return f"{column.sql} {sign} {other.sql}"
        val = self.scene.value(node, self.env)
        if is_none(val):
            return f"{column.sql} IS {'NOT ' if sign == '!=' else ''}NULL"
        inner = option_of(without_reference(val.type))
        if inner is None:
            return f"{column.sql} {sign} {self.value(val, column.type)}"
        if column.type is None or bare_text(inner) != column.type or waits(val.expr):
            raise UntranslatedError("a value of a query")
        copied = self.scene.shapes.has(val.type, "Copy") and not val.wrapped
        number = self.number(val.expr if copied else borrowed(val))
        if sign == "!=":  # for None SQLAlchemy asks for what isn't null
            return f"(({number} IS NULL AND {column.sql} IS NOT NULL) OR {column.sql} != {number})"
        asked = "IS NOT DISTINCT FROM" if self.database == "postgres" else "IS"
        return f"{column.sql} {asked} {number}"

    def _compared(self, left: ast.expr, operator: ast.cmpop, right: ast.expr) -> str:
        sign = _OPERATORS.get(type(operator))
        if sign is None:
            raise UntranslatedError("a condition of a query")
        column = self.operand(left)
        if column is None:  # Python asks the right side then
            column, right, sign = self.operand(right), left, _TURNED.get(sign, sign)
        if column is None:
            raise UntranslatedError("a condition of a query")
        if sign in ("=", "!="):
            return self.equal(column, right, sign)
        other = self.operand(right)
        if other is not None:
            return f"{column.sql} {sign} {other.sql}"
        return f"{column.sql} {sign} {self.value(self.scene.value(right, self.env), column.type)}"

    def _called(self, node: ast.Call) -> str:
        word = outside(self.scene, node.func, self.env)
        if word in _JOINED and node.args and not node.keywords:
            parts = self.conditions(node.args)
            if not parts:
                raise UntranslatedError("a condition of a query")
            return f"({_JOINED[word].join(parts)})"
        if word == "not_" and len(node.args) == 1:
            return f"NOT ({self.condition(node.args[0])})"
        found = self.nested(node)
        if found is not None:
            return found
        if not isinstance(node.func, ast.Attribute):
            raise UntranslatedError("a condition of a query")
        column, name = self.operand(node.func.value), node.func.attr
        if column is not None and name == "between" and len(node.args) == 2 and not node.keywords:
            return self._between(column, *node.args)
        if column is not None and name in _PARTS and node.keywords:
            return self._escaped(column, node, name)
        made = _METHODS.get(name)
        if column is None or made is None or len(node.args) != 1 or node.keywords:
            raise UntranslatedError(f"{name} in a condition of a query")
        return made(self, column, node.args[0])

    def nested(self, node: ast.Call) -> str | None:
        """A condition that another statement is; None for anything else. `Select` says what."""
        return None

    def rows_of(self, node: ast.expr) -> str | None:
        """Another statement in the place of a list; None for anything else."""
        return None

    def _between(self, column: Column, low: ast.expr, high: ast.expr) -> str:
        ends: list[str] = []
        for one in (low, high):
            other = self.operand(one)
            val = None if other is not None else self.scene.value(one, self.env)
            ends.append(other.sql if other else self.value(val, column.type) if val else "")
        return f"({column.sql} BETWEEN {ends[0]} AND {ends[1]})"

    def _escaped(self, column: Column, node: ast.Call, name: str) -> str:
        """With `autoescape`: what are signs of LIKE stand for themselves."""
        (word,) = node.keywords if len(node.keywords) == 1 else (None,)
        on = word is not None and isinstance(word.value, ast.Constant) and word.value.value is True
        if word is None or word.arg != "autoescape" or not on or len(node.args) != 1:
            raise UntranslatedError(f"{name} in a condition of a query")
        val = self.scene.value(node.args[0], self.env)
        if column.type != STRING or not is_text(val) or waits(val.expr):
            raise UntranslatedError("a text in a query")
        made = val.expr
        for sign in "/%_":
            made = b.Method(made, "replace", (b.Lit(f"'{sign}'"), b.Lit(f'"/{sign}"')))
        before, after = _PARTS[name]
        return f"({column.sql} LIKE {before}{self.number(made)}{after} ESCAPE '/')"

    def listed(self, column: Column, node: ast.expr) -> str:
        """`(…)` for IN: numbers of a display's values, the rows of a bound list, or those of
        another statement."""
        rows = self.rows_of(node)
        if rows is not None:
            return rows
        if isinstance(node, (ast.List, ast.Tuple, ast.Set)) and node.elts:
            values = [self.scene.value(one, self.env) for one in node.elts]
            return f"({', '.join(self.value(one, column.type) for one in values)})"
        val = self.scene.value(node, self.env)
        kind = val.type.inner if isinstance(val.type, Reference) else val.type
        item = kind.item if isinstance(kind, Slice) else inside(kind, "Vec", "HashSet", "BTreeSet")
        if item is None or item != column.type or item not in (STRING, I64) or waits(val.expr):
            raise UntranslatedError("a list in a query")
        if self.database == "postgres":
            if inside(kind, "Vec") is None and not isinstance(kind, Slice):
                raise UntranslatedError("a set in a query")
            return f"(SELECT unnest({self.number(borrowed(val))}))"
        self.scene.needs.depend("sqlx", "0.8", "json")
        json = b.Call(b.Path(_JSON), (borrowed(val),))
        return f"(SELECT value FROM json_each({self.number(json)}))"  # noqa: S608 - names quoted, values bound


def _typed(value: b.Expr, *, wide: bool) -> b.Expr:
    """A value whose type is said: a number is an `i32` to Rust where nothing says otherwise. To
    PostgreSQL they are `wide` all over: sqlx prepares a text once, for the types of the values that
    it was run with first, and another place may have the same text."""
    if isinstance(value, b.Lit) and re.fullmatch(r"-?\d+", value.text):
        return b.Lit(f"{value.text}_i64") if wide or abs(int(value.text)) >= 2**31 else value
    if isinstance(value, b.Unary) and value.operator == "-":
        return replace(value, of=_typed(value.of, wide=wide))
    if isinstance(value, b.Call) and value.function == b.Path(SOME) and len(value.args) == 1:
        return replace(value, args=(_typed(value.args[0], wide=wide),))
    return value


def bound_value(val: Val, kind: AnyType | None) -> b.Expr:
    """A value that isn't null, bound as one of a column's type. Raises UntranslatedError."""
    if kind is None or waits(val.expr):
        raise UntranslatedError("a value of a query")
    if kind == STRING and is_text(val):
        return borrowed(val) if val.place else val.expr
    if kind != STRING and without_reference(val.type) == kind:
        return b.Unary("*", val.expr) if isinstance(val.type, Reference) else written(val)
    raise UntranslatedError("a value of another type in a query")


def borrowed(val: Val) -> b.Expr:
    """A value that is bound where it stays."""
    held = option_of(val.type)
    if isinstance(val.type, Reference) or isinstance(held, Reference):
        return val.expr
    return b.Unary("&", val.expr)


def bare_text(kind: AnyType) -> AnyType:
    """An owned text for a borrowed one."""
    return STRING if kind == STR else kind


def _is(binds: Binds, column: Column, node: ast.expr) -> str:
    return f"{column.sql} IS {_constant(binds, column, node)}"


def _is_not(binds: Binds, column: Column, node: ast.expr) -> str:
    return f"{column.sql} IS NOT {_constant(binds, column, node)}"


def _constant(binds: Binds, column: Column, node: ast.expr) -> str:
    val = binds.scene.value(node, binds.env)
    if is_none(val):
        return "NULL"
    if val.known is not None and isinstance(val.known.value, bool) and column.type == BOOL:
        return "TRUE" if val.known.value else "FALSE"
    raise UntranslatedError("is_ in a condition of a query")


def _in(binds: Binds, column: Column, node: ast.expr) -> str:
    return f"{column.sql} IN {binds.listed(column, node)}"


def _not_in(binds: Binds, column: Column, node: ast.expr) -> str:
    return f"({column.sql} NOT IN {binds.listed(column, node)})"


def _text(binds: Binds, column: Column, node: ast.expr) -> str:
    val = binds.scene.value(node, binds.env)
    if column.type != STRING or not is_text(val):
        raise UntranslatedError("a text in a query")
    return binds.value(val, STRING)


def _like(binds: Binds, column: Column, node: ast.expr) -> str:
    return f"{column.sql} LIKE {_text(binds, column, node)}"


def _not_like(binds: Binds, column: Column, node: ast.expr) -> str:
    return f"{column.sql} NOT LIKE {_text(binds, column, node)}"


def _ilike(binds: Binds, column: Column, node: ast.expr) -> str:
    if binds.database == "postgres":
        return f"{column.sql} ILIKE {_text(binds, column, node)}"
    return f"lower({column.sql}) LIKE lower({_text(binds, column, node)})"


def _contains(binds: Binds, column: Column, node: ast.expr) -> str:
    return f"({column.sql} LIKE '%' || {_text(binds, column, node)} || '%')"


def _starts(binds: Binds, column: Column, node: ast.expr) -> str:
    return f"({column.sql} LIKE {_text(binds, column, node)} || '%')"


def _ends(binds: Binds, column: Column, node: ast.expr) -> str:
    return f"({column.sql} LIKE '%' || {_text(binds, column, node)})"


_METHODS: dict[str, Callable[[Binds, Column, ast.expr], str]] = {
    "is_": _is, "is_not": _is_not, "isnot": _is_not, "in_": _in, "not_in": _not_in,
    "notin_": _not_in, "like": _like, "ilike": _ilike,
    "not_like": _not_like, "notlike": _not_like, "contains": _contains,
    "startswith": _starts, "endswith": _ends,
}  # fmt: skip
