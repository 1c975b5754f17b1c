"""SQLAlchemy's 2.0 statements (its docs, "ORM Querying Guide")."""

from __future__ import annotations

from tests.patterns.querying.forms import Form, Given

_A, _N = "a: str", "n: int"
_KEYS = ({"a": "4"}, {"a": "9"}, {"a": "no"})
_NAMES = ({"a": "it's"}, {"a": "b%"}, {"a": "no"})
_ALONE = ({"a": "%"}, {"a": "It is"}, {"a": "no"})
_ROW, _MORE = "Optional[Thing]", ({"n": 2},)


def _rows(clauses: str, params: str = "", calls: tuple[Given, ...] = ({},)) -> Form:
    return Form(f"db.scalars(select(Thing).{clauses}).all()", params, calls)


SELECT_FORMS = (
    Form("db.execute(select(Thing).where(Thing.count > n).order_by(Thing.id)).scalars().all()",
         _N, ({"n": 1},)),
    _rows("filter_by(hidden=True)"),
    _rows("where(Thing.name == a)", _A, _NAMES),
    _rows("where(Thing.name.is_(None))"),
    _rows("where(Thing.count >= n, Thing.hidden == False)", _N, _MORE),
    _rows("where(or_(Thing.name == a, Thing.count == 3))", _A, _NAMES),
    _rows("where(and_(Thing.count > n, not_(Thing.hidden)))", _N, _MORE),
    _rows("where((Thing.count == n) | (Thing.order == n))", _N, _MORE),
    _rows("where(Thing.name.ilike(a))", _A, ({"a": "%T%"}, {"a": "B%"})),
    _rows("where(Thing.name.startswith(a))", _A, ({"a": "b"},)),
    _rows("where(Thing.id.in_(ids))", "ids: list[str]", ({"ids": ["1", "5"]}, {"ids": []})),
    _rows("where(Thing.count.in_([1, 3]))"),
    _rows("where(Thing.count.between(n, 4))", _N, _MORE),
    _rows("where(func.lower(Thing.name) == a)", _A, _NAMES),
    _rows("order_by(Thing.order.desc()).limit(n)", _N, _MORE),
    _rows("order_by(desc(Thing.order)).offset(n).limit(3)", _N, _MORE),
    _rows("where(Thing.count > n).order_by(Thing.hidden, asc(Thing.id))", _N, _MORE),
    _rows("where(Thing.id.in_(select(Part.thing_id)))"),
    _rows("where(select(Part.id).where(Part.thing_id == Thing.id).exists())"),
    Form("db.execute(select(Thing).where(Thing.id == a)).scalars().first()", _A, _KEYS, _ROW),
    Form("db.execute(select(Thing).where(Thing.id == a)).scalar_one_or_none()", _A, _KEYS, _ROW),
    Form("db.scalar(select(Thing).where(Thing.id == a))", _A, _KEYS, _ROW),
    Form("db.scalars(select(Thing).where(Thing.id == a)).one_or_none()", _A, _KEYS, _ROW),
    Form("db.execute(select(Thing).where(Thing.name == a)).scalar_one_or_none()", _A, _ALONE,
         _ROW),
    Form("db.query(Thing).filter(Thing.name == a).one_or_none()", _A, _ALONE, _ROW),
    Form("db.scalars(select(Thing).where(Thing.name == a)).one_or_none()", _A, ({"a": "it's"},),
         _ROW, edge="several rows are refused"),
    Form("db.scalars(select(Thing).order_by(Thing.id).where(Thing.order < n)).first()", _N,
         ({"n": 2}, {"n": 3}), _ROW),
    Form("db.scalars(select(Thing.name).where(Thing.count > n).order_by(Thing.id)).all()", _N,
         _MORE, "list[Optional[str]]"),
    Form("db.scalar(select(func.count()).select_from(Thing).where(Thing.count > n))", _N,
         ({"n": 1}, {"n": 4}), "int"),
    Form("db.execute(select(func.count(Thing.id)).where(Thing.name == a)).scalar_one()", _A,
         _NAMES, "int"),
    Form("db.scalar(select(func.max(Thing.count)).where(Thing.count < n))", _N,
         ({"n": 3}, {"n": 5}), "Optional[int]"),
    Form("query = select(Thing).where(Thing.count > n)\nquery = query.order_by(Thing.id)\n"
         "return db.scalars(query).all()", _N, _MORE),
    Form("db.scalars(select(Thing).join(Part, Part.thing_id == Thing.id)"
         ".where(Part.size > n).order_by(Thing.id)).all()", _N, _MORE),
)  # fmt: skip
