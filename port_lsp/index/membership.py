"""Which of the files below a root are part of a side: tests aren't.

Everything here is decided by names alone, but for a module that is only named like a test.
"""

import re
from collections.abc import Iterable

_TEST_FOLDERS = frozenset({"test", "tests"})
_TEST_NAME = re.compile(r"^(?:test_.*|.*_test|tests?)\.py$")
_CONFTEST = "conftest.py"
_TEST_CODE = re.compile(
    rb"^\s*(?:import\s+(?:pytest|unittest)\b|from\s+(?:pytest|unittest)\b|(?:async\s+)?def\s+test_"
    rb"|class\s+Test)",
    re.M,
)
_CRATE_TESTS = frozenset({"tests", "benches", "examples"})


def backend_files(paths: Iterable[str]) -> list[str]:
    """The Python files of a backend, of relative paths with `/`.

    A folder `tests` counts as one of tests if it has a file named like a test or a conftest.py
    somewhere below it: an application may well be about tests.
    """
    python = [path for path in paths if path.endswith(".py")]
    folders = {folder for path in python if _named_like_a_test(path) for folder in _tests(path)}
    return [
        path for path in python if not path.endswith(_CONFTEST) and folders.isdisjoint(_tests(path))
    ]


def crate_files(paths: Iterable[str]) -> list[str]:
    """The Rust files of a crate: those of `tests`, `benches` and `examples` beside a manifest,
    which Cargo makes programs of their own, are left out."""
    every = list(paths)
    packages = {path.rpartition("/")[0] for path in every if path.endswith("Cargo.toml")}
    return [path for path in every if path.endswith(".rs") and not _is_beside(path, packages)]


def manifests(paths: Iterable[str]) -> list[str]:
    """The Cargo.toml files, and the Cargo.lock that says which versions were taken."""
    return [path for path in paths if path.rpartition("/")[2] in ("Cargo.toml", "Cargo.lock")]


def projects(paths: Iterable[str]) -> list[str]:
    """The pyproject.toml files, each of which says that its folder is installed as a whole."""
    return [path for path in paths if path.rpartition("/")[2] == "pyproject.toml"]


def is_test_module(path: str, data: bytes) -> bool:
    """Whether a module that is named like a test has tests in it."""
    if "test" not in path:  # asked of every file at every edit
        return False
    name = path.rpartition("/")[2]
    return _TEST_NAME.match(name) is not None and _TEST_CODE.search(data) is not None


def _named_like_a_test(path: str) -> bool:
    name = path.rpartition("/")[2]
    return name == _CONFTEST or _TEST_NAME.match(name) is not None


def _tests(path: str) -> list[str]:
    """The folders above a path that are called `tests`."""
    parts = path.split("/")[:-1]
    return ["/".join(parts[: i + 1]) for i, part in enumerate(parts) if part in _TEST_FOLDERS]


def _is_beside(path: str, packages: set[str]) -> bool:
    parts = path.split("/")[:-1]
    return any(
        part in _CRATE_TESTS and "/".join(parts[:i]) in packages for i, part in enumerate(parts)
    )
