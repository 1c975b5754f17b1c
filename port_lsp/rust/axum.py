"""What axum's names mean (0.6 to 0.8), and those of utoipa-axum, axum-extra and aide.

Sources: axum's routing/mod.rs, routing/method_routing.rs, routing/path_router.rs; utoipa-axum's
router.rs and lib.rs (`routes!`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from port_lsp.facts.items import EndpointKind
from port_lsp.facts.routing import Layer, Register
from port_lsp.facts.source import Place
from port_lsp.rust import expressions as ir
from port_lsp.rust.axum_layers import layers_of, stack_method
from port_lsp.rust.frames import Frame
from port_lsp.rust.registering import (
    ANY,
    VERBS,
    foreign,
    handler_of,
    mount,
    neighbour_of,
    path_text,
    register,
    replace,
)
from port_lsp.rust.typed_paths import PREFIX, path_of_handler
from port_lsp.rust.values import (
    UNKNOWN_TEXT,
    Foreign,
    Function,
    Lambda,
    LayerStack,
    Nothing,
    RouterKind,
    Routes,
    Struct,
    Unknown,
    Value,
)

if TYPE_CHECKING:
    from port_lsp.rust.interpret import Interpreter

TYPES: dict[str, RouterKind] = {
    "Router": "axum",
    "OpenApiRouter": "axum",
    "ApiRouter": "axum",
    "UtoipaMethodRouter": "methods",
    "MethodRouter": "methods",
    "ApiMethodRouter": "methods",
}
_CRATES = frozenset({"axum", "axum_extra", "utoipa_axum", "aide", "axum_routing", "axum_core"})
_MAKERS = frozenset({"new", "default", "with_openapi"})
_ROUTE = frozenset({"route", "api_route", "route_with_tsr", "api_route_with", "typed_route"})
_TYPED = frozenset(PREFIX + verb for verb in VERBS)
_NEST = frozenset({"nest", "nest_service", "nest_api_service"})
_SAME = frozenset(
    {
        "with_state", "into_make_service", "into_make_service_with_connect_info", "boxed",
        "into_service", "split_for_parts", "without_v07_checks", "finish_api", "finish_api_with",
        "as_service", "reset_fallback", "handle_error", "api_route_docs_with", "with_path_items",
        "map", "route_layer_if",
    }
)  # fmt: skip
_REGISTERING = _ROUTE | _NEST | {"merge", "fallback", "fallback_service", "route_service"}


# Functions


def called(
    run: Interpreter, path: tuple[str, ...], expr: ir.Call, args: list[Value], frame: Frame
) -> Value | None:
    """A function of axum and its kin; None for any other."""
    last = path[-1]
    owner = path[-2] if len(path) > 1 else ""
    if last == "new" and owner == "ServiceBuilder":
        return LayerStack(())
    if owner in ("NormalizePath", "NormalizePathLayer") and args and isinstance(args[0], Routes):
        return _trimmed(run, args[0], owner, frame.place(expr.start, expr.end))
    if _CRATES.isdisjoint(path[:1]):
        return None
    if owner in TYPES:
        if last in _MAKERS:
            place = frame.place(expr.start, expr.end)
            return run.born(Routes(TYPES[owner], frame.key, place))
        if args and isinstance(args[0], Routes):
            return method(run, args[0], _as_link(expr, last), args[1:], frame)
        return None
    verb = last.removesuffix("_service").removesuffix("_with")
    if verb in VERBS or verb in ("any", "on"):
        place = frame.place(expr.start, expr.end)
        empty = Routes("methods", frame.key, place)
        service = last.endswith("_service")
        return run.born(_with_handler(run, empty, verb, expr.args, args, frame, service=service))
    return None


def applied(
    run: Interpreter, path: tuple[str, ...], args: list[Value], frame: Frame
) -> Value | None:
    """`Router::merge` and its like given as a function."""
    if len(path) < 2 or path[-2] not in TYPES or not args or not isinstance(args[0], Routes):
        return None
    value = args[0]
    if path[-1] == "merge" and len(args) > 1 and isinstance(args[1], Routes):
        steps = (*value.steps, mount(args[1], "axum", "", args[1].place))
        return run.born(replace(value, steps=steps), value, args[1])
    return value


def _as_link(expr: ir.Call, name: str) -> ir.Link:
    """`Router::route(router, …)` as the method call that it is."""
    at = expr.function.end - len(name)
    return ir.Link(expr.start, expr.end, name, expr.args[1:], (), at)


def _with_handler(
    run: Interpreter,
    value: Routes,
    verb: str,
    exprs: tuple[ir.Expr, ...],
    args: list[Value],
    frame: Frame,
    *,
    service: bool,
) -> Routes:
    methods: tuple[str, ...] = (ANY,) if verb == "any" else (verb.upper(),)
    if verb == "on" and args:
        methods = _filters(exprs[0])
        exprs, args = exprs[1:], args[1:]
    if not args:
        return value
    handler = handler_of(run, args[0], exprs[0], frame)
    if service and isinstance(args[0], Foreign):
        step = foreign(run, run.described(frame, exprs[0]), "", value.place, frame)
    else:
        step = register(handler, methods, value.place)
    return replace(value, steps=(*value.steps, step))


def _filters(expr: ir.Expr) -> tuple[str, ...]:
    """The methods of `MethodFilter::GET.or(MethodFilter::POST)`, `GET | POST`."""
    if isinstance(expr, ir.Path):
        return (expr.segments[-1],)
    if isinstance(expr, ir.Binary):
        return _filters(expr.left) + _filters(expr.right)
    if isinstance(expr, ir.Chain):
        more = (_filters(arg) for link in expr.links for arg in link.args)
        return sum(more, _filters(expr.receiver))
    if isinstance(expr, ir.Call) and expr.args:
        return _filters(expr.args[0])
    return (ANY,)


# Methods


def method(
    run: Interpreter, value: Value, link: ir.Link, args: list[Value], frame: Frame
) -> Value | None:
    """A method of a router, of a method router or of a stack of layers; None for any other."""
    if isinstance(value, Routes):
        if value.kind == "axum":
            return _router_method(run, value, link, args, frame)
        if value.kind == "methods":
            return _methods_method(run, value, link, args, frame)
        return None
    if isinstance(value, LayerStack):
        return stack_method(run, value, link, args, frame)
    if isinstance(value, Foreign) and link.name == "layer" and args:
        if isinstance(args[0], Routes) and "NormalizePathLayer" in value.path:
            return _trimmed(run, args[0], "NormalizePathLayer", frame.place(link.start, link.at))
        return None
    if isinstance(value, (Unknown, Struct, Nothing, Foreign)) and link.name in _REGISTERING:
        return _on_unknown(run, value, link, args, frame)
    return None


def _trimmed(run: Interpreter, routes: Routes, layer: str, place: Place) -> Routes:
    """A router with tower-http's layer around it that takes a slash from the end of paths."""
    steps = (*routes.steps, Layer(layer, place, "before"))
    return run.born(replace(routes, slashes="trim", steps=steps), routes)


