"""Types as text: on one line where they fit, else their arguments broken."""

from __future__ import annotations

from collections.abc import Iterable

from port_lsp.writing.ir.types import AnyType, Bounds, Reference, Slice, Tuple, Type
from port_lsp.writing.printer.layout import CALL, STEP, fits, tall
from port_lsp.writing.printer.names import Names, identifier


def print_type(kind: AnyType, names: Names) -> str:
    """A type as Rust writes it."""
    if isinstance(kind, Type):
        inner = [f"'{name}" for name in kind.lifetimes]
        inner += [print_type(arg, names) for arg in kind.args]
        inner += [f"{name} = {print_type(bound, names)}" for name, bound in kind.bindings]
        return names(kind.head) + (f"<{', '.join(inner)}>" if inner else "")
    if isinstance(kind, Reference):
        lifetime = f"'{kind.lifetime} " if kind.lifetime else ""
        return f"&{lifetime}{'mut ' if kind.mutable else ''}{print_type(kind.inner, names)}"
    if isinstance(kind, Slice):
        length = f"; {kind.length}" if kind.length else ""
        return f"[{print_type(kind.item, names)}{length}]"
    if isinstance(kind, Bounds):
        return f"{kind.word} {print_bounds(kind.bounds, names)}"
    return print_tuple([print_type(item, names) for item in kind.items])


def is_wide_tuple(kind: AnyType, names: Names) -> bool:
    """Whether a type is broken however much room there is."""
    return isinstance(kind, Tuple) and len(print_type(kind, names)) - 2 > CALL


def lay_type(kind: AnyType, names: Names, indent: int, start: int, after: int = 0) -> str:
    """A type that begins in a column, with so many columns behind it; broken where rustfmt would:
    arguments that don't fit, tuples wider than a call's arguments."""
    text = print_type(kind, names)
    if fits(text, start, after) and not is_wide_tuple(kind, names):
        return text
    inner = indent + STEP
    if isinstance(kind, Tuple) and kind.items:
        items = [lay_type(item, names, inner, inner, 1) for item in kind.items]
        return tall("(", items, ")", indent)
    if isinstance(kind, Type) and kind.args and not kind.bindings and not kind.lifetimes:
        head = f"{names(kind.head)}<"
        if len(kind.args) == 1 and isinstance(kind.args[0], Tuple):
            only = lay_type(kind.args[0], names, indent, start + len(head), after + 1)
            first, broken, _ = only.partition("\n")
            if broken and fits(first, start + len(head)):
                return f"{head}{only}>"
        args = [lay_type(arg, names, inner, inner, 1) for arg in kind.args]
        return tall(head, args, ">", indent)
    return text


def print_tuple(items: list[str]) -> str:
    """A tuple of types, values or patterns on one line; of one item with its comma."""
    return f"({items[0]},)" if len(items) == 1 else f"({', '.join(items)})"


def print_bounds(bounds: Iterable[AnyType], names: Names) -> str:
    """`A + B`."""
    return " + ".join(print_type(bound, names) for bound in bounds)


def turbofish(args: tuple[AnyType, ...], names: Names) -> str:
    """`::<A, B>`; nothing without arguments."""
    return f"::<{', '.join(print_type(arg, names) for arg in args)}>" if args else ""


def members(names: tuple[str, ...]) -> str:
    """What follows a symbol: `::a::b`."""
    return "".join(f"::{identifier(name)}" for name in names)
