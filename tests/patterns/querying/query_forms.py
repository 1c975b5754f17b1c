"""SQLAlchemy's query API (its docs, "Legacy Query API")."""

from __future__ import annotations

from tests.patterns.querying.forms import Form

NUL = "PostgreSQL refuses NUL in a text"
_ROW, _NUMBER, _TRUTH = "Optional[Thing]", "int", "bool"
_A, _N = "a: str", "n: int"
_TWO = ({"a": "3"}, {"a": "'x"}, {"a": "none"})
_NAMES = ({"a": "it's"}, {"a": "b%"}, {"a": "no"})

QUERY_FORMS = (
    Form("db.query(Thing).all()", edge="all rows"),
    Form("db.query(Thing).filter_by(name=a).all()", _A, _NAMES),
    Form("db.query(Thing).filter_by(name=a, hidden=False).all()", _A, ({"a": "it's"},)),
    Form("db.query(Thing).filter_by(name=a).all()", "a: Optional[str]",
         ({"a": None}, {"a": "b%"}, {"a": "it's"})),
    Form("db.query(Thing).filter_by(name=None).all()"),
    Form("db.query(Thing).filter(Thing.name == a).all()", _A, _NAMES),
    Form("db.query(Thing).filter(Thing.name != a).all()", _A, _NAMES),
    Form("db.query(Thing).filter(Thing.name == None).all()"),
    Form("db.query(Thing).filter(Thing.name != None).all()"),
    Form("db.query(Thing).filter(Thing.name.is_(None)).all()"),
    Form("db.query(Thing).filter(Thing.name.isnot(None)).all()"),
    Form("db.query(Thing).filter(Thing.name.is_not(None)).all()"),
    Form("db.query(Thing).filter(Thing.count > n).all()", _N, ({"n": 2},)),
    Form("db.query(Thing).filter(Thing.count >= n).all()", _N, ({"n": 2},)),
    Form("db.query(Thing).filter(Thing.count < n).all()", _N, ({"n": 3},)),
    Form("db.query(Thing).filter(Thing.count <= 3).all()"),
    Form("db.query(Thing).filter(Thing.count < Thing.order).all()"),
    Form("db.query(Thing).filter(Thing.weight > w).all()", "w: float", ({"w": 1.5},)),
    Form("db.query(Thing).filter(Thing.hidden).all()"),
    Form("db.query(Thing).filter(~Thing.hidden).all()"),
    Form("db.query(Thing).filter(Thing.hidden == True).all()"),
    Form("db.query(Thing).filter(Thing.count > 1, Thing.hidden == False).all()"),
    Form("db.query(Thing).filter(Thing.count > 1).filter(Thing.count < 5).all()"),
    Form("db.query(Thing).filter(or_(Thing.name == a, Thing.count == n)).all()",
         "a: str, n: int", ({"a": "b%", "n": 3},)),
    Form("db.query(Thing).filter(and_(Thing.count > 1, or_(Thing.count < 3, Thing.hidden))).all()"),
    Form("db.query(Thing).filter((Thing.count == 1) | (Thing.count == 3)).all()"),
    Form("db.query(Thing).filter((Thing.count > 1) & (Thing.count < 4)).all()"),
    Form("db.query(Thing).filter(not_(or_(Thing.count == 1, Thing.count == 3))).all()"),
    Form("db.query(Thing).filter(Thing.name.like(a)).all()", _A,
         ({"a": "b%"}, {"a": "B%"}, {"a": "%'%"}, {"a": "_%"})),
    Form("db.query(Thing).filter(Thing.name.ilike(f'%{a}%')).all()", _A,
         ({"a": "IT"}, {"a": "'"}, {"a": "%"})),
    Form("db.query(Thing).filter(Thing.name.contains(a)).all()", _A, ({"a": "t"}, {"a": "%"})),
    Form("db.query(Thing).filter(Thing.name.startswith(a)).all()", _A, ({"a": "it"},)),
    Form("db.query(Thing).filter(Thing.name.endswith(a)).all()", _A, ({"a": "s"}, {"a": "%"})),
    Form("db.query(Thing).filter(Thing.id.in_(ids)).all()", "ids: list[str]",
         ({"ids": ["1", "3", "'x"]}, {"ids": []})),
    Form("db.query(Thing).filter(Thing.id.notin_(ids)).all()", "ids: list[str]",
         ({"ids": ["1", "3"]}, {"ids": []})),
    Form("db.query(Thing).filter(Thing.count.in_([1, n])).all()", _N, ({"n": 3},)),
    Form("db.query(Thing).filter(Thing.count > 1).order_by(Thing.order.desc()).all()"),
    Form("db.query(Thing).filter(Thing.name != None)"
         ".order_by(Thing.hidden, Thing.name.asc(), Thing.id).all()"),
    Form("db.query(Thing).order_by(Thing.order).limit(n).all()", _N, ({"n": 2}, {"n": 0})),
    Form("db.query(Thing).order_by(Thing.order).offset(n).all()", _N, ({"n": 2}, {"n": 20})),
    Form("db.query(Thing).order_by(Thing.order).offset(1).limit(n).all()", _N, ({"n": 2},)),
    Form("db.query(Thing).filter_by(id=a).first()", _A, _TWO, _ROW),
    Form("db.query(Thing).filter(Thing.order < n).order_by(Thing.order.desc()).first()",
         _N, ({"n": 3}, {"n": 9}, {"n": 0}), _ROW),
    Form("db.get(Thing, a)", _A, _TWO, _ROW),
    Form("db.query(Thing).count()", gives=_NUMBER, edge="of all rows"),
    Form("db.query(Thing).filter(Thing.count > n).count()", _N, ({"n": 1}, {"n": 4}), _NUMBER),
    Form("db.query(db.query(Thing).filter_by(name=a).exists()).scalar()", _A, _NAMES, _TRUTH),
    Form("db.query(Thing).filter_by(name=a).all()", _A, ({"a": "nul \0"},),
         edge=NUL),
)  # fmt: skip
