"""Attributes, derives and documentation before an item."""

from __future__ import annotations

from collections.abc import Iterable

from port_lsp.writing.ir.items import Attribute, Meta
from port_lsp.writing.ir.types import Symbol
from port_lsp.writing.printer.layout import ATTRIBUTE, STEP, WIDTH, pad
from port_lsp.writing.printer.names import Names
from port_lsp.writing.printer.statements import comment


def before(
    docs: tuple[str, ...],
    comments: tuple[str, ...],
    derives: tuple[Symbol, ...],
    attributes: tuple[Attribute, ...],
    names: Names,
    indent: int,
    after: int = 0,
) -> list[str]:
    """The lines that stand before an item, or before a field or a variant, behind which there is a
    comma, so much `after` them."""
    lines = [*comment(comments, indent), *comment(docs, indent, "///")]
    if derives:
        lines.append(pad(indent) + _derive([names(one) for one in derives], indent))
    return lines + [pad(indent) + print_attribute(one, indent, after) for one in attributes]


def _derive(names: list[str], indent: int) -> str:
    text = f"#[derive({', '.join(names)})]"
    if indent + len(text) < WIDTH:
        return text
    rows: list[str] = [""]
    for name in names:
        piece = f"{name}, "
        if indent + STEP + len(rows[-1]) + len(piece.rstrip()) > WIDTH:
            rows.append("")
        rows[-1] += piece
    inner = "".join(f"{pad(indent + STEP)}{row.rstrip()}\n" for row in rows)
    return f"#[derive(\n{inner}{pad(indent)})]"


def print_attribute(attribute: Attribute, indent: int, after: int = 0) -> str:
    """`#[path(args)]`, broken where its arguments are wide; without a comma behind the last."""
    if attribute.value is not None:
        return f"#[{attribute.path} = {attribute.value}]"
    if attribute.args is None:
        return f"#[{attribute.path}]"
    return _listed(f"#[{attribute.path}(", attribute.args, ")]", indent, after)


def _listed(head: str, metas: tuple[Meta, ...], closing: str, indent: int, after: int) -> str:
    """A list of words: several of them are broken beyond a width of their own, a single one lies
    as its own list does."""
    items = [_meta(one) for one in metas]
    inside = ", ".join(items)
    text = f"{head}{inside}{closing}"
    is_narrow = len(items) == 1 or len(inside) <= ATTRIBUTE
    # rustfmt keeps a column free for each list that is open beyond the first.
    room = WIDTH + 1 - after - head.count("(") - max(map(_depth, metas), default=0)
    if is_narrow and indent + len(text) <= room and not any(_is_wide(one) for one in metas):
        return text
    if len(metas) == 1 and metas[0].args:
        return _listed(f"{head}{metas[0].name}(", metas[0].args, f"){closing}", indent, after)
    inner = ",\n".join(pad(indent + STEP) + item for item in items)
    return f"{head}\n{inner}\n{pad(indent)}{closing}"


def _depth(meta: Meta) -> int:
    """How deep lists are nested in a word."""
    return 0 if meta.args is None else 1 + max(map(_depth, meta.args), default=0)


def _is_wide(meta: Meta) -> bool:
    args = meta.args or ()
    return (len(args) > 1 and len(_metas(args)) > ATTRIBUTE) or any(_is_wide(one) for one in args)


def _meta(meta: Meta) -> str:
    if meta.args is not None:
        return f"{meta.name}({_metas(meta.args)})"
    return meta.name if meta.value is None else f"{meta.name} = {meta.value}"


def _metas(metas: Iterable[Meta]) -> str:
    return ", ".join(_meta(one) for one in metas)
