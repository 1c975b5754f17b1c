"""The evaluator: prefixes, conditions, layers and trail over mounts."""

from __future__ import annotations

import pytest

from port_lsp.facts.items import EndpointKind, Signature
from port_lsp.facts.routing import Join, Layer, Mount, Register, Router
from port_lsp.facts.source import Place
from port_lsp.resolve.paths import join
from port_lsp.resolve.routes import flatten

HERE = Place("a.rs", "app")


def register(
    path: str,
    *layers: str,
    conditional: str | None = None,
    kind: EndpointKind = "route",
) -> Register:
    return Register(
        methods=("GET",),
        path=path,
        handler="f",
        key="a.rs::f",
        place=HERE,
        registered=HERE,
        signature=Signature(),
        kind=kind,
        layers=tuple(Layer(name, HERE) for name in layers),
        conditional=conditional,
    )


def router(join: Join, *steps: Register | Mount | Layer, layers: tuple[str, ...] = ()) -> Router:
    return Router("r", HERE, join, steps, tuple(Layer(name, HERE) for name in layers))


def layer(name: str, *, routes_only: bool = False) -> Layer:
    return Layer(name, HERE, reach="before", routes_only=routes_only)


# axum's own test of path_for_nested_route; actix's and FastAPI's by their sources.
@pytest.mark.parametrize(
    ("how", "prefix", "path", "full"),
    [
        ("axum", "/", "/", "/"),
        ("axum", "/a", "/", "/a"),
        ("axum", "/", "/b", "/b"),
        ("axum", "/a/", "/", "/a/"),
        ("axum", "/", "/b/", "/b/"),
        ("axum", "/a", "/b", "/a/b"),
        ("axum", "/a/", "/b", "/a/b"),
        ("axum", "/a", "/b/", "/a/b/"),
        ("axum", "/a/", "/b/", "/a/b/"),
        ("axum", "", "/b", "/b"),
        ("axum", "/a", "", "/a"),
        ("fastapi", "/a", "/", "/a/"),
        ("fastapi", "/a", "", "/a"),
        ("fastapi", "/a", "b", "/ab"),
        ("actix", "/a", "", "/a"),
        ("actix", "/a", "/", "/a/"),
        ("actix", "/a", "b", "/a/b"),
        ("actix", "", "b", "/b"),
        ("actix", "/a/", "/b", "/a//b"),
        ("actix", "", "", ""),
    ],
)
def test_join(how: Join, prefix: str, path: str, full: str) -> None:
    assert join(how, prefix, path) == full


def test_fastapi_layers_go_from_the_application_to_the_decorator() -> None:
    inner = router("fastapi", register("/x", "decorator"), layers=("router",))
    mount = Mount("/api", inner, HERE, (Layer("include", HERE),))
    [found] = flatten(router("fastapi", mount, layers=("app",)))
    assert found.layers == ("app", "include", "router", "decorator")
    assert found.path == "/api/x"
    assert found.trail == (("/api", HERE),)
    assert found.address == (0, 0)


def test_conditions_are_joined_outermost_first() -> None:
    inner = router("fastapi", register("/x", conditional="b"))
    [found] = flatten(router("fastapi", Mount("/api", inner, HERE, conditional="a")))
    assert found.conditional == "a and b"


def test_actix_wraps_cover_their_scope_in_the_order_written() -> None:
    scope = router("actix", register("/x"), Layer("inner one", HERE), Layer("inner two", HERE))
    app = router("actix", Layer("one", HERE), Mount("/s", scope, HERE), Layer("two", HERE))
    [found] = flatten(app)
    assert found.layers == ("one", "two", "inner one", "inner two")


def test_axum_layers_cover_what_was_taken_before_and_the_last_is_outermost() -> None:
    app = router(
        "axum",
        register("/private", "own"),
        layer("auth", routes_only=True),
        register("/public"),
        register("", kind="fallback"),
        layer("routes", routes_only=True),
        layer("log"),
        layer("outer"),
        register("/after"),
    )
    assert [(found.path, found.layers) for found in flatten(app)] == [
        ("/private", ("outer", "log", "routes", "auth", "own")),
        ("/public", ("outer", "log", "routes")),
        ("", ("outer", "log")),
        ("/after", ()),
    ]


def test_axum_fallbacks_below_a_prefix_and_of_one_route() -> None:
    inner = router(
        "axum",
        register("", kind="fallback"),
        register("/x", kind="fallback"),
        layer("routes", routes_only=True),
    )
    app = router("axum", Mount("/api", inner, HERE), layer("outer", routes_only=True))
    assert [(found.path, found.layers) for found in flatten(app)] == [
        ("/api", ()),
        ("/api/x", ("outer", "routes")),
    ]


def test_one_router_mounted_twice() -> None:
    inner = router("fastapi", register("/x"))
    app = router("fastapi", Mount("/a", inner, HERE), Mount("/b", inner, HERE))
    assert [found.path for found in flatten(app)] == ["/a/x", "/b/x"]
