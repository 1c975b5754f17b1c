"""How a backend finds out who is asking: each of its gates as a tree of decisions.

A gate is a dependency that lets in some callers. What it looks at are the values here, what it asks
of them the tests, and what comes of it a tree: whoever gets to a `Pass` is let in.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, TypeAlias

from port_lsp.facts.items import GuardLevel
from port_lsp.facts.source import Record

Place = Literal["bearer", "header", "cookie", "query", "path"]


class Source(Record, frozen=True):
    """A place of the request that holds a text; `name` in lower case for a header. "bearer" is
    what stands behind `Bearer` in the Authorization header, and has no name; "path" is a parameter
    of the route, at which only handlers look, and no gate."""

    place: Place
    name: str = ""


class Carried(Record, frozen=True):
    """A text that the request carries in the first of these places that has one."""

    sources: tuple[Source, ...]


class Setting(Record, frozen=True):
    """What is set from outside, by its variable (`types.settings.Setting.env`)."""

    env: str


class Text(Record, frozen=True):
    """A text that the code has."""

    text: str


class Claims(Record, frozen=True):
    """What a token says that is signed with a secret. `checks_expiry` and `checks_audience` are
    off where the code switches them off. `algorithm` is the setting that says by what it is signed;
    `algorithms` are then what it is where nothing sets it."""

    token: Value
    secret: Value
    algorithms: tuple[str, ...]
    audience: str = ""
    issuer: str = ""
    checks_expiry: bool = True
    checks_audience: bool = True
    algorithm: Value | None = None


class Part(Record, frozen=True):
    """A claim, or a column of a row."""

    of: Value
    name: str


class Row(Record, frozen=True):
    """The row of a table (its model's item key) in which columns (the model's fields) have these
    values."""

    model: str
    where: tuple[tuple[str, Value], ...]


class Given(Record, frozen=True):
    """What another gate lets through: its key."""

    gate: str


class Lower(Record, frozen=True):
    """A text in lower case."""

    of: Value


Value: TypeAlias = Carried | Setting | Text | Claims | Part | Row | Given | Lower


class Missing(Record, frozen=True):
    """There is no such value: nothing is carried, no such claim or row; an empty text counts."""

    value: Value


class Bad(Record, frozen=True):
    """A token isn't good; `expired` asks whether it only came too late."""

    claims: Claims
    expired: bool = False


class Among(Record, frozen=True):
    """A value is one of these: texts, numbers or truths."""

    value: Value
    of: tuple[str | int | bool, ...]


class Holds(Record, frozen=True):
    """A list, or a text of words, has this text in it."""

    value: Value
    text: str


class Same(Record, frozen=True):
    """Two values are equal."""

    one: Value
    other: Value


class Begins(Record, frozen=True):
    """A text begins so."""

    value: Value
    prefix: str


class Flag(Record, frozen=True):
    """A value counts as true in Python."""

    value: Value


Test: TypeAlias = Missing | Bad | Among | Holds | Same | Begins | Flag


class Pass(Record, frozen=True):
    """Who comes here is let in, with a value for the handler; None where that isn't known, or
    where it is nothing (`is_none`)."""

    value: Value | None = None
    is_none: bool = False


class Refuse(Record, frozen=True):
    """Who comes here is answered so; `detail` is JSON."""

    status: int
    detail: str


class Hole(Record, frozen=True):
    """From here on it isn't known what the backend does: the Python, and what is answered until
    somebody has ported that."""

    python: tuple[str, ...]
    refuse: Refuse
    why: str


class Branch(Record, frozen=True):
    """A decision."""

    test: Test
    then: Tree
    other: Tree


class Through(Record, frozen=True):
    """First another gate must let one through."""

    gate: str
    then: Tree


Tree: TypeAlias = Pass | Refuse | Hole | Branch | Through


class Gate(Record, frozen=True):
    """A dependency that guards endpoints, or that such a one rests on.

    `name` is the dependency's in code, `source` its Python; `made_with` what a factory made it
    with, or the scopes that are asked for. `level` is that of the guard that it is by itself.
    """

    key: str
    name: str
    tree: Tree
    level: GuardLevel = "user"
    made_with: tuple[str, ...] = ()
    source: tuple[str, ...] = ()


class Auth(Record, frozen=True):
    """A backend's gates, each behind those that it rests on, and which of them stand before each
    endpoint (its id), in FastAPI's order."""

    gates: tuple[Gate, ...]
    endpoints: tuple[tuple[str, tuple[str, ...]], ...] = ()


def leaves(tree: Tree) -> tuple[Tree, ...]:
    """What may come of a tree, each once."""
    if isinstance(tree, Branch):
        return tuple(dict.fromkeys((*leaves(tree.then), *leaves(tree.other))))
    return leaves(tree.then) if isinstance(tree, Through) else (tree,)


_VALUES = (Carried, Setting, Text, Claims, Part, Row, Given, Lower)


def values_in(tree: Tree) -> Iterator[Value]:
    """Every value that a tree looks at or hands on, with those that it is made of."""
    if isinstance(tree, Branch):
        for name in tree.test.__struct_fields__:
            part = getattr(tree.test, name)
            if isinstance(part, _VALUES):
                yield from _whole(part)
        yield from values_in(tree.then)
        yield from values_in(tree.other)
    elif isinstance(tree, Through):
        yield from values_in(tree.then)
    elif isinstance(tree, Pass) and tree.value is not None:
        yield from _whole(tree.value)


def _whole(value: Value) -> Iterator[Value]:
    yield value
    if isinstance(value, Claims):
        yield from _whole(value.token)
        yield from _whole(value.secret)
    elif isinstance(value, (Part, Lower)):
        yield from _whole(value.of)
    elif isinstance(value, Row):
        for _, one in value.where:
            yield from _whole(one)
