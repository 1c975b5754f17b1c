"""Random Rust of the kinds that patterns write, from a seed: what the printer is tested on."""

from __future__ import annotations

import random

from port_lsp.writing.ir import body as b
from port_lsp.writing.ir import items as i
from port_lsp.writing.ir.types import AnyType, Reference, Symbol, Tuple, named, symbol
from port_lsp.writing.printer.literals import string

_WORDS = [
    "user",
    "note",
    "id",
    "state",
    "form",
    "pool",
    "query",
    "access",
    "token",
    "created_at",
    "folder",
    "settings",
    "detail",
]
_TYPES = ("String", "i64", "bool", "Value", "UserResponse", "AppState")
_DERIVES = (
    "Debug",
    "Clone",
    "Serialize",
    "Deserialize",
    "PartialEq",
    "Eq",
    "Hash",
    "Default",
    "Copy",
    "FromRow",
    "Validate",
)
_VERBS = ("map", "find", "bind", "fetch_one", "ok_or_else", "map_err", "unwrap_or_default")


class Maker:
    """Makes expressions, statements and items; the same seed makes the same."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)  # noqa: S311 - the same ones again

    def word(self) -> str:
        count = self.random.choice((1, 1, 1, 2, 2, 3))
        return "_".join(dict.fromkeys(self.random.choice(_WORDS) for _ in range(count)))

    def text(self) -> str:
        count = self.random.choice((1, 2, 3, 5, 8))
        return string(" ".join(self.random.choice(_WORDS) for _ in range(count)))

    def type(self, depth: int = 0) -> AnyType:
        pick = self.random.random()
        if depth > 2 or pick < 0.5:
            return named(self.random.choice(_TYPES))
        if pick < 0.7:
            return named(self.random.choice(("Option", "Vec", "Json")), self.type(depth + 1))
        if pick < 0.8:
            return named("HashMap", self.type(depth + 1), self.type(depth + 1))
        if pick < 0.9:
            return Reference(self.type(depth + 1))
        return Tuple((self.type(depth + 1), self.type(depth + 1)))

    def simple(self) -> b.Expr:
        pick = self.random.random()
        if pick < 0.4:
            return b.Name(self.word())
        if pick < 0.55:
            return b.Lit(self.text())
        if pick < 0.65:
            return b.Lit(str(self.random.randrange(1000)))
        if pick < 0.8:
            return b.Access(b.Name(self.word()), self.word())
        if pick < 0.9:
            return b.Unary("&", b.Name(self.word()))
        return b.Path(symbol("StatusCode"), ("NOT_FOUND",))

    def expr(self, depth: int = 0) -> b.Expr:
        if depth > 3:
            return self.simple()
        pick = self.random.choice(
            [
                "simple",
                "call",
                "chain",
                "chain",
                "query",
                "macro",
                "struct",
                "closure",
                "match",
                "json",
                "tuple",
                "binary",
                "try",
            ]
        )
        return getattr(self, f"_{pick}")(depth)

    def _simple(self, depth: int) -> b.Expr:
        del depth
        return self.simple()

    def _args(self, depth: int, most: int = 3) -> tuple[b.Expr, ...]:
        return tuple(self.expr(depth + 2) for _ in range(self.random.randrange(most + 1)))

    def _call(self, depth: int) -> b.Expr:
        head = self.random.choice(
            (
                b.Name(self.word()),
                b.Path(symbol("Ok")),
                b.Path(symbol("Some")),
                b.Path(symbol("AppError"), ("NotFound",)),
                b.Path(symbol("serde_json"), ("to_value",)),
            )
        )
        return b.Call(head, self._args(depth))

    def _chain(self, depth: int) -> b.Expr:
        at: b.Expr = b.Name(self.random.choice(("self", self.word(), "state")))
        for _ in range(self.random.randrange(1, 5)):
            pick = self.random.random()
            if pick < 0.2:
                at = b.Access(at, self.word())
            elif pick < 0.3:
                at = b.Await(at)
            elif pick < 0.45 and isinstance(at, (b.Method, b.Await)):
                at = b.Try(at)
            else:
                at = b.Method(at, self.random.choice(_VERBS), self._args(depth + 1, 1))
        return at

    def _query(self, depth: int) -> b.Expr:
        del depth
        query = named(self.random.choice(_TYPES))
        at: b.Expr = b.Call(
            b.Path(symbol("sqlx"), ("query_as",), (named("_"), query)), (b.Lit(self.text()),)
        )
        for _ in range(self.random.randrange(3)):
            at = b.Method(at, "bind", (self.simple(),))
        at = b.Method(at, "fetch_all", (b.Unary("&", b.Access(b.Name("state"), "pool")),))
        return b.Try(b.Await(at))

    def _macro(self, depth: int) -> b.Expr:
        if self.random.random() < 0.5:
            return b.Macro(symbol("format"), (b.Lit(self.text()), *self._args(depth, 2)))
        return b.Macro(symbol("vec"), self._args(depth), "[]")

    def _struct(self, depth: int) -> b.Expr:
        names = dict.fromkeys(self.word() for _ in range(self.random.randrange(1, 5)))
        fields = tuple((name, self.expr(depth + 2)) for name in names)
        base = (
            b.Call(b.Path(symbol("Default"), ("default",))) if self.random.random() < 0.1 else None
        )
        return b.StructLiteral(symbol("UserResponse"), fields, base)

    def _closure(self, depth: int) -> b.Expr:
        body: b.Expr = self.expr(depth + 1)
        if self.random.random() < 0.3:
            body = self.block(depth + 1)
        closure = b.Closure((b.Bind(self.word()),), body, move=self.random.random() < 0.2)
        return b.Method(b.Name(self.word()), "map", (closure,))

    def _match(self, depth: int) -> b.Expr:
        arms = (
            b.Arm(b.TuplePattern(symbol("Some"), (b.Bind("x"),)), self.expr(depth + 1)),
            b.Arm(b.PathPattern(symbol("None")), self.expr(depth + 2)),
        )
        return b.Match(self.simple(), arms)

    def _json(self, depth: int) -> b.Expr:
        del depth
        return b.Call(
            b.Path(symbol("Ok")),
            (b.Call(b.Path(symbol("Json")), (b.Json(symbol("json"), (('"a"', self.simple()),)),)),),
        )

    def _tuple(self, depth: int) -> b.Expr:
        return b.TupleOf((self.expr(depth + 2), self.expr(depth + 2)))

    def _binary(self, depth: int) -> b.Expr:
        operator = self.random.choice(("==", "!=", "&&", "||", "+"))
        return b.Binary(self.simple(), operator, self._call(depth + 2))

    def _try(self, depth: int) -> b.Expr:
        return b.Try(b.Await(self._call(depth)))

    def block(self, depth: int = 0) -> b.Block:
        found = tuple(self.statement(depth) for _ in range(self.random.randrange(1, 4)))
        return b.Block(found, self.expr(depth) if self.random.random() < 0.6 else None)

    def statement(self, depth: int) -> b.Statement:
        pick = self.random.random()
        if pick < 0.5:
            kind = self.type() if self.random.random() < 0.2 else None
            return b.Let(b.Bind(self.word()), self.expr(depth + 1), kind)
        if pick < 0.6:
            return b.Comment((self.word(), self.word()))
        if pick < 0.75:
            other = self.block(depth + 2) if self.random.random() < 0.4 else None
            return b.Do(b.If(self._binary(depth), self.block(depth + 2), other))
        if pick < 0.8:
            return b.Do(b.For(b.Bind(self.word()), self.simple(), self.block(depth + 2)))
        if pick < 0.85:
            return b.Assign(b.Name(self.word()), self.expr(depth + 1))
        return b.Do(self._chain(depth))

    def function(self, name: str) -> i.Function:
        params = tuple(
            i.Param(b.TuplePattern(symbol("Json"), (b.Bind(word),)), self.type())
            for word in dict.fromkeys(self.word() for _ in range(self.random.randrange(5)))
        )
        body = self.block()
        if self.random.random() < 0.2:
            hole = b.Hole((self.word(), "  return x"), "not ported", (self.word(), self.word()))
            body = b.Block((*body.statements, hole))
        returns = named("AppResult", self.type()) if self.random.random() < 0.8 else None
        return i.Function(name, params, returns, body, is_async=True, visibility="pub")

    def struct(self, name: str) -> i.Struct:
        fields = tuple(
            i.Field(word, self.type(), self._attributes(), docs=self._docs())
            for word in dict.fromkeys(self.word() for _ in range(self.random.randrange(5)))
        )
        derives = self.random.sample(_DERIVES, self.random.randrange(1, 11))
        return i.Struct(name, fields, derives=tuple(Symbol((one,)) for one in derives),
                        docs=self._docs())  # fmt: skip

    def _docs(self) -> tuple[str, ...]:
        return (f"{self.word()} {self.word()}.",) if self.random.random() < 0.3 else ()

    def _attributes(self) -> tuple[i.Attribute, ...]:
        if self.random.random() < 0.5:
            return ()
        words = [
            i.Meta("default"),
            i.Meta("rename", self.text()),
            i.Meta("skip_serializing_if", string("Option::is_none")),
            i.Meta("deserialize_with", string("crate::wire::double_option")),
        ]
        chosen = tuple(word for word in words if self.random.random() < 0.5)
        found = [i.Attribute("serde", chosen)] if chosen else []
        if self.random.random() < 0.3:
            found.append(i.Attribute("validate", (
                i.Meta("length", args=(i.Meta("min", "1"), i.Meta("max", "255"))),
            )))  # fmt: skip
        return tuple(found)

    def enum(self, name: str) -> i.Enum:
        variants = (
            i.Variant("A", attributes=(i.Attribute("serde", (i.Meta("rename", self.text()),)),)),
            i.Variant("B", (self.type(),)),
            i.Variant("C", fields=tuple(
                i.Field(word, self.type(), visibility="")
                for word in dict.fromkeys(self.word() for _ in range(self.random.randrange(1, 4)))
            )),
        )  # fmt: skip
        return i.Enum(name, variants, derives=(symbol("Debug"),), docs=self._docs())

    def impl(self, name: str) -> i.Impl:
        items = (
            i.Alias("Error", self.type()),
            i.Const("LIMIT", named("i64"), b.Lit("10")),
            self.function("one"),
            self.function("two"),
        )
        return i.Impl(named(name), items, trait=named("From", self.type()))

    def item(self, name: str) -> i.Item:
        pick = self.random.random()
        if pick < 0.6:
            return self.function(f"f{name}")
        if pick < 0.75:
            return self.struct(f"S{name}")
        if pick < 0.85:
            return self.enum(f"E{name}")
        if pick < 0.95:
            return self.impl(f"T{name}")
        return i.Const(f"C{name}", named("String"), self.expr())
