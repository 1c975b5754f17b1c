"""Peewee's queries (its docs, "Querying" and "Query operators")."""

from __future__ import annotations

from tests.patterns.querying.forms import Form, Given

_ROWS, _ROW = "list[Entry]", "Optional[Entry]"
_A, _N = "a: str", "n: int"
_NAMES = ({"a": "it's"}, {"a": "b%"}, {"a": "no"})
_KEYS = ({"n": 3}, {"n": 7}, {"n": 77})


def _rows(condition: str, params: str = "", calls: tuple[Given, ...] = ({},)) -> Form:
    return Form(f"list(Entry.select().where({condition}))", params, calls, _ROWS)


def _query(query: str, params: str = "", calls: tuple[Given, ...] = ({},)) -> Form:
    return Form(f"list(Entry.select().{query})", params, calls, _ROWS)


def _write(
    text: str, params: str = "", calls: tuple[Given, ...] = ({},), gives: str = "None"
) -> Form:
    return Form(text, params, calls, gives, writes=True)


PEEWEE_FORMS = (
    # operators
    _rows("Entry.name == a", _A, _NAMES),
    _rows("Entry.name != a", _A, _NAMES),
    _rows("Entry.name == a", "a: Optional[str]", ({"a": None}, {"a": "it's"})),
    _rows("Entry.name == None"),
    _rows("Entry.name != None"),
    _rows("Entry.name >> None"),
    _rows("Entry.name.is_null()"),
    _rows("Entry.name.is_null(True)"),
    _rows("Entry.name.is_null(False)"),
    _rows("Entry.count > n", _N, ({"n": 2},)),
    _rows("Entry.count >= n", _N, ({"n": 2},)),
    _rows("Entry.count < n", _N, ({"n": 3},)),
    _rows("Entry.count <= 3"),
    _rows("Entry.count < Entry.order"),
    _rows("Entry.weight > w", "w: float", ({"w": 1.5},)),
    _rows("Entry.hidden"),
    _rows("~Entry.hidden"),
    _rows("Entry.hidden == False"),
    _rows("(Entry.count > 1) & (Entry.count < 4)"),
    _rows("(Entry.name == a) | (Entry.count == n)", "a: str, n: int", ({"a": "b%", "n": 3},)),
    _rows("~((Entry.count == 1) | (Entry.count == 3))"),
    _rows("Entry.count > 1, Entry.hidden == False"),
    _rows("Entry.count << [1, 3]"),
    _rows("Entry.count.in_([1, n])", _N, ({"n": 3},)),
    _rows("Entry.name.in_(names)", "names: list[str]", ({"names": ["it's", "b%"]}, {"names": []})),
    _rows("Entry.name << names", "names: list[str]", ({"names": ["it's", "b%"]},)),
    _rows("Entry.name.not_in(names)", "names: list[str]", ({"names": ["it's"]}, {"names": []})),
    _rows("Entry.count.not_in([1, 3])"),
    _rows("Entry.count.between(2, n)", _N, ({"n": 4},)),
    _rows("Entry.name.contains(a)", _A, ({"a": "IT"}, {"a": "%"}, {"a": "_X\\"}, {"a": "'"})),
    _rows('Entry.name.contains("B")'),
    _rows("Entry.name.startswith(a)", _A, ({"a": "b"}, {"a": "b%"}, {"a": "b_"})),
    _rows("Entry.name.endswith(a)", _A, ({"a": "S"}, {"a": "%"}, {"a": "\\y"})),
    _rows("Entry.name ** a", _A, ({"a": "it%"}, {"a": "B_"})),
    _rows("Entry.name.ilike(a)", _A, ({"a": "%T%"},)),
    _rows("fn.LOWER(Entry.name) == a", _A, ({"a": "it's"},)),
    _rows("fn.COALESCE(Entry.count, 0) < n", _N, ({"n": 3},)),
    # clauses
    _query("where(Entry.count > 1).order_by(Entry.order.desc())"),
    _query("where(Entry.count > 1).order_by(-Entry.order)"),
    _query("where(Entry.count > 1).order_by(+Entry.hidden, Entry.id.asc())"),
    _query("order_by(Entry.count).where(Entry.count > 1).order_by(Entry.id)"),
    _query("where(Entry.count > 1).where(Entry.hidden).order_by(Entry.id)"),
    _query("order_by(Entry.order).limit(n)", _N, ({"n": 2}, {"n": 0})),
    _query("order_by(Entry.order).offset(n)", _N, ({"n": 2}, {"n": 20})),
    _query("order_by(Entry.order).limit(n).offset(1)", _N, ({"n": 3},)),
    _query("order_by(Entry.id).paginate(n, 3)", _N, ({"n": 2}, {"n": 1}, {"n": 0}, {"n": 9})),
    _query("order_by(Entry.id).paginate(n, 3).where(Entry.count > 1)", _N, ({"n": 1},)),
    # steps
    Form("query = Entry.select()\nquery = query.where(Entry.count > n)\n"
         "return list(query.order_by(Entry.id))", _N, ({"n": 1},), _ROWS),
    Form("hidden = Entry.hidden == True\nquery = Entry.select().where(hidden)\n"
         "with database.connection_context():\n    return list(query.order_by(Entry.id))",
         "", ({},), _ROWS),
    Form("found = Entry.name.startswith(a) | (Entry.count << [1, 9])\n"
         "return list(Entry.select().where(found))", _A, ({"a": "B"},), _ROWS),
    # one row
    Form("Entry.get_or_none(Entry.id == n)", _N, _KEYS, _ROW),
    Form("Entry.get_by_id(n)", _N, _KEYS, "Entry"),
    Form("Entry.get(Entry.id == n)", _N, _KEYS, "Entry"),
    Form("Entry.select().where(Entry.count > n).order_by(Entry.order).first()", _N,
         ({"n": 2}, {"n": 3}, {"n": 9}), _ROW),
    Form("Entry.select().where(Entry.count < n).order_by(-Entry.id).get()", _N,
         ({"n": 2}, {"n": 3}, {"n": 0}), "Entry"),
    Form("Entry.select().order_by(Entry.id).limit(5).offset(n).first()", _N,
         ({"n": 1}, {"n": 2}, {"n": 20}), _ROW),
    # values
    Form("Entry.select().where(Entry.count > n).count()", _N, ({"n": 1}, {"n": 4}), "int"),
    Form("Entry.select().order_by(Entry.id).limit(n).count()", _N, ({"n": 2}, {"n": 40}), "int"),
    Form("Entry.select().where(Entry.name == a).exists()", _A, _NAMES, "bool"),
    Form("Entry.select(fn.COUNT(Entry.id)).where(Entry.count > n).scalar()", _N,
         ({"n": 1}, {"n": 4}), "int"),
    Form("Entry.select(fn.MAX(Entry.count)).where(Entry.count < n).scalar()", _N,
         ({"n": 3}, {"n": 5}, {"n": 0}), "Optional[int]"),
    # writes
    _write("Entry.create(name=a, order=n)", "a: str, n: int",
           ({"a": "it's 100 %", "n": 1}, {"a": "\\", "n": 2})),
    _write("entry = Entry.create(name=a, count=1, hidden=True)\nreturn entry", _A,
           ({"a": "x"}, {"a": '"'}), "Entry"),
    _write("Entry.create(name=a)", "a: Optional[str]", ({"a": None}, {"a": "'"})),
    _write("Entry.insert(name=a, count=5).execute()", _A, ({"a": "x"}, {"a": "%"})),
    _write("Entry.insert({Entry.name: a, Entry.hidden: True}).execute()", _A,
           ({"a": "x"}, {"a": "%"})),
    _write("Entry.update(name=a).where(Entry.count > n).execute()", "a: str, n: int",
           ({"a": "it's", "n": 2}, {"a": "%", "n": 7})),
    _write("Entry.update({Entry.name: None, Entry.weight: 2.0}).where(Entry.hidden).execute()",
           "", ({},)),
    _write("return Entry.update(hidden=False).where(Entry.count > n).execute()", _N,
           ({"n": 2}, {"n": 7}), "int"),
    _write("Entry.update(count=Entry.count + n).where(Entry.hidden).execute()", _N,
           ({"n": 2}, {"n": -1})),
    _write("return Entry.delete().where(Entry.name == a).execute()", _A, _NAMES, "int"),
    _write("Entry.delete().where(Entry.count << [1, 3]).execute()"),
    _write("return Entry.delete_by_id(n)", _N, _KEYS, "int"),
    _write("entry = Entry.get_by_id(n)\nentry.name = a\nentry.count = None\nentry.save()",
           "n: int, a: str", ({"n": 3, "a": "it's"}, {"n": 4, "a": "%"}, {"n": 44, "a": "x"})),
    _write("entry = Entry.get_or_none(Entry.id == n)\nif entry is None:\n    return False\n"
           "entry.hidden = True\nentry.save()\nreturn True", _N, _KEYS, "bool"),
    _write("entry = Entry.get_by_id(n)\nentry.delete_instance()", _N, _KEYS),
    _write("with database.atomic():\n    Entry.delete().where(Entry.count > n).execute()", _N,
           ({"n": 2}, {"n": 7})),
    _write("with database.connection_context():\n    Entry.create(name=a)", _A,
           ({"a": "x"}, {"a": "%"})),
)  # fmt: skip
