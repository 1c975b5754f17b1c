"""What counts as true, and comparisons.

Python: The Python Language Reference, "Truth Value Testing", "Comparisons": None, zero and what is
empty are false; objects without `__bool__` and `__len__` are true.
"""

from __future__ import annotations

import ast

from port_lsp.patterns.translate.clients.helpers import is_good
from port_lsp.patterns.translate.enums import compared as of_enums
from port_lsp.patterns.translate.enums import is_one_of
from port_lsp.patterns.translate.expressions.dumps import dump_of, holds_key, is_filled
from port_lsp.patterns.translate.expressions.narrowing import Narrowed, narrowed
from port_lsp.patterns.translate.expressions.opposites import negated
from port_lsp.patterns.translate.expressions.pythonic import holds, is_true
from port_lsp.patterns.translate.expressions.requestheaders import (
    header_there,
    is_headers,
)
from port_lsp.patterns.translate.failing import or_broken
from port_lsp.patterns.translate.ownership import written
from port_lsp.patterns.translate.reading import mentions
from port_lsp.patterns.translate.scene import Env, Scene
from port_lsp.patterns.translate.values import (
    BOOL,
    F64,
    I64,
    NONE,
    NUMBERS,
    SOME,
    SPAN,
    STR,
    STRING,
    TIMES,
    UUID,
    VALUE,
    UntranslatedError,
    Val,
    inside,
    is_none,
    is_text,
    known,
    option_of,
    waits,
    without_reference,
)
from port_lsp.writing.ir import body as b
from port_lsp.writing.ir.types import AnyType, Reference, Slice, Type

_OPERATORS: dict[type[ast.cmpop], str] = {
    ast.Eq: "==", ast.NotEq: "!=", ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=",
}  # fmt: skip
_MAPS = ("Map", "HashMap")
_SIZED = ("Vec", "HashMap", "Map", "HashSet")


def truth(scene: Scene, node: ast.expr, env: Env) -> b.Expr:
    """Whether an expression counts as true, as a bool. Raises UntranslatedError."""
    if isinstance(node, ast.BoolOp):
        return _joined(scene, node.values, isinstance(node.op, ast.And), env)
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        return negated(truth(scene, node.operand, env))
    dump = dump_of(scene, node, env) if isinstance(node, ast.Name) else None
    if dump is not None:
        return is_filled(scene, dump)
    return counts(scene, scene.value(node, env))


def _joined(scene: Scene, nodes: list[ast.expr], every: bool, env: Env) -> b.Expr:
    """`and` and `or`; what follows a test for None knows that there is something."""
    first, rest = nodes[0], nodes[1:]
    if not rest:
        return truth(scene, first, env)
    found = narrowed(scene, first, env)
    if found is not None and found.some == every and found.asks_nothing_more:
        inner = _joined(scene, rest, every, found.borrowed(env))
        if not mentions(found.rust, inner):
            there = "is_some" if every else "is_none"
            return chained(b.Method(found.val.expr, there), "&&" if every else "||", inner)
        if waits(inner):  # in no closure
            missing = b.Lit("false" if every else "true")
            there = b.TuplePattern(SOME, (b.Bind(found.rust),))
            arms = (b.Arm(there, inner), b.Arm(b.PathPattern(NONE), missing))
            return b.Match(b.Unary("&", found.val.expr), arms)
        held = b.Method(found.val.expr, "as_ref")
        called = "is_some_and" if every else "is_none_or"
        return b.Method(held, called, (b.Closure((b.Bind(found.rust),), inner),))
    left, right = truth(scene, first, env), _joined(scene, rest, every, env)
    if isinstance(left, b.Lit):  # what is known decides, or says nothing
        return right if (left.text == "true") == every else left
    return chained(left, "&&" if every else "||", right)


def chained(left: b.Expr, operator: str, right: b.Expr) -> b.Expr:
    """`a && b && c`: without the parentheses that `b && c` would have behind an operator."""
    if isinstance(right, b.Binary) and right.operator == operator:
        return b.Binary(chained(left, operator, right.left), operator, right.right)
    return b.Binary(left, operator, right)


def counts(scene: Scene, val: Val) -> b.Expr:
    """Whether a value counts as true."""
    if val.known is not None:
        return b.Lit("true" if val.known.value else "false")
    kind = without_reference(val.type)
    if kind == BOOL:
        return b.Unary("*", val.expr) if isinstance(val.type, Reference) else written(val)
    if kind == I64:
        return b.Binary(_plain(val), "!=", b.Lit("0"))
    if kind == F64:
        return b.Binary(_plain(val), "!=", b.Lit("0.0"))
    if kind == SPAN:
        return b.Unary("!", b.Method(val.expr, "is_zero"))
    sized = isinstance(kind, Slice) or (isinstance(kind, Type) and kind.head.name in _SIZED)
    if is_text(val) or sized:
        return b.Unary("!", b.Method(val.expr, "is_empty"))
    inner = option_of(kind)
    if inner is not None:
        return _there(scene, val, inner)
    if scene.shapes.is_true(kind):
        return b.Lit("true")
    if (good := is_good(scene, val)) is not None:
        return good
    if kind == VALUE:
        return is_true(scene, val.expr if isinstance(val.type, Reference) else _borrowed(val))
    raise UntranslatedError("whether a value counts as true")


