"""What Python does with a value of which nobody knows the type, as functions of the crate on JSON.

They are written once, where the crate keeps its models, and found again by their documentation.
Python's docs: "Truth Value Testing", "Mapping Types", "Common Sequence Operations".
"""

from __future__ import annotations

from collections.abc import Callable

from port_lsp.patterns.translate.scene import Scene
from port_lsp.patterns.translate.values import (
    BOOL,
    I64,
    NONE,
    SOME,
    STRING,
    VALUE,
    UntranslatedError,
)
from port_lsp.writing.ir import body as b
from port_lsp.writing.ir import items as i
from port_lsp.writing.ir.types import AnyType, Reference, Symbol, Type, named

FILE = "python.py"  # beside the models
_VALUE, _ONE = b.Name("value"), b.Name("one")
ALSO = "A function of Python's that no backend has by itself"


class _Made:
    """A function: what it is called, what it says of itself, what it takes beside the value."""

    def __init__(
        self,
        name: str,
        docs: str,
        gives: AnyType,
        arms: tuple[tuple[str, b.Expr], ...],
        otherwise: b.Expr | None = None,
        more: tuple[i.Param, ...] = (),
        *,
        ordered: bool = False,
    ) -> None:
        """`arms` are the kinds of JSON with what is given for each; `ordered` says that the order
        of a dict counts."""
        self.name, self.docs, self.gives, self.arms = name, docs, gives, arms
        self.otherwise, self.more, self.ordered = otherwise, more, ordered


def is_true(scene: Scene, of: b.Expr) -> b.Expr:
    """Whether a `&Value` counts as true."""
    return _called(scene, _TRUE, of)


def each_of(scene: Scene, of: b.Expr) -> b.Expr:
    """What a loop over a `&Value` goes through: an Option, for not everything can be."""
    return _called(scene, _EACH, of)


def length_of(scene: Scene, of: b.Expr) -> b.Expr:
    """The length of a `&Value`, of what has one."""
    return _called(scene, _LENGTH, of)


def item_of(scene: Scene, of: b.Expr, at: b.Expr) -> b.Expr:
    """The item of a `&Value` at a number, from behind where that is negative."""
    return _called(scene, _ITEM, of, at)


def holds(scene: Scene, of: b.Expr, text: b.Expr) -> b.Expr:
    """Whether a text is in a `&Value`: a key, an item or a part of it; of what can be asked."""
    return _called(scene, _HOLDS, of, text)


def shown_of(scene: Scene, of: b.Expr) -> b.Expr:
    """What `str` gives of a `&Value`, of what Rust writes alike."""
    return _called(scene, _SHOWN, of)


def is_space(scene: Scene) -> b.Expr:
    """The function that says which characters `strip` and `split` take as blanks: Unicode's, and
    the separators of ASCII, which Rust doesn't count among them (`str.isspace`)."""
    if scene.functions is None:
        raise UntranslatedError("blanks, in a handler that can't fail")
    docs = "What Python's `str.strip` and `str.split` take as blanks."

    def make(name: str) -> i.Function:
        one = b.Name("one")
        first = b.Binary(b.Lit("'\\u{1c}'"), "..=", b.Lit("'\\u{1f}'"))
        separators = b.Method(first, "contains", (b.Unary("&", one),))
        test = b.Binary(b.Method(one, "is_whitespace"), "||", separators)
        param = i.Param(b.Bind("one"), named("char"))
        return i.Function(name, (param,), BOOL, b.Block(tail=test), visibility="pub", docs=(docs,))

    found = scene.functions.helper(f"{ALSO}: is_space", FILE, "is_space", docs, scene.needs, make)
    return b.Path(found)


def _called(scene: Scene, made: _Made, *args: b.Expr) -> b.Expr:
    if scene.functions is None:
        raise UntranslatedError("what isn't known of JSON, in a handler that can't fail")
    scene.need_json()
    if made.ordered:
        scene.needs.depend("serde_json", "1", "preserve_order")

    def make(name: str) -> i.Function:
        return _function(made, name)

    symbol = scene.functions.helper(
        f"{ALSO}: {made.name}", FILE, made.name, made.docs, scene.needs, make
    )
    return b.Call(b.Path(symbol), args)


def _function(made: _Made, name: str) -> i.Function:
    arms = [
        b.Arm(_pattern(kind, given), given)
        for kind, given in made.arms
    ]  # fmt: skip
    if made.otherwise is not None:
        arms.append(b.Arm(b.Wild(), made.otherwise))
    return i.Function(
        name,
        (i.Param(b.Bind("value"), Reference(VALUE)), *made.more),
        made.gives,
        b.Block(tail=b.Match(_VALUE, tuple(arms))),
        visibility="pub",
        docs=(made.docs,),
    )


def _pattern(kind: str, given: b.Expr) -> b.Pattern:
    head: Symbol = VALUE.head
    if kind == "Null":
        return b.PathPattern(head, (kind,))
    del given
    return b.TuplePattern(head, (b.Bind("one"),), (kind,))


def _filled(of: b.Expr) -> b.Expr:
    return b.Unary("!", b.Method(of, "is_empty"))


