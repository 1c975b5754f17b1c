"""Routes that no request arrives at, beyond what the frameworks' fixtures say."""

from __future__ import annotations

import msgspec
import pytest

from port_lsp.facts.items import Signature
from port_lsp.facts.routing import Join, Mount, Register, Router, Slashes
from port_lsp.facts.source import Place
from port_lsp.resolve.patterns import actix_pattern, actix_requests, normalized, taken
from port_lsp.resolve.reach import unreachable
from port_lsp.resolve.routes import flatten

HERE = Place("a.rs", "app")


def route(path: str, *methods: str, conditional: str | None = None, guards: int = 0) -> Register:
    return Register(
        methods or ("GET",),
        path,
        path.strip("/") or "root",
        "a.rs::f",
        HERE,
        HERE,
        Signature(),
        conditional=conditional,
        guards=("guard::Header()",) * guards,
    )


def router(join: Join, *steps: Register | Mount, slashes: Slashes = "keep") -> Router:
    return Router("r", HERE, join, steps, slashes=slashes)


def resource(path: str, *steps: Register) -> Mount:
    return Mount(path, Router("r", HERE, "actix", steps, exact=True), HERE)


def scope(path: str, *steps: Register | Mount) -> Mount:
    return Mount(path, router("actix", *steps), HERE)


def lost(root: Router, version: str | None = None) -> list[str]:
    """The paths that can't be reached, each with its method."""
    resolved = flatten(root)
    found = unreachable(root, resolved, version)
    return [f"{method} {resolved[index].path}" for index, method in found]


def test_actix_takes_the_first_that_matches() -> None:
    app = router("actix", route("/{id}"), route("/me"), route("/me", "POST"), route("/me/x"))
    assert lost(app) == ["GET /me"]


def test_actix_never_leaves_a_scope_or_a_resource() -> None:
    app = router(
        "actix",
        scope("/a", route("/x")),
        scope("/a", route("/y")),
        route("/a/z"),
        route("/ab"),
        resource("/r", route("", "GET")),
        resource("/r", route("", "POST")),
        route("/r", "PUT"),
    )
    assert lost(app) == ["GET /a/y", "GET /a/z", "POST /r", "PUT /r"]


def test_an_empty_scope_takes_everything() -> None:
    assert lost(router("actix", scope("", route("/x")), route("/y"))) == ["GET /y"]


def test_what_may_not_be_there_stands_in_nobodys_way() -> None:
    guarded, sometimes = route("/x", guards=1), route("/x", conditional="flag")
    assert lost(router("actix", guarded, sometimes, route("/x"))) == []
    same = route("/x", conditional="flag")
    assert lost(router("actix", sometimes, same)) == ["GET /x"]


def test_actix_patterns_of_their_own() -> None:
    app = router("actix", route(r"/{id:\d+}"), route("/{name}"), route("/{rest:.*}"))
    assert lost(app) == []
    assert lost(router("actix", route("/{rest:.*}"), route("/{name}"))) == ["GET /{name}"]
    # An expression of which we can't make a request isn't said to be unreachable.
    assert lost(router("actix", route("/{x:.*}"), route("/{id:[A-Z]{7}-q}"))) == []


@pytest.mark.parametrize(
    ("slashes", "missing"),
    [
        ("keep", []),
        ("merge", []),
        ("trim", ["GET /a/"]),
        ("always", ["GET /a", "GET /{tail:.*}x"]),
    ],
)
def test_actix_normalizes_paths(slashes: Slashes, missing: list[str]) -> None:
    app = router("actix", route("/a"), route("/a/"), route("/{tail:.*}x"), slashes=slashes)
    assert lost(app) == missing


