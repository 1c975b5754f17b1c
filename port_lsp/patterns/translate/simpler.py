"""Expressions that say more than they need to, because their parts were translated by themselves.

The forms are those that clippy's lints name: `nonminimal_bool`, `bool_comparison`, `useless_asref`,
`let_and_return`, `unwrap_or_default`.
"""

from __future__ import annotations

from typing import cast

import msgspec

from port_lsp.patterns.translate.expressions.opposites import negated
from port_lsp.patterns.translate.values import waits
from port_lsp.writing.ir import body as b
from port_lsp.writing.ir.types import Type

TRUE, FALSE = b.Lit("true"), b.Lit("false")
# What decides by itself, and what is decided by the other side alone.
_DECIDES = {"&&": FALSE, "||": TRUE}
_SKIPPED = {"&&": TRUE, "||": FALSE}
_EMPTY = b.Closure((), b.Method(b.Lit('""'), "to_string"))
# What these give lives until the end of the statement that they stand in: as a block's last
# expression they would outlive its variables.
_GUARDS = frozenset(("lock", "read", "write", "borrow", "borrow_mut"))


def simpler(made: b.Binary | b.Method) -> b.Expr:
    """An expression whose parts are simple already."""
    if isinstance(made, b.Binary):
        return _compared(made)
    if made.name == "unwrap_or_else" and made.args == (_EMPTY,):
        return b.Method(made.receiver, "unwrap_or_default")
    return _counted(made) if made.name == "len" else _copied(made)


def _compared(made: b.Binary) -> b.Expr:
    sign = made.operator
    if sign in _DECIDES:
        if made.left == _SKIPPED[sign]:
            return made.right
        if made.right == _SKIPPED[sign] or made.left == _DECIDES[sign]:
            return made.left
        return made
    if sign in ("==", "!="):
        for one, other in ((made.left, made.right), (made.right, made.left)):
            if other in (TRUE, FALSE) and one not in (TRUE, FALSE):
                return one if (other == TRUE) == (sign == "==") else negated(one)
    return made


def _copied(made: b.Method) -> b.Expr:
    """`value.as_ref().map(|one| one.clone())`."""
    of, args = made.receiver, made.args
    if made.name != "map" or len(args) != 1 or not isinstance(args[0], b.Closure):
        return made
    if not isinstance(of, b.Method) or of.name != "as_ref" or of.args:
        return made
    params, copy = args[0].params, args[0].body
    if len(params) != 1 or not isinstance(params[0], b.Bind):
        return made
    if copy != b.Method(b.Name(params[0].name), "clone"):
        return made
    return b.Method(of.receiver, "clone")


def _counted(made: b.Method) -> b.Expr:
    """`iterator.map(str::to_string).collect::<Vec<_>>().len()`."""
    of = made.receiver
    if not isinstance(of, b.Method) or of.name != "collect" or made.args:
        return made
    kind = of.turbofish[0] if of.turbofish else None
    if not isinstance(kind, Type) or kind.head.name != "Vec" or waits(of.receiver):
        return made
    each = of.receiver
    if isinstance(each, b.Method) and each.name == "map" and isinstance(each.args[0], b.Path):
        each = each.receiver  # `str::to_string` and the like leave nothing out
    return b.Method(each, "count")


def unnamed(block: b.Block) -> b.Block:
    """`let name = …; name` at a block's end."""
    last = block.statements[-1] if block.statements else None
    if not isinstance(last, b.Let) or last.value is None or last.type is not None:
        return block
    if not isinstance(last.pattern, b.Bind) or last.pattern.word or last.otherwise is not None:
        return block
    if block.tail != b.Name(last.pattern.name) or _is_guarded(last.value):
        return block
    return b.Block(block.statements[:-1], last.value, block.word)


def _is_guarded(part: object) -> bool:
    """Whether anything in an expression must be let go of before the block ends."""
    if isinstance(part, tuple):
        return any(map(_is_guarded, cast("tuple[object, ...]", part)))
    if not isinstance(part, msgspec.Struct):
        return False
    if isinstance(part, b.Method) and part.name in _GUARDS:
        return True
    return any(_is_guarded(getattr(part, name)) for name in part.__struct_fields__)
