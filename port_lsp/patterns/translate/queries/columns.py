"""What stands in the place of a column: functions of SQL, casts, parts of JSON (SQLAlchemy's docs,
"SQL and Generic Functions", "JSON").

PostgreSQL gives other types than SQLite for some of them; these are cast to what rows are read as.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from msgspec.structs import replace

from port_lsp.patterns.translate.queries.chains import OURS, outside
from port_lsp.patterns.translate.queries.links import chain_of
from port_lsp.patterns.translate.queries.tables import Column
from port_lsp.patterns.translate.scene import dotted
from port_lsp.patterns.translate.values import F64, I64, STRING, UntranslatedError
from port_lsp.types import meanings as m

if TYPE_CHECKING:
    from port_lsp.patterns.translate.queries.conditions import Binds

_TEXTS = ("String", "Text", "Unicode", "VARCHAR", "TEXT")
_INTEGERS = ("Integer", "BigInteger", "INTEGER", "BIGINT")


def computed(binds: Binds, node: ast.expr) -> Column | None:
    """A column that the database computes; None for anything else. Raises UntranslatedError."""
    if isinstance(node, ast.Call):
        name = function_of(binds, node)
        if name:
            return _function(binds, name, node)
        if outside(binds.scene, node.func, binds.env) == "cast" and len(node.args) == 2:
            return _cast(binds, node.args[0], node.args[1])
        if isinstance(node.func, ast.Attribute):
            return _method(binds, node.func, node)
    return None


def function_of(binds: Binds, node: ast.Call) -> str:
    """The name of `func.name(…)`; "" for anything else."""
    if not isinstance(node.func, ast.Attribute) or node.keywords:
        return ""
    meaning = binds.scene.meaning(node.func.value, binds.env)
    if meaning == m.Outside("peewee.fn"):
        return node.func.attr.lower()
    known = isinstance(meaning, m.Outside) and meaning.name.startswith(OURS)
    return node.func.attr if known and dotted(node.func.value).endswith("func") else ""


def _function(binds: Binds, name: str, node: ast.Call) -> Column:
    postgres = binds.database == "postgres"
    if name == "count":
        return Column(f"COUNT({_counted(binds, node)})", I64, False, False)
    if name == "coalesce" and len(node.args) > 1:
        return _coalesced(binds, node)
    if len(node.args) != 1:
        raise UntranslatedError(f"func.{name} in a query")
    of = _of(binds, node.args[0])
    upper = name.upper()
    if name in ("max", "min"):
        return Column(f"{upper}({of.sql})", of.type, True, False)
    if name == "sum" and of.type in (I64, F64):
        sql = f"SUM({of.sql})"
        cast = postgres and of.type == I64
        return Column(f"CAST({sql} AS BIGINT)" if cast else sql, of.type, True, False)
    if name == "avg" and of.type in (I64, F64):
        sql = f"AVG({of.sql})"
        return Column(f"CAST({sql} AS DOUBLE PRECISION)" if postgres else sql, F64, True, False)
    if name in ("lower", "upper", "trim") and of.type == STRING:
        return Column(f"{name if name != 'trim' else 'trim'}({of.sql})", STRING, of.nullable, False)
    if name == "abs" and of.type in (I64, F64):
        return Column(f"ABS({of.sql})", of.type, of.nullable, False)
    if name in ("length", "char_length") and of.type == STRING:
        if not postgres and name == "char_length":
            raise UntranslatedError(f"func.{name} in a query")
        sql = f"{name}({of.sql})"
        return Column(f"CAST({sql} AS BIGINT)" if postgres else sql, I64, of.nullable, False)
    if name == "json_array_length" and of.is_json:
        sql = f"json_array_length({of.sql})"
        return Column(f"CAST({sql} AS BIGINT)" if postgres else sql, I64, True, False)
    raise UntranslatedError(f"func.{name} in a query")


def _counted(binds: Binds, node: ast.Call) -> str:
    if not node.args:
        return "*"
    if len(node.args) != 1:
        raise UntranslatedError("func.count in a query")
    (one,) = node.args
    if isinstance(one, ast.Constant) and one.value == "*":
        return "*"
    called = outside(binds.scene, one.func, binds.env) if isinstance(one, ast.Call) else ""
    if isinstance(one, ast.Call) and called == "distinct" and len(one.args) == 1:
        return f"DISTINCT {_of(binds, one.args[0]).sql}"
    if isinstance(one, ast.Call) and not one.args:
        root, links = chain_of(one)
        if [each.name for each in links] == ["distinct"]:
            return f"DISTINCT {_of(binds, root).sql}"
    return _of(binds, one).sql


def _coalesced(binds: Binds, node: ast.Call) -> Column:
    first = _of(binds, node.args[0])
    if first.type is None:
        raise UntranslatedError("func.coalesce in a query")
    parts = [first.sql]
    nullable = first.nullable
    for one in node.args[1:]:
        other = binds.operand(one)
        if other is not None:
            if other.type != first.type:
                raise UntranslatedError("func.coalesce in a query")
            parts.append(other.sql)
            nullable = nullable and other.nullable
        else:
            parts.append(binds.value(binds.scene.value(one, binds.env), first.type))
            nullable = False
    return Column(f"coalesce({', '.join(parts)})", first.type, nullable, False)


def _of(binds: Binds, node: ast.expr) -> Column:
    found = binds.operand(node)
    if found is None:
        raise UntranslatedError("a function of a query")
    return found


def _cast(binds: Binds, of: ast.expr, to: ast.expr) -> Column:
    column = _of(binds, of)
    word = outside(binds.scene, to.func if isinstance(to, ast.Call) else to, binds.env)
    if isinstance(to, ast.Call) and (to.args or to.keywords):
        raise UntranslatedError("a cast of a query")
    if word in _TEXTS:
        sql = f"CAST({column.sql} AS {'TEXT' if word in ('Text', 'TEXT') else 'VARCHAR'})"
        return Column(sql, STRING, column.nullable, False)
    if word in _INTEGERS:
        wide = binds.database == "postgres"
        sql = f"CAST({column.sql} AS {'BIGINT' if wide else 'INTEGER'})"
        return Column(sql, I64, column.nullable, False)
    raise UntranslatedError("a cast of a query")


def _method(binds: Binds, func: ast.Attribute, node: ast.Call) -> Column | None:
    if func.attr == "label" and len(node.args) == 1:
        found = binds.operand(func.value)
        (word,) = node.args
        if found is None or not isinstance(word, ast.Constant) or not isinstance(word.value, str):
            return None
        return replace(found, label=word.value)
    if func.attr == "cast" and len(node.args) == 1 and binds.operand(func.value) is not None:
        return _cast(binds, func.value, node.args[0])
    if func.attr == "as_string" and not node.args:
        return _part(binds, func.value)
    return None


def _part(binds: Binds, node: ast.expr) -> Column | None:
    """`column["key"].as_string()`."""
    path: list[str] = []
    while isinstance(node, ast.Subscript):
        key = node.slice
        if not isinstance(key, ast.Constant) or not isinstance(key.value, str):
            raise UntranslatedError("a part of JSON in a query")
        if not key.value.isidentifier():
            raise UntranslatedError("a part of JSON in a query")
        path.insert(0, key.value)
        node = node.value
    column = binds.operand(node)
    if column is None or not column.is_json or not path:
        return None
    if binds.database == "postgres":
        steps = "".join(f" -> '{one}'" for one in path[:-1])
        return Column(f"({column.sql}{steps} ->> '{path[-1]}')", STRING, True, False)
    inside = "".join(f'."{one}"' for one in path)
    return Column(f"JSON_EXTRACT({column.sql}, '${inside}')", STRING, True, False)
