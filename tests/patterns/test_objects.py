"""Objects of the backend's own classes: what a struct keeps and what its methods take; both sides'
answers are compared in acceptance/test_objects.py."""

from __future__ import annotations

from pathlib import Path

import pytest

from port_lsp.index.index import Index
from port_lsp.index.roots import Wanted
from port_lsp.patterns.desk import Desks
from port_lsp.patterns.ground.start import lay
from port_lsp.patterns.port import Ported, Target
from port_lsp.patterns.registry import porter

_HEAD = """from fastapi import Depends, FastAPI
from pydantic import BaseModel
from sqlalchemy import Column, Integer, String
from sqlalchemy.orm import Session, declarative_base

Base = declarative_base()


class Row(Base):
    __tablename__ = "things"
    id = Column(Integer, primary_key=True)
    name = Column(String, nullable=False)


app = FastAPI()
"""


def index_of(folder: Path, body: str) -> Index:
    """A backend of one module, behind its models, and a new crate."""
    backend = folder / "backend"
    backend.mkdir(exist_ok=True)
    (backend / "main.py").write_text(f"{_HEAD}\n\n{body}", encoding="utf-8")
    (folder / "crate").mkdir(exist_ok=True)
    index = Index.open(Wanted(str(folder), str(backend), str(folder / "crate")))
    for path, text in lay(index, "axum").items():
        _keep(folder, path, text)
    return index


def _keep(folder: Path, path: str, text: str) -> None:
    place = folder / "crate" / path
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(text, encoding="utf-8")


def ported(index: Index, *names: str) -> Ported:
    """Functions of the module by their names."""
    targets = [Target("function", f"main.py::{one}") for one in names]
    return porter(Desks().at(index)).port(targets)


def models(done: Ported) -> str:
    """The text of the module's file in the crate."""
    return next(one.after for one in done.changes if one.path == "src/models/app.rs")


