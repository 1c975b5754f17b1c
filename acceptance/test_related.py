"""Answers that hold what belongs to a row by SQLAlchemy's relations: the same ones from the backend
(`data/related_app.py`) and from what is ported of it into a new crate, each on a database of its
own.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from acceptance.serving import loaded, responses, same_answers, whole_port
from acceptance.test_raising import answer
from port_lsp.writing.registering import Framework
from tests.rustc import needs_cargo

BACKEND = Path(__file__).parent / "data" / "related_app.py"
_POSTS: tuple[Any, ...] = (
    {"title": "b", "owner_id": 1}, {"title": "a", "owner_id": 1, "editor_id": 2},
    {"title": "c'--", "owner_id": 2, "tag_name": "it's"}, {"title": "d", "owner_id": 9},
    {"title": "e", "owner_id": 2, "editor_id": None, "tag_name": None}, {"title": "f"},
    {"title": "g", "owner_id": "x"}, {"title": "h", "owner_id": 3, "tag_name": "none such"},
)  # fmt: skip
_COMMENTS: tuple[Any, ...] = (
    *({"text": f"{n}", "post_id": 1 + n % 2, "author_id": 1 + n % 3} for n in range(6)),
    {"text": "nobody's", "post_id": 1}, {"text": "of none", "post_id": 77, "author_id": 1}, {},
)  # fmt: skip
_READS: list[dict[str, Any]] = [
    *(
        {"method": "GET", "url": url}
        for url in ("/users", "/posts", "/eager", "/posts?skip=1&limit=1")
    ),
    *(
        {"method": "GET", "url": f"/{path}/{id}"}
        for path in ("users", "posts", "maybe", "eager", "comments")
        for id in (1, 2, 3, 4, 7, 8, 99, "x")
    ),
]
REQUESTS: list[dict[str, Any]] = [
    *_READS,
    *({"method": "POST", "url": "/users", "json": {"name": name}} for name in ("b", "c", "a")),
    {"method": "POST", "url": "/tags", "json": {"name": "it's", "color": "red"}},
    *_READS,
    *({"method": "POST", "url": "/posts", "json": one} for one in _POSTS),
    *_READS,
    *({"method": "POST", "url": "/comments", "json": one} for one in _COMMENTS),
    *_READS,
    *({"method": "PUT", "url": f"/posts/{id}/{by}"} for id, by in ((1, 3), (2, 99), (99, 1))),
    *_READS,
]


@pytest.fixture(scope="module")
def expected(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, list[Any]]]:
    root = tmp_path_factory.mktemp("related")
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("DATABASE_URL", f"sqlite:///{root}/python.sqlite")
        with loaded(BACKEND, root) as app:
            yield root, [answer(one) for one in responses(app, REQUESTS)]


@pytest.mark.parametrize("framework", ["axum", "actix-web"])
def test_answers(
    expected: tuple[Path, list[Any]], tmp_path: Path, target: Path, framework: Framework
) -> None:
    needs_cargo()
    backend, answers = expected
    assert {status for status, _, _ in answers} == {200, 201, 404, 422, 500}
    crate = tmp_path / "related"
    whole_port(backend, crate, framework)
    env = {"DATABASE_URL": f"sqlite:///{tmp_path}/rust.sqlite"}
    same_answers(crate, env, target, REQUESTS, answers, answer)
