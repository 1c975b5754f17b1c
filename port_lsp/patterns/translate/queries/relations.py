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

# What says nothing of which rows it stands for.
_FOLLOWED = frozenset((
    "back_populates", "backref", "cascade", "doc", "foreign_keys", "info", "innerjoin", "lazy",
    "passive_deletes", "passive_updates", "single_parent", "uselist", "viewonly",
))  # fmt: skip
_LISTS = re.compile(r"(?:^|[\[.])[Ll]ist\[").search


class Relation(Record, frozen=True):
    """An attribute of a class (item key) for rows of another one, by the name that it is called
    by; `words` are what it says, None for what isn't written out; the names of columns as a tuple.
    `said` is its annotation."""

    owner: str
    name: str
    target: str
    words: dict[str, object]
    said: str = ""


class Related(Record, frozen=True):
    """The rows that a relation stands for: those of a class (item key) whose column (Python's name)
    is what the own row has in one of its own; many, or one at most."""

    target: str
    column: str
    own: str
    many: bool


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

    def of(self, key: str, name: str) -> Related | None:
        """What an attribute of a class stands for; None for another attribute, and where it isn't
        known which rows these are."""
        found = [one for one in self._all if (one.owner, one.name) == (key, name)]
        if len(found) != 1 or not set(found[0].words) <= _FOLLOWED:
            return None
        (one,) = found
        if not _is_loaded(one.words.get("lazy", "select")):
            return None
        others = [each for each in self._rows if each.rpartition("::")[2] == one.target]
        own = schema_at(self._desk, key)
        other = schema_at(self._desk, others[0]) if len(others) == 1 else None
        if own is None or other is None or others == [key]:
            return None
        here, there = _keys_of(own, other), _keys_of(other, own)
        if "foreign_keys" in one.words:
            by = one.words["foreign_keys"]
            here = [each for each in here if isinstance(by, tuple) and each[0] in by]
            there = [each for each in there if isinstance(by, tuple) and each[0] in by]
        if len(here) + len(there) != 1:
            return None
        if here:
            return Related(others[0], here[0][1], here[0][0], many=False)
        if one.words.get("uselist", True) is not True or (one.said and not _LISTS(one.said)):
            return None
        return Related(others[0], there[0][0], there[0][1], many=True)

    def is_told(self, key: str, name: str) -> bool:
        """Whether other classes may give rows of a class an attribute of a name (`backref`)."""
        target = key.rpartition("::")[2]
        return not self._is_whole or any(
            "backref" in one.words and one.target in ("", target)
            and one.words["backref"] in (None, name)
            for one in self._all
        )  # fmt: skip

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


def _keys_of(one: ModelSchema, other: ModelSchema) -> list[tuple[str, str]]:
    """The fields of a table that are keys of another one, each with that one's field."""
    table = (other.table or "").rpartition(".")[2]
    columns = {each.column or each.name: each.name for each in other.fields}
    found: list[tuple[str, str]] = []
    for field in one.fields:
        of, _, column = dict(field.keys).get("foreign_key", "").rpartition(".")
        if of.rpartition(".")[2] == table and column in columns:
            found.append((field.name, columns[column]))
    return found


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
        if "foreign_keys" in words:
            by = next(one.value for one in node.value.keywords if one.arg == "foreign_keys")
            words["foreign_keys"] = _columns(by)
        if len(node.value.args) > 1:
            words["secondary"] = None
        text = ast.unparse(said) if said is not None else ""
        yield Relation(key, target.id, _target(desk, file, node.value, said), words, text)


def _constant(node: ast.expr) -> object:
    return node.value if isinstance(node, ast.Constant) else None


def _columns(node: ast.expr) -> tuple[str, ...] | None:
    """The names of columns: `[user_id]`, `"Post.user_id"`; None where these aren't written out."""
    items = node.elts if isinstance(node, (ast.List, ast.Tuple)) else [node]
    texts = [
        one.value if isinstance(one, ast.Constant) and isinstance(one.value, str) else dotted(one)
        for one in items
    ]
    names = [one.strip("[] ").rpartition(".")[2] for one in texts]
    return tuple(names) if all(one.isidentifier() for one in names) else None


def _is_loaded(lazy: object) -> bool:
    """Whether reading the attribute gives all of the rows (SQLAlchemy's docs, "Relationship Loading
    Techniques")."""
    return lazy in ("select", "selectin", "joined", "subquery", "immediate", True, False)


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
