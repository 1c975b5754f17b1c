"""In what a linked endpoint differs from its counterpart: the drift rules of linking."""

from port_lsp.linking.board import Found
from port_lsp.linking.matches import Route, methods_agree
from port_lsp.linking.paths import UNKNOWN, may_be

PATH_DRIFT = "path-drift"
METHOD_DRIFT = "method-drift"
UNREACHABLE = "unreachable-route"
UNMOUNTED = "unmounted-route"
ALIAS = "alias-not-mounted"


def drift_of(found: Found) -> tuple[str, ...]:
    """The rules by which a client would notice that the crate's route isn't the backend's."""
    ours, counterparts = found.match.backend, [found.match.crate, *found.also]
    mounted = [route for route in counterparts if route.mounted]
    if not mounted:
        return (UNMOUNTED, *_method(ours, counterparts))
    serving = [route for route in mounted if _serves(ours, route, found.tier == "wildcard")]
    if found.tier == "alias" and not any(methods_agree(ours, route) == 1.0 for route in serving):
        return (METHOD_DRIFT,) if serving else (ALIAS,)
    path = () if serving else (PATH_DRIFT,)
    near = serving or mounted
    unreachable = () if any(route.endpoint.reachable for route in near) else (UNREACHABLE,)
    return (*path, *_method(ours, near), *unreachable)


def _method(ours: Route, counterparts: list[Route]) -> tuple[str, ...]:
    agree = any(methods_agree(ours, route) == 1.0 for route in counterparts)
    return () if agree else (METHOD_DRIFT,)


def _serves(ours: Route, theirs: Route, by_wildcard: bool) -> bool:
    """Whether the crate's route has the path that the backend's client asks for."""
    if by_wildcard:
        return theirs.shape.rest
    if UNKNOWN in theirs.endpoint.path:
        return may_be(theirs.endpoint.path, ours.shape)
    if ours.shape.segments != theirs.shape.segments:
        return False
    return ours.shape.slash == theirs.shape.slash or trims(theirs)


def trims(route: Route) -> bool:
    """Whether a slash at a path's end makes no difference before this route.

    So it is behind actix's `NormalizePath` and tower-http's `NormalizePathLayer`.
    """
    return any("NormalizePath" in layer for layer in route.endpoint.middleware)
