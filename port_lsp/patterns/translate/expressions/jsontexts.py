"""What `str` writes of JSON: texts as they are, all else as `repr` writes it, in functions of the
crate that are written once (Python's docs: "Built-in Types"; Objects/unicodeobject.c,
`unicode_repr`).

Which characters are printable, Rust knows by the same categories of Unicode as Python; those that
only one of the two versions knows may be written otherwise.
"""

from __future__ import annotations

from collections.abc import Callable

from port_lsp.patterns.translate.expressions.pythonic import ALSO, FILE
from port_lsp.patterns.translate.libraries.making import rust
from port_lsp.patterns.translate.scene import Scene
from port_lsp.patterns.translate.values import STRING, VALUE, UntranslatedError
from port_lsp.writing.ir import body as b
from port_lsp.writing.ir import items as i
from port_lsp.writing.ir.types import AnyType, Reference, Symbol, named, symbol

_ONE, _VALUE = b.Name("one"), b.Name("value")


def json_text(scene: Scene, floats: b.Path) -> b.Path:
    """The function that writes a `&Value` as `str` does; `floats` is the one that writes floats."""
    shown = _repr(scene, floats)
    arms = (
        b.Arm(_json("String"), b.Method(_ONE, "clone")),
        b.Arm(b.Wild(), b.Call(shown, (_VALUE,))),
    )
    docs = "What Python's `str` writes of JSON."
    whole = b.Block(tail=b.Match(_VALUE, arms))

    def make(name: str) -> i.Function:
        return _function(name, docs, "value", Reference(VALUE), whole)

    return _made(scene, "json_text", docs, make)


def _repr(scene: Scene, floats: b.Path) -> b.Path:
    scene.needs.depend("serde_json", "1", "preserve_order")
    docs = "What Python's `repr` writes of JSON."
    quoted = _quoted(scene)

    def make(name: str) -> i.Function:
        given: dict[str, b.Expr] = {
            "listed": b.Path(Symbol((name,))), "quoted": quoted, "floats": floats
        }  # fmt: skip
        true, false = (b.Block(tail=rust(f'"{word}".to_string()')) for word in ("True", "False"))
        items = rust('one.iter().map(listed).collect::<Vec<_>>().join(", ")', given)
        entry = _format("{}: {}", rust("quoted(key)", given), rust("listed(one)", given))
        pair = b.TuplePattern(None, (b.Bind("key"), b.Bind("one")))
        pairs = b.Method(rust("one.iter()"), "map", (b.Closure((pair,), entry),))
        entries = rust('pairs.collect::<Vec<_>>().join(", ")', {"pairs": pairs})
        number = "one.as_f64().filter(|_| one.is_f64()).map_or_else(|| one.to_string(), floats)"
        arms = (
            b.Arm(b.PathPattern(VALUE.head, ("Null",)), rust('"None".to_string()')),
            b.Arm(_json("Bool"), b.Block(tail=b.If(b.Unary("*", _ONE), true, false))),
            b.Arm(_json("Number"), rust(number, given)),
            b.Arm(_json("String"), rust("quoted(one)", given)),
            b.Arm(_json("Array"), _format("[{}]", items)),
            b.Arm(_json("Object"), _format("{{{}}}", entries)),
        )
        return _function(name, docs, "value", Reference(VALUE), b.Block(tail=b.Match(_VALUE, arms)))

    return _made(scene, "json_repr", docs, make)


def _quoted(scene: Scene) -> b.Path:
    docs = "What Python's `repr` writes of a text."
    either = b.Either((b.LiteralPattern("'\\''"), b.LiteralPattern("'\"'")))
    code = rust("u32::from(one)")
    arms = (
        *(b.Arm(b.LiteralPattern(f"'\\{one}'"), _text(f"\\\\{one}")) for one in "nrt"),
        b.Arm(b.LiteralPattern("'\\\\'"), _text("\\\\\\\\")),
        b.Arm(b.Wild(), _format("\\\\{}", _ONE), rust("one == quote")),
        b.Arm(either, rust("one.to_string()")),
        b.Arm(b.Wild(), rust("one.to_string()"), rust("behind.chars().eq(behind.escape_debug())")),
        b.Arm(b.Wild(), _format("\\\\x{:02x}", code), rust("u32::from(one) < 0x100")),
        b.Arm(b.Wild(), _format("\\\\u{:04x}", code), rust("u32::from(one) < 0x10000")),
        b.Arm(b.Wild(), _format("\\\\U{:08x}", code)),
    )
    # At the beginning Rust would escape what joins a letter before it.
    behind = b.Let(b.Bind("behind"), _format("a{}", _ONE))
    each = b.Closure((b.Bind("one"),), b.Block((behind,), b.Match(_ONE, arms)))
    letters = b.Method(b.Method(rust("text.chars()"), "map", (each,)), "collect", (), (STRING,))
    doubled = rust("text.contains('\\'') && !text.contains('\"')")
    quote = b.If(doubled, b.Block(tail=b.Lit("'\"'")), b.Block(tail=b.Lit("'\\''")))
    whole = b.Block(
        (b.Let(b.Bind("quote"), quote), b.Let(b.Bind("letters"), letters)),
        _format("{}{}{}", b.Name("quote"), b.Name("letters"), b.Name("quote")),
    )

    def make(name: str) -> i.Function:
        return _function(name, docs, "text", Reference(named("str")), whole)

    return _made(scene, "quoted", docs, make)


def _text(text: str) -> b.Expr:
    return b.Method(b.Lit(f'"{text}"'), "to_string")


def _format(text: str, *args: b.Expr) -> b.Expr:
    return b.Macro(symbol("format"), (b.Lit(f'"{text}"'), *args))


def _json(kind: str) -> b.Pattern:
    return b.TuplePattern(VALUE.head, (b.Bind("one"),), (kind,))


def _function(name: str, docs: str, param: str, kind: AnyType, whole: b.Block) -> i.Function:
    params = (i.Param(b.Bind(param), kind),)
    return i.Function(name, params, STRING, whole, visibility="pub", docs=(docs,))


def _made(scene: Scene, name: str, docs: str, make: Callable[[str], i.Function]) -> b.Path:
    if scene.functions is None:
        raise UntranslatedError("JSON as a text, in a handler that can't fail")
    scene.need_json()
    made = scene.functions.helper(f"{ALSO}: {name}", FILE, name, docs, scene.needs, make)
    return b.Path(made)