def _on_unknown(
    run: Interpreter, value: Value, link: ir.Link, args: list[Value], frame: Frame
) -> Value | None:
    """A registration on something unknown: whatever it is, it is a router."""
    handed = args[-1] if args else None
    if not isinstance(handed, Routes) or handed.kind not in ("axum", "methods"):
        return None
    place = frame.place(link.start, link.at)
    router = run.born(Routes("axum", frame.key, place))
    return _router_method(run, router, link, args, frame)


def _router_method(
    run: Interpreter, value: Routes, link: ir.Link, args: list[Value], frame: Frame
) -> Value | None:
    name = link.name
    place = frame.place(link.at, link.at + len(name))
    if name in _ROUTE and len(args) > 1:
        return _route(run, value, link, args, frame)
    if name in _TYPED and args:
        return _typed(run, value, link, args[0], frame)
    if name == "routes" and args:
        steps = args[0].steps if isinstance(args[0], Routes) else ()
        found = tuple(replace(s, registered=place) for s in steps if isinstance(s, Register))
        if not isinstance(args[0], Routes):
            run.unreadable(frame, link.at, ".routes(", "what it registers isn't known")
        run.site(frame, link.at)
        return run.born(replace(value, steps=(*value.steps, *found)), value, args[0])
    if name in _NEST and len(args) > 1:
        prefix = path_text(run, args[0], frame, link.at, f".{name}(", link.args[0])
        return _mounted(run, value, link, prefix, args[1], link.args[1], frame)
    if name == "merge" and args:
        return _mounted(run, value, link, "", args[0], link.args[0], frame)
    if name in ("layer", "route_layer") and args:
        only = name == "route_layer"
        layers = layers_of(run, link.args[0], args[0], frame, routes_only=only)
        run.take(args[0])
        return run.born(replace(value, steps=(*value.steps, *reversed(layers))), value)
    if name in ("fallback", "method_not_allowed_fallback") and args:
        return _fallback(run, value, link, args, frame)
    if name in ("fallback_service", "route_service") and args:
        return _service(run, value, link, args, frame)
    if name in _SAME:
        return value
    return None


