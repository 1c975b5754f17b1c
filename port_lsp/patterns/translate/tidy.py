"""What statements come to that were translated each by itself, as one writes it.

The forms are those that clippy's lints name: `collapsible_if`, `needless_bool`, `needless_ifs`,
`redundant_pattern_matching`, `manual_map`; further ones are in `simpler.py`.
"""

from __future__ import annotations

import operator
from typing import TypeVar, cast

import msgspec
from msgspec.structs import replace

from port_lsp.patterns.translate.expressions.opposites import negated
from port_lsp.patterns.translate.reading import is_read
from port_lsp.patterns.translate.simpler import FALSE, TRUE, simpler, unnamed
from port_lsp.patterns.translate.values import ERR, NONE, OK, SOME, escapes
from port_lsp.writing.ir import body as b
from port_lsp.writing.ir.names import bound

_PLAIN = frozenset((str, int, bool, float, type(None)))  # what holds nothing
_ASKED = {SOME: "is_some", NONE: "is_none", OK: "is_ok", ERR: "is_err"}
_ENDS_PLAINLY = (b.Try, b.Await, b.Method, b.Call)  # no brace may stand before `else`
_Part = TypeVar("_Part")


def tidied(part: _Part) -> _Part:
    """Statements, blocks or expressions; the same object where there is nothing to do."""
    if isinstance(part, tuple):
        items = cast("tuple[object, ...]", part)
        made = tuple(one if one.__class__ in _PLAIN else tidied(one) for one in items)
        same = all(map(operator.is_, made, items))
        return cast(_Part, items if same else made)
    if not isinstance(part, msgspec.Struct):
        return part
    changed: dict[str, object] = {}
    for name in part.__struct_fields__:
        was = getattr(part, name)
        if was.__class__ not in _PLAIN and (now := tidied(was)) is not was:
            changed[name] = now
    found = replace(part, **changed) if changed else part
    if isinstance(found, b.If):
        found = _choice(found)
    if isinstance(found, b.Block):
        return cast(_Part, unnamed(_unasked(_at_once(_changeable(found)))))
    if isinstance(found, (b.Binary, b.Method)):
        return cast(_Part, simpler(found))
    return cast(_Part, found)


def _changeable(block: b.Block) -> b.Block:
    """`let name = …; let mut name = name;` in one."""
    made: list[b.Statement] = []
    for one in block.statements:
        name = one.pattern if isinstance(one, b.Let) else None
        last = made[-1] if made else None
        if isinstance(one, b.Let) and isinstance(name, b.Bind) and isinstance(last, b.Let):
            before, now = b.Bind(name.name), name
            forms = {
                before: now,
                b.TuplePattern(SOME, (before,)): b.TuplePattern(SOME, (now,)),
            }
            if one.value == b.Name(name.name) and last.pattern in forms:
                made[-1] = replace(last, pattern=forms[last.pattern])
                continue
        made.append(one)
    same = len(made) == len(block.statements)
    return block if same else b.Block(tuple(made), block.tail, block.word)


def _at_once(block: b.Block) -> b.Block:
    """`let name = …; let Some(name) = name else { … };` in one, which is the same unless the block
    speaks of the name."""
    made: list[b.Statement] = []
    for one in block.statements:
        last = made[-1] if made else None
        names = bound(one.pattern) if isinstance(one, b.Let) else []
        if (
            isinstance(one, b.Let)
            and isinstance(last, b.Let)
            and one.otherwise is not None
            and len(names) == 1
            and isinstance(last.value, _ENDS_PLAINLY)
            and (last.otherwise, last.type, one.value) == (None, None, b.Name(names[0]))
            and last.pattern == b.Bind(names[0])
            and not is_read(names[0], one.otherwise.statements, one.otherwise.tail)
        ):
            made[-1] = replace(one, value=last.value)
            continue
        made.append(one)
    same = len(made) == len(block.statements)
    return block if same else b.Block(tuple(made), block.tail, block.word)


