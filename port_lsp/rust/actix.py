"""What actix-web 4's names mean.

Sources: actix-web's app.rs, scope.rs, resource.rs, route.rs, config.rs, web.rs, guard/mod.rs and
actix-web-codegen's route.rs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from port_lsp.facts.routing import Layer
from port_lsp.rust import expressions as ir
from port_lsp.rust.attribute_routes import attribute_routes, route_macros
from port_lsp.rust.branches import conditioned
from port_lsp.rust.frames import Frame
from port_lsp.rust.guards import method_of, methods_of_guard
from port_lsp.rust.module import Found
from port_lsp.rust.registering import (
    ANY,
    VERBS,
    foreign,
    handler_of,
    layer,
    mount,
    neighbour_of,
    path_text,
    register,
    replace,
    restricted,
)
from port_lsp.rust.values import (
    Foreign,
    Function,
    Lambda,
    Many,
    Nothing,
    RouterKind,
    Routes,
    Step,
    Struct,
    Unknown,
    Value,
)

if TYPE_CHECKING:
    from port_lsp.rust.interpret import Interpreter

TYPES: dict[str, RouterKind] = {
    "App": "app",
    "Scope": "scope",
    "Resource": "resource",
    "Route": "route",
    "ServiceConfig": "config",
}
_CRATES = frozenset({"actix_web", "paperclip", "actix_web_lab", "apistos", "actix"})
_HOLDERS = frozenset({"app", "scope", "config"})
_REGISTERING = frozenset({"route", "service", "configure", "default_service"})


# Functions


def called(
    run: Interpreter, path: tuple[str, ...], expr: ir.Call, args: list[Value], frame: Frame
) -> Value | None:
    """A function of actix-web; None for any other."""
    last = path[-1]
    owner = path[-2] if len(path) > 1 else ""
    if owner == "HttpServer" and last == "new" and args:
        return _served(run, args[0], path)
    if _CRATES.isdisjoint(path[:1]):
        return None
    place = frame.place(expr.start, expr.end)
    if owner in TYPES and args and isinstance(args[0], Routes):
        at = expr.function.end - len(last)
        link = ir.Link(expr.start, expr.end, last, expr.args[1:], (), at)
        return method(run, args[0], link, args[1:], frame)
    if owner == "App" and last == "new":
        return run.born(Routes("app", frame.key, place))
    if (owner, last) in (("web", "scope"), ("Scope", "new")) and args:
        text = path_text(run, args[0], frame, expr.start, "web::scope(", expr.args[0])
        return run.born(Routes("scope", frame.key, place, paths=(text,)))
    if (owner, last) in (("web", "resource"), ("Resource", "new")) and args:
        paths = _paths(run, args[0], frame, expr)
        return run.born(Routes("resource", frame.key, place, paths=paths))
    if (owner, last) in (("web", "redirect"), ("Redirect", "new")) and args:
        paths = (path_text(run, args[0], frame, expr.start, "web::redirect(", expr.args[0]),)
        step = foreign(run, run.described(frame, expr), "", place, frame)
        return run.born(Routes("resource", frame.key, place, (step,), paths))
    if owner == "web" or (owner, last) == ("Route", "new"):
        return _route_function(run, last, expr, args, frame)
    return None


def applied(
    run: Interpreter, path: tuple[str, ...], args: list[Value], frame: Frame
) -> Value | None:
    """Nothing of actix-web is given as a function where we would have to call it."""
    return None


def _served(run: Interpreter, factory: Value, path: tuple[str, ...]) -> Value:
    """`HttpServer::new(factory)`: what the factory makes is an application."""
    if isinstance(factory, (Function, Lambda)):
        run.apply(factory, [])
    return Foreign(path)


def _paths(run: Interpreter, value: Value, frame: Frame, expr: ir.Call) -> tuple[str, ...]:
    given = value.items if isinstance(value, Many) else (value,)
    texts = (
        path_text(run, text, frame, expr.start, "web::resource(", expr.args[0]) for text in given
    )
    return tuple(texts)


def _route_function(
    run: Interpreter, name: str, expr: ir.Call, args: list[Value], frame: Frame
) -> Value | None:
    place = frame.place(expr.start, expr.end)
    if name in VERBS:
        return run.born(Routes("route", frame.key, place, methods=(name.upper(),)))
    if name in ("route", "new"):
        return run.born(Routes("route", frame.key, place))
    if name == "method" and args:
        return run.born(Routes("route", frame.key, place, methods=(method_of(expr.args[0]),)))
    if name == "to" and args:
        handler = handler_of(run, args[0], expr.args[0], frame)
        return run.born(Routes("route", frame.key, place, handler=handler))
    return None


# Methods


def method(
    run: Interpreter, value: Value, link: ir.Link, args: list[Value], frame: Frame
) -> Value | None:
    """A method of an App, Scope, ServiceConfig, Resource or Route; None for any other."""
    if isinstance(value, (Unknown, Struct, Foreign, Nothing)) and link.name in _REGISTERING:
        return _on_unknown(run, link, args, frame)
    if not isinstance(value, Routes):
        return None
    if value.kind in _HOLDERS:
        return _holder_method(run, value, link, args, frame)
    if value.kind == "resource":
        return _resource_method(run, value, link, args, frame)
    if value.kind == "route":
        return _route_method(run, value, link, args, frame)
    return None


def _on_unknown(run: Interpreter, link: ir.Link, args: list[Value], frame: Frame) -> Value | None:
    """A registration on something unknown: whatever it is, it holds routes."""
    handed = args[-1] if args else None
    actix = isinstance(handed, Routes) and handed.kind in ("scope", "resource", "route")
    attribute = isinstance(handed, Function) and bool(route_macros(run, handed.found))
    if not actix and not (attribute and link.name == "service"):
        return None
    holder = run.born(Routes("app", frame.key, frame.place(link.start, link.at)))
    return _holder_method(run, holder, link, args, frame)


def _holder_method(
    run: Interpreter, value: Routes, link: ir.Link, args: list[Value], frame: Frame
) -> Value | None:
    name = link.name
    if name == "route" and len(args) > 1:
        return _route(run, value, link, args, frame)
    if name == "service" and args:
        run.site(frame, link.at)
        return _added(run, value, _services(run, args[0], link.args[0], link, frame), args[0])
    if name == "configure" and args:
        return _configured(run, value, link, args[0], frame)
    if name == "default_service" and args:
        return _default(run, value, link, args[0], frame)
    if name in ("wrap", "wrap_fn") and args:
        return _wrapped(run, value, link, frame)
    if name == "guard" and args:
        return _guarded(run, value, link.args[0], frame)
    return value


def _added(run: Interpreter, value: Routes, steps: tuple[Step, ...], *taken: Value) -> Routes:
    """The holder with more steps; a config grows in place, under the conditions that hold now."""
    if value.kind != "config":
        return run.born(replace(value, steps=(*value.steps, *steps)), value, *taken)
    condition = " and ".join(run.conditions[value.depth :]) or None
    value.steps += tuple(conditioned(step, condition) for step in steps)
    for other in taken:
        run.take(other)
    return value


def _route(
    run: Interpreter, value: Routes, link: ir.Link, args: list[Value], frame: Frame
) -> Value:
    run.site(frame, link.at)
    place = frame.place(link.at, link.at + len(link.name))
    path = path_text(run, args[0], frame, link.at, ".route(", link.args[0])
    route = args[1]
    if not isinstance(route, Routes) or route.handler is None:
        run.unreadable(frame, link.at, ".route(", "what answers isn't known", path)
        return _added(run, value, (), route)
    step = register(route.handler, route.methods or (ANY,), place, path)
    step = replace(step, guards=route.guards, layers=route.layers)
    return _added(run, value, (step,), route)


def _services(
    run: Interpreter, given: Value, expr: ir.Expr, link: ir.Link, frame: Frame
) -> tuple[Step, ...]:
    """What `.service(…)` adds."""
    place = frame.place(link.at, link.at + len(link.name))
    if isinstance(given, Many):
        parts = expr.items if isinstance(expr, ir.Tuple) else (expr,) * len(given.items)
        steps: list[Step] = []
        for item, part in zip(given.items, parts, strict=False):
            steps += _services(run, item, part, link, frame)
            run.take(item)
        return tuple(steps)
    if isinstance(given, Routes) and given.kind in ("scope", "resource"):
        steps_inside = restricted(given.steps, given.methods)
        of = replace(given, steps=steps_inside)
        guards = (*given.guards, *(f"method {m}" for m in given.methods))
        return tuple(mount(of, "actix", path, given.place, guards) for path in given.paths)
    if isinstance(given, Function) and route_macros(run, given.found):
        return _of_attributes(run, given.found)
    if isinstance(given, Foreign):
        if (package := neighbour_of(given, frame)) is not None:
            reason = f"a service of {package}, which isn't in the tree"
            run.unreadable(frame, link.at, ".service(", reason)
        return (foreign(run, run.described(frame, expr), given.text or "", place, frame),)
    if isinstance(given, Nothing):
        return ()
    if not isinstance(expr, ir.Macro) or not run.is_own_macro(expr, frame):
        reason = f"what is served isn't known: {run.text(frame, expr.start, expr.end)[:80]}"
        run.unreadable(frame, link.at, ".service(", reason)
    else:
        run.site(frame, link.at, "unresolved", "a macro of the project makes what is served")
    return ()


def _of_attributes(run: Interpreter, found: Found) -> tuple[Step, ...]:
    """What the attributes of a function register. Those of the same name that stand under another
    `cfg` are served, too; where they say the same, it is there whatever holds."""
    twins = run.modules.twins(found)
    run.record.served.update(twin.identity for twin in twins)
    made = [attribute_routes(run, twin) for twin in twins]
    said = [[(step.methods, step.path, step.guards) for step in steps] for steps in made]
    if all(one == said[0] for one in said):
        return made[0]
    return tuple(
        conditioned(step, f"cfg({twin.item.cfg})")
        for twin, steps in zip(twins, made, strict=True)
        for step in steps
    )


def _configured(
    run: Interpreter, value: Routes, link: ir.Link, given: Value, frame: Frame
) -> Value:
    run.site(frame, link.at)
    place = frame.place(link.at, link.at + len(link.name))
    config = Routes("config", value.key, place, depth=len(run.conditions))
    if isinstance(given, (Function, Lambda)):
        run.apply(given, [config])
    else:
        shown = run.text(frame, link.args[0].start, link.args[0].end)[:80]
        run.unreadable(frame, link.at, ".configure(", f"a function of another crate: {shown}")
    return _added(run, value, config.steps)


def _default(run: Interpreter, value: Routes, link: ir.Link, given: Value, frame: Frame) -> Value:
    """A default service hears every method; a guard of its route is never asked."""
    run.site(frame, link.at)
    place = frame.place(link.at, link.at + len(link.name))
    if isinstance(given, Routes) and given.handler is not None:
        step: Step = register(given.handler, (ANY,), place, "", "fallback")
        step = replace(step, layers=given.layers)
    elif isinstance(given, (Function, Lambda)):
        handler = handler_of(run, given, link.args[0], frame)
        step = register(handler, (ANY,), place, "", "fallback")
    elif isinstance(given, Routes) and given.steps:
        return _added(run, value, (mount(given, "actix", "", given.place),), given)
    else:
        step = foreign(run, run.described(frame, link.args[0]), "", place, frame)
    return _added(run, value, (step,), given)


def _wrapped(run: Interpreter, value: Routes, link: ir.Link, frame: Frame) -> Value:
    expr = link.args[0]
    found = layer(run, expr, frame, frame.place(expr.start, expr.end))
    if value.kind == "route":
        return run.born(replace(value, layers=(*value.layers, found)), value)
    slashes = _slashes(found)
    if slashes is not None:
        value = run.born(replace(value, slashes=slashes), value)
    return run.born(replace(value, steps=(*value.steps, found)), value)


def _slashes(wrap: Layer) -> str | None:
    """What `NormalizePath` does to a request's path (middleware/normalize.rs)."""
    if "NormalizePath::" not in wrap.name:
        return None
    if "Always" in wrap.name:
        return "always"
    return "merge" if "MergeOnly" in wrap.name else "trim"