def _route(
    run: Interpreter, value: Routes, link: ir.Link, args: list[Value], frame: Frame
) -> Value:
    name = link.name
    place = frame.place(link.at, link.at + len(name))
    path = path_text(run, args[0], frame, link.at, f".{name}(", link.args[0])
    methods = args[1]
    run.site(frame, link.at)
    if isinstance(methods, Routes) and methods.kind == "axum":
        return _mounted(run, value, link, path, methods, link.args[1], frame)
    if not isinstance(methods, Routes) or not methods.steps:
        if not isinstance(methods, Routes):
            run.unreadable(frame, link.at, f".{name}(", "what answers isn't known", path)
        return run.born(replace(value, steps=value.steps), value, methods)
    steps = tuple(
        replace(step, path=path, registered=place)
        for step in methods.steps
        if isinstance(step, Register)
    )
    return run.born(replace(value, steps=(*value.steps, *steps)), value, methods)


def _typed(run: Interpreter, value: Routes, link: ir.Link, handler: Value, frame: Frame) -> Value:
    run.site(frame, link.at)
    path = path_of_handler(run, handler)
    if path is None:
        reason = "the path is of a type that isn't known"
        run.unreadable(frame, link.at, f".{link.name}(", reason)
    place = frame.place(link.at, link.at + len(link.name))
    method = link.name.removeprefix(PREFIX).upper()
    step = register(
        handler_of(run, handler, link.args[0], frame), (method,), place, path or UNKNOWN_TEXT
    )
    return run.born(replace(value, steps=(*value.steps, step)), value)


def _mounted(
    run: Interpreter,
    value: Routes,
    link: ir.Link,
    prefix: str,
    inner: Value,
    expr: ir.Expr,
    frame: Frame,
) -> Value:
    place = frame.place(link.at, link.at + len(link.name))
    construct = f".{link.name}("
    if isinstance(inner, Routes) and inner.kind == "axum":
        run.site(frame, link.at)
        step: Any = mount(inner, "axum", prefix, place)
        return run.born(replace(value, steps=(*value.steps, step)), value, inner)
    if isinstance(inner, Routes) and inner.kind == "methods":
        run.site(frame, link.at)
        found = [one for one in inner.steps if isinstance(one, Register)]
        steps = tuple(replace(one, path=prefix, registered=place) for one in found)
        return run.born(replace(value, steps=(*value.steps, *steps)), value, inner)
    if isinstance(inner, Foreign):
        run.site(frame, link.at)
        if (package := neighbour_of(inner, frame)) is not None:
            reason = f"a router of {package}, which isn't in the tree"
            run.unreadable(frame, link.at, construct, reason, prefix)
        path = prefix or inner.text or ""
        step = foreign(run, run.described(frame, expr), path, place, frame)
        return run.born(replace(value, steps=(*value.steps, step)), value)
    if isinstance(inner, Nothing):
        run.site(frame, link.at)
    elif not isinstance(expr, ir.Macro) or not run.is_own_macro(expr, frame):
        reason = f"what is mounted isn't known: {run.text(frame, expr.start, expr.end)[:80]}"
        run.unreadable(frame, link.at, construct, reason, prefix)
    else:
        run.site(frame, link.at, "unresolved", "a macro of the project makes what is mounted")
    return run.born(replace(value, steps=value.steps), value)


