"""Functions that are defined inside of others: functions of their own that get what they read
there; both sides' answers are compared in acceptance/test_raising.py."""

from __future__ import annotations

from pathlib import Path

import pytest

from port_lsp.index.index import Index
from port_lsp.index.roots import Wanted
from port_lsp.patterns.desk import Desks
from port_lsp.patterns.ground.start import lay
from port_lsp.patterns.port import Target
from port_lsp.patterns.registry import porter

_HEAD = """from typing import Any

from fastapi import FastAPI, HTTPException, Request
from pydantic import BaseModel

app = FastAPI()
app.state.prefix = "x"


class Item(BaseModel):
    name: str


"""


def ported(folder: Path, body: str) -> str:
    """What `outer` of a module becomes in a new crate: the module's file."""
    backend = folder / "backend"
    backend.mkdir()
    (backend / "main.py").write_text(f"{_HEAD}{body}", encoding="utf-8")
    (folder / "crate").mkdir()
    index = Index.open(Wanted(str(folder), str(backend), str(folder / "crate")))
    for path, text in lay(index, "axum").items():
        place = folder / "crate" / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text, encoding="utf-8")
    done = porter(Desks().at(index)).port([Target("function", "main.py::outer")])
    return next(one.after for one in done.changes if one.path == "src/models/app.rs")


LIFTED = {
    "what takes nothing from around it": (
        '''def outer(name: str) -> str:
    def loud(text: str) -> str:
        """What is loud."""
        return text.upper()

    return loud(name) + loud("b")
''',
        (
            "/// `outer.<locals>.loud` of `main.py`.\npub fn outer_loud(text: &str) -> String {",
            "outer_loud(name)",
            'outer_loud("b")',
        ),
    ),
    "what it takes is handed to it": (
        """def outer(name: str, times: int) -> str:
    mark = f"<{name}>"

    def marked(text: str) -> str:
        if times > 2:
            raise HTTPException(status_code=400, detail="too often")
        return f"{mark}{text}"

    return marked("a")
""",
        (
            "    _state: &AppState,\n    text: &str,\n    mark: &str,\n    times: i64,\n)",
            'outer_marked(state, "a", &mark, times).await',
        ),
    ),
    "types that its calls show": (
        """def outer(names: list[str], start: int) -> int:
    def longer(text, than):
        return len(text) > than

    count = 0
    for one in names:
        if longer(one, start):
            count += 1
    return count
""",
        ("pub fn outer_longer(text: &str, than: i64) -> bool {", "outer_longer(one, start)"),
    ),
    "names of its own are its own": (
        """def outer(name: str) -> str:
    text = name.lower()

    def loud(name: str) -> str:
        text = name.upper()
        return text

    return text + loud(name)
""",
        ("pub fn outer_loud(name: &str) -> String {\n    name.to_uppercase()",),
    ),
    "constants as defaults": (
        """def outer(name: str) -> str:
    def loud(text: str, end: str = "!") -> str:
        return text.upper() + end

    return loud(name) + loud(name, end="?")
""",
        ('outer_loud(name, "!")', 'outer_loud(name, "?")'),
    ),
    "one that is waited for": (
        """async def outer(name: str) -> str:
    async def loud(text: str) -> str:
        return text.upper() + name

    return await loud(name)
""",
        ("outer_loud(",),
    ),
    "rows and JSON that it reads": (
        """def outer(data: dict[str, Any], item: Item) -> str:
    def named(key: str) -> str:
        if key in data:
            return item.name
        return key

    return named("a")
""",
        ("data: &Map<String, Value>", "item: &Item", 'outer_named("a", data, item)'),
    ),
    "the request, of which it reads the state": (
        """def outer(request: Request, name: str) -> str:
    def named(key: str) -> str:
        return f"{key}{request.app.state.prefix}"

    return named(name)
""",
        ("outer_named(state, name).await",),
    ),
    "one that another function has, too, and what may be None": (
        """def outer(name: str, note: str | None) -> str:
    def loud(text: str) -> str:
        if note is not None:
            return note
        return text.upper()

    return loud(name)


def another(name: str, note: str | None) -> str:
    def loud(text: str) -> str:
        if note is not None:
            return note
        return text.upper()

    return loud(name)
""",
        ("outer_loud(name, note)", "note: Option<&str>"),
    ),
    "in a block": (
        """def outer(name: str) -> str:
    if name:
        def loud(text: str) -> str:
            return text.upper()

        name = loud(name)
    return name
""",
        ("outer_loud(",),
    ),
}


@pytest.mark.parametrize("case", LIFTED)
def test_lifted(tmp_path: Path, case: str) -> None:
    body, there = LIFTED[case]
    text = ported(tmp_path, body)
    for one in there:
        assert one in text, text
    assert "todo!" not in text, text


HOLES = {
    "what it takes is bound anew": """def outer(name: str) -> str:
    def loud() -> str:
        return name.upper()

    name = f"{name}!"
    return loud()
""",
    "what it takes is bound behind it": """def outer(name: str) -> str:
    def loud() -> str:
        return end.upper()

    end = f"{name}!"
    return loud()
""",
    "it binds what is around it": """def outer(name: str) -> str:
    count = 0

    def up() -> int:
        nonlocal count
        count += 1
        return count

    return f"{up()}{name}"
""",
    "it changes what is around it": """def outer(name: str) -> int:
    names = [name]

    def add(one: str) -> int:
        names.append(one)
        return len(names)

    return add(name)
""",
    "it calls itself": """def outer(number: int) -> int:
    def down(one: int) -> int:
        if one > 0:
            return down(one - 1)
        return one

    return down(number)
""",
    "a default that is made when it is defined": """def outer(name: str) -> str:
    def loud(text: str, end: str = name) -> str:
        return text.upper() + end

    return loud("a")
""",
    "a decorator": """def twice(function):
    return function


def outer(name: str) -> str:
    @twice
    def loud(text: str) -> str:
        return text.upper()

    return loud(name)
""",
    "somebody else gets it": """def outer(names: list[str]) -> list[str]:
    def loud(text: str) -> str:
        return text.upper()

    return sorted(names, key=loud)
""",
    "another one calls it": """def outer(name: str) -> str:
    def loud(text: str) -> str:
        return text.upper()

    def louder(text: str) -> str:
        return loud(text) + "!"

    return louder(name)
""",
    "it isn't waited for": """async def outer(name: str) -> bool:
    async def loud(text: str) -> str:
        return text.upper()

    later = loud(name)
    return later is None
""",
    "types of the function around it": """def outer(name: str) -> str:
    from enum import Enum as Any

    def loud(text: Any) -> str:
        return name

    return loud(name)
""",
    "one of two of its name": """def outer(name: str) -> str:
    if name:
        def loud(text: str) -> str:
            return text.upper()
    else:
        def loud(text: str) -> str:
            return text.lower()

    return loud(name)
""",
}  # fmt: skip


@pytest.mark.parametrize("case", HOLES)
def test_holes(tmp_path: Path, case: str) -> None:
    text = ported(tmp_path, HOLES[case])
    assert "<locals>" not in text, text
    assert "todo!" in text, text


def test_holes_inside(tmp_path: Path) -> None:
    """What isn't translated of one that is called is a hole there."""
    body = """def outer(name: str) -> int:
    names = [name]

    def add(to: list[str]) -> int:
        to.append("a")
        return len(to)

    return add(names)
"""
    text = ported(tmp_path, body)
    assert "outer_add(state, &names).await" in text, text
    assert '    // to.append("a")\n    let _ = (&state, &to);\n' in text, text
