"""What classes of rows say of each other: SQLAlchemy's `relationship`, SQLModel's `Relationship`.

SQLAlchemy: its docs, "Basic Relationship Patterns" (which side has the key says which of them is
many), "Cascades", "Using Passive Deletes". Who deletes a row that others belong to changes these,
too, unless nobody told the session of them; who deletes one that belongs to another doesn't.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from port_lsp.facts.source import Record
from port_lsp.patterns.desk import Desk
from port_lsp.patterns.translate.binding import dotted
from port_lsp.patterns.translate.ownclasses import own_class
from port_lsp.patterns.translate.schemas import schema_at
from port_lsp.types import meanings as m
from port_lsp.types.schema import ModelSchema

_CALLED = re.compile(rb"elationship\(")
_SAYS = frozenset(("relationship", "Relationship"))
_WRAPS = frozenset(("Mapped", "List", "list", "Optional", "Union", "None", "Set", "set"))
# Of which of the two sides has the key nothing is known then.
_OTHERWISE = frozenset((
    "secondary", "primaryjoin", "secondaryjoin", "foreign_keys", "remote_side", "link_model",
    "sa_relationship", "sa_relationship_args",
))  # fmt: skip


class Relation(Record, frozen=True):
    """An attribute of a class (item key) for rows of another one, by the name that it is called
    by; `words` are what it says, None for what isn't written out."""

    owner: str
    name: str
    target: str
    words: dict[str, object]


class Relations:
    """Those of a backend. State: read once for each revision."""

    def __init__(self, desk: Desk) -> None:
        """Of the desk's backend."""
        self._desk = desk
        backend = desk.snapshot.backend
        models = backend.models if backend is not None else ()
        self._rows = [one.key for one in models if _is_row(desk, one.key)]
        self._all = [one for key in self._rows for one in _of_class(desk, key)]
        every = sum(
            len(_CALLED.findall(one.text.data)) for one in desk.snapshot.backend_files.values()
        )
        self._is_whole = len(self._all) == every

    def takes_along(self, key: str) -> bool:
        """Whether the deletion of a row of a class may change others'."""
        if not self._is_whole:
            return True
        name = key.rpartition("::")[2]
        for one in self._all:
            if one.owner == key and not self._belongs(one):
                return True
            if one.target == name and "backref" in one.words and not self._has_many(one):
                return True
        return False

    def _belongs(self, one: Relation) -> bool:
        """Whether rows of the class have the key, and nothing goes with them."""
        if {"sa_relationship_kwargs", "cascade_delete", "**"} & set(one.words):
            return False
        cascade = one.words.get("cascade", "")
        if not isinstance(cascade, str) or re.search(r"\b(?:all|delete)\b", cascade):
            return False
        return self._sides(one) == (True, False)

    def _has_many(self, one: Relation) -> bool:
        return self._sides(one) == (False, True)

    def _sides(self, one: Relation) -> tuple[bool, bool]:
        """Whether the class, and the other one, has a key of the other; both where that isn't
        known."""
        found = [key for key in self._rows if key.rpartition("::")[2] == one.target]
        own = schema_at(self._desk, one.owner)
        other = schema_at(self._desk, found[0]) if len(found) == 1 else None
        if own is None or other is None or not _OTHERWISE.isdisjoint(one.words):
            return True, True
        return _points(own, other), _points(other, own)


def _is_row(desk: Desk, key: str) -> bool:
    schema = schema_at(desk, key)
    return schema is not None and schema.table is not None


def _points(one: ModelSchema, other: ModelSchema) -> bool:
    """Whether a table has a foreign key of another one."""
    table = (other.table or "").rpartition(".")[2]
    keys = [dict(field.keys).get("foreign_key", "") for field in one.fields]
    return any(key.rpartition(".")[0].rpartition(".")[2] == table for key in keys if key)


def _of_class(desk: Desk, key: str) -> Iterator[Relation]:
    """What a class says itself; of those above it nothing is known, so that these are missed when
    all are counted."""
    file, _, name = key.partition("::")
    own = own_class(desk, file, name)
    for node in own.node.body if own is not None else ():
        if not isinstance(node, (ast.Assign, ast.AnnAssign)) or not isinstance(
            node.value, ast.Call
        ):
            continue
        target = node.target if isinstance(node, ast.AnnAssign) else node.targets[0]
        word = dotted(node.value.func).rpartition(".")[2]
        if word not in _SAYS or not isinstance(target, ast.Name):
            continue
        said = node.annotation if isinstance(node, ast.AnnAssign) else None
        words = {one.arg or "**": _constant(one.value) for one in node.value.keywords}
        if len(node.value.args) > 1:
            words["secondary"] = None
        yield Relation(key, target.id, _target(desk, file, node.value, said), words)


def _constant(node: ast.expr) -> object:
    return node.value if isinstance(node, ast.Constant) else None


def _target(desk: Desk, file: str, call: ast.Call, annotation: ast.expr | None) -> str:
    """The name of the other class; "" where it isn't written out."""
    given = call.args[0] if call.args else annotation
    if given is None:
        return ""
    names: list[str] = []
    for one in ast.walk(given):
        if isinstance(one, ast.Constant) and isinstance(one.value, str):
            names += re.findall(r"\w+", one.value.rpartition(".")[2])
        elif isinstance(one, ast.Name):
            meaning = desk.backend.meaning(file, one.id)
            own = isinstance(meaning, m.Kind)
            names.append(meaning.key.rpartition("::")[2] if own else one.id)  # pyright: ignore[reportAttributeAccessIssue] (`own` says so)
        elif isinstance(one, ast.Attribute):
            names.append(one.attr)
    left = [one for one in names if one not in _WRAPS]
    return left[-1] if left else ""


def takes_along(desk: Desk, key: str) -> bool:
    """Whether the deletion of a row of a class (item key) may change rows of other tables."""
    return desk.shares(Relations).takes_along(key)
