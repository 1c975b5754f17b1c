"""Applications, routers and what stands on them, as the backend made them."""

from __future__ import annotations

from dataclasses import dataclass, field

from port_lsp.facts.items import ApplicationPart, ForeignMount, Site, Unresolved
from port_lsp.facts.source import Place
from port_lsp.python.values import Arguments, Class, Native, Value

APPLICATIONS = {"fastapi.FastAPI", "fastapi.applications.FastAPI"}
METHODS = ("get", "post", "put", "delete", "patch", "options", "head", "trace")
ROUTERS = {"fastapi.APIRouter", "fastapi.routing.APIRouter", "fastapi.routers.APIRouter"}


@dataclass(slots=True, eq=False)
class Route:
    """One registration on a router: `handler` as far as it is known."""

    methods: tuple[str, ...]
    path: str
    handler: Value
    options: Arguments
    at: Place
    conditional: str | None
    kind: str
    module: str


@dataclass(slots=True, eq=False)
class Include:
    """Another router's routes taken over under a prefix; `mounted` for a sub-application."""

    prefix: str
    router: RouterObject
    options: Arguments
    at: Place
    conditional: str | None
    module: str
    mounted: bool = False


@dataclass(slots=True, eq=False)
class RouterObject(Native):
    """An APIRouter or a FastAPI application as the backend made it."""

    application: bool
    cls: Class | None
    place: Place
    module: str
    prefix: str = ""
    options: Arguments = field(default_factory=Arguments)
    steps: list[Route | Include] = field(default_factory=lambda: [])
    attributes: dict[str, Value] = field(default_factory=lambda: {})

    def set_attribute(self, name: str, value: Value) -> None:
        """`router.prefix = "/x"` and attributes of the backend's own."""
        if name == "prefix" and isinstance(value, str):
            self.prefix = value
        else:
            self.attributes[name] = value


@dataclass(slots=True, eq=False)
class RouteDecorator(Native):
    """`router.get("/x")`, waiting for its function."""

    router: RouterObject
    methods: tuple[str, ...]
    args: Arguments
    at: Place
    kind: str


@dataclass(slots=True, eq=False)
class PartDecorator(Native):
    """`app.middleware("http")`, `app.exception_handler(E)`, `app.on_event("startup")`."""

    kind: str
    detail: str
    at: Place


@dataclass(slots=True, eq=False)
class SuperOf(Native):
    """`super()` inside a method: its attributes come from the classes behind `behind`."""

    behind: Class
    owner: Value


@dataclass(slots=True, eq=False)
class RouteList(Native):
    """`router.routes`."""

    router: RouterObject


@dataclass(slots=True)
class Notes:
    """What one module's run gave that isn't a route."""

    unresolved: list[Unresolved] = field(default_factory=lambda: [])
    sites: list[Site] = field(default_factory=lambda: [])
    mounts: list[ForeignMount] = field(default_factory=lambda: [])
    parts: list[ApplicationPart] = field(default_factory=lambda: [])
