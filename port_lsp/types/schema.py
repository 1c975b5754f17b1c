"""What a writer must know of a backend's model beyond its facts: resolved types and values.

Read on demand by the backend's reader; nothing here is part of the index.
"""

from __future__ import annotations

from typing import Literal

from port_lsp.facts.items import ModelKind
from port_lsp.facts.source import Record
from port_lsp.types.wire import Wire

ROWS = ("sqlalchemy", "peewee")
BY_SERVER = "default_by_server"
"""Among a column's keys where its default is the database's alone."""
MADE_ONCE = "default_made_once"
"""Among a column's keys where its default is what a call gave when the class was made:
`default=datetime.now()`."""

DefaultKind = Literal["none", "value", "empty-list", "empty-map", "empty-set", "expression"]
Storing = Literal["", "names", "values"]
"""What a column that is an Enum holds of its members; "" where that can't be told."""

Mixin = Literal["", "str", "int"]
"""What an Enum's members are besides: "" for nothing."""


class Default(Record, frozen=True):
    """A field's default: nothing, a JSON value in `text`, an empty collection, or an expression
    that only Python can compute, in `text` as written (a factory as its call). `made` is then the
    function from outside the backend that gives it, in full, with `(…)` where it is given
    arguments: `uuid.uuid4`, `datetime.datetime.now(…)`."""

    kind: DefaultKind = "none"
    text: str = ""
    made: str = ""


NO_DEFAULT = Default()


class Limit(Record, frozen=True):
    """A constraint with its value as JSON: `min_length`, `ge`, `pattern`, `multiple_of`…"""

    name: str
    value: str


class Inner(Record, frozen=True):
    """Constraints of what is inside a field: `path` goes there by "item" (of a list or set), "key"
    and "value" (of a map); null is passed over."""

    path: tuple[str, ...]
    limits: tuple[Limit, ...]


class FieldSchema(Record, frozen=True):
    """One field.

    `wire` is without null: `nullable` says whether it may be null, `refuses_null` that this is so
    where nothing was said alone (`x: str = None`), and null isn't taken. `required` is whether the
    key must be there. `read_as` are the names that are read (the first is how clients write it),
    `written_as` the name in answers, unless it is `excluded` from them. `absent` is whether a key
    that isn't there stays away: `NotRequired` of a TypedDict. A discriminator is a limit of that
    name. `column` is the database's name, None where there is no table; `column_type` is
    SQLAlchemy's generic name of its SQL type, with its numbers and words (of an Enum its type's
    name, `type:color`, where PostgreSQL has one, `check:` where a constraint says it, and the texts
    that are `stored`); `keys` are its switches with values as written (`primary_key`, `unique`,
    `index`, `foreign_key` and its `foreign_ondelete`, `server_default` as SQL, `BY_SERVER` where
    that is the only one), `on_update` what it gets at an UPDATE that says nothing of it, as
    written.
    """

    name: str
    wire: Wire
    nullable: bool
    required: bool
    default: Default = NO_DEFAULT
    read_as: tuple[str, ...] = ()
    written_as: str = ""
    limits: tuple[Limit, ...] = ()
    inner: tuple[Inner, ...] = ()
    excluded: bool = False
    absent: bool = False
    description: str = ""
    owner: str = ""
    column: str | None = None
    column_type: str = ""
    column_sizes: tuple[int, ...] = ()
    column_words: tuple[str, ...] = ()
    stored: Storing = ""
    keys: tuple[tuple[str, str], ...] = ()
    on_update: str = ""
    refuses_null: bool = False


class MemberSchema(Record, frozen=True):
    """A member of an Enum; `value` as JSON, None where it can't be known."""

    name: str
    value: str | None


class MethodSchema(Record, frozen=True):
    """A validator or a computed field: the fields that it is about, its Python source, for a
    validator when it runs ("before", "after", "wrap", "plain"), for a computed field what it
    returns and the name that it is written under."""

    name: str
    kind: Literal["validator", "computed"]
    fields: tuple[str, ...]
    source: tuple[str, ...]
    returns: Wire | None = None
    mode: str = "after"
    written_as: str = ""


class ModelSchema(Record, frozen=True):
    """One model. `extra` is what happens to unknown keys; `parameters` are a generic model's type
    parameters, which refs name without a file; `root` is a RootModel's type. `config` are the
    switches that are on (Pydantic's words); `unset` are the places where the backend tells keys
    that weren't given from those that were (`exclude_unset`), so that the Rust must, too.
    `constraints` are a table's own: `__table_args__`, as written. `mixin` is what an Enum's members
    are besides."""

    key: str
    kind: ModelKind
    name: str
    fields: tuple[FieldSchema, ...] = ()
    members: tuple[MemberSchema, ...] = ()
    docs: tuple[str, ...] = ()
    extra: Literal["ignore", "allow", "forbid"] = "ignore"
    parameters: tuple[str, ...] = ()
    root: Wire | None = None
    methods: tuple[MethodSchema, ...] = ()
    table: str | None = None
    config: tuple[str, ...] = ()
    unset: tuple[str, ...] = ()
    constraints: tuple[str, ...] = ()
    mixin: Mixin = ""

    @property
    def is_row(self) -> bool:
        """Whether its values are rows of a table: also of one whose name can't be read."""
        return self.table is not None or self.kind in ROWS
