"""Items laid out as rustfmt does."""

from __future__ import annotations

from collections.abc import Sequence

from port_lsp.writing.ir import items as ir
from port_lsp.writing.ir.body import Block, Expr
from port_lsp.writing.ir.types import UNIT, AnyType
from port_lsp.writing.printer.attributes import before
from port_lsp.writing.printer.layout import CALL, STEP, VARIANT, WIDTH, fits, pad, tall
from port_lsp.writing.printer.names import Names, identifier
from port_lsp.writing.printer.patterns import print_pattern
from port_lsp.writing.printer.statements import Statements
from port_lsp.writing.printer.types import is_wide_tuple, lay_type, print_bounds, print_type


def print_items(items: Sequence[ir.Item], names: Names) -> str:
    """Items with an empty line between them and an end of line behind the last."""
    return "\n".join(f"{print_item(item, names)}\n" for item in items)


def print_item(item: ir.Item, names: Names, indent: int = 0) -> str:
    """One item, its first line indented too, without an end of line behind it."""
    return _Printer(names, indent).item(item)


def print_fields(fields: Sequence[ir.Field], names: Names, indent: int) -> str:
    """Fields as they stand in a struct, each with what belongs to it; the first line, too, is
    indented, and each ends in a comma."""
    return "\n".join(_Printer(names, indent).field_lines(fields, indent))


def print_expression(expr: Expr, names: Names, indent: int, start: int) -> str:
    """An expression that begins in column `start` on a line indented by `indent`, with a comma to
    come behind it."""
    return _Bodies(names).expr(expr, indent, start, 1)


def print_block(block: Block, names: Names, indent: int) -> str:
    """A function's body on lines, from brace to brace, of a function that is indented by
    `indent`."""
    return _Bodies(names).block(block, indent)


class _Bodies(Statements):
    def nested(self, item: ir.Item, indent: int) -> str:
        return print_item(item, self.names, indent)


