"""Asks the backend's functions; a program of its own, so that its modules are.

    python python_side.py MODULE BASE CLASS < JSON

The folder it is started in is the backend's, DATA its database. What is read: `columns` and `rows`
of the table, and `forms`, each a function's name, the calls, and whether it writes. Printed is one
line for each call: what it gives, or that it was refused; and the table's rows behind a
write.
"""

from __future__ import annotations

import importlib
import json
import sys
from typing import Any, cast

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, NoResultFound
from sqlalchemy.orm import Session

RESET = ("DELETE FROM thing", "INSERT INTO thing SELECT * FROM thing_before")


def main() -> None:
    """Makes the table, keeps its rows beside it, and asks."""
    sys.path.insert(0, ".")
    asked = json.load(sys.stdin)
    module = importlib.import_module("app.things")
    engine = importlib.import_module("app.database").engine
    module.Base.metadata.create_all(engine)
    columns: list[str] = asked["columns"]
    with Session(engine) as session:
        session.add_all(
            module.Thing(**dict(zip(columns, row, strict=True))) for row in asked["rows"]
        )
        session.commit()
        session.execute(text("CREATE TABLE thing_before AS SELECT * FROM thing"))
        session.commit()

    def told(value: Any) -> Any:
        if isinstance(value, (list, tuple)):
            return [told(one) for one in cast("list[Any]", value)]
        if isinstance(value, module.Thing):
            return {one: getattr(value, one) for one in columns}
        return value

    for name, calls, writes in asked["forms"]:
        for given in calls:
            try:
                answer: Any = {"gives": told(getattr(module, name)(**given))}
            except (DBAPIError, NoResultFound):
                answer = "refused"
            with Session(engine) as session:
                every = session.query(module.Thing).order_by(module.Thing.id)
                rows: Any = told(every.all()) if writes else []
                # PostgreSQL's sums are of as many digits as it takes.
                print(json.dumps([name, answer, rows], default=float), flush=True)
                for one in RESET if writes else ():
                    session.execute(text(one))
                session.commit()


if __name__ == "__main__":
    main()
