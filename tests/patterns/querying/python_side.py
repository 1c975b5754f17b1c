"""Asks the backend's functions; a program of its own, so that its modules are.

    python python_side.py < JSON

The folder it is started in is the backend's, DATA its database. What is read: for each `module` its
`row` class, `columns` and `rows` of its `table`, `reset`, and `forms`, each a function's name, the
calls, and whether it writes. Printed is one line for each call: what it gives, or that it was
refused; and the table's rows behind a write.
"""

from __future__ import annotations

import importlib
import json
import sys
from typing import Any, cast

import peewee
from sqlalchemy import MetaData, Table, insert, text
from sqlalchemy.exc import SQLAlchemyError

_REFUSED = (SQLAlchemyError, peewee.PeeweeException, peewee.DoesNotExist)


def main() -> None:
    """Makes the tables, keeps their rows beside them, and asks."""
    sys.path.insert(0, ".")
    engine = importlib.import_module("app.database").engine
    for asked in json.load(sys.stdin):
        module = importlib.import_module(f"app.{asked['module']}")
        module.fill()
        table = Table(asked["table"], MetaData(), autoload_with=engine)
        columns: list[str] = asked["columns"]
        with engine.begin() as connection:
            rows = [dict(zip(columns, row, strict=True)) for row in asked["rows"]]
            connection.execute(insert(table), rows)
            kept = f"CREATE TABLE {table.name}_before AS SELECT * FROM {table}"  # noqa: S608 - names of our own tables
            connection.execute(text(kept))
            for one in asked["reset"]:
                connection.execute(text(one))
        for name, calls, writes in asked["forms"]:
            for given in calls:
                answer = _answer(module, asked["row"], columns, name, given)
                found: list[Any] = []
                if writes:
                    with engine.begin() as connection:
                        every = connection.execute(table.select().order_by(table.c.id))
                        found = [dict(one) for one in every.mappings()]
                        for one in asked["reset"]:
                            connection.execute(text(one))
                line = [f"{asked['module']}.{name}", answer, found]
                # PostgreSQL's sums are of as many digits as it takes.
                print(json.dumps(line, default=float), flush=True)


def _answer(module: Any, row: str, columns: list[str], name: str, given: Any) -> Any:
    def told(value: Any) -> Any:
        if isinstance(value, (list, tuple)):
            return [told(one) for one in cast("list[Any]", value)]
        if isinstance(value, getattr(module, row)):
            return {one: getattr(value, one) for one in columns}
        return value

    try:
        return {"gives": told(getattr(module, name)(**given))}
    except _REFUSED:
        return "refused"
    finally:
        if hasattr(module, "database"):
            module.database.close()


if __name__ == "__main__":
    main()
