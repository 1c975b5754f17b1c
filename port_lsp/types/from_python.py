"""A Python annotation, as written, as a wire type.

typing's forms and those of PEP 585 and 604, Annotated and Literal, Pydantic's own types, and what
a column is declared as in SQLAlchemy and Peewee. The text is parsed by `ast`, never evaluated.
"""

import ast
import json
from collections.abc import Sequence
from functools import lru_cache

from port_lsp.types.python_names import AROUND, COLUMNS, LISTS, MAPS, NAMED, SETS, TUPLES
from port_lsp.types.wire import (
    ANY,
    NULL,
    STR,
    Resolve,
    Wire,
    array,
    mapping,
    optional,
    ref,
    text,
    union,
    unknown,
)

_UNTYPED = frozenset({"Callable", "Type", "type", "Generator", "AsyncGenerator", "Coroutine"})


def from_python(annotation: str | None, resolve: Resolve | None = None) -> Wire:
    """The wire type of an annotation; `any` without one, `unknown` for what isn't an expression.

    `resolve` is asked first what a dotted name of the text means. A name that neither it nor this
    module knows is a ref by that name.
    """
    if annotation is None or not annotation.strip():
        return ANY
    parsed = _parsed(annotation.strip())
    return unknown(annotation) if parsed is None else _Lowering(resolve).of(parsed)


@lru_cache(maxsize=8192)
def _parsed(annotation: str) -> ast.expr | None:
    try:
        # Brackets let an annotation run over several lines.
        return ast.parse(f"({annotation}\n)", mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


class _Lowering:
    def __init__(self, resolve: Resolve | None) -> None:
        self.resolve = resolve

    def of(self, node: ast.expr) -> Wire:
        """Any part of an annotation."""
        if isinstance(node, ast.Constant):
            return self.constant(node)
        if isinstance(node, (ast.Name, ast.Attribute)):
            return self.name(ast.unparse(node))
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr):
            return union((self.of(node.left), self.of(node.right)))
        if isinstance(node, ast.Subscript):
            inner = node.slice
            args = inner.elts if isinstance(inner, ast.Tuple) else [inner]
            return self.subscript(ast.unparse(node.value), args)
        if isinstance(node, ast.Call):
            return self.call(node)
        return unknown(ast.unparse(node))

    def constant(self, node: ast.Constant) -> Wire:
        if node.value is None:
            return NULL
        if node.value is Ellipsis:
            return ANY
        if isinstance(node.value, str):  # a forward reference
            return from_python(node.value, self.resolve)
        return unknown(repr(node.value))

    def name(self, written: str) -> Wire:
        if self.resolve is not None and (found := self.resolve(written)) is not None:
            return found
        short = written.rpartition(".")[2]
        if (found := NAMED.get(short)) is not None:
            return found
        return unknown(written) if short in _UNTYPED else ref(written)

    def subscript(self, written: str, args: Sequence[ast.expr]) -> Wire:
        if self.resolve is not None and (found := self.resolve(written)) is not None:
            return self.generic(found, args)
        short = written.rpartition(".")[2]
        if short == "Optional":
            return optional(self.of(args[0]))
        if short == "Union":
            return union(self.of(arg) for arg in args)
        if short == "Literal":
            return union(self.literal(arg) for arg in args)
        if short in AROUND:
            return self.of(args[0])
        if short in TUPLES:
            return self.tuple(args)
        if short in LISTS:
            return array(self.of(args[0]))
        if short in SETS:
            return Wire("set", (self.of(args[0]),))
        if short in MAPS:
            value = self.of(args[1]) if len(args) > 1 else ANY
            return mapping(self.of(args[0]), value)
        if short == "Json":
            return text("json")
        if short in _UNTYPED:
            return unknown(written)
        return self.generic(self.name(written), args)

    def generic(self, head: Wire, args: Sequence[ast.expr]) -> Wire:
        """A generic model's arguments; other types have none."""
        return ref(head.name, [self.of(arg) for arg in args]) if head.kind == "ref" else head

    def tuple(self, args: Sequence[ast.expr]) -> Wire:
        if len(args) == 2 and isinstance(args[1], ast.Constant) and args[1].value is Ellipsis:
            return array(self.of(args[0]))
        if len(args) == 1 and isinstance(args[0], ast.Tuple):  # tuple[()]
            args = args[0].elts
        return Wire("tuple", tuple(self.of(arg) for arg in args))

    def literal(self, node: ast.expr) -> Wire:
        if isinstance(node, ast.Subscript):  # a Literal in a Literal
            return self.of(node)
        if isinstance(node, ast.Constant):
            if node.value is None:
                return NULL
            if isinstance(node.value, (str, int)):
                return Wire("literal", values=(json.dumps(node.value, ensure_ascii=False),))
        if isinstance(node, ast.UnaryOp):  # a negative number
            return Wire("literal", values=(ast.unparse(node),))
        return ref(ast.unparse(node).rpartition(".")[0] or ast.unparse(node))

    def call(self, node: ast.Call) -> Wire:
        """A column, a column's type with its size, or a function of Pydantic's: `constr(…)`."""
        written = ast.unparse(node.func)
        short = written.rpartition(".")[2]
        if self.resolve is not None and (found := self.resolve(written)) is not None:
            return found
        if short in COLUMNS:
            return self.column(node)
        if short in ("Enum", "ENUM", "ChoiceField"):
            return self.enumeration(node)
        if short in LISTS | SETS and node.args:
            inner = self.of(node.args[0])
            return array(inner) if short in LISTS else Wire("set", (inner,))
        if short == "as_mutable" and node.args:
            return self.of(node.args[0])
        wire = self.name(written)
        return optional(wire) if _flag(node, "null") is True else wire

    def column(self, node: ast.Call) -> Wire:
        """SQLAlchemy's column: one without `nullable` has null unless it is a primary key."""
        types = [arg for arg in node.args if not _is_no_type(arg)]
        named = next((k.value for k in node.keywords if k.arg == "type_"), None)
        kind = named or (types[0] if types else None)
        wire = self.of(kind) if kind is not None else ANY
        nullable = _flag(node, "nullable")
        if nullable is None:
            nullable = not _flag(node, "primary_key")
        return optional(wire) if nullable else wire

    def enumeration(self, node: ast.Call) -> Wire:
        constants = (arg.value for arg in node.args if isinstance(arg, ast.Constant))
        values = [value for value in constants if isinstance(value, (str, int))]
        if values:
            return Wire("literal", values=tuple(json.dumps(v, ensure_ascii=False) for v in values))
        return self.of(node.args[0]) if node.args else STR


def _flag(node: ast.Call, name: str) -> bool | None:
    """A keyword's value where it is True or False."""
    for keyword in node.keywords:
        if keyword.arg == name and isinstance(keyword.value, ast.Constant):
            return bool(keyword.value.value)
    return None


def _is_no_type(node: ast.expr) -> bool:
    """A column's name, a foreign key, a sequence: what stands before or behind its type."""
    if isinstance(node, ast.Constant):
        return True
    called = ast.unparse(node.func).rpartition(".")[2] if isinstance(node, ast.Call) else ""
    return called in ("ForeignKey", "Sequence", "Identity", "Computed", "CheckConstraint")
