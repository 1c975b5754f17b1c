"""Lookups in the database: SQLAlchemy's, SQLModel's and Peewee's, one table at a time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from port_lsp.facts.items import Model
from port_lsp.python.gates.values import SYMBOLIC, Column, Const, Known, Query
from port_lsp.types import auth as t

_ROWS = frozenset(
    ("first", "one_or_none", "scalar_one_or_none", "one", "scalar_one", "get_or_none", "scalar",
     "unique_one_or_none")
)  # fmt: skip
_SAME = frozenset(
    ("options", "limit", "scalars", "unique", "all", "execution_options", "with_for_update",
     "order_by", "mappings")
)  # fmt: skip
_FILTERS = frozenset(("filter", "where"))


class Tables:
    """The backend's tables by their models' item keys."""

    def __init__(self, models: Mapping[str, Model]) -> None:
        """`models` are those that are tables."""
        self.models = models

    def primary(self, key: str) -> str:
        """The field that is the primary key, else `id`."""
        for field in self.models[key].fields:
            if any(one.name == "primary_key" and one.value == "True" for one in field.constraints):
                return field.name
        return "id"

    def has(self, key: str, name: str) -> bool:
        """Whether a model has a field."""
        return any(field.name == name for field in self.models[key].fields)

    def method(
        self, of: Known, name: str, args: Sequence[Known], words: Mapping[str, Known]
    ) -> Known | None:
        """A method of a query, or one that begins or ends one; None for another."""
        if isinstance(of, Query):
            return self._of_query(of, name, args, words)
        query = next((one for one in args if isinstance(one, Query)), None)
        if query is not None:  # db.execute(query), session.scalar(query)
            return self._row(query) if name in ("scalar", "fetch_one", "fetchrow") else query
        whole = (one.model for one in args if isinstance(one, Column) and not one.name)
        model = next(whole, None)
        if model is not None and name in ("query", "select"):
            return Query(model)
        if model is not None and name == "get" and len(args) + len(words) == 2:
            given = args[1] if len(args) == 2 else next(iter(words.values()))
            return self._row(Query(model, (self._equal(model, self.primary(model), given),)))
        return None

    def of_model(
        self, model: str, name: str, args: Sequence[Known], words: Mapping[str, Known]
    ) -> Known | None:
        """A method of a model itself: Peewee's `User.get_or_none(User.id == 1)`."""
        if name in ("get_or_none", "get"):
            whole = self._of_query(Query(model), "where", args, words)
            return self._row(whole) if isinstance(whole, Query) and whole.where else None
        if name == "get_by_id" and args:
            return self._row(Query(model, (self._equal(model, self.primary(model), args[0]),)))
        return Query(model) if name == "select" else None

    def _of_query(
        self, of: Query, name: str, args: Sequence[Known], words: Mapping[str, Known]
    ) -> Known | None:
        if name in _FILTERS:
            where = tuple(_condition(one) for one in args)
            return Query(of.model, (*of.where, *where))
        if name == "filter_by":
            more = tuple(self._equal(of.model, key, value) for key, value in words.items())
            return Query(of.model, (*of.where, *more))
        if name == "get" and args:
            equal = self._equal(of.model, self.primary(of.model), args[0])
            return self._row(Query(of.model, (*of.where, equal)))
        if name in _ROWS:
            return self._row(of)
        return of if name in _SAME else None

    def _row(self, query: Query) -> Known | None:
        if not query.where or any(one is None for one in query.where):
            return None
        return t.Row(query.model, tuple(one for one in query.where if one is not None))

    def _equal(self, model: str, name: str, value: Known) -> tuple[str, t.Value] | None:
        given = _value(value)
        return (name, given) if given is not None and self.has(model, name) else None


def equality(left: Known, right: Known) -> Query | None:
    """`User.id == user_id` as a condition of a query; None for other comparisons."""
    column, other = (left, right) if isinstance(left, Column) else (right, left)
    given = _value(other)
    if not isinstance(column, Column) or not column.name or given is None:
        return None
    return Query("", ((f"{column.model}.{column.name}", given),))


def _condition(one: Known) -> tuple[str, t.Value] | None:
    if isinstance(one, Query) and not one.model and len(one.where) == 1:
        found = one.where[0]
        return (found[0].rpartition(".")[2], found[1]) if found is not None else None
    return None


def _value(one: Known) -> t.Value | None:
    if isinstance(one, SYMBOLIC):
        return one
    if isinstance(one, Const) and isinstance(one.value, str):
        return t.Text(one.value)
    return None
