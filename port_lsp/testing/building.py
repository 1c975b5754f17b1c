"""How a test makes a value of one of the crate's types: its state, most of all.

Of a struct whose fields are all public, field by field; else by a function of its own that takes
nothing, or what can be made. What is set from outside has the backend's default, whatever the
environment of the test says.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from port_lsp.facts.items import Model
from port_lsp.facts.source import Record, item_key
from port_lsp.patterns.desk import Desk
from port_lsp.patterns.endpoints.written import alias_of, type_of
from port_lsp.patterns.translate.appstate.struct import Shared, shared_at
from port_lsp.rust.declared import FnItem
from port_lsp.rust.typetable import arguments, head
from port_lsp.types.settings import Setting
from port_lsp.writing.ir import body as b
from port_lsp.writing.ir.types import UNIT, AnyType, Symbol, Type, named, symbol
from port_lsp.writing.printer.literals import floating, string

SAMPLE = "a secret for tests that is long enough to sign with"
_DEEP = 5  # types in types
_INTEGERS = frozenset(f"{sign}{size}" for sign in "iu" for size in ("8", "16", "32", "64", "size"))
_POOLS = {"SqlitePool": "sqlite", "PgPool": "postgres"}
_EMPTY = frozenset(("Vec", "HashMap", "HashSet", "BTreeMap", "BTreeSet", "VecDeque", "DashMap"))
_AROUND = frozenset(("Arc", "Rc", "Box", "Mutex", "RwLock", "Data"))
_LOCKS = {symbol("std::sync::RwLock"): "read", symbol("std::sync::Mutex"): "lock"}
_FIRST = ("new", "default", "from_env", "load")
_VARIABLE = re.compile(
    r"\b(\w+)\s*:(?=[^,;{}]*?\"([A-Z][A-Z0-9_]+)\"(?:\s*,\s*(\"(?:[^\"\\]|\\.)*\"|[\w.]+))?)"
)


class CannotBuildError(Exception):
    """A type of which no value can be made: the reason."""


class Step(Record, frozen=True):
    """A field on the way into a value, and its type; `locked` is what opens a lock that is there,
    which blocks and may be poisoned."""

    name: str
    type: AnyType
    locked: str = ""


class Building:
    """Makes values. `settings` are the backend's by their variables; those in `secrets` are given
    a sample where the backend has no default. `inside` is the first file of the program that the
    tests are part of, so that they see what is its own."""

    def __init__(
        self,
        desk: Desk,
        settings: Mapping[str, Setting],
        secrets: frozenset[str],
        *,
        inside: str = "",
    ) -> None:
        self._desk, self._settings, self._secrets = desk, settings, secrets
        self._inside = inside
        crate = desk.snapshot.crate
        self._models = {one.key: one for one in (crate.models if crate is not None else ())}
        self.pools: dict[str, str] = {}
        self._variables = desk.stands(_variables)

    def value(self, kind: AnyType, deep: int = 0) -> b.Expr:
        """An expression of a type, in an async function. Raises CannotBuildError."""
        kind = self.plain(kind)
        if not isinstance(kind, Type) or deep > _DEEP:
            raise CannotBuildError("a type that isn't known")
        name = kind.head.name
        if (database := self.pool_of(kind)) is not None:
            self.pools[database] = name
            return b.Method(b.Name("pool"), "clone")
        if name in _AROUND and kind.args:
            return b.Call(b.Path(kind.head, ("new",)), (self.value(kind.args[-1], deep),))
        if name in _EMPTY:
            return b.Call(b.Path(kind.head, ("new",)))
        if name == "Client" and kind.head.path[0] == "reqwest":
            return b.Call(b.Path(kind.head, ("new",)))
        plain = self._plain_value(kind, "")
        return plain if plain is not None else self._own(kind, deep)

    def plain(self, kind: AnyType) -> AnyType:
        """A type without the crate's alias for it."""
        scopes = self._desk.workshop.scopes
        for _ in range(_DEEP):
            found = alias_of(scopes, kind.head) if isinstance(kind, Type) else None
            if found is None or not found[1].target:
                return kind
            kind = type_of(scopes, found[0], found[1].target) or kind
        return kind

    def pool_of(self, kind: AnyType) -> str | None:
        """The database of a pool of connections; None for another type."""
        kind = self.plain(kind)
        if not isinstance(kind, Type):
            return None
        if kind.head.name == "Pool" and kind.args and isinstance(kind.args[0], Type):
            return {"Sqlite": "sqlite", "Postgres": "postgres"}.get(kind.args[0].head.name)
        return _POOLS.get(kind.head.name)

    def way_to(self, kind: AnyType, wanted: object, deep: int = 0) -> list[Step] | None:
        """The public fields that lead from a value of a type to its pool ("pool"), to a type of the
        crate (Symbol), or to the field that holds what a variable (Setting) says; None where none
        do."""
        if wanted == "pool" and self.pool_of(kind) is not None:
            return []
        kind = self.plain(kind)
        if not isinstance(kind, Type) or deep > _DEEP:
            return None
        if kind.head == wanted:
            return []
        if kind.head.name in ("Arc", "Data", "Box") and kind.args:
            return self.way_to(kind.args[-1], wanted, deep + 1)
        if kind.head in _LOCKS and kind.args and isinstance(wanted, Setting):
            below = self.way_to(kind.args[-1], wanted, deep + 1)
            return [Step("", kind, _LOCKS[kind.head]), *below] if below else None
        model = self._model(kind.head)
        if model is None:
            return None
        for step in self._fields(model):
            variable = wanted.env if isinstance(wanted, Setting) else None
            if variable is not None and self._variable(step.name)[0] == variable:
                return [step]
            below = self.way_to(step.type, wanted, deep + 1)
            if below is not None:
                return [step, *below]
        return None

    # The crate's own types

    def _own(self, kind: Type, deep: int) -> b.Expr:
        shared = shared_at(self._desk)
        if shared is not None and kind.head == shared.symbol:
            return self._started(kind, shared, deep)
        model = self._model(kind.head)
        name = kind.head.name
        if model is None:
            raise CannotBuildError(f"no value of {name} is known")
        reason = ""
        try:
            return self._listed(kind, model, deep)
        except CannotBuildError as error:
            reason = str(error)
        for function in self._makers(model):
            try:
                return self._made(kind, model, function, deep)
            except CannotBuildError as error:  # noqa: PERF203 (the next may do)
                reason = str(error)
        if any(one.name == "Default" for one in map(symbol, model.derives)):
            return b.Call(b.Path(kind.head, ("default",)))
        raise CannotBuildError(f"no value of {name} can be made: {reason}")

    def _started(self, kind: Type, shared: Shared, deep: int) -> b.Expr:
        """What requests share, as it is before the first of them."""
        of = type_of(self._desk.workshop.scopes, shared.file, "Config")
        given: tuple[b.Expr, ...] = ()
        if shared.has_settings:
            if of is None:
                raise CannotBuildError(f"{kind.head.name} begins with settings")
            given = (b.Unary("&", self.value(of, deep + 1)),)
        return b.Call(b.Path(kind.head, (shared.maker,)), given)

    def _listed(self, kind: Type, model: Model, deep: int) -> b.Expr:
        fields = list(self._fields(model))
        if len(fields) != len(model.fields) or not fields:
            raise CannotBuildError(f"{model.name} has fields that aren't public")
        values: list[tuple[str, b.Expr]] = []
        for step in fields:
            inner = self.plain(step.type)
            plain = self._plain_value(inner, step.name) if isinstance(inner, Type) else None
            values.append((step.name, plain or self.value(step.type, deep + 1)))
        return b.StructLiteral(kind.head, tuple(values))

    def _fields(self, model: Model) -> Iterator[Step]:
        """The public fields of a struct."""
        file = self._desk.workshop.files.get(model.place.file)
        if file is None or model.kind != "struct":
            return
        for field in model.fields:
            at = file.span(field.place).start
            before = file.text.data[max(0, at - 20) : at].decode("utf-8", "replace")
            written = field.annotation or ""
            kind = type_of(self._desk.workshop.scopes, model.place.file, written)
            if kind is None and head(written).rpartition("::")[2] == "Option":
                kind = named("Option", UNIT)  # of what isn't read: there is none
            if self._is_seen(model.place.file, before.rstrip()) and kind is not None:
                yield Step(field.name, kind)

    def _is_seen(self, file: str, before: str) -> bool:
        """Whether tests see a field of a file, by what stands before its name."""
        if not self._inside:
            return before.endswith("pub")
        return file == self._inside or before.endswith(("pub", "pub(crate)"))

    def _makers(self, model: Model) -> list[FnItem]:
        """The functions of a type that give one, the usual ones first."""
        found = [
            item
            for _, item in self._desk.workshop.declared(model.place.file)
            if isinstance(item, FnItem) and item.owner == model.name and item.public
            if item.returns is not None and (item.trait is None or item.trait == "Default")
            if not item.params or item.params[0][0] not in ("self", "mut self", "&self")
            if self._gives(item.returns, model.name)
        ]
        return sorted(
            found, key=lambda one: _FIRST.index(one.name) if one.name in _FIRST else len(_FIRST)
        )

    def _gives(self, returns: str, name: str) -> bool:
        kind = head(returns).rpartition("::")[2]
        if kind == "Result":
            parts = arguments(returns)
            return bool(parts) and self._gives(parts[0], name)
        return kind in ("Self", name)

    def _made(self, kind: Type, model: Model, function: FnItem, deep: int) -> b.Expr:
        given: list[b.Expr] = []
        for _, written in function.params:
            taken = type_of(self._desk.workshop.scopes, model.place.file, written)
            if taken is None:
                raise CannotBuildError(f"{model.name}::{function.name} takes `{written}`")
            given.append(self.value(taken, deep + 1))
        made: b.Expr = b.Call(b.Path(kind.head, (function.name,)), tuple(given))
        if function.is_async:
            made = b.Await(made)
        fails = head(function.returns or "").rpartition("::")[2].endswith("Result")
        return b.Method(made, "unwrap") if fails else made

    def _model(self, head: Symbol) -> Model | None:
        if len(head.path) == 1:
            return None
        found = self._desk.workshop.scopes.type_item(head.path)
        return self._models.get(item_key(found[0], found[1].name)) if found is not None else None

    # What is set from outside

    def _plain_value(self, kind: Type, field: str) -> b.Expr | None:
        """A value of one of the language's own types, as a variable's default says it."""
        name = kind.head.name
        if name == "Option" and kind.args:
            variable, _ = self._variable(field)
            inner = kind.args[0]
            known = self._default(variable, "") if variable else None
            if known is None or not isinstance(inner, Type):
                return b.Path(symbol("None"))
            plain = self._plain_value(inner, field)
            return b.Call(b.Path(symbol("Some")), (plain,)) if plain is not None else None
        variable, written = self._variable(field)
        known = self._default(variable, written)
        if name == "String":
            text = known if isinstance(known, str) else SAMPLE if known is None else str(known)
            return b.Method(b.Lit(string(text)), "into")
        if name == "bool":
            return b.Lit("true" if known in (True, "true") else "false")
        if name in _INTEGERS:
            return b.Lit(str(known) if _is_number(known) else "1")
        if name in ("f32", "f64"):
            return b.Lit(floating(float(known)) if _is_number(known) else "1.0")  # pyright: ignore[reportArgumentType] (a number)
        return None

    def _variable(self, field: str) -> tuple[str, str]:
        """The variable that a field is read from, and the default that the crate gives it."""
        return self._variables.get(field, ("", ""))

    def _default(self, variable: str, written: str) -> str | int | float | bool | None:
        setting = self._settings.get(variable)
        if setting is not None and setting.default is not None:
            return setting.default
        if variable in self._secrets:
            return SAMPLE
        if written.startswith('"'):
            return written[1:-1].replace('\\"', '"').replace("\\\\", "\\")
        return written or None


def _variables(desk: Desk) -> Mapping[str, tuple[str, str]]:
    """By the name of a field, the variable that it is read from, and the default that the crate
    gives it."""
    found: dict[str, tuple[str, str]] = {}
    for file in desk.workshop.files.values():
        for field, variable, default in _VARIABLE.findall(
            file.text.data.decode("utf-8", "replace")
        ):
            found.setdefault(field, (variable, default))
    return found


def _is_number(known: object) -> bool:
    return isinstance(known, (int, float)) or (isinstance(known, str) and known.isdigit())