CASES = {
    "what only reads borrows its object, what changes it borrows it for that": (
        """class Tally:
    def __init__(self, start: int = 0):
        self.count = start

    def up(self) -> int:
        self.count += 1
        return self.count

    def shown(self) -> str:
        return f"{self.count}"
""",
        ("Tally.up", "Tally.shown"),
        ("pub struct Tally {\n    pub count: i64,\n}", "pub fn up(&mut self) -> i64",
         "pub fn shown(&self) -> String"),
        ("derive",),
    ),
    "what nothing changes can be copied": (
        """class Name:
    def __init__(self, text: str):
        self.text = text

    def loud(self) -> str:
        return self.text.upper()
""",
        ("Name.loud",),
        ("#[derive(Clone)]\npub struct Name {\n    pub text: String,\n}",),
        (),
    ),
    "a method that calls one that changes its object changes it, too": (
        """class Tally:
    def __init__(self):
        self.count = 0

    def up(self) -> int:
        self.count += 1
        return self.count

    def twice(self) -> int:
        self.up()
        return self.up()
""",
        ("Tally.twice",),
        ("pub fn twice(&mut self) -> i64", "        self.up();\n        self.up()\n"),
        (),
    ),
    "a session is the state's, and a class that keeps nothing else has no fields": (
        """class Rows:
    def __init__(self, session: Session):
        self.session = session

    def one(self, id: int) -> Row | None:
        return self.session.get(Row, id)
""",
        ("Rows.one",),
        ("pub struct Rows;", ".fetch_optional(&state.db)"),
        ("session",),
    ),
    "what is made of nothing is the default": (
        """class Tally:
    def __init__(self):
        self.names = []
        self.names.append("a")
        self.count = 0

    def up(self) -> int:
        return self.count


def made() -> int:
    return Tally().up()
""",
        ("made",),
        ("impl Default for Tally {\n    /// `Tally.__init__` of `main.py`.", "Tally::default()"),
        (),
    ),
    "`__init__` may refuse": (
        """class Tally:
    def __init__(self, count: int):
        if count < 0:
            raise ValueError("too small")
        self.count = count

    def up(self) -> int:
        return self.count
""",
        ("Tally.__init__",),
        ("pub async fn new(", "-> AppResult<Tally> {", 'AppError::Exception("ValueError"'),
        (),
    ),
    "properties, static methods and those of the class": (
        """class Page:
    def __init__(self, size: int):
        self.size = size

    @property
    def last(self) -> int:
        return self.size - 1

    @staticmethod
    def twice(size: int) -> int:
        return size * 2

    @classmethod
    def small(cls) -> "Page":
        return cls(3)


def asked() -> int:
    return Page.small().last + Page.twice(4)
""",
        ("asked",),
        ("pub fn last(&self) -> i64", "Page::twice(4)", "Page::new(3)", ".await?.last()"),
        (),
    ),
    "what another module's base has is written for the class": (
        """from typing import Generic, Type, TypeVar

T = TypeVar("T")


class Rows(Generic[T]):
    def __init__(self, model: Type[T]):
        self.model = model

    def every(self, db: Session) -> list[T]:
        return db.query(self.model).all()


class OfRow(Rows[Row]):
    def named(self, db: Session, name: str) -> list[Row]:
        return [one for one in self.every(db) if one.name == name]


rows = OfRow(Row)


def asked(db: Session) -> list[Row]:
    return rows.every(db)
""",
        ("asked", "OfRow.named"),
        ("/// `OfRow.every` of `main.py`.\npub async fn of_row_every(state: &AppState)",
         "of_row_every(state).await", '"SELECT * FROM things"'),
        ("Rows", "todo!"),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_written(tmp_path: Path, name: str) -> None:
    body, names, there, gone = CASES[name]
    done = ported(index_of(tmp_path, body), *names)
    assert done.left == ()
    text = models(done)
    for one in there:
        assert one in text
    for one in gone:
        assert one not in text.replace("#[derive(Debug", "")


def test_an_attribute_without_a_type_is_named(tmp_path: Path) -> None:
    body = """import somewhere


class Client:
    def __init__(self, name: str):
        self.name = name
        self.inner = somewhere.connect(name)

    def called(self) -> str:
        return self.name
"""
    done = ported(index_of(tmp_path, body), "Client.called", "Client.__init__")
    assert "pub struct Client {\n    pub name: String,\n}" in models(done)
    assert "Client: `inner` doesn't say its type: the struct doesn't keep it" in done.notes


def test_an_object_that_changes_has_one_owner(tmp_path: Path) -> None:
    body = """class Tally:
    def __init__(self):
        self.count = 0

    def up(self) -> int:
        self.count += 1
        return self.count


def shared() -> int:
    first = Tally()
    second = first
    second.up()
    return first.count
"""
    assert "// second = first" in models(ported(index_of(tmp_path, body), "shared"))


def test_methods_join_those_that_are_there(tmp_path: Path) -> None:
    body = """class Tally:
    def __init__(self, count: int):
        self.count = count

    def up(self) -> int:
        return self.count + 1

    def down(self) -> int:
        return self.count - 1
"""
    index = index_of(tmp_path, body)
    for name in ("Tally.up", "Tally.down"):
        done = ported(index, name)
        for one in done.changes:
            _keep(tmp_path, one.path, one.after)
        index = Index.open(Wanted(*(str(tmp_path / one) for one in (".", "backend", "crate"))))
    text = (tmp_path / "crate/src/models/app.rs").read_text(encoding="utf-8")
    assert text.count("impl Tally {") == text.count("pub struct Tally {") == 1
    assert text.index("fn up(") < text.index("fn down(")
    again = ported(index, "Tally.up")
    assert [one.reason for one in again.left] == ["the crate has it already"]


@pytest.mark.parametrize("key", ["", "id=5, "])
def test_a_row_that_is_handed_over_is_stored(tmp_path: Path, key: str) -> None:
    """Unless somebody makes rows with keys of their own, which may be new."""
    body = f"""def other():
    return Row({key}name="a")


def renamed(db: Session, row: Row, name: str) -> Row:
    row.name = name
    db.add(row)
    db.commit()
    return row
"""
    text = models(ported(index_of(tmp_path, body), "renamed"))
    assert ('"UPDATE things SET name = $1 WHERE id = $2"' in text) == (not key)


def test_what_is_asked_of_a_class_that_is_known(tmp_path: Path) -> None:
    body = """class Form(BaseModel):
    name: str | None = None


def changed(db: Session, row: Row, form: Form) -> Row:
    if isinstance(form, dict):
        data = form
    else:
        data = form.model_dump(exclude_unset=True)
    for name in data:
        print(name)
    return row


def told(form: Form) -> str:
    if not isinstance(form, dict):
        return "a form"
    return "a dict"
"""
    text = models(ported(index_of(tmp_path, body), "told"))
    assert '"a form"' in text
    assert '"a dict"' not in text


def test_a_part_of_a_text_isnt_copied_to_be_parted(tmp_path: Path) -> None:
    body = """def last(path: str) -> str:
    return path.removeprefix("gs://").split("/")[0]
"""
    text = models(ported(index_of(tmp_path, body), "last"))
    assert ".to_string().split" not in text.replace("\n", "").replace(" ", "")


@pytest.mark.parametrize("init", ["", "    def __init__(self):\n        self.count = 0\n\n"])
def test_an_object_that_another_module_offers(tmp_path: Path, init: str) -> None:
    """One that holds nothing is as good as any other one; of another it matters which one it is."""
    (tmp_path / "backend").mkdir()
    (tmp_path / "backend" / "services.py").write_text(
        f"class Names:\n{init}    def loud(self, name: str) -> str:\n        return name.upper()\n",
        encoding="utf-8",
    )
    body = """from services import Names

names = Names()


def asked(name: str) -> str:
    return names.loud(name)
"""
    text = models(ported(index_of(tmp_path, body), "asked"))
    assert ("Names.loud(state, name)" in text) == (not init)
    assert ("todo!" in text) == bool(init)


def test_an_object_keeps_objects_that_it_makes(tmp_path: Path) -> None:
    body = """class Inner:
    def __init__(self):
        self.name = "a"

    def loud(self) -> str:
        return self.name.upper()


class Outer:
    def __init__(self):
        self.inner = Inner()

    def told(self) -> str:
        return self.inner.loud()
"""
    text = models(ported(index_of(tmp_path, body), "Outer.told", "Outer.__init__"))
    assert "pub struct Outer {\n    pub inner: Inner,\n}" in text
    assert "inner: Inner::default()," in text
    assert "self.inner.loud()" in text


def test_a_struct_without_fields_has_no_default(tmp_path: Path) -> None:
    body = """import somewhere


class Client:
    def __init__(self):
        self.inner = somewhere.connect()


def made() -> str:
    Client()
    return "a"
"""
    text = models(ported(index_of(tmp_path, body), "Client.__init__"))
    assert "Default for" not in text