def _unasked(block: b.Block) -> b.Block:
    """Without `if result.is_err() {}`: an error that nobody minds."""
    statements = list(block.statements)
    for at in range(len(statements) - 1, 0, -1):
        name, before = _minded(statements[at]), statements[at - 1]
        if name is None or not isinstance(before, b.Let) or before.pattern != b.Bind(name):
            continue
        if not is_read(name, statements[at + 1 :], block.tail):
            statements[at - 1 : at + 1] = [b.Let(b.Wild(), before.value, before.type)]
    same = len(statements) == len(block.statements)
    return block if same else b.Block(tuple(statements), block.tail, block.word)


def _minded(one: b.Statement) -> str | None:
    """The variable of `if variable.is_err() {}`."""
    asked = one.expr if isinstance(one, b.Do) else None
    if not isinstance(asked, b.If) or asked.binding is not None or asked.otherwise is not None:
        return None
    test = asked.condition
    if asked.then != b.Block() or not isinstance(test, b.Method) or test.name != "is_err":
        return None
    return test.receiver.name if isinstance(test.receiver, b.Name) else None


def _choice(made: b.If) -> b.Expr:
    if made.otherwise == b.Block():  # of which nothing is left
        made = replace(made, otherwise=None)
    if made.binding is None and made.then == b.Block() and isinstance(made.otherwise, b.Block):
        made = b.If(negated(made.condition), made.otherwise)
    if made.binding is None:
        return _flag(made) or _merged(made)
    asked = _asked(made, made.binding)
    return _choice(asked) if asked is not None else _mapped(made) or made


def _flag(made: b.If) -> b.Expr | None:
    """`if test { true } else { false }`."""
    sides = _value(made.then), _value(made.otherwise)
    if sides == (TRUE, FALSE):
        return made.condition
    return negated(made.condition) if sides == (FALSE, TRUE) else None


def _value(block: b.Block | b.If | None) -> b.Expr | None:
    """What a block gives that has nothing else in it."""
    alone = isinstance(block, b.Block) and not block.statements and not block.word
    return block.tail if isinstance(block, b.Block) and alone else None


def _merged(made: b.If) -> b.If:
    """`if one { if other { … } }`."""
    statements = made.then.statements
    if made.otherwise is not None or made.then.tail is not None or len(statements) != 1:
        return made
    inner = statements[0].expr if isinstance(statements[0], b.Do) else None
    if not isinstance(inner, b.If) or inner.binding is not None or inner.otherwise is not None:
        return made
    return b.If(b.Binary(made.condition, "&&", inner.condition), inner.then)


def _asked(made: b.If, binding: b.Pattern) -> b.If | None:
    """`if let Err(_) = result`."""
    if isinstance(binding, b.TuplePattern) and binding.symbol is not None:
        if not all(isinstance(one, b.Wild) for one in binding.items):
            return None
        name = _ASKED.get(binding.symbol)
    else:
        return None
    if name is None:
        return None
    return b.If(b.Method(_place(made.condition), name), made.then, made.otherwise)


def _mapped(made: b.If) -> b.Expr | None:
    """`if let Some(x) = &y { Some(f(x)) } else { None }`."""
    there, missing = _value(made.then), _value(made.otherwise)
    if missing != b.Path(NONE) or not isinstance(there, b.Call) or there.function != b.Path(SOME):
        return None
    binding = made.binding
    if not isinstance(binding, b.TuplePattern) or binding.symbol != SOME or escapes(there.args):
        return None
    of = made.condition
    if isinstance(of, b.Unary) and of.operator == "&":
        of = b.Method(of.of, "as_ref")
    return b.Method(of, "map", (b.Closure(binding.items, there.args[0]),))


def _place(expr: b.Expr) -> b.Expr:
    """What is borrowed: a method borrows it by itself."""
    return expr.of if isinstance(expr, b.Unary) and expr.operator == "&" else expr
