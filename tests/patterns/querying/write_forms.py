"""What SQLAlchemy writes, each with its commit (its docs, "ORM-Enabled INSERT, UPDATE, and
DELETE", "Session Basics")."""

from __future__ import annotations

from tests.patterns.querying.forms import Form, Given

_A, _N = "a: str", "n: int"
_KEYS = ({"a": "3"}, {"a": "7"}, {"a": "none"})


def _write(
    text: str, params: str = "", calls: tuple[Given, ...] = ({},), gives: str = "None"
) -> Form:
    return Form(text, params, calls, gives, writes=True)


WRITE_FORMS = (
    _write("db.query(Thing).filter_by(id=a).update({'name': n})\ndb.commit()", "a: str, n: str",
           ({"a": "3", "n": "it's"}, {"a": "4", "n": '% "'})),
    _write("db.query(Thing).filter(Thing.count > n).update({Thing.name: None})\ndb.commit()", _N,
           ({"n": 2}, {"n": 7})),
    _write("db.query(Thing).filter(Thing.hidden == True).update({'weight': 2.5, 'count': n})\n"
           "db.commit()", _N, ({"n": 1}, {"n": 2})),
    _write("changed = db.query(Thing).filter_by(hidden=False).update({'count': n})\n"
           "db.commit()\nreturn changed", _N, ({"n": 1}, {"n": 2}), "int"),
    _write("db.query(Thing).filter_by(id=a).delete()\ndb.commit()", _A, _KEYS),
    _write("db.query(Thing).filter(Thing.count.in_([1, 3])).delete()\ndb.commit()"),
    _write("gone = db.query(Thing).filter(Thing.count > n).delete()\ndb.commit()\nreturn gone", _N,
           ({"n": 2}, {"n": 7}), "int"),
    _write("thing = Thing(id=a, name=n, count=1, weight=0.5, hidden=True, order=4)\n"
           "db.add(thing)\ndb.commit()", "a: str, n: str",
           ({"a": "new", "n": "it's"}, {"a": "%", "n": '"\\'})),
    _write("db.add(Thing(id=a, hidden=False))\ndb.commit()", _A, ({"a": "new"}, {"a": "'"})),
    _write("thing = db.get(Thing, a)\nif thing is None:\n    return False\nthing.name = n\n"
           "thing.count = None\ndb.commit()\nreturn True", "a: str, n: str",
           ({"a": "3", "n": "it's"}, {"a": "4", "n": "%"}, {"a": "none", "n": ""}), "bool"),
    _write("thing = db.query(Thing).filter_by(id=a).first()\nif not thing:\n    return False\n"
           "thing.hidden = not thing.hidden\ndb.commit()\nreturn True", _A, _KEYS, "bool"),
    _write("thing = db.get(Thing, a)\nif thing is None:\n    return False\ndb.delete(thing)\n"
           "db.commit()\nreturn True", _A, _KEYS, "bool"),
)  # fmt: skip