def _borrowed(val: Val) -> b.Expr:
    return b.Unary("&", val.expr)


def filtering(scene: Scene, inner: AnyType) -> b.Expr | None:
    """A closure, or a function, that says whether what an Option holds (its type) counts as true;
    None where everything of that type does."""
    if scene.shapes.is_true(inner):
        return None
    asked = counts(scene, Val(b.Name("one"), Reference(inner)))
    if asked == b.Lit("true"):
        return None
    if isinstance(asked, b.Call) and asked.args == (b.Name("one"),):
        return asked.function
    return b.Closure((b.Bind("one"),), asked)


def _there(scene: Scene, val: Val, inner: AnyType) -> b.Expr:
    if inner == BOOL:
        return b.Binary(_plain(val), "==", b.Call(b.Path(SOME), (b.Lit("true"),)))
    asked = filtering(scene, without_reference(inner))
    if asked is None:
        return b.Method(val.expr, "is_some")
    held = val.expr if isinstance(inner, Reference) else b.Method(val.expr, "as_ref")
    return b.Method(held, "is_some_and", (asked,))


def looked_at(scene: Scene, found: Narrowed) -> b.Expr:
    """An Option, to be matched by `Some(…)` where the test holds."""
    if found.asks_nothing_more:
        return found.val.expr if found.copied else b.Unary("&", found.val.expr)
    of = found.val.expr if found.copied else b.Method(found.val.expr, "as_ref")
    given = Val(b.Name(found.rust), Reference(found.inner))
    return b.Method(of, "filter", (b.Closure((b.Bind(found.rust),), counts(scene, given)),))


def opposite(scene: Scene, node: ast.UnaryOp, env: Env) -> Val:
    """`not value`, `-value`."""
    if isinstance(node.op, ast.Not):
        return Val(truth(scene, node, env), BOOL)
    val = scene.value(node.operand, env)
    if isinstance(node.op, ast.USub):
        if val.known is not None and isinstance(val.known.value, (int, float)):
            return known(-val.known.value)
        if val.type in NUMBERS:
            return Val(b.Unary("-", written(val)), val.type)
    raise UntranslatedError("an operator before a value")


def compared(scene: Scene, node: ast.Compare, env: Env) -> Val:
    """A comparison of two values."""
    if len(node.ops) != 1:
        raise UntranslatedError("a chain of comparisons")
    operator, right_node = node.ops[0], node.comparators[0]
    left = scene.value(node.left, env)
    dump = dump_of(scene, right_node, env) if isinstance(right_node, ast.Name) else None
    if dump is not None and isinstance(operator, (ast.In, ast.NotIn)):
        if left.known is None:
            raise UntranslatedError("a key of a dump that isn't known")
        found = holds_key(scene, dump, str(left.known.value))
        return Val(negated(found) if isinstance(operator, ast.NotIn) else found, BOOL)
    if isinstance(operator, (ast.In, ast.NotIn)):
        found = _held(scene, left, right_node, env)
        return Val(negated(found) if isinstance(operator, ast.NotIn) else found, BOOL)
    right = scene.value(right_node, env)
    if not is_none(right) and (found := of_enums(scene, left, operator, right)) is not None:
        return Val(found, BOOL)
    if isinstance(operator, (ast.Is, ast.IsNot)) or is_none(right):
        if not is_none(right):
            raise UntranslatedError("`is` between values")
        missing = _missing(left)
        same = isinstance(operator, (ast.Is, ast.Eq))
        return Val(missing if same else negated(missing), BOOL)
    sign = _OPERATORS[type(operator)]
    if (scene.is_error(left) or scene.is_error(right)) and sign in ("==", "!="):
        return known(sign == "!=")  # an exception is equal to itself alone
    if left.known is not None and right.known is not None and sign in ("==", "!="):
        same = left.known.value == right.known.value
        return known(same if sign == "==" else not same)
    return Val(_ordered(left, sign, right), BOOL)


def _missing(val: Val) -> b.Expr:
    if is_none(val):
        return b.Lit("true")
    if option_of(without_reference(val.type)) is not None:
        return b.Method(val.expr, "is_none")
    if without_reference(val.type) == VALUE:
        return b.Method(val.expr, "is_null")
    return b.Lit("false")


