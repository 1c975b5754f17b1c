"""Expressions laid out as rustfmt does: on one line where they may be, else broken.

`Expressions.expr(expr, indent, start, after)` gives the text of an expression that begins in column
`start` on a line indented by `indent`, with `after` columns to come behind it on its last line.
"""

from __future__ import annotations

from abc import ABC, abstractmethod

from msgspec.structs import replace

from port_lsp.writing.ir import body as ir
from port_lsp.writing.printer.breaking import (
    ends_with_bracket,
    extends,
    flattens,
    inside,
    is_format,
    is_simple,
    overflows,
)
from port_lsp.writing.printer.flat import (
    arguments,
    closure_head,
    flat,
    is_call,
    link,
    link_args,
    links,
    operand,
    questions_of,
    root_text,
    spare,
    spare_of,
)
from port_lsp.writing.printer.layout import (
    CALL,
    CHAIN,
    SHORT,
    STEP,
    WIDTH,
    filled,
    fits,
    is_better_below,
    is_sound,
    pad,
    tall,
    width,
)
from port_lsp.writing.printer.names import Names, identifier, remembering
from port_lsp.writing.printer.patterns import print_pattern
from port_lsp.writing.printer.precedence import in_parentheses, needs_parentheses
from port_lsp.writing.printer.types import members, print_type

_MANY = 4  # line ends in a chain's last link that speak for leaving it beside the others
_ELSE = len("} else ")
_CONTROLS = (ir.If, ir.Match, ir.For, ir.While)
_WITH_LINES = (ir.Match, ir.For, ir.While, ir.StructLiteral)  # as a closure's body without braces


