"""Names of the frameworks that a glob import brings in."""

# What the frameworks offer to `use framework::*`; other globs of foreign crates bring in nothing
# that we know.
_GLOBS: dict[tuple[str, ...], frozenset[str]] = {
    ("actix_web",): frozenset({"web", "guard", "middleware", "dev", "App", "HttpServer", "Scope"})
    | {"Route", "Resource", "get", "post", "put", "delete", "patch", "head", "route", "routes"},
    ("actix_web", "web"): frozenset({"get", "post", "put", "delete", "patch", "head", "trace"})
    | {"to", "route", "method", "scope", "resource", "service", "redirect", "ServiceConfig"}
    | {"Path", "Query", "Json", "Form", "Data", "Bytes", "Payload"},
    ("actix_web", "prelude"): frozenset({"web", "App", "HttpServer"}),
    ("axum",): frozenset({"Router", "Json", "Form", "Extension", "routing", "extract"})
    | {"middleware", "handler", "response"},
    ("axum", "prelude"): frozenset({"Router", "Json"}),
    ("axum", "routing"): frozenset({"get", "post", "put", "delete", "patch", "head", "options"})
    | {"trace", "connect", "any", "on", "get_service", "post_service", "any_service"}
    | {"on_service", "MethodRouter", "MethodFilter", "Router"},
    ("axum", "extract"): frozenset({"Path", "Query", "State", "Json", "Form", "Multipart"})
    | {"Extension", "Request", "WebSocketUpgrade"},
    ("axum", "middleware"): frozenset({"from_fn", "from_fn_with_state", "Next"}),
}


def is_known(path: tuple[str, ...]) -> bool:
    """Whether a glob over a framework's module brings in this name."""
    return path[-1] in _GLOBS.get(path[:-1], ())
