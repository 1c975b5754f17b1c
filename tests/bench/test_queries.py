"""The shapes of queries, as the bench counts them."""

from __future__ import annotations

import ast

import pytest

from bench.queries import queries_of


@pytest.mark.parametrize(
    ("text", "shapes"),
    [
        ("x = db.query(User).filter(User.id == id).first()",
         ["_.query(_).filter(_ == _).first()"]),
        ("x = db.query(Note).filter(Note.key == 'a').first()",
         ["_.query(_).filter(_ == _).first()"]),
        ("x = db.query(a.User).filter_by(id=1, name=n).all()",
         ["_.query(_).filter_by(_=_, _=_).all()"]),
        ("return len((await session.execute(select(T).where(T.a.in_(f(b))))).scalars().all())",
         ["_.execute(_(_).where(_.in_(_(_))))"]),
        ("client.get('/x')\ndb.get(User, 1)\ndata.get('a', 1)", ["_.get(_, _)"]),
        ("if db.query(T).first():\n    db.add(x)", ["_.query(_).first()", "_.add(_)"]),
        ("x = f'{db.query(T).count()}'", ["_.query(_).count()"]),
    ],
)  # fmt: skip
def test_shapes(text: str, shapes: list[str]) -> None:
    nodes = [one for one in ast.walk(ast.parse(text)) if isinstance(one, ast.stmt)]
    assert [shape for one in nodes for shape in queries_of(one)] == shapes