def _ordered(left: Val, sign: str, right: Val) -> b.Expr:
    equality = sign in ("==", "!=")
    kinds = without_reference(left.type), without_reference(right.type)
    if is_text(left) and is_text(right) and equality:
        if right.known is not None and right.known.value == "":
            empty = b.Method(left.expr, "is_empty")
            return empty if sign == "==" else b.Unary("!", empty)
        one, other = _plain(left), _plain(right)
        return b.Binary(one, sign, other)
    if set(kinds) <= set(NUMBERS):
        left, right = (_as_float(one, kinds) for one in (left, right))
        return b.Binary(_plain(left), sign, _plain(right))
    if kinds[0] == kinds[1] and kinds[0] in TIMES:
        return b.Binary(_plain(left), sign, _plain(right))
    if not equality:
        raise UntranslatedError("a comparison of what are no numbers")
    if kinds in ((BOOL, BOOL), (UUID, UUID)):
        return b.Binary(_plain(left), sign, _plain(right))
    optional = option_of(kinds[0])
    if optional is not None and kinds[1] == optional and optional in (I64, BOOL, UUID):
        return b.Binary(_plain(left), sign, b.Call(b.Path(SOME), (_plain(right),)))
    if VALUE in kinds and (is_text(left) or is_text(right)):
        return b.Binary(_compared(left), sign, _compared(right))
    if optional == STRING and is_text(right):
        some = b.Call(b.Path(SOME), (_str(right),))
        return b.Binary(b.Method(left.expr, "as_deref"), sign, some)
    if kinds[0] == kinds[1] and optional in (STRING, I64, BOOL, UUID):
        return b.Binary(_plain(left), sign, _plain(right))
    raise UntranslatedError("a comparison")


def _as_float(val: Val, kinds: tuple[AnyType, AnyType]) -> Val:
    """An integer that is written out as the float that it is equal to, beside one."""
    if kinds[0] == kinds[1] or without_reference(val.type) == F64:
        return val
    number = val.known.value if val.known is not None else None
    if not isinstance(number, int) or abs(number) > 2**53:
        raise UntranslatedError("a comparison of an integer with a float")
    return known(float(number))


def _plain(val: Val) -> b.Expr:
    """A value beside an operator: behind no reference but that of a `&str`."""
    if isinstance(val.type, Reference) and val.type != STR:
        return b.Unary("*", val.expr)
    return written(val)


def _compared(val: Val) -> b.Expr:
    """JSON beside a text: serde_json compares a Value with a `str`."""
    if without_reference(val.type) == VALUE or isinstance(val.type, Reference):
        return _plain(val) if val.type != STR else val.expr
    return _str(val)


def _str(val: Val) -> b.Expr:
    """A text as a `&str`."""
    return val.expr if val.type == STR else b.Method(val.expr, "as_str")


def _text_if_any(val: Val) -> b.Expr | None:
    """The text that an Option or JSON may be, as an Option of it; None for another value."""
    kind = without_reference(val.type)
    if kind == VALUE:
        return b.Method(val.expr, "as_str")
    held = option_of(kind)
    if held == STRING:
        return b.Method(val.expr, "as_deref")
    return val.expr if held == STR and not val.wrapped else None


def _held(scene: Scene, val: Val, node: ast.expr, env: Env) -> b.Expr:
    """`value in …`."""
    if isinstance(node, (ast.List, ast.Tuple, ast.Set)):
        items = [scene.value(one, env) for one in node.elts]
        if (found := is_one_of(scene, val, items)) is not None:
            return found
        held = _text_if_any(val)
        known_texts = bool(items) and all(one.type == STR for one in items)
        whole = b.ArrayOf(tuple(one.expr for one in items))
        if known_texts and held is not None:
            among = b.Method(whole, "contains", (b.Unary("&", b.Name("one")),))
            return b.Method(held, "is_some_and", (b.Closure((b.Bind("one"),), among),))
        if not is_text(val) or not known_texts:
            raise UntranslatedError("`in` a display")
        return b.Method(whole, "contains", (b.Unary("&", _str(val)),))
    if is_headers(scene, node, env):
        return header_there(scene, val)
    of = scene.value(node, env)
    kind = without_reference(of.type)
    if is_text(of) and is_text(val):
        return b.Method(of.expr, "contains", (_str(val),))
    if kind == VALUE and is_text(val):
        whole = of.expr if isinstance(of.type, Reference) else _borrowed(of)
        return or_broken(
            scene, holds(scene, whole, _str(val)), "TypeError", "argument is not iterable"
        )
    keys = kind.args[:1] if isinstance(kind, Type) and kind.head.name in _MAPS else ()
    if keys == (STRING,) and is_text(val):
        return b.Method(of.expr, "contains_key", (_str(val),))
    among = inside(kind, "HashSet")
    if among == STRING and is_text(val):
        return b.Method(of.expr, "contains", (_str(val),))
    if among == I64 and without_reference(val.type) == I64:
        given = val.expr if isinstance(val.type, Reference) else b.Unary("&", written(val))
        return b.Method(of.expr, "contains", (given,))
    item = inside(kind, "Vec")
    if item == STRING and is_text(val):
        asked = b.Binary(b.Name("one"), "==", val.expr)
        any_of = b.Closure((b.Bind("one"),), asked)
        if without_reference(val.type) == STRING:
            beside = val.expr if isinstance(val.type, Reference) else b.Unary("&", val.expr)
            return b.Method(of.expr, "contains", (beside,))
        return b.Method(b.Method(of.expr, "iter"), "any", (any_of,))
    raise UntranslatedError("`in`")
