"""Objects that several have, which Python changes for all of them: what can't be so in Rust is a
gap, never a copy that stays as it was."""

from __future__ import annotations

from pathlib import Path

import pytest

from port_lsp.patterns.desk import Desks
from port_lsp.patterns.port import Target
from port_lsp.patterns.registry import porter
from tests.patterns.test_objects import index_of, models, ported

_CART = """class Cart:
    def __init__(self) -> None:
        self.items: list[int] = []

    def add(self, n: int) -> int:
        self.items.append(n)
        return n

    def size(self) -> int:
        return len(self.items)

    def both(self, a: int, b: int) -> int:
        self.items.append(a)
        return a + b

    def get(self) -> list[int]:
        return self.items

    def kept(self) -> list[int]:
        items = self.items
        return items


class Point:
    def __init__(self, x: int):
        self.x = x

    def twice(self) -> int:
        return self.x * 2

"""

LEFT = {
    "a list that is filled after somebody else got it": (
        "    cart = Cart()\n    got = cart.get()\n    cart.add(1)\n    return len(got)\n",
        "cart.add(1)",
    ),
    "one that a method gives under another name": (
        "    cart = Cart()\n    got = cart.kept()\n    cart.add(1)\n    return len(got)\n",
        "cart.add(1)",
    ),
    "one that is read as an attribute": (
        "    cart = Cart()\n    got = cart.items\n    cart.add(1)\n    return len(got)\n",
        "cart.add(1)",
    ),
    "an attribute that only others assign, of an object that is copied": (
        "    p = Point(1)\n    q = p\n    p.x = 5\n    return q.twice()\n",
        "p.x = 5",
    ),
    "a list of somebody else that a method fills later": (
        "    cart = Cart()\n    got = [1]\n    cart.items = got\n    cart.add(1)\n"
        "    return len(got)\n",
        "cart.items = got",
    ),
    "a loop until an object is something, which nothing changes in Rust": (
        "    cart = Cart()\n    n = 0\n    while cart.size() < 3:\n        cart.add(1)\n"
        "        n += 1\n    return n\n",
        "while cart.size() < 3:",
    ),
    "changes in another order than the parameters have": (
        "    cart = Cart()\n    n = Cart().both(b=cart.add(1), a=cart.add(2))\n    return n\n",
        "n = Cart().both(b=cart.add(1), a=cart.add(2))",
    ),
    "a change beside another one": (
        "    cart = Cart()\n    n = cart.both(cart.add(1), 2)\n    return n\n",
        "n = cart.both(cart.add(1), 2)",
    ),
    "a change beside what reads the object, in a text": (
        '    cart = Cart()\n    text = f"{cart.add(1)} {cart.add(2)}"\n    return len(text)\n',
        'text = f"{cart.add(1)} {cart.add(2)}"',
    ),
}


@pytest.mark.parametrize("name", LEFT)
def test_left(tmp_path: Path, name: str) -> None:
    body, left = LEFT[name]
    text = models(ported(index_of(tmp_path, f"{_CART}\ndef asked() -> int:\n{body}"), "asked"))
    assert f"    // {left}\n" in text


def test_what_is_only_looked_at_stays_translated(tmp_path: Path) -> None:
    body = f"""{_CART}
def asked() -> int:
    cart = Cart()
    cart.add(1)
    if len(cart.get()) > 3:
        return 0
    cart.add(2)
    got = cart.get()
    return len(got)
"""
    text = models(ported(index_of(tmp_path, body), "asked"))
    assert "todo!" not in text
    assert "let got = cart.get();" in text


def test_a_list_that_its_own_method_fills_later(tmp_path: Path) -> None:
    body = """class Cart:
    def __init__(self) -> None:
        self.items: list[int] = []

    def size(self) -> int:
        before = self.items
        self.items.append(1)
        return len(before)
"""
    assert "    // self.items.append(1)" in models(ported(index_of(tmp_path, body), "Cart.size"))


@pytest.mark.parametrize(
    "body",
    [
        """class Part:
    def __init__(self, size: int):
        self.size = size

    @property
    def size(self) -> int:
        return self._size

    @size.setter
    def size(self, value: int) -> None:
        self._size = value * 2
""",
        """class Above:
    def __init__(self, size: int):
        self.__size = size

    def get(self) -> int:
        return self.__size


class Part(Above):
    def __init__(self, size: int):
        super().__init__(size)
        self.__size = size + 100
""",
    ],
)
def test_names_that_stand_for_two_things_make_no_struct(tmp_path: Path, body: str) -> None:
    body += "\n\ndef asked() -> int:\n    part = Part(3)\n    return 1\n"
    text = models(ported(index_of(tmp_path, body), "asked"))
    assert "struct Part" not in text
    assert "// part = Part(3)" in text


def test_a_class_method_of_a_base_makes_another_class(tmp_path: Path) -> None:
    body = """class Above:
    def __init__(self, size: int):
        self.size = size

    def get(self) -> int:
        return self.size

    @classmethod
    def made(cls, size: int) -> "Above":
        return cls(size)


class Part(Above):
    def get(self) -> int:
        return 100


def asked() -> int:
    part = Part.made(3)
    return part.get()
"""
    assert "// part = Part.made(3)" in models(ported(index_of(tmp_path, body), "asked"))