class _Printer:
    def __init__(self, names: Names, indent: int) -> None:
        self.names, self.indent = names, indent
        self.pad = pad(indent)
        self.layout = _Bodies(names)

    def item(self, item: ir.Item) -> str:
        if isinstance(item, ir.Struct):
            return self._join(self._before(item, item.derives), self.struct(item))
        if isinstance(item, ir.Enum):
            return self._join(self._before(item, item.derives), self.enum(item))
        if isinstance(item, ir.Function):
            return self._join(self._before(item), self.function(item))
        if isinstance(item, ir.Impl):
            lines = before((), (), (), item.attributes, self.names, self.indent)
            return self._join(lines, self.impl(item))
        if isinstance(item, ir.Alias):
            lines = before(item.docs, (), (), (), self.names, self.indent)
            head = f"{self._visible(item)}type {item.name}{self.generics(item.generics)} = "
            start = self.indent + len(head)
            return self._join(
                lines, f"{head}{lay_type(item.type, self.names, self.indent, start, 1)};"
            )
        if isinstance(item, ir.Const):
            lines = before(item.docs, (), (), (), self.names, self.indent)
            return self._join(lines, self.const(item))
        lines = before(item.docs, (), (), item.attributes, self.names, self.indent)
        return self._join(lines, self.module(item))

    def _join(self, lines: list[str], text: str) -> str:
        return "\n".join([*lines, self.pad + text])

    def _before(
        self, item: ir.Struct | ir.Enum | ir.Function, derives: tuple[ir.Symbol, ...] = ()
    ) -> list[str]:
        return before(item.docs, item.comments, derives, item.attributes, self.names, self.indent)

    def _visible(self, item: ir.Struct | ir.Enum | ir.Function | ir.Alias | ir.Const) -> str:
        return f"{item.visibility} " if item.visibility else ""

    def generics(self, generics: tuple[ir.Generic, ...]) -> str:
        """`<T: A + B>`."""
        parts = [
            one.name + (f": {print_bounds(one.bounds, self.names)}" if one.bounds else "")
            for one in generics
        ]
        return f"<{', '.join(parts)}>" if parts else ""

    def struct(self, item: ir.Struct) -> str:
        head = f"{self._visible(item)}struct {item.name}{self.generics(item.generics)}"
        if item.positional == ():
            return f"{head};"
        if item.positional is not None:
            rows = [(f"{p.visibility} " if p.visibility else "", p.type) for p in item.positional]
            return f"{self._positional(head, rows, self.indent)};"
        return f"{head} {self._fields(item.fields, self.indent)}"

    def _fields(self, fields: tuple[ir.Field, ...], indent: int) -> str:
        if not fields:
            return "{}"
        lines = self.field_lines(fields, indent + STEP)
        return "{\n" + "\n".join(lines) + f"\n{pad(indent)}}}"

    def field_lines(self, fields: Sequence[ir.Field], indent: int) -> list[str]:
        """Fields, each on lines of its own."""
        lines: list[str] = []
        for field in fields:
            lines += before(field.docs, field.comments, (), field.attributes, self.names, indent, 1)
            lines.append(f"{pad(indent)}{self._field(field, indent)},")
        return lines

    def _field(self, field: ir.Field, indent: int | None = None) -> str:
        """A field on one line, or with its type below or broken where a line has an indentation."""
        visible = f"{field.visibility} " if field.visibility else ""
        head = f"{visible}{identifier(field.name)}:"
        text = f"{head} {print_type(field.type, self.names)}"
        if indent is None:
            return text
        if fits(text, indent, 1) and not is_wide_tuple(field.type, self.names):
            return text
        below = print_type(field.type, self.names)
        if fits(below, indent + STEP, 1) and not is_wide_tuple(field.type, self.names):
            return f"{head}\n{pad(indent + STEP)}{below}"
        return f"{head} {lay_type(field.type, self.names, indent, indent + len(head) + 1, 1)}"

    def enum(self, item: ir.Enum) -> str:
        head = f"{self._visible(item)}enum {item.name}{self.generics(item.generics)}"
        if not item.variants:
            return f"{head} {{}}"
        rows = self._variants(item, VARIANT)
        if any("\n" in row for row in rows):  # then none is on one line
            rows = self._variants(item, 0)
        return f"{head} {{\n" + "".join(f"{row},\n" for row in rows) + f"{self.pad}}}"

    def _variants(self, item: ir.Enum, width: int) -> list[str]:
        """Each variant with what stands before it; named fields up to so wide on one line."""
        inner = self.indent + STEP
        return [
            "\n".join(
                [
                    *before(one.docs, (), (), one.attributes, self.names, inner, 1),
                    pad(inner) + self._variant(one, inner, width),
                ]
            )
            for one in item.variants
        ]

    def _variant(self, variant: ir.Variant, indent: int, width: int) -> str:
        name = identifier(variant.name)
        if variant.types:
            return self._positional(name, [("", one) for one in variant.types], indent)
        if variant.fields:
            plain = not any(f.docs or f.attributes or f.comments for f in variant.fields)
            text = ", ".join(self._field(field) for field in variant.fields)
            if plain and len(text) <= width:
                return f"{name} {{ {text} }}"
            return f"{name} {self._fields(variant.fields, indent)}"
        return f"{name} = {variant.discriminant}" if variant.discriminant else name

    def _positional(self, head: str, fields: list[tuple[str, AnyType]], indent: int) -> str:
        """Fields without names, each with what stands before its type: on one line, or a field
        a line; `rewrite_with_parens` in rustfmt's `overflow.rs` measures them as arguments."""
        text = ", ".join(word + print_type(kind, self.names) for word, kind in fields)
        is_short = len(fields) == 1 or len(text) <= CALL
        is_plain = not any(is_wide_tuple(kind, self.names) for _, kind in fields)
        if is_short and is_plain and fits(text, indent + len(head), 3):
            return f"{head}({text})"
        inner = indent + STEP
        rows = [
            word + lay_type(kind, self.names, inner, inner + len(word), 1) for word, kind in fields
        ]
        return tall(f"{head}(", rows, ")", indent)

    def function(self, item: ir.Function) -> str:
        """The signature on one line, or a parameter a line; then the body."""
        words = f"{self._visible(item)}{'async ' if item.is_async else ''}fn "
        head = f"{words}{identifier(item.name)}{self.generics(item.generics)}"
        params = [self._param(param) for param in item.params]
        returns = f" -> {print_type(item.returns, self.names)}" if item.returns else ""
        where = self.where(item.where)
        ending = ";" if item.body is None else ("" if where else " {")
        one = line = f"{head}({', '.join(params)}){returns}"
        if "\n" in one or self.indent + len(one) + len(ending) > WIDTH:
            params = [self._param(param, self.indent + STEP) for param in item.params]
            if item.returns:
                kind = lay_type(item.returns, self.names, self.indent, self.indent + 5, len(ending))
                returns = f" -> {kind}"
            opening = f"{head}("
            one = tall(opening, params, f"){returns}", self.indent)
            is_almost = self.indent + len(line) <= WIDTH + 1  # rustfmt lets it be one too wide
            if not params and is_almost and not where and item.body:
                return f"{line}\n{self.pad}{self.layout.block(item.body, self.indent)}"
            if not params and "\n" in returns:
                start = self.indent + len(opening) + 5
                kind = lay_type(item.returns or UNIT, self.names, self.indent, start, len(ending))
                one = f"{opening}) -> {kind}"
        if item.body is None:
            return f"{one}{where};"
        body = self.layout.block(item.body, self.indent)
        return f"{one}{where}\n{self.pad}{body}" if where else f"{one} {body}"

    def _param(self, param: ir.Param, indent: int = 0) -> str:
        pattern = print_pattern(param.pattern, self.names)
        if param.type is None:
            return pattern
        start = indent + len(pattern) + 2
        return f"{pattern}: {lay_type(param.type, self.names, indent, start, 1)}"

    def where(self, clauses: tuple[tuple[AnyType, tuple[AnyType, ...]], ...]) -> str:
        """The lines of a `where`, each with a line's end before it."""
        if not clauses:
            return ""
        lines = [
            f"{pad(self.indent + STEP)}{print_type(kind, self.names)}: "
            f"{print_bounds(bounds, self.names)},"
            for kind, bounds in clauses
        ]
        return f"\n{self.pad}where\n" + "\n".join(lines)

    def impl(self, item: ir.Impl) -> str:
        head = f"impl{self.generics(item.generics)} "
        if item.trait is not None:
            head += f"{print_type(item.trait, self.names)} for "
        head += print_type(item.type, self.names)
        where = self.where(item.where)
        inner = _Printer(self.names, self.indent + STEP)
        parts: list[str] = []
        for index, one in enumerate(item.items):
            compact = isinstance(one, ir.Alias) and index > 0 and isinstance(
                item.items[index - 1], ir.Alias
            )  # fmt: skip
            parts.append(("" if index == 0 or compact else "\n") + inner.item(one))
        body = "{\n" + "\n".join(parts) + f"\n{self.pad}}}" if parts else "{}"
        if item.trait is not None and not where and not fits(f"{head} {{", self.indent):
            trait, _, kind = head.rpartition(" for ")
            return f"{trait}\n{pad(self.indent + STEP)}for {kind}\n{self.pad}{body}"
        return f"{head}{where}\n{self.pad}{body}" if where else f"{head} {body}"

    def const(self, item: ir.Const) -> str:
        kind = print_type(item.type, self.names)
        head = f"{self._visible(item)}{item.word} {item.name}: {kind} ="
        return f"{self.layout.behind(head, item.value, self.indent)};"

    def module(self, item: ir.Module) -> str:
        inner = _Printer(self.names, self.indent + STEP)
        uses = [f"{pad(self.indent + STEP)}use {one};" for one in item.uses]
        parts = [inner.item(one) for one in item.items]
        groups = ["\n".join(uses), *parts] if uses else parts
        body = "\n\n".join(groups)
        visible = f"{item.visibility} " if item.visibility else ""
        head = f"{visible}mod {identifier(item.name)}"
        return f"{head} {{\n{body}\n{self.pad}}}" if groups else f"{head} {{}}"
