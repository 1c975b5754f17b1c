"""Queries that are put together in steps, also under conditions; several writes of one commit."""

from __future__ import annotations

from tests.patterns.querying.forms import Form

_A, _N = "a: str", "n: int"
_MAYBE_A, _MAYBE_N = "a: Optional[str] = None", "n: Optional[int] = None"
_NAMES = ({"a": "it's"}, {"a": "b%"}, {"a": "no"})
_NUMBERS = ({"n": 1}, {"n": 3}, {"n": 0})
_ROW = "Optional[Thing]"

STEP_FORMS = (
    Form("query = db.query(Thing)\nquery = query.filter(Thing.count > n)\nreturn query.all()",
         _N, _NUMBERS),
    Form("query = db.query(Thing).filter_by(name=a)\nreturn query.order_by(Thing.id).all()",
         _A, _NAMES),
    Form("query = select(Thing).where(Thing.count > n).order_by(Thing.id)\n"
         "return list(db.scalars(query))", _N, _NUMBERS),
    Form("query = select(Thing).where(Thing.name == a)\n"
         "return db.execute(query).scalars().all()", _A, _NAMES),
    Form("found = or_(Thing.name.contains(a), Thing.id == a)\n"
         "return list(db.scalars(select(Thing).where(found)))", _A, ({"a": "t"}, {"a": "3"})),
    Form("small = Thing.count < n\nnamed = Thing.name != None\n"
         "return db.query(Thing).filter(small & named).all()", _N, ({"n": 3}, {"n": 5})),
    Form("things = db.query(Thing).filter(Thing.hidden).order_by(Thing.order)\n"
         "for thing in things:\n    if thing.name == a:\n        return thing\nreturn None", _A,
         ({"a": "b%"}, {"a": "%"}, {"a": "no"}), _ROW),
    Form("query = db.query(Thing).filter(Thing.hidden == False)\n"
         "if a is not None:\n    query = query.filter(Thing.name == a)\n"
         "if n is not None:\n    query = query.filter(Thing.count > n)\n"
         "return query.order_by(Thing.id).all()", f"{_MAYBE_A}, {_MAYBE_N}",
         ({"a": None, "n": None}, {"a": "it's", "n": None}, {"a": "it's", "n": 2},
          {"a": None, "n": 1})),
    Form("query = select(Thing)\nif a is not None:\n"
         "    query = query.where(or_(Thing.name == a, Thing.name == None))\n"
         "query = query.order_by(Thing.order).limit(n).offset(1)\n"
         "return list(db.scalars(query))", f"{_MAYBE_A}, n: int = 3",
         ({"a": None, "n": 3}, {"a": "b%", "n": 3}, {"a": "no", "n": 1})),
    Form("query = db.query(Thing).order_by(Thing.order.desc())\n"
         "if a is not None:\n    query = query.offset(a)\n"
         "if n is not None:\n    query = query.limit(n)\nreturn query.all()",
         f"a: Optional[int] = None, {_MAYBE_N}",
         ({"a": None, "n": None}, {"a": 2, "n": None}, {"a": None, "n": 4}, {"a": 2, "n": 3})),
    Form("query = db.query(Thing).filter(Thing.count > 1)\nif a == 'name':\n"
         "    query = query.order_by(Thing.name.desc(), Thing.id)\nelif a == 'order':\n"
         "    query = query.order_by(Thing.order)\nelse:\n"
         "    query = query.order_by(Thing.id.desc())\nreturn query.limit(4).all()", _A,
         ({"a": "order"}, {"a": "id"})),
    Form("query = db.query(Thing)\nif a == 'order':\n    query = query.order_by(Thing.order)\n"
         "elif a == 'id':\n    query = query.order_by(Thing.id.desc())\n"
         "query = query.filter(Thing.count > n)\nreturn query.all()", "a: str, n: int",
         ({"a": "order", "n": 1}, {"a": "id", "n": 3})),
    Form("query = db.query(Thing)\nif a:\n    query = query.filter(Thing.name.ilike(f'%{a}%'))\n"
         "return query.count()", _MAYBE_A, ({"a": None}, {"a": "IT"}, {"a": "%"}), "int"),
    Form("query = db.query(Thing)\nif a:\n    query = query.filter(Thing.name.ilike(f'%{a}%'))\n"
         "total = query.count()\nif total > n:\n    return None\n"
         "return query.order_by(Thing.id).first()", f"{_MAYBE_A}, n: int = 5",
         ({"a": None, "n": 5}, {"a": "it", "n": 5}, {"a": "B", "n": 5}, {"a": "B", "n": 1}), _ROW),
    Form("query = db.query(Thing).filter(Thing.hidden)\nif a is not None:\n    if n > 2:\n"
         "        query = query.filter(Thing.name == a, Thing.count > n)\n    else:\n"
         "        query = query.filter(Thing.name != a)\nreturn query.all()",
         f"{_MAYBE_A}, n: int = 0",
         ({"a": None, "n": 0}, {"a": "b%", "n": 3}, {"a": "b%", "n": 1})),
    Form("query = select(Thing).where(Thing.id.in_(ids))\nif n > 0:\n"
         "    query = query.where(Thing.count >= n)\nreturn db.scalars(query).all()",
         "ids: list[str], n: int", ({"ids": ["1", "3", "4", "'x"], "n": 0},
                                    {"ids": ["1", "3", "4", "'x"], "n": 3})),
    Form("db.query(Thing).filter_by(name=a).delete()\n"
         "db.query(Thing).filter(Thing.count > n).delete()\ndb.commit()", "a: str, n: int",
         ({"a": "it's", "n": 3}, {"a": "no", "n": 1}), "None", writes=True),
    Form("db.query(Thing).filter_by(name=a).update({'count': n})\n"
         "count = db.query(Thing).filter_by(count=n).count()\n"
         "db.query(Thing).filter_by(id='8').update({'count': 0})\ndb.commit()\nreturn count",
         "a: str, n: int", ({"a": "it's", "n": 3}, {"a": "no", "n": 1}), "int", writes=True),
    Form("things = db.query(Thing).filter_by(name=a).all()\nfor thing in things:\n"
         "    db.delete(thing)\ndb.commit()", _A, _NAMES, "None", writes=True),
    Form("db.query(Thing).filter_by(name=a).delete()\n"
         "if db.query(Thing).count() < 8:\n    return False\n"
         "db.query(Thing).filter_by(id='1').delete()\ndb.commit()\nreturn True", _A, _NAMES,
         "bool", writes=True),
)  # fmt: skip
STATEMENT_FORMS = (
    Form("db.execute(update(Thing).where(Thing.name == a).values(count=n))\ndb.commit()",
         "a: str, n: int", ({"a": "it's", "n": 70}, {"a": "no", "n": 1}), "None", writes=True),
    Form("db.execute(update(Thing).where(Thing.name == a).values({Thing.name: None}))\n"
         "db.commit()", _A, _NAMES, "None", writes=True),
    Form("db.execute(update(Thing).where(Thing.name == a).values(count=Thing.count + n))\n"
         "db.commit()", "a: str, n: int", ({"a": "it's", "n": 5}, {"a": "b%", "n": 1}), "None",
         writes=True),
    Form("statement = delete(Thing).where(Thing.name == a)\ndb.execute(statement)\ndb.commit()",
         _A, _NAMES, "None", writes=True),
    Form("db.execute(insert(Thing).values(id=a, name=a, hidden=True, count=n))\ndb.commit()",
         "a: str, n: int", ({"a": "new", "n": 5}, {"a": "o'%", "n": 1}), "None", writes=True),
    Form("db.query(Thing).filter_by(id=a).update({'name': b})\ndb.commit()",
         "a: str, b: Optional[str]", ({"a": "1", "b": None}, {"a": "2", "b": "it's"}), "None",
         writes=True),
    Form("changed = db.query(Thing).filter(Thing.count > n).update({Thing.hidden: True})\n"
         "db.commit()\nreturn changed", _N, _NUMBERS, "int", writes=True),
)  # fmt: skip
