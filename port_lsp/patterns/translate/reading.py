"""What translated statements read: so that nothing is bound that nobody reads."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

import msgspec
from msgspec.structs import replace

from port_lsp.writing.ir import body as b
from port_lsp.writing.ir.names import bound
from port_lsp.writing.ir.types import Tuple

_NONE: frozenset[str] = frozenset()
_PLAIN = frozenset((str, int, bool, float, type(None)))  # what holds nothing
# What statements read, by their identity: it is asked again for each block around them.
_KNOWN: dict[int, tuple[b.Statement, frozenset[str]]] = {}
_MOST_KNOWN = 4096


def holes(part: object) -> list[b.Hole | b.Gap]:
    """The holes and gaps in statements or expressions."""
    if isinstance(part, (b.Hole, b.Gap)):
        return [part]
    if isinstance(part, (tuple, list)):
        return [hole for one in cast("Sequence[object]", part) for hole in holes(one)]
    if isinstance(part, msgspec.Struct):
        return [hole for name in part.__struct_fields__ for hole in holes(getattr(part, name))]
    return []


def mentioned(part: object) -> frozenset[str]:
    """The variables that something reads, also those that a hole touches; without those of a name
    that a block inside binds."""
    if isinstance(part, b.Name):
        return frozenset((part.name,))
    if isinstance(part, (b.Hole, b.Gap)):
        return frozenset(one.partition(".")[0] for one in part.unused)
    if isinstance(part, b.Block):
        return _read_by(part.statements, mentioned(part.tail))[0]
    if isinstance(part, (tuple, list)):
        return _NONE.union(*map(mentioned, cast("Sequence[object]", part))) if part else _NONE
    if not isinstance(part, msgspec.Struct):
        return _NONE
    found = _NONE
    for field in part.__struct_fields__:
        one = getattr(part, field)
        if one.__class__ not in _PLAIN:
            found |= mentioned(one)
    if isinstance(part, b.If) and part.binding is not None:
        found -= frozenset(bound(part.binding))
        found |= mentioned((part.condition, part.otherwise))
    elif isinstance(part, b.Arm):
        found -= frozenset(bound(part.pattern))
    elif isinstance(part, b.Closure):
        found -= frozenset(name for one in part.params for name in bound(one))
    return found


def _read_by(
    statements: Sequence[b.Statement], behind: frozenset[str]
) -> tuple[frozenset[str], list[frozenset[str]]]:
    """What a block reads before it binds it, and what is read behind each of its statements."""
    rests: list[frozenset[str]] = []
    for one in reversed(statements):
        rests.append(behind)
        if isinstance(one, (b.Let, b.Gap)):
            behind -= frozenset(bound(one.pattern))
        known = _KNOWN.get(id(one))
        if known is None or known[0] is not one:
            if len(_KNOWN) > _MOST_KNOWN:
                _KNOWN.clear()
            known = _KNOWN[id(one)] = one, mentioned(one)
        behind |= known[1]
    return behind, rests[::-1]


def mentions(name: str, part: object) -> bool:
    """Whether a variable is read, also by a hole that touches it; not one of its name that a block
    inside binds."""
    return name in mentioned(part)


def is_read(name: str, statements: Sequence[b.Statement], tail: b.Expr | None) -> bool:
    """Whether statements read a variable before they bind another one of its name."""
    return name in _read_by(statements, mentioned(tail))[0]


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
    _, rests = _read_by(statements, mentioned(tail))
    for one, rest in zip(statements, rests, strict=True):
        if isinstance(one, b.Gap):
            for name in bound(one.pattern):
                one = one if name in rest else narrower(one, name)
        if isinstance(one, b.Let) and isinstance(one.pattern, b.Bind):
            name = one.pattern.name
            if not name.startswith("_") and name not in rest:
                one = b.Let(b.Bind(f"_{name}"), one.value, one.type, one.otherwise)
        elif isinstance(one, b.Let) and isinstance(one.pattern, b.TuplePattern):
            names = bound(one.pattern)
            alone = len(names) == 1 and len(one.pattern.items) == 1 and one.otherwise is not None
            if alone and names[0] not in rest:
                wild = b.TuplePattern(one.pattern.symbol, (b.Wild(),), one.pattern.members)
                one = b.Let(wild, one.value, one.type, one.otherwise)
        found.append(one)
    return found