def test_a_loop_that_fills_its_own_object(tmp_path: Path) -> None:
    body = """class Cart:
    def __init__(self) -> None:
        self.items: list[int] = []

    def full(self) -> int:
        while len(self.items) < 3:
            self.items.append(1)
        return len(self.items)
"""
    assert "todo!" not in models(ported(index_of(tmp_path, body), "Cart.full"))


def test_what_is_added_to_a_session_changes_no_object(tmp_path: Path) -> None:
    body = """class Rows:
    def __init__(self, db: Session):
        self.db = db

    def renamed(self, row: Row, name: str) -> Row:
        row.name = name
        self.db.add(row)
        self.db.commit()
        return row
"""
    text = models(ported(index_of(tmp_path, body), "Rows.renamed"))
    assert "#[derive(Clone)]\npub struct Rows;" in text
    assert "renamed(&self," in text


@pytest.mark.parametrize("name", ["into", "clone", "len", "to_string"])
def test_a_method_called_as_std_calls_its_own(tmp_path: Path, name: str) -> None:
    body = f"""class Part:
    def __init__(self, size: int):
        self.size = size

    def {name}(self) -> int:
        return self.size
"""
    text = models(ported(index_of(tmp_path, body), f"Part.{name}"))
    assert f"pub fn {name}_(&self) -> i64" in text


@pytest.mark.parametrize(("more", "is_left"), [("", False), ("    form.name = 'c'\n", True)])
def test_a_model_that_an_object_keeps(tmp_path: Path, more: str, is_left: bool) -> None:
    body = f"""class Form(BaseModel):
    name: str


class Part:
    def __init__(self, form: Form):
        self.form = form

    def get(self) -> str:
        return self.form.name


def asked() -> str:
    form = Form(name="a")
    form.name = "b"
    part = Part(form)
{more}    return part.get()
"""
    text = models(ported(index_of(tmp_path, body), "asked"))
    assert ("todo!" in text) == is_left


def test_a_row_that_an_object_keeps(tmp_path: Path) -> None:
    body = """class Part:
    def __init__(self, row: Row):
        self.row = row

    def get(self) -> str:
        return self.row.name


def asked(db: Session, id: int) -> str:
    row = db.query(Row).filter(Row.id == id).first()
    if row is None:
        return ""
    part = Part(row)
    row.name = "b"
    db.commit()
    return part.get()
"""
    assert '// row.name = "b"' in models(ported(index_of(tmp_path, body), "asked"))


def test_a_call_of_a_plain_function_stays(tmp_path: Path) -> None:
    """Its body may be a gap, which changes what it is given."""
    body = """class Form(BaseModel):
    name: str


def edit(form: Form) -> None:
    form.name = "a"


def asked(form: Form) -> str:
    edit(form)
    return form.name
"""
    assert "    edit(form);\n" in models(ported(index_of(tmp_path, body), "asked"))


def test_a_property_that_is_made_once(tmp_path: Path) -> None:
    body = """from functools import cached_property


class Part:
    def __init__(self, size: int):
        self.size = size

    @cached_property
    def next(self) -> int:
        self.size += 1
        return self.size


def asked() -> int:
    part = Part(3)
    return part.next + part.next
"""
    text = models(ported(index_of(tmp_path, body), "asked"))
    assert "// return part.next + part.next" in text


_PAGES = """class Pages:
    def __init__(self, size: int = 5, base: int = Depends(first)):
        self.size = size
        self.base = base

    def both(self) -> int:
        return self.size + self.base


@app.get("/pages")
def paged(pages: Pages = Depends(), more: int = Depends(first)) -> int:
    return pages.both() + more
"""


@pytest.mark.parametrize(
    ("first", "is_left"),
    [
        ("def first() -> int:\n    return random.randint(1, 9)\n", True),  # asked once in a request
        ("def first(page: int = 1) -> int:\n    return page\n", False),
        ("def first(size: int = 9) -> int:\n    return size\n", True),  # of another default
    ],
)
def test_what_several_depend_on(tmp_path: Path, first: str, is_left: bool) -> None:
    index = index_of(tmp_path, f"import random\n\n\n{first}\n\n{_PAGES}")
    assert index.snapshot.backend is not None
    (ident,) = (one.id for one in index.snapshot.backend.endpoints)
    done = porter(Desks().at(index)).port([Target("endpoint", ident)])
    text = "".join(one.after for one in done.changes if one.path.startswith("src/routes"))
    assert ("// pages = Pages(" in text or "// more = first(" in text) == is_left, text


@pytest.mark.parametrize(
    ("default", "is_shared"), [("[]", True), ("list()", True), ("None", False)]
)
def test_a_list_that_all_objects_of_a_class_have(
    tmp_path: Path, default: str, is_shared: bool
) -> None:
    body = f"""class Bag:
    items: list[str] | None = {default}

    def __init__(self, name: str) -> None:
        self.name = name

    def clear(self) -> None:
        self.items = []


def asked(name: str) -> int:
    bag = Bag(name)
    bag.clear()
    return 1
"""
    text = models(ported(index_of(tmp_path, body), "asked"))
    assert ("items: Vec::new()" in text or "items: None" in text) != is_shared
    assert ("todo!" in text) == is_shared