def _fallback(
    run: Interpreter, value: Routes, link: ir.Link, args: list[Value], frame: Frame
) -> Value:
    place = frame.place(link.at, link.at + len(link.name))
    kind: EndpointKind = "fallback"
    run.site(frame, link.at)
    given = args[0]
    if isinstance(given, Routes):
        found = [step for step in given.steps if isinstance(step, Register)]
        steps = tuple(
            replace(step, methods=(ANY,), path="", kind=kind, registered=place)
            for step in found[:1]
        )
    else:
        handler = handler_of(run, given, link.args[0], frame)
        steps = (register(handler, (ANY,), place, "", kind),)
    return run.born(replace(value, steps=(*value.steps, *steps)), value, given)


def _service(
    run: Interpreter, value: Routes, link: ir.Link, args: list[Value], frame: Frame
) -> Value:
    """`route_service(path, service)`, `fallback_service(service)`."""
    place = frame.place(link.at, link.at + len(link.name))
    fallback = link.name == "fallback_service"
    run.site(frame, link.at)
    path = (
        "" if fallback else path_text(run, args[0], frame, link.at, ".route_service(", link.args[0])
    )
    service, expr = args[-1], link.args[-1]
    if isinstance(service, Routes) and service.kind == "axum":
        return _mounted(run, value, link, path, service, expr, frame)
    if isinstance(service, Routes):
        return (
            _fallback(run, value, link, [service], frame)
            if fallback
            else _route(run, value, link, args, frame)
        )
    if isinstance(service, (Function, Lambda)):
        handler = handler_of(run, service, expr, frame)
        step = register(handler, (ANY,), place, path, "fallback" if fallback else "route")
    else:
        step = foreign(run, run.described(frame, expr), path, place, frame)
    return run.born(replace(value, steps=(*value.steps, step)), value)


def _methods_method(
    run: Interpreter, value: Routes, link: ir.Link, args: list[Value], frame: Frame
) -> Value | None:
    name = link.name
    verb = name.removesuffix("_service").removesuffix("_with")
    if (verb in VERBS or verb in ("any", "on")) and args:
        service = name.endswith("_service")
        more = _with_handler(run, value, verb, link.args, args, frame, service=service)
        return run.born(more, value, *args)
    if name in ("layer", "route_layer") and args:
        layers = tuple(layers_of(run, link.args[0], args[0], frame, routes_only=False))
        steps = tuple(
            replace(step, layers=(*layers, *step.layers)) if isinstance(step, Register) else step
            for step in value.steps
        )
        return run.born(replace(value, steps=steps), value)
    if name == "merge" and args and isinstance(args[0], Routes):
        run.site(frame, link.at)
        return run.born(replace(value, steps=value.steps + args[0].steps), value, args[0])
    if name in ("fallback", "fallback_service") and args:
        run.site(frame, link.at)
        handler = handler_of(run, args[0], link.args[0], frame)
        step = register(handler, (ANY,), value.place, "", "fallback")
        return run.born(replace(value, steps=(*value.steps, step)), value)
    return value if name in _SAME else None
