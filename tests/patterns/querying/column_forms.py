"""Columns, functions of SQL, groups, statements inside of others."""

from __future__ import annotations

from tests.patterns.querying.forms import Form

_A, _N = "a: str", "n: int"
_NAMES = ({"a": "it's"}, {"a": "b%"}, {"a": "no"})
_NUMBERS = ({"n": 1}, {"n": 3}, {"n": 8})
_SIGNS = ({"a": "%"}, {"a": "'"}, {"a": "_"})

COLUMN_FORMS = (
    Form("db.scalar(select(func.count()).select_from(Thing).where(Thing.count > n))", _N,
         _NUMBERS, "int"),
    Form("db.scalar(select(func.count(Thing.name)).where(Thing.count > n))", _N, _NUMBERS, "int"),
    Form("db.execute(select(func.count(Thing.id)).where(Thing.name == a)).scalar_one()", _A,
         _NAMES, "int"),
    Form("db.execute(select(func.count(Thing.id)).where(Thing.name == a)).scalar()", _A,
         _NAMES, "int"),
    Form("db.query(func.count(Thing.id)).filter(Thing.name == a).scalar()", _A, _NAMES, "int"),
    Form("db.scalar(select(func.count(func.distinct(Thing.name))).where(Thing.count > n))", _N,
         _NUMBERS, "int"),
    Form("db.query(func.max(Thing.count)).filter(Thing.name == a).scalar()", _A, _NAMES,
         "Optional[int]"),
    Form("db.query(func.min(Thing.order)).filter(Thing.name == a).scalar()", _A, _NAMES,
         "Optional[int]"),
    Form("db.scalar(select(func.sum(Thing.count)).where(Thing.order > n))", _N, _NUMBERS,
         "Optional[int]"),
    Form("db.scalar(select(func.sum(Thing.weight)).where(Thing.order > n))", _N, _NUMBERS,
         "Optional[float]"),
    Form("db.scalar(select(func.avg(Thing.weight)).where(Thing.order > n))", _N, _NUMBERS,
         "Optional[float]"),
    Form("db.scalars(select(Thing.id).where(Thing.count > n)).all()", _N, _NUMBERS, "list[str]"),
    Form("db.scalars(select(Thing.name).where(Thing.count > n).order_by(Thing.id)).all()", _N,
         _NUMBERS, "list[Optional[str]]"),
    Form("list(db.scalars(select(Thing.id).where(Thing.hidden)))", gives="list[str]"),
    Form("db.scalar(select(Thing.name).where(Thing.id == a))", _A,
         ({"a": "1"}, {"a": "3"}, {"a": "no"}, {"a": "2"}), "Optional[str]"),
    Form("db.execute(select(Thing.name).where(Thing.id == a)).scalar_one_or_none()", _A,
         ({"a": "1"}, {"a": "3"}, {"a": "no"}, {"a": "2"}), "Optional[str]"),
    Form("db.scalars(select(Thing.name).distinct().where(Thing.name != None)).all()",
         gives="list[Optional[str]]"),
    Form("db.scalars(select(Thing.name).group_by(Thing.name).having(func.count() > 1)).all()",
         gives="list[Optional[str]]"),
    Form("db.query(Thing).filter(func.lower(Thing.name) == a).all()", _A,
         ({"a": "it is"}, {"a": "b-four"}, {"a": "it's"})),
    Form("db.query(Thing).filter(func.length(Thing.name) > n).all()", _N, ({"n": 3}, {"n": 2})),
    Form("db.query(Thing).filter(func.coalesce(Thing.count, 0) < n).all()", _N,
         ({"n": 2}, {"n": 3})),
    Form("db.query(Thing).filter(Thing.count.between(n, 4)).all()", _N, ({"n": 2}, {"n": 9})),
    Form("db.query(Thing).filter(Thing.hidden.is_(True)).all()"),
    Form("db.query(Thing).filter(Thing.hidden.is_not(True)).all()"),
    Form("db.query(Thing).filter(Thing.name.not_like(a)).all()", _A, ({"a": "b%"}, {"a": "%'%"})),
    Form("db.query(Thing).filter(Thing.name.contains(a, autoescape=True)).all()", _A, _SIGNS),
    Form("db.query(Thing).filter(Thing.name.startswith(a, autoescape=True)).all()", _A,
         ({"a": "it"}, {"a": "%"}, {"a": "b%"})),
    Form("db.query(Thing).filter(Thing.name.endswith(a, autoescape=True)).all()", _A,
         ({"a": "%"}, {"a": "s"})),
    Form("db.query(Thing).filter(Thing.name != a).all()", "a: Optional[str]",
         ({"a": None}, {"a": "b%"}, {"a": "it's"})),
    Form("db.query(Thing).filter(n < Thing.count).all()", _N, _NUMBERS),
    Form("db.query(Thing).filter(Thing.count == Thing.order).all()", edge="few rows"),
    Form("db.query(Thing).filter(Thing.count != Thing.order, Thing.count > 1).all()"),
    Form("db.query(Thing).filter(and_(*[Thing.count > n, Thing.hidden])).all()", _N, _NUMBERS),
    Form("db.query(Thing).filter(*[Thing.count > n, Thing.hidden]).all()", _N, _NUMBERS),
    Form("db.query(Thing).filter(~or_(Thing.hidden, Thing.count > n)).all()", _N, _NUMBERS),
    Form("db.query(Thing).filter(Thing.count > 1)"
         ".order_by(desc(Thing.name).nullslast(), Thing.id).all()"),
    Form("db.query(Thing).filter(Thing.count > 1)"
         ".order_by(Thing.name.asc().nulls_first(), Thing.id).all()"),
    Form("db.query(Thing).filter(Thing.count > 1)"
         ".order_by(func.lower(Thing.name), Thing.id).all()", edge="words are ordered otherwise"),
    Form("db.query(Thing).filter_by(id=a).one_or_none()", _A,
         ({"a": "1"}, {"a": "2"}, {"a": "no"}), "Optional[Thing]"),
    Form("db.query(Thing).filter_by(id=a).one()", _A, ({"a": "1"}, {"a": "2"}, {"a": "no"}),
         "Thing"),
    Form("db.execute(select(Thing).where(Thing.id == a)).scalar_one_or_none()", _A,
         ({"a": "1"}, {"a": "2"}, {"a": "no"}), "Optional[Thing]"),
    Form("db.scalars(select(Thing).where(Thing.id == a)).one()", _A,
         ({"a": "1"}, {"a": "2"}, {"a": "no"}), "Thing"),
    Form("db.query(Thing).filter(Thing.hidden).limit(n).count()", _N, ({"n": 2}, {"n": 3}), "int"),
    Form("db.query(Thing).filter(Thing.count > n).distinct().count()", _N, _NUMBERS, "int"),
    Form("db.scalar(select(func.count()).select_from(select(Thing).where(Thing.count > n)"
         ".subquery()))", _N, _NUMBERS, "int"),
    Form("db.query(Thing).get(a)", _A, ({"a": "1"}, {"a": "2"}, {"a": "no"}), "Optional[Thing]"),
    Form("db.scalars(select(Thing).where(Thing.count > n)"
         ".execution_options(populate_existing=True)).all()", _N, _NUMBERS),

)  # fmt: skip
