"""How each framework joins the prefix of a mount with a path below it."""

from port_lsp.facts.routing import Join


def join(how: Join, prefix: str, path: str) -> str:
    """The path of a route in full, as its framework composes it.

    `prefix` is what the mounts above add up to so far ("" at the root); `path` is the next prefix
    or the route's own path, "" for what answers below the prefix as a whole (a fallback).

    * fastapi: `APIRouter.include_router` concatenates.
    * axum: `path_for_nested_route` (axum 0.6 to 0.8): "/" below "/users" is "/users" itself, and
      a prefix that ends in a slash swallows the slash of the path.
    * actix: a resource or a scope that doesn't begin with a slash gets one
      (`ResourceDef::root_prefix`, `Resource::register`); then `ResourceDef::join` concatenates.
    """
    if how == "fastapi":
        return prefix + path
    if how == "actix":
        return prefix + path if not path or path.startswith("/") else f"{prefix}/{path}"
    if not prefix or not path:
        return prefix or path
    if prefix.endswith("/"):
        return prefix + path.lstrip("/")
    return prefix if path == "/" else prefix + path