def _some(of: b.Expr) -> b.Expr:
    return b.Call(b.Path(SOME), (of,))


def _value_of(of: b.Expr) -> b.Expr:
    return b.Call(b.Path(VALUE.head, ("from",)), (of,))


def _collected(of: b.Expr, name: str, item: b.Expr) -> b.Expr:
    mapped = b.Method(of, "map", (b.Closure((b.Bind(name),), item),))
    return _some(b.Method(mapped, "collect"))


def _long(of: b.Expr) -> b.Expr:
    return _some(b.Cast(of, I64))


def _at(length: Callable[[], b.Expr], found: Callable[[b.Expr], b.Expr]) -> b.Expr:
    """What is found at `at`, which counts from behind where it is negative."""
    behind = b.Binary(b.Name("at"), "+", b.Cast(length(), I64))
    test = b.Binary(b.Name("at"), "<", b.Lit("0"))
    from_front = b.If(test, b.Block(tail=behind), b.Block(tail=b.Name("at")))
    number = b.Call(b.Path(named("usize").head, ("try_from",)), (from_front,))
    known = b.Method(number, "ok")
    return b.Method(known, "and_then", (b.Closure((b.Bind("at"),), found(b.Name("at"))),))


_CHARS = b.Method(_ONE, "chars")
_TEXT = b.Method(_ONE, "to_string")
_OPTION, _VEC = named("Option").head, named("Vec").head

_TRUE = _Made(
    "is_true",
    "What Python's `bool` says of JSON: null, zero and what is empty is false.",
    BOOL,
    (
        ("Null", b.Lit("false")),
        ("Bool", b.Unary("*", _ONE)),
        ("Number", b.Binary(b.Method(_ONE, "as_f64"), "!=", _some(b.Lit("0.0")))),
        ("String", _filled(_ONE)),
        ("Array", _filled(_ONE)),
        ("Object", _filled(_ONE)),
    ),
)
_SHOWN = _Made(
    "shown",
    "What Python's `str` says of JSON; None for what Rust writes otherwise.",
    Type(_OPTION, (STRING,)),
    (
        ("Null", _some(b.Method(b.Lit('"None"'), "to_string"))),
        (
            "Bool",
            b.Block(
                tail=b.If(
                    b.Unary("*", _ONE),
                    b.Block(tail=_some(b.Method(b.Lit('"True"'), "to_string"))),
                    b.Block(tail=_some(b.Method(b.Lit('"False"'), "to_string"))),
                )
            ),
        ),
        (
            "Number",
            b.Method(
                b.Unary("!", b.Method(_ONE, "is_f64")),
                "then",
                (b.Closure((), b.Method(_ONE, "to_string")),),
            ),
        ),
        ("String", _some(b.Method(_ONE, "clone"))),
    ),
    b.Path(NONE),
)
_EACH = _Made(
    "each_of",
    "What Python's `for` goes through in JSON: items, keys or characters; None for the rest.",
    Type(_OPTION, (Type(_VEC, (VALUE,)),)),
    (
        ("Array", _some(b.Method(_ONE, "clone"))),
        (
            "Object",
            _collected(b.Method(_ONE, "keys"), "key", _value_of(b.Method(b.Name("key"), "as_str"))),
        ),
        ("String", _collected(_CHARS, "one", _value_of(_TEXT))),
    ),
    b.Path(NONE),
    ordered=True,
)
_LENGTH = _Made(
    "length_of",
    "What Python's `len` says of JSON; None for what has no length.",
    Type(_OPTION, (I64,)),
    (
        ("Array", _long(b.Method(_ONE, "len"))),
        ("Object", _long(b.Method(_ONE, "len"))),
        ("String", _long(b.Method(_CHARS, "count"))),
    ),
    b.Path(NONE),
)
_ITEM = _Made(
    "item_of",
    "What Python finds in JSON at a number; None where there is nothing.",
    Type(_OPTION, (VALUE,)),
    (
        (
            "Array",
            _at(
                lambda: b.Method(_ONE, "len"),
                lambda at: b.Method(b.Method(_ONE, "get", (at,)), "cloned"),
            ),
        ),
        (
            "String",
            _at(
                lambda: b.Method(_CHARS, "count"),
                lambda at: b.Method(
                    b.Method(_CHARS, "nth", (at,)),
                    "map",
                    (b.Closure((b.Bind("one"),), _value_of(_TEXT)),),
                ),
            ),
        ),
    ),
    b.Path(NONE),
    (i.Param(b.Bind("at"), I64),),
)
_HOLDS = _Made(
    "holds",
    "What Python's `in` says of a text and JSON; None for what can't be asked.",
    Type(_OPTION, (BOOL,)),
    (
        (
            "Array",
            _some(
                b.Method(
                    b.Method(_ONE, "iter"),
                    "any",
                    (b.Closure((b.Bind("item"),), b.Binary(b.Name("item"), "==", b.Name("text"))),),
                )
            ),
        ),
        ("Object", _some(b.Method(_ONE, "contains_key", (b.Name("text"),)))),
        ("String", _some(b.Method(_ONE, "contains", (b.Name("text"),)))),
    ),
    b.Path(NONE),
    (i.Param(b.Bind("text"), Reference(named("str"))),),
)
