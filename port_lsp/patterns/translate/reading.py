"""What translated statements read: so that nothing is bound that nobody reads."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

import msgspec
from msgspec.structs import replace

from port_lsp.writing.ir import body as b
from port_lsp.writing.ir.names import bound
from port_lsp.writing.ir.types import Tuple


def holes(part: object) -> list[b.Hole | b.Gap]:
    """The holes and gaps in statements or expressions."""
    if isinstance(part, (b.Hole, b.Gap)):
        return [part]
    if isinstance(part, (tuple, list)):
        return [hole for one in cast("Sequence[object]", part) for hole in holes(one)]
    if isinstance(part, msgspec.Struct):
        return [hole for name in part.__struct_fields__ for hole in holes(getattr(part, name))]
    return []


def mentions(name: str, part: object) -> bool:
    """Whether a variable is read, also by a hole that touches it; not one of its name that a block
    inside binds."""
    if isinstance(part, b.Name):
        return part.name == name
    if isinstance(part, (b.Hole, b.Gap)):
        return any(one.partition(".")[0] == name for one in part.unused)
    if isinstance(part, b.Block):
        return is_read(name, part.statements, part.tail)
    if isinstance(part, b.If) and part.binding is not None and name in bound(part.binding):
        return mentions(name, (part.condition, part.otherwise))
    if isinstance(part, b.Closure) and any(name in bound(one) for one in part.params):
        return False
    if isinstance(part, (tuple, list)):
        return any(mentions(name, one) for one in cast("Sequence[object]", part))
    if isinstance(part, msgspec.Struct):
        return any(mentions(name, getattr(part, field)) for field in part.__struct_fields__)
    return False


def is_read(name: str, statements: Sequence[b.Statement], tail: b.Expr | None) -> bool:
    """Whether statements read a variable before they bind another one of its name."""
    for one in statements:
        if mentions(name, one):
            return True
        if isinstance(one, (b.Let, b.Gap)) and name in bound(one.pattern):
            return False
    return tail is not None and mentions(name, tail)


def touching(name: str, block: b.Block) -> b.Block:
    """A block with gaps that touches a variable that nobody else reads: who fills them may want
    it."""
    first = next((at for at, one in enumerate(block.statements) if holes(one)), None)
    if first is None or is_read(name, block.statements, block.tail):
        return block
    one = block.statements[first]
    if isinstance(one, (b.Gap, b.Hole)):
        made: tuple[b.Statement, ...] = (replace(one, unused=(name, *one.unused)),)
    else:
        made = (b.Let(b.Wild(), b.Unary("&", b.Name(name))), one)
    before, after = block.statements[:first], block.statements[first + 1 :]
    return b.Block((*before, *made, *after), block.tail, block.word)


def narrower(made: b.Gap, name: str) -> b.Gap:
    """A gap that doesn't bind a variable any more, as nobody reads it."""
    if not isinstance(made.pattern, b.TuplePattern) or not isinstance(made.type, Tuple):
        return b.Gap(made.python, made.reason, made.unused)
    parts = zip(made.pattern.items, made.type.items, strict=True)
    left = [(one, kind) for one, kind in parts if one != b.Bind(name)]
    if len(left) == 1:
        return b.Gap(made.python, made.reason, made.unused, *left[0])
    pattern = b.TuplePattern(None, tuple(one for one, _ in left))
    return b.Gap(made.python, made.reason, made.unused, pattern, Tuple(tuple(k for _, k in left)))


def without_unused(statements: Sequence[b.Statement], tail: b.Expr | None) -> list[b.Statement]:
    """Statements whose variables that nobody reads begin with an underscore."""
    found: list[b.Statement] = []
    for at, one in enumerate(statements):
        rest = statements[at + 1 :]
        if isinstance(one, b.Gap):
            for name in bound(one.pattern):
                one = one if is_read(name, rest, tail) else narrower(one, name)
        if isinstance(one, b.Let) and isinstance(one.pattern, b.Bind):
            name = one.pattern.name
            if not name.startswith("_") and not is_read(name, rest, tail):
                one = b.Let(b.Bind(f"_{name}"), one.value, one.type, one.otherwise)
        elif isinstance(one, b.Let) and isinstance(one.pattern, b.TuplePattern):
            names = bound(one.pattern)
            alone = len(names) == 1 and len(one.pattern.items) == 1 and one.otherwise is not None
            if alone and not is_read(names[0], rest, tail):
                wild = b.TuplePattern(one.pattern.symbol, (b.Wild(),), one.pattern.members)
                one = b.Let(wild, one.value, one.type, one.otherwise)
        found.append(one)
    return found