class Expressions(ABC):
    """Lays out expressions with the names of one file."""

    def __init__(self, names: Names) -> None:
        """`names` says how symbols are written."""
        self.names = remembering(names)
        self._laid: dict[tuple[int, int, int, int], tuple[ir.Expr, str]] = {}

    def expr(self, expr: ir.Expr, indent: int, start: int, after: int = 0) -> str:
        """An expression; see the module. It is laid out once for a place: whatever stands around it
        tries more than one, and so does what stands around that."""
        key = id(expr), indent, start, after
        known = self._laid.get(key)
        if known is None:
            known = self._laid[key] = expr, self._expr(expr, indent, start, after)
        return known[1]

    def _expr(self, expr: ir.Expr, indent: int, start: int, after: int) -> str:
        one = flat(expr, self.names)
        free = spare(expr, self.names, start - indent, after)
        if one is not None and fits(one, start, free):
            return one
        if isinstance(expr, ir.Call):
            head = operand(expr.function, self.names, callee=True)
            if head is None:
                head = self._operand(expr.function, indent, start, 1, callee=True)
            return self._call(f"{head}(", expr.args, ")", indent, start, after)
        if isinstance(expr, ir.Macro):
            opening, closing = expr.brackets
            head = f"{self.names(expr.symbol)}!{opening}"
            return self._call(head, expr.args, closing, indent, start, after)
        if isinstance(expr, (ir.Method, ir.Await, ir.Try, ir.Access)):
            return self._chain(expr, indent, start, after)
        if isinstance(expr, ir.StructLiteral):
            return self._struct(expr, indent)
        if isinstance(expr, ir.Json):
            return self._json(expr, indent)
        if isinstance(expr, ir.ArrayOf) and len(expr.items) == 1:  # which overflows
            return self._call("[", expr.items, "]", indent, start, after)
        if isinstance(expr, ir.ArrayOf):
            return self._tall_list("[", expr.items, "]", indent)
        if isinstance(expr, ir.TupleOf):
            return self._call("(", expr.items, ")", indent, start, after)
        if isinstance(expr, ir.Closure):
            return self._closure(expr, indent, start, after)
        if isinstance(expr, ir.Block):
            return f"{expr.word} {self.block(expr, indent)}".lstrip()
        if isinstance(expr, (ir.If, ir.Match, ir.For, ir.While)):
            return self.control(expr, indent, start)
        if isinstance(expr, ir.Unary):
            width = start + len(expr.operator)
            if isinstance(expr.of, ir.Unary):
                inner = self.expr(expr.of, indent, width, after)
            else:
                inner = self._operand(expr.of, indent, width, after)
            return f"{expr.operator}{inner}"
        if isinstance(expr, ir.Binary):
            return self._binary(expr, indent, start, after)
        if isinstance(expr, ir.Jump) and expr.value is not None:
            head = f"{expr.word} "
            return head + self.expr(expr.value, indent, start + len(head), after)
        if isinstance(expr, ir.Cast):
            kind = print_type(expr.type, self.names)
            return f"{self._operand(expr.of, indent, start, after + len(kind) + 4)} as {kind}"
        if isinstance(expr, ir.Index):
            index = flat(expr.index, self.names) or self.expr(expr.index, indent, start)
            return f"{self._operand(expr.of, indent, start, len(index) + 2)}[{index}]"
        assert one is not None, expr  # nothing else is ever broken
        return one

    def _operand(
        self, expr: ir.Expr, indent: int, start: int, after: int = 0, *, callee: bool = False
    ) -> str:
        """What an operator or a dot stands at, in parentheses where it must be."""
        if needs_parentheses(expr, callee=callee):
            return f"({self.expr(expr, indent, start + 1, after + 1)})"
        return self.expr(expr, indent, start, after)

    # Calls and lists

    def _call(
        self,
        head: str,
        args: tuple[ir.Expr, ...],
        closing: str,
        indent: int,
        start: int,
        after: int,
    ) -> str:
        """A call whose arguments don't fit: the last one may overflow, else one a line."""
        before = [flat(arg, self.names) for arg in args[:-1]]
        if args and all(one is not None for one in before) and overflows(head, args):
            lead = "".join(f"{one}, " for one in before)
            last = self._last(args[-1], indent, start + len(head) + len(lead), after + 1)
            first = lead + last.partition("\n")[0]
            is_kept = len(head) - 1 < STEP or self._is_one_line_chain(last, args[-1], indent)
            if isinstance(inside(args[-1]), _CONTROLS):  # what it asks must be on its first line
                is_kept &= last.partition("\n")[0].endswith("{")
            is_kept = is_kept and self._has_one_line_head(last, args[-1])
            if "\n" in last and is_kept and width(first) <= CALL and fits(head + first, start):
                return f"{head}{lead}{last}{closing}"
        if is_format(head) and len(args) > 1 and all(is_simple(arg) for arg in args):
            return self._format(head, args, closing, indent)
        texts = [flat(arg, self.names) or "" for arg in args]
        if all(is_simple(arg) for arg in args) and all(width(text) <= SHORT for text in texts):
            rows = "".join(f"{pad(indent + STEP)}{row}\n" for row in filled(texts, indent))
            return f"{head}\n{rows}{pad(indent)}{closing}"
        return self._tall_list(head, args, closing, indent)

    def _last(self, expr: ir.Expr, indent: int, start: int, after: int) -> str:
        """A call's last argument, beginning on the call's line."""
        if is_call(expr):  # as wide as the arguments of a call may be
            after = max(after, WIDTH - start - CALL)
        return self.expr(expr, indent, start, after)

    def _is_one_line_chain(self, text: str, expr: ir.Expr, indent: int) -> bool:
        """Whether a chain is on one line but for its last link's end; true for what is none."""
        if not isinstance(inside(expr), ir.Method):
            return True
        starts = (pad(indent + STEP) + ".", pad(indent) + ".")
        return not any(line.startswith(starts) for line in text.split("\n")[1:])

    def _has_one_line_head(self, text: str, expr: ir.Expr) -> bool:
        """Whether an `if` is on one line up to its block; true for what is none."""
        of = inside(expr)
        if not isinstance(of, ir.If):
            return True
        test = flat(of.condition, self.names)
        return test is not None and text.partition("\n")[0].endswith(f"{test} {{")

    def _format(self, head: str, args: tuple[ir.Expr, ...], closing: str, indent: int) -> str:
        """`format!` and the like: the format on a line, then the arguments, where one line holds
        them."""
        inner = pad(indent + STEP)
        texts = [flat(arg, self.names) or "" for arg in args]
        row = ", ".join(texts[1:])
        if width(inner) + width(row) > WIDTH:
            return self._tall_list(head, args, closing, indent)
        return f"{head}\n{inner}{texts[0]},\n{inner}{row}\n{pad(indent)}{closing}"

    def _tall_list(self, head: str, items: tuple[ir.Expr, ...], closing: str, indent: int) -> str:
        inner = indent + STEP
        return tall(head, [self.expr(one, inner, inner, 1) for one in items], closing, indent)

    def _struct(self, expr: ir.StructLiteral, indent: int) -> str:
        inner = indent + STEP
        fields: list[str] = []
        for name, value in expr.fields:
            written = identifier(name)
            head = f"{written}: "
            text = self.expr(value, inner, inner + len(head), 1)
            fields.append(written if text == written else head + text)
        head = f"{self.names(expr.symbol)}{members(expr.members)} {{"
        if expr.base is None:
            return tall(head, fields, "}", indent)
        base = self.expr(expr.base, inner, inner + 2)
        lines = "".join(f"{pad(inner)}{field},\n" for field in fields)
        return f"{head}\n{lines}{pad(inner)}..{base}\n{pad(indent)}}}"

    def _json(self, expr: ir.Json, indent: int) -> str:
        """`json!` holds what is no expression; rustfmt leaves it as it is."""
        return f"{self.names(expr.symbol)}!({self._in_json(expr, indent)})"

    def _in_json(self, expr: ir.Json, indent: int) -> str:
        inner = indent + STEP
        lines: list[str] = []
        for key, value in (*expr.entries, *(("", one) for one in expr.items)):
            head = f"{pad(inner)}{key}: " if key else pad(inner)
            if isinstance(value, ir.Json):
                lines.append(head + self._in_json(value, inner))
            else:
                text = self.expr(value, inner, len(head), 1)
                # What begins with a bracket would be an object or a list of JSON's.
                is_taken = text.startswith(("{", "[")) and not isinstance(
                    value, (ir.ArrayOf, ir.Lit)
                )
                lines.append(head + (f"({text})" if is_taken else text))
        opening, closing = "[]" if expr.items else "{}"
        if not lines:
            return opening + closing
        body = ",\n".join(lines)
        return f"{opening}\n{body}\n{pad(indent)}{closing}"

    # Chains

    def _chain(self, expr: ir.Expr, indent: int, start: int, after: int) -> str:
        """rustfmt's `chains.rs`: all on one line but for the end of the last link, or each link
        on a line of its own."""
        root, children = links(expr)
        head = root_text(root, self.names)
        # What stands behind the chain has its room on the first line, too (`format_root`'s shape).
        if head is None or not fits(head, start, after):
            inner, questions = root, ""
            while isinstance(inner, ir.Try):
                inner, questions = inner.of, f"{questions}?"
            head = self._operand(inner, indent, start, after + len(questions)) + questions
            if not children:  # nothing but `?` behind what is no chain
                return head
        is_single = len(children) == 1
        while len(head) <= STEP - (start - indent) and len(children) > 1:
            head += self._link(children[0], indent, start + len(head), 0)
            children = children[1:]
        # `is_block_expr`: what begins with a tuple isn't taken for one.
        is_block = ends_with_bracket(head) and not isinstance(root, ir.TupleOf)
        child = indent if is_block else indent + STEP
        middle = [self._link(one, child, child, 0) for one in children[:-1]]
        last, marks = children[-1], questions_of(children[-1])
        below = self._link(last, child, child, after + marks)
        almost = head + "".join(middle)
        room = WIDTH - start - after
        budget = (room if is_single else min(room, CHAIN)) - len(almost) - marks
        if "\n" not in almost and budget > 0:
            beside = self._link(last, indent, start + len(almost), after + 2 * marks)
            lines = beside.count("\n")
            is_narrow = len(beside.partition("\n")[0]) <= budget
            if not lines:
                is_narrow &= len(almost) + len(beside) + spare_of(last) <= room
            if is_narrow and (lines >= _MANY or lines <= below.count("\n")):
                return almost + beside
        return head + "".join(f"\n{pad(child)}{one}" for one in (*middle, below))

    def _link(self, one: ir.Expr, indent: int, start: int, after: int) -> str:
        args = link_args(one)
        joined = arguments(args, self.names)
        if joined is not None:
            text = link(one, joined, self.names)
            if not args or fits(text, start, after):
                return text
        opening, closing = link(one, "\0", self.names).split("\0")
        return self._call(opening, args, closing, indent, start, after + len(closing) - 1)

    # Blocks

    def _closure(self, expr: ir.Closure, indent: int, start: int, after: int) -> str:
        head = f"{closure_head(expr, self.names)} "
        if isinstance(expr.body, ir.Block):
            return head + self.expr(expr.body, indent, start + len(head), after)
        body = self.expr(expr.body, indent, start + len(head), after)
        is_whole = "\n" not in body and fits(body, start + len(head), after)
        if is_whole or isinstance(expr.body, _WITH_LINES):
            return head + body
        return head + self.block(ir.Block(tail=expr.body), indent)

    def control(
        self, expr: ir.If | ir.Match | ir.For | ir.While, indent: int, start: int, before: int = 0
    ) -> str:
        """A condition, a match or a loop on more than one line; an `if` with so many columns
        `before` it."""
        names = self.names
        if isinstance(expr, ir.If):
            let = f"let {print_pattern(expr.binding, names)} = " if expr.binding else ""
            asked = self._let_below if expr.binding else self._head
            head = asked(f"if {let}", expr.condition, indent, start + before)
            text = f"{head}{self.block(expr.then, indent)}"
            if isinstance(expr.otherwise, ir.If):
                return f"{text} else {self.control(expr.otherwise, indent, indent, _ELSE)}"
            if expr.otherwise is not None:
                return f"{text} else {self.block(expr.otherwise, indent)}"
            return text
        if isinstance(expr, ir.Match):
            head = self._head("match ", expr.of, indent, start)
            arms = "".join(f"{pad(indent + STEP)}{self._arm(arm, indent + STEP)}\n"
                           for arm in expr.arms)  # fmt: skip
            return f"{head}{{\n{arms}{pad(indent)}}}"
        if isinstance(expr, ir.For):
            head = self._head(f"for {print_pattern(expr.pattern, names)} in ", expr.of, indent,
                              start)  # fmt: skip
            return head + self.block(expr.body, indent)
        if expr.condition is None:
            return f"loop {self.block(expr.body, indent)}"
        let = f"let {print_pattern(expr.binding, names)} = " if expr.binding else ""
        return self._head(f"while {let}", expr.condition, indent, start) + self.block(
            expr.body, indent
        )

    def _head(self, words: str, expr: ir.Expr, indent: int, start: int) -> str:
        """`if condition ` with the blank that stands before the brace; below it where it broke."""
        text = self.expr(expr, indent, start + len(words), 2)
        wide = self.expr(expr, indent, start + len(words)) if "\n" in text else text
        if wide != text and "\n" not in wide:
            return f"{words}{wide}\n{pad(indent)}"
        text = wide  # what is broken needs no room for the brace
        last = text.rpartition("\n")[2]
        closes = any(last.startswith(pad(indent) + sign) for sign in ")]}")
        is_below = "\n" in text and not (closes and not last.strip("()]}?> "))
        return f"{words}{text}" + (f"\n{pad(indent)}" if is_below else " ")

    def _let_below(self, words: str, expr: ir.Expr, indent: int, start: int) -> str:
        """As `_head` behind `let … =`: on the next line where that keeps it whole."""
        beside, inner = self._head(words, expr, indent, start), indent + STEP
        below = flat(expr, self.names)
        if "\n" in beside.rstrip() and below is not None and fits(below, inner, 0):
            return f"{words.rstrip()}\n{pad(inner)}{below}\n{pad(indent)}"
        return beside

    def _arm(self, arm: ir.Arm, indent: int) -> str:
        guard = f" if {flat(arm.guard, self.names)}" if arm.guard is not None else ""
        head = f"{print_pattern(arm.pattern, self.names)}{guard} => "
        if isinstance(arm.body, ir.Block):
            only = arm.body.tail if not arm.body.statements and not arm.body.word else None
            if only is not None and flattens(only):
                return self._arm(replace(arm, body=only), indent)
            block = self.expr(arm.body, indent, indent + len(head))
            return f"{head}{block}"
        start, inner = indent + len(head), indent + STEP
        beside = self.expr(arm.body, indent, start, 1)
        if "\n" not in beside and fits(beside, start, 1):
            return f"{head}{beside},"
        below = self.expr(arm.body, inner, inner)
        if is_sound(beside, start) and extends(arm.body) and not is_better_below(beside, below):
            return f"{head}{beside},"
        return f"{head}{{\n{pad(inner)}{below}\n{pad(indent)}}}"

    def _binary(self, expr: ir.Binary, indent: int, start: int, after: int) -> str:
        """Broken before the operator, all of one level alike."""
        parts: list[tuple[str, ir.Expr, ir.Binary]] = []
        at: ir.Expr = expr
        while isinstance(at, ir.Binary) and at.operator == expr.operator:
            parts.append((at.operator, at.right, at))
            at = at.left
        inner = indent + STEP
        text = in_parentheses(self.expr(at, indent, start), at, expr) or ""
        for operator, side, whole in reversed(parts):
            behind = after if side is expr.right else 0
            end = text.rpartition("\n")[2]
            if "\n" in text and len(end) <= inner:  # `rewrite_pairs_multiline`: no orphan
                width = len(end) + len(operator) + 2
                body = self.expr(side, indent, width, behind)
                text += f" {operator} {in_parentheses(body, side, whole)}"
                continue
            body = self.expr(side, inner, inner + len(operator) + 1, behind)
            text += f"\n{pad(inner)}{operator} {in_parentheses(body, side, whole)}"
        return text

    def block(self, block: ir.Block, indent: int) -> str:
        """`{ … }` with its statements a line each; `{}` where it is empty."""
        lines = self.lines(block, indent + STEP)
        if not lines:
            return "{}"
        return "{\n" + "".join(f"{line}\n" for line in lines) + pad(indent) + "}"

    @abstractmethod
    def lines(self, block: ir.Block, indent: int) -> list[str]:
        """The lines of a block's inside, each with its blanks; one entry may be several lines."""
