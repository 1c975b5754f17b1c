"""Comments: which they are, what they belong to, what becomes of findings and links."""

import pytest
from msgspec.structs import replace

from port_lsp.config import NO_CONFIG
from port_lsp.facts.items import Endpoint, Side
from port_lsp.facts.source import Place, SourceFile
from port_lsp.rules.suppress import Comment, CommentReader, comments
from port_lsp.text import Span
from tests.rules.sides import cut, endpoint, judged


def of(text: str, path: str = "app/a.py") -> tuple[Comment, ...]:
    return comments(cut(path, text, ("all", text[:1])))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("# port: ignore[unported-endpoint] later\n", (("unported-endpoint",), "later")),
        ("#port:ignore[a, b]\n", (("a", "b"), "")),
        ("x = 1  # port: ignore[a] it's fine\r\n", (("a",), "it's fine")),
        ("# port: ignore[a]: with a colon\n", (("a",), "with a colon")),
        ("# port: ignore[a] grüße 😀\n", (("a",), "grüße 😀")),
    ],
)
def test_ignore_comments(text: str, expected: tuple[tuple[str, ...], str]) -> None:
    (comment,) = of(text)
    assert (comment.rules, comment.reason) == expected
    assert comment.item is None


@pytest.mark.parametrize(
    "text",
    [
        "# port: 8080\n",
        "# port: see the guide\n",
        "import x  # report: ignore[a]\n",
        "// port: ignore[a] in Python this is no comment\n",
        "# ports: ignore[a]\n",
    ],
)
def test_what_is_no_verdict(text: str) -> None:
    assert of(text) == ()


def test_the_counterpart_in_a_comment() -> None:
    (comment,) = of("// port: app/routers/users.py::get_users\nfn a() {}\n", "src/a.rs")
    assert comment.item == "app/routers/users.py::get_users"
    assert (comment.line, comment.alone) == (1, True)


PYTHON = """\
import x

# port: ignore[unported-endpoint] of the old console
# and it goes on
@router.get("/a")
async def one():
    # port: ignore[unported-endpoint] in the body it means nothing
    pass

@router.get("/b")
async def two():  # port: ignore[unported-endpoint]
    pass

@router.get("/c")
# port: ignore[path-drift, unported-endpoint] between
async def three():
    pass

async def four():  # nothing here
    pass
"""


def python_file() -> SourceFile:
    return cut(
        "app/a.py",
        PYTHON,
        ("one", '@router.get("/a")'),
        ("two", '@router.get("/b")'),
        ("three", '@router.get("/c")'),
        ("four", "async def four"),
    )


def place(file: SourceFile, name: str) -> Place:
    chunk = file.by_id[name]
    at = file.chunk_bytes(chunk).index(b"def " + name.encode()) + 4
    return Place(file.path, name, Span(at, at + len(name)))


@pytest.mark.parametrize(
    ("name", "reasons"),
    [("one", ["of the old console"]), ("two", [""]), ("three", ["between"]), ("four", [])],
)
def test_which_comments_belong_to_an_item(name: str, reasons: list[str]) -> None:
    file = python_file()
    found = CommentReader().read({file.path: file}).at(place(file, name), whole=True)
    assert [comment.reason for comment in found] == reasons


def test_decorators_belong_to_an_item_that_is_its_chunk() -> None:
    file = python_file()
    assert not list(CommentReader().read({file.path: file}).at(place(file, "one"), whole=False))


def at(file: SourceFile, name: str, route: str) -> Endpoint:
    made = endpoint(file.path, route, name)
    return replace(made, place=place(file, name), registered=place(file, name))


def test_a_suppressed_unported_endpoint_is_ignored_with_its_reason() -> None:
    file = python_file()
    backend = Side(endpoints=(at(file, "three", "GET /c"), at(file, "four", "GET /d")))
    crate = Side(endpoints=(endpoint("src/z.rs", "GET /z", "z"),))
    links, findings = judged(backend, crate, backend_files={file.path: file})
    assert [finding.item for finding in findings if finding.side == "backend"] == [
        backend.endpoints[1].id
    ]
    assert [(row.word, row.reason) for row in links.endpoints[:2]] == [
        ("ignored", "between"),
        ("unported", None),
    ]


RUST = """\
// port: app/a.py::four
async fn entirely_different() {}

async fn list() {} // port: ignore[rust-only-route] our own
"""


def test_a_comment_pins() -> None:
    file = python_file()
    there = cut(
        "src/z.rs",
        RUST,
        ("entirely_different", "async fn entirely"),
        ("list", "async fn list"),
    )

    def rust(name: str, route: str) -> Endpoint:
        made = endpoint(there.path, route, name)
        start = there.chunk_bytes(there.by_id[name]).index(name.encode())
        here = Place(there.path, name, Span(start, start + len(name)))
        return replace(made, place=here, registered=here)

    backend = Side(endpoints=(at(file, "four", "GET /d"),))
    crate = Side(endpoints=(rust("entirely_different", "GET /q"), rust("list", "GET /own")))
    links, findings = judged(backend, crate, NO_CONFIG, {file.path: file}, {there.path: there})
    assert links.endpoints[0].crate == "src/z.rs::entirely_different#GET /q"
    assert links.endpoints[0].evidence[0].kind == "pin"
    assert [finding.rule for finding in findings] == ["path-drift"]