def _guarded(run: Interpreter, value: Routes, expr: ir.Expr, frame: Frame) -> Value:
    methods = methods_of_guard(expr)
    if methods:
        kept = tuple(m for m in methods if m in value.methods) if value.methods else methods
        return run.born(replace(value, methods=kept or methods), value)
    guards = (*value.guards, run.described(frame, expr))
    return run.born(replace(value, guards=guards), value)


def _resource_method(
    run: Interpreter, value: Routes, link: ir.Link, args: list[Value], frame: Frame
) -> Value | None:
    name = link.name
    place = frame.place(link.at, link.at + len(name))
    if name == "route" and args:
        run.site(frame, link.at)
        route = args[0]
        if not isinstance(route, Routes) or route.handler is None:
            known = value.paths[0]
            run.unreadable(frame, link.at, ".route(", "what answers isn't known", known)
            return run.born(replace(value, steps=value.steps), value, route)
        step = register(route.handler, route.methods or (ANY,), place)
        step = replace(step, guards=route.guards, layers=route.layers)
        return run.born(replace(value, steps=(*value.steps, step)), value, route)
    if (name == "to" or name in VERBS) and args:
        run.site(frame, link.at)
        handler = handler_of(run, args[0], link.args[0], frame)
        step = register(handler, (ANY,) if name == "to" else (name.upper(),), place)
        return run.born(replace(value, steps=(*value.steps, step)), value)
    if name == "default_service" and args:
        return _default(run, value, link, args[0], frame)
    if name in ("wrap", "wrap_fn") and args:
        return _wrapped(run, value, link, frame)
    if name == "guard" and args:
        return _guarded(run, value, link.args[0], frame)
    return value


def _route_method(
    run: Interpreter, value: Routes, link: ir.Link, args: list[Value], frame: Frame
) -> Value | None:
    name = link.name
    if name == "to" and args:
        run.site(frame, link.at)
        handler = handler_of(run, args[0], link.args[0], frame)
        return run.born(replace(value, handler=handler), value)
    if name == "method" and link.args:
        return run.born(replace(value, methods=(method_of(link.args[0]),)), value)
    if name == "guard" and args:
        return _guarded(run, value, link.args[0], frame)
    if name in ("wrap", "wrap_fn") and args:
        return _wrapped(run, value, link, frame)
    return value
