"""SQLAlchemy's 2.0 statements (its docs, "ORM Querying Guide")."""

from __future__ import annotations

from tests.patterns.querying.forms import Form

SELECT_FORMS = (
    Form("db.execute(select(Thing).where(Thing.count > n).order_by(Thing.id)).scalars().all()",
         "n: int", ({"n": 1},)),
    Form("db.scalars(select(Thing).filter_by(hidden=True)).all()"),
    Form("db.execute(select(Thing).where(Thing.id == a)).scalars().first()", "a: str",
         ({"a": "4"}, {"a": "'x"}, {"a": "no"}), "Optional[Thing]"),
)  # fmt: skip
