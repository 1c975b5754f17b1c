"""The names that star imports are told apart by are the libraries' own."""

import importlib

import pytest

from port_lsp.python.starnames import NAMES, starred


@pytest.mark.parametrize("module", sorted(NAMES))
def test_a_star_import_of_the_library_brings_them(module: str) -> None:
    library = importlib.import_module(module)
    brought = getattr(library, "__all__", vars(library))
    assert NAMES[module] - set(brought) == set()


@pytest.mark.parametrize(
    ("modules", "name", "module"),
    [
        (["a"], "Depends", "a"),
        (["fastapi", "pydantic"], "Depends", "fastapi"),
        (["fastapi", "pydantic"], "Field", "pydantic"),
        (["pydantic", "peewee"], "Model", "peewee"),
        (["typing", "fastapi"], "List", "typing"),
        (["fastapi", "a"], "FastAPI", "fastapi"),
        (["a", "fastapi"], "thing", "a"),
        (["a", "b"], "thing", "b"),
        (["fastapi", "pydantic"], "thing", "pydantic"),
        (["fastapi", "fastapi.responses"], "Response", "fastapi.responses"),
    ],
)
def test_of_several_the_last_that_has_the_name(modules: list[str], name: str, module: str) -> None:
    assert starred(modules, name) == module
