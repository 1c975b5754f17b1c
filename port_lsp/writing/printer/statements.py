"""Statements laid out as rustfmt does, and holes."""

from __future__ import annotations

from abc import abstractmethod

from msgspec.structs import replace

from port_lsp.writing.ir import body as ir
from port_lsp.writing.ir.items import Item
from port_lsp.writing.printer.expressions import Expressions
from port_lsp.writing.printer.flat import links
from port_lsp.writing.printer.layout import (
    STEP,
    WIDTH,
    filled,
    fits,
    is_better_below,
    is_sound,
    last_column,
    pad,
    tall,
    width,
)
from port_lsp.writing.printer.literals import string
from port_lsp.writing.printer.names import identifier
from port_lsp.writing.printer.patterns import print_pattern
from port_lsp.writing.printer.types import lay_type

_WITHOUT_SEMICOLON = (ir.If, ir.Match, ir.For, ir.While, ir.Block)


class Statements(Expressions):
    """Lays out statements, too."""

    @abstractmethod
    def nested(self, item: Item, indent: int) -> str:
        """An item in a body, with its blanks."""

    def lines(self, block: ir.Block, indent: int) -> list[str]:
        """As `Expressions.lines`."""
        lines: list[str] = []
        for statement in block.statements:
            lines += self._statement(statement, indent)
        if block.tail is not None:
            lines.append(pad(indent) + self._standing(block.tail, indent, 0))
        return lines

    def _statement(self, statement: ir.Statement, indent: int) -> list[str]:
        before = pad(indent)
        if isinstance(statement, ir.Comment):
            return comment(statement.lines, indent)
        if isinstance(statement, ir.Hole):
            return [*_left(statement, indent), f"{before}{_todo(statement)}"]
        if isinstance(statement, ir.Gap):
            return [*_left(statement, indent), before + self._gap(statement, indent)]
        if isinstance(statement, ir.Let):
            return [before + self._let(statement, indent)]
        if isinstance(statement, ir.Assign):
            head = f"{self.expr(statement.target, indent, indent)} {statement.operator}"
            return [before + self.behind(head, statement.value, indent) + ";"]
        if isinstance(statement, ir.Nested):
            return [self.nested(statement.item, indent)]
        ends = not isinstance(statement.expr, _WITHOUT_SEMICOLON)
        text = self._standing(statement.expr, indent, int(ends))
        return [f"{before}{text}{';' if ends else ''}"]

    def _standing(self, expr: ir.Expr, indent: int, after: int) -> str:
        """An expression at the begin of a line: there an `if` with its `else` is never on one."""
        if isinstance(expr, ir.If):
            return self.control(expr, indent, indent)
        return self.expr(expr, indent, indent, after)

    def _let_head(self, statement: ir.Let | ir.Gap, indent: int) -> str:
        pattern = statement.pattern
        head = f"let {print_pattern(pattern, self.names)}"
        if isinstance(pattern, ir.TuplePattern) and not fits(head, indent, 1):
            items = [print_pattern(item, self.names) for item in pattern.items]
            before = print_pattern(replace(pattern, items=()), self.names).removesuffix("()")
            head = tall(f"let {before}(", items, ")", indent)
        if statement.type is not None:
            start = last_column(head, indent) + 2
            head += f": {lay_type(statement.type, self.names, indent, start, 2)}"
        return head

    def _gap(self, gap: ir.Gap, indent: int) -> str:
        head = f"{self._let_head(gap, indent)} ="
        text = f"async {{ {_todo(gap)} }}.await;"
        if fits(text, last_column(head, indent) + 1, 0):
            return f"{head} {text}"
        return f"{head}\n{pad(indent + STEP)}{text}"

    def _let(self, statement: ir.Let, indent: int) -> str:
        head = self._let_head(statement, indent)
        if statement.value is None:
            return f"{head};"
        text = self.behind(f"{head} =", statement.value, indent)
        if statement.otherwise is None:
            return f"{text};"
        block = self.block(statement.otherwise, indent)
        if _takes_else(text, indent):
            return f"{text} else {block};"
        return f"{text}\n{pad(indent)}else {block};"

    def behind(self, head: str, value: ir.Expr, indent: int) -> str:
        """A value behind `=`: on the same line, or alone on the next where that helps."""
        start = last_column(head, indent) + 1
        text = self.expr(value, indent, start, 1)
        if "\n" not in text and fits(text, start, 1):
            return f"{head} {text}"
        inner = indent + STEP
        below = self.expr(value, inner, inner, 1)
        # What a broken chain starts with leaves room for the semicolon.
        edge = start + bool(links(value)[1])
        if isinstance(value, ir.If) and not fits(below.partition("\n")[0], inner, 1):
            return f"{head} {text}"  # so does an `if` with its test
        if is_sound(below, inner) and (not is_sound(text, edge) or is_better_below(text, below)):
            return f"{head}\n{pad(inner)}{below}"
        return f"{head} {text}"


def _takes_else(text: str, indent: int) -> bool:
    """Whether the `else` of a `let` stands on its last line (rustfmt's
    `same_line_else_kw_and_brace`): where that ends in a bracket that stands below the `let`."""
    if "\n" not in text:
        return indent + width(text) + len(" else {") < WIDTH
    last = text.rpartition("\n")[2]
    return last.endswith((")", "]", "}")) and not last.removeprefix(pad(indent)).startswith(" ")


def comment(lines: tuple[str, ...], indent: int, mark: str = "//") -> list[str]:
    """Lines of a comment; what stands in them can't end it, and blanks at their ends go."""
    return [pad(indent) + f"{mark} {line}".rstrip() for line in lines]


def _todo(hole: ir.Hole | ir.Gap) -> str:
    return f"todo!({string(hole.reason)})"


def _left(hole: ir.Hole | ir.Gap, indent: int) -> list[str]:
    """The Python and the touched bindings."""
    lines = comment(hole.python, indent)
    names = [identifier(name) for name in hole.unused]
    if len(names) == 1:
        lines.append(f"{pad(indent)}let _ = &{names[0]};")
    elif names:
        items = [f"&{name}" for name in names]
        text = f"let _ = ({', '.join(items)});"
        if len(", ".join(items)) > 60 or indent + len(text) > WIDTH:
            inner = "".join(f"{pad(indent + STEP)}{line}\n" for line in filled(items, indent))
            text = f"let _ = (\n{inner}{pad(indent)});"
        lines.append(pad(indent) + text)
    return lines
