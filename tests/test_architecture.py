"""The house keeps its floors: who may import whom (docs/architecture.md, "Rooms")."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

PACKAGE = Path(__file__).parent.parent / "port_lsp"

# From the ground up. Each room may import itself and the floors below; rooms of one floor don't
# know each other.
FLOORS: tuple[tuple[str, ...], ...] = (
    ("text",),
    ("facts",),
    ("types",),
    ("resolve",),
    ("python", "rust"),
    ("linking",),
    ("config",),
    ("rules",),
    ("index",),
    ("writing",),
    ("patterns",),
    ("plan", "parity"),
    ("testing", "report"),
    ("server",),
    ("commands",),
    ("cli",),
    ("__main__",),
)
LEVEL = {room: level for level, floor in enumerate(FLOORS) for room in floor}

# Which rooms may import what of other people's.
RESERVED = {
    "tree_sitter": {"python", "rust"},
    "tree_sitter_python": {"python"},
    "tree_sitter_rust": {"rust"},
    "libcst": {"python"},
    "pygls": {"server"},
    "lsprotocol": {"server"},
}


class Import(NamedTuple):
    """One import: the file below the package, its line, the module that is named."""

    file: str
    line: int
    module: str

    @property
    def room(self) -> str:
        """The room that imports."""
        return self.file.partition("/")[0].removesuffix(".py")

    def __str__(self) -> str:
        return f"{self.file}:{self.line} imports {self.module}"


def imports(package: Path = PACKAGE) -> Iterator[Import]:
    """Every import of every module, inside functions too."""
    for path in sorted(package.rglob("*.py")):
        name = path.relative_to(package).as_posix()
        for node in ast.walk(ast.parse(path.read_bytes())):
            if isinstance(node, ast.Import):
                for alias in node.names:
                    yield Import(name, node.lineno, alias.name)
            elif isinstance(node, ast.ImportFrom):
                assert node.level == 0, f"{name}:{node.lineno}: imports are absolute here"
                assert node.module is not None
                inner = [f"{node.module}.{alias.name}" for alias in node.names]
                modules = [module for module in inner if _is_module(module)]
                for module in modules or [node.module]:
                    yield Import(name, node.lineno, module)


def _is_module(name: str) -> bool:
    """Whether a dotted name is one of our modules, not something in one."""
    path = PACKAGE.parent.joinpath(*name.split("."))
    return path.with_suffix(".py").is_file() or (path / "__init__.py").is_file()


def room_of(module: str) -> str | None:
    """The room that a module of ours is in; None for the package itself and for others."""
    parts = module.split(".")
    return parts[1] if parts[0] == "port_lsp" and len(parts) > 1 and parts[1] in LEVEL else None


def test_every_room_has_a_floor() -> None:
    rooms = {
        path.stem
        for path in PACKAGE.iterdir()
        if (path.suffix == ".py" and path.stem != "__init__") or (path / "__init__.py").exists()
    }
    assert rooms == set(LEVEL)


def test_nothing_imports_upwards() -> None:
    wrong = [
        str(one)
        for one in imports()
        if (target := room_of(one.module)) is not None
        and one.room in LEVEL
        and target != one.room
        and LEVEL[target] >= LEVEL[one.room]
    ]
    assert wrong == []


@pytest.mark.parametrize("library", sorted(RESERVED))
def test_libraries_stay_in_their_rooms(library: str) -> None:
    wrong = [
        str(one)
        for one in imports()
        if one.module.split(".")[0] == library and one.room not in RESERVED[library]
    ]
    assert wrong == []


def test_the_two_sides_do_not_know_each_other() -> None:
    wrong = [str(one) for one in imports() if {one.room, room_of(one.module)} == {"python", "rust"}]
    assert wrong == []


def test_features_do_not_know_each_other_but_for_the_jump() -> None:
    """One feature is one file; only the jump is used by others: as a command, as a request."""
    features = "port_lsp.server.features."
    wrong = [
        str(one)
        for one in imports()
        if one.file.startswith("server/features/")
        and one.module.startswith(features)
        and one.module != f"{features}counterpart"
    ]
    assert wrong == []


def test_only_the_session_changes_the_index() -> None:
    wrong = [
        str(one)
        for one in imports()
        if one.file.startswith("server/")
        and one.module == "port_lsp.index.index"
        and one.file not in ("server/session.py", "server/todo.py")
    ]
    assert wrong == []
