"""What a request must carry, and what must be in the tables, for tests to be answered in one way.

Built up along a way through a tree of decisions: each answer fixes a value or contradicts what was
fixed before. What nobody asked of is free, and gets a sample at the end.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from port_lsp.facts.source import Record
from port_lsp.parity.samples import UnsaidError, value_of
from port_lsp.types import auth as t
from port_lsp.types.schema import FieldSchema, ModelSchema
from port_lsp.types.settings import Setting

Json: TypeAlias = Any
Schema = Callable[[str], "ModelSchema | None"]

EXPIRES = 4_102_444_800  # in the year 2100
LONG_AGO = 1
_OTHER = "something else"
_UNREADABLE = "no.good.token"


class CannotBeError(Exception):
    """An answer that contradicts the ones before it, or that nothing is known to bring about."""


class Token(Record, frozen=True):
    """A token with these claims (name, JSON), signed with a secret."""

    claims: tuple[tuple[str, str], ...]
    secret: t.Setting | t.Text
    algorithm: str


Content: TypeAlias = "str | Token | t.Setting"


class Seed(Record, frozen=True):
    """A row that must be in a table (its model's item key): fields and values, as JSON."""

    model: str
    values: tuple[tuple[str, str], ...]


class World:
    """One state of the world, as far as it is known. Copied where ways part."""

    def __init__(self, schema: Schema, settings: Mapping[str, Setting]) -> None:
        """Nothing is known yet; `settings` are the backend's by their variables."""
        self.schema, self.settings = schema, settings
        self.given: dict[str, t.Value | None] = {}
        self.carried: dict[t.Carried, str | None] = {}
        self.tokens: dict[t.Carried, t.Claims] = {}
        self.equals: dict[t.Carried, t.Setting] = {}
        self.expired: set[t.Claims] = set()
        self.claims: dict[t.Claims, dict[str, Json]] = {}
        self.without: set[t.Part] = set()
        self.rows: dict[t.Row, dict[str, Json]] = {}
        self.gone: set[t.Row] = set()

    def copied(self) -> World:
        """Another one that knows the same."""
        other = World(self.schema, self.settings)
        for name in ("given", "carried", "tokens", "equals"):
            setattr(other, name, dict(getattr(self, name)))
        for name in ("expired", "without", "gone"):
            setattr(other, name, set(getattr(self, name)))
        other.claims = {one: dict(parts) for one, parts in self.claims.items()}
        other.rows = {one: dict(parts) for one, parts in self.rows.items()}
        return other

    def meant(self, value: t.Value) -> t.Value:
        """A value with what other gates let through put in. Raises CannotBeError."""
        if isinstance(value, t.Given):
            found = self.given.get(value.gate)
            if found is None:
                raise CannotBeError
            return self.meant(found)
        if isinstance(value, t.Part):
            return t.Part(self.meant(value.of), value.name)
        if isinstance(value, t.Lower):
            return t.Lower(self.meant(value.of))
        if isinstance(value, t.Row):
            return t.Row(value.model, tuple((n, self.meant(one)) for n, one in value.where))
        return value

    # What is there

    def exists(self, value: t.Value, *, there: bool) -> None:
        """Something is there, or isn't. Raises CannotBeError."""
        if isinstance(value, t.Carried):
            self._carry(value, there=there)
        elif isinstance(value, t.Row):
            self._row(value, there=there)
        elif isinstance(value, t.Setting):
            if bool(self._set(value)) is not there:
                raise CannotBeError
        elif isinstance(value, t.Part):
            self._part(value, there=there)
        elif isinstance(value, t.Lower):
            self.exists(value.of, there=there)
        elif isinstance(value, t.Text):
            if bool(value.text) is not there:
                raise CannotBeError
        else:
            raise CannotBeError

    def _carry(self, value: t.Carried, *, there: bool) -> None:
        if value in self.carried and (self.carried[value] is not None) is not there:
            raise CannotBeError
        if not there:
            self.carried[value] = None
        else:
            self.carried.setdefault(value, "")
        sent = {one.sources[0] for one, text in self.carried.items() if text is not None}
        for one, text in self.carried.items():
            if text is None and not sent.isdisjoint(one.sources):
                raise CannotBeError

    def _row(self, row: t.Row, *, there: bool) -> None:
        if row in self.rows or row in self.gone:
            if (row in self.rows) is not there:
                raise CannotBeError
            return
        if not there:
            for name, value in row.where:  # it is asked for with something
                self.sure(value, self._kind(row.model, name))
            self.gone.add(row)
            return
        known: dict[str, Json] = {}
        for name, value in row.where:
            known[name] = self.sure(value, self._kind(row.model, name))
        self.rows[row] = known

    def _part(self, value: t.Part, *, there: bool) -> None:
        if isinstance(value.of, t.Claims):
            parts = self.claims.setdefault(value.of, {})
            if there:
                if value in self.without:
                    raise CannotBeError
                parts.setdefault(value.name, None)
                return
            if value.name in parts or value.name == "exp":
                raise CannotBeError
            self.without.add(value)
            return
        if not isinstance(value.of, t.Row) or value.of not in self.rows:
            raise CannotBeError
        row = self.rows[value.of]
        if there:
            if self.sure(value) in (None, ""):
                raise CannotBeError
        elif row.setdefault(value.name, None) is not None:
            raise CannotBeError

    # What it is

    def token(self, claims: t.Claims, *, bad: bool, expired: bool) -> None:
        """A token is bad, or too old, or neither. Raises CannotBeError."""
        if not isinstance(claims.token, t.Carried):
            raise CannotBeError
        self.exists(claims.token, there=True)
        if self.carried[claims.token]:
            raise CannotBeError
        if bad and not expired:
            self.carried[claims.token] = _UNREADABLE
            return
        self.tokens[claims.token] = claims
        self.claims.setdefault(claims, {})
        if bad:
            if not claims.checks_expiry:
                raise CannotBeError
            self.expired.add(claims)

    def sure(self, value: t.Value, kind: str = "str") -> Json:
        """What a value is: from now on this, if it was free. Raises CannotBeError."""
        if isinstance(value, t.Text):
            return value.text
        if isinstance(value, t.Setting):
            return self._set(value)
        if isinstance(value, t.Lower):
            return str(self.sure(value.of, kind)).lower()
        if isinstance(value, t.Carried):
            if value in self.tokens or value in self.equals:
                raise CannotBeError
            self.exists(value, there=True)
            self.carried[value] = self.carried[value] or _sample(kind, value.sources[0].name)
            return self.carried[value]
        if isinstance(value, t.Part) and isinstance(value.of, t.Claims):
            parts = self.claims.setdefault(value.of, {})
            if value in self.without:
                raise CannotBeError
            if parts.get(value.name) is None:
                parts[value.name] = _sample(kind, value.name)
            return parts[value.name]
        if isinstance(value, t.Part) and isinstance(value.of, t.Row):
            self._row(value.of, there=True)
            row = self.rows[value.of]
            if value.name not in row:
                row[value.name] = self._free(value.of.model, value.name)
            return row[value.name]
        raise CannotBeError

    def become(self, value: t.Value, wanted: Json) -> None:
        """A value is this. Raises CannotBeError where it is another."""
        if isinstance(value, t.Part) and isinstance(value.of, (t.Claims, t.Row)):
            if isinstance(value.of, t.Row):
                self._row(value.of, there=True)
                parts = self.rows[value.of]
            else:
                parts = self.claims.setdefault(value.of, {})
            if value in self.without or parts.get(value.name, wanted) not in (None, wanted):
                raise CannotBeError
            parts[value.name] = wanted
        elif isinstance(value, t.Carried) and isinstance(wanted, str):
            self.exists(value, there=True)
            if value in self.tokens or self.carried[value] not in ("", wanted):
                raise CannotBeError
            self.carried[value] = wanted
        elif self.sure(value) != wanted:
            raise CannotBeError

    def equal(self, value: t.Carried, setting: t.Setting) -> None:
        """What is carried is what a setting says. Raises CannotBeError."""
        self.exists(value, there=True)
        if self.carried[value] or value in self.tokens:
            raise CannotBeError
        self.equals[value] = setting

    def other_than(self, value: t.Value, wrong: tuple[Json, ...]) -> None:
        """A value is none of these. Raises CannotBeError."""
        if isinstance(value, t.Part) and isinstance(value.of, t.Row):
            self._row(value.of, there=True)
            row = self.rows[value.of]
            if value.name not in row:
                row[value.name] = self._none_of(value.of.model, value.name, wrong)
                return
        elif isinstance(value, t.Carried) and not self.carried.get(value):
            self.become(value, _OTHER)
        elif isinstance(value, t.Part) and isinstance(value.of, t.Claims):
            parts = self.claims.setdefault(value.of, {})
            if parts.get(value.name) is None:
                self.become(value, _OTHER)
        if self.sure(value) in wrong:
            raise CannotBeError

    def _none_of(self, model: str, name: str, wrong: tuple[Json, ...]) -> Json:
        field = self._field(model, name)
        enum = self.schema(field.wire.name) if field.wire.kind == "ref" else None
        if enum is not None and enum.members:
            values = (one.value.strip('"') for one in enum.members if one.value is not None)
            found = next((one for one in values if one not in wrong), None)
            if found is None:
                raise CannotBeError
            return found
        if field.wire.kind == "bool":
            found = next((one for one in (True, False) if one not in wrong), None)
            if found is None:
                raise CannotBeError
            return found
        return _OTHER if field.wire.kind == "str" else self._free(model, name)

    def _free(self, model: str, name: str) -> Json:
        """A value for a column of which nothing is asked."""
        field = self._field(model, name)
        if field.wire.kind == "str" and not field.wire.name:
            return _sample("str", f"{model.rpartition('::')[2]} {name}")
        try:
            return value_of(field.wire, self.schema)
        except UnsaidError:
            raise CannotBeError from None

    def _kind(self, model: str, name: str) -> str:
        wire = self._field(model, name).wire
        return (wire.args[0] if wire.kind == "optional" else wire).kind

    def _field(self, model: str, name: str) -> FieldSchema:
        schema = self.schema(model)
        found = schema.fields if schema is not None else ()
        field = next((one for one in found if one.name == name), None)
        if field is None:
            raise CannotBeError
        return field

    def _set(self, value: t.Setting) -> Json:
        setting = self.settings.get(value.env)
        if setting is None or setting.default is None:
            raise CannotBeError
        return setting.default

    # What comes of it

    def contents(self) -> tuple[tuple[t.Source, Content], ...]:
        """What the request carries, place by place."""
        found: list[tuple[t.Source, Content]] = []
        for one, text in self.carried.items():
            if text is None:
                continue
            content: Content = text or _sample("str", one.sources[0].name)
            if one in self.tokens:
                content = self._signed(self.tokens[one])
            elif one in self.equals:
                content = self.equals[one]
            found.append((one.sources[0], content))
        return tuple(found)

    def _signed(self, claims: t.Claims) -> Token:
        if not isinstance(claims.secret, (t.Setting, t.Text)) or not claims.algorithms:
            raise CannotBeError
        said = {
            name: _sample("str", name) if value is None else value
            for name, value in self.claims.get(claims, {}).items()
        }
        said["exp"] = LONG_AGO if claims in self.expired else EXPIRES
        if claims.audience:
            said["aud"] = claims.audience
        if claims.issuer:
            said["iss"] = claims.issuer
        parts = tuple((name, json.dumps(value)) for name, value in said.items())
        return Token(parts, claims.secret, claims.algorithms[0])

    def seeds(self) -> tuple[Seed, ...]:
        """The rows that must be there, in the order in which they were asked for. Raises
        CannotBeError where one is asked for that mustn't be there."""
        for gone in self.gone:
            asked = {name: self.sure(value) for name, value in gone.where}
            for row, parts in self.rows.items():
                if row.model == gone.model and asked.items() <= parts.items():
                    raise CannotBeError
        return tuple(
            Seed(row.model, tuple((name, json.dumps(value)) for name, value in parts.items()))
            for row, parts in self.rows.items()
        )


def _sample(kind: str, name: str) -> str:
    """A text that is read as a value of some kind, and is nobody else's."""
    if kind in ("int", "float", "decimal"):
        return "1"
    if kind == "uuid":
        return "123e4567-e89b-42d3-a456-426614174000"
    return "-".join(["some", *name.lower().replace("_", " ").split()])