def test_axum_panics_at_start() -> None:
    assert lost(router("axum", route("/:id")), "0.8") == ["GET /:id"]
    assert lost(router("axum", route("/:id")), "0.7.5") == []
    assert lost(router("axum", route("/{id}")), "0.7.5") == ["GET /{id}"]
    assert lost(router("axum", route("/{id}"), route("/me")), "0.8") == []
    assert lost(router("axum", route("/x"), route("/x", "POST"), route("/x")), "0.8") == ["GET /x"]
    twins = ("/u/{id}", "/u/{name}", "/u/{name}/x", "/u/{{id}}", "/u/{*rest}", "/{?}/a", "/{?}/b")
    of_twins = [route(path, method) for path in twins for method in ("GET", "PUT")]
    assert lost(router("axum", *of_twins), "0.8") == ["GET /u/{name}", "PUT /u/{name}"]
    assert lost(router("axum", route("/:id"), route("/:name", "POST")), "0.7") == ["POST /:name"]


def test_fastapi_takes_the_first_whose_method_matches() -> None:
    app = router(
        "fastapi",
        route("/users/{id}"),
        route("/users/me"),
        route("/users/me", "POST"),
        route("/files/{path:path}"),
        route("/files/a/b"),
        route("/n/{n:int}"),
        route("/n/x"),
    )
    assert lost(app) == ["GET /users/me", "GET /files/a/b"]


@pytest.mark.parametrize(
    ("pattern", "prefix", "path", "length"),
    [
        ("/a", False, "/a", 2),
        ("/a", False, "/a/b", None),
        ("/a", True, "/a/b", 2),
        ("/a", True, "/ab", None),
        ("", True, "/x", 0),
        ("/{id}", False, "/x", 2),
        ("/{id}", True, "/x/y", 2),
        ("/{id}", False, "/x/y", None),
        ("/{rest}*", False, "/x/y", 4),
        (r"/{id:\d+}.json", False, "/12.json", 8),
        ("/{a:[a-z]{2}}", False, "/ab", 3),
    ],
)
def test_actix_pattern(pattern: str, prefix: bool, path: str, length: int | None) -> None:
    matcher = actix_pattern(pattern, prefix=prefix)
    assert taken(matcher, path, prefix=prefix) == length


def test_requests_fit_their_pattern() -> None:
    for pattern in ("/a/{b}/c", r"/{id:\d+}", "/{rest}*", "/{p:.*}", "/{a}-{b}.{ext:(png|txt)}"):
        for path in actix_requests(pattern):
            matcher = actix_pattern(pattern, prefix=False)
            assert taken(matcher, path, prefix=False) == len(path)


def test_normalized() -> None:
    assert normalized("//a//b/", "trim") == "/a/b"
    assert normalized("/", "trim") == "/"
    assert normalized("/a", "always") == "/a/"
    assert normalized("/a//b/", "merge") == "/a/b/"


def files(path: str, service: str) -> Register:
    """A service of another crate, mounted at a path."""
    return Register((), path, service, "a.rs::f", HERE, HERE, Signature())


@pytest.mark.parametrize(
    ("before", "reached"),
    [
        (files("/a", 'Files::new("/a", "static")'), False),
        (files("/", 'fs::Files::new("/", "static").index_file("index.html")'), False),
        (files("/a", 'Files::new("/a", "static").guard(guard::Get())'), True),
        (files("/", 'ResourceFiles::new("/", generate()).skip_handler_when_not_found()'), True),
        (scope("/{?}"), True),
        (route("/{?}"), True),
    ],
)
def test_actix_passes_by_what_may_not_take_it(before: Register | Mount, reached: bool) -> None:
    assert (not lost(router("actix", before, route("/a/b")))) == reached


def test_two_paths_that_are_not_known_are_not_one() -> None:
    elsewhere = Place("b.rs", "app")
    one, other = route("{?}"), msgspec.structs.replace(route("{?}"), registered=elsewhere)
    below = Mount("/{?}", router("axum", route("/a"), route("/a")), HERE)
    beside = Mount("/{?}", router("axum", route("/a")), elsewhere)
    assert not lost(router("axum", one, other))
    assert lost(router("axum", below, beside)) == ["GET /{?}/a"]
