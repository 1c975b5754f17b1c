"""actix's attribute macros: `#[get("/x")]`, `#[route("/x", method = "GET")]`, `#[routes]`.

Source: actix-web-codegen's route.rs: the attribute makes a resource of the path, guarded with the
methods, then with the guards; each `wrap` wraps it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from port_lsp.facts.routing import Layer, Register
from port_lsp.facts.source import Place, item_key
from port_lsp.rust.declared import Attribute, FnItem
from port_lsp.rust.literals import split, uncommented, unquote
from port_lsp.rust.module import External, Found
from port_lsp.rust.registering import ANY, VERBS, register, replace
from port_lsp.rust.values import Handler
from port_lsp.text import Span

if TYPE_CHECKING:
    from port_lsp.rust.interpret import Interpreter


def route_macros(run: Interpreter, found: Found) -> list[tuple[str, Attribute]]:
    """The attributes of a function that are actix's, each with actix's name for it."""
    item = found.item
    macros: list[tuple[str, Attribute]] = []
    for macro in item.macros if isinstance(item, FnItem) else ():
        name = macro.name.rpartition("::")[2]
        if name not in VERBS and name != "route":
            meaning = run.modules.meaning(found.module, tuple(macro.name.split("::")), value=True)
            if not isinstance(meaning, External) or not meaning.path[0].startswith("actix_web"):
                continue
            name = meaning.path[-1]
            if name not in VERBS and name != "route":
                continue
        macros.append((name, macro))
    return macros


def attribute_routes(run: Interpreter, found: Found) -> tuple[Register, ...]:
    """The registrations of a function's attributes, in the order in which they are written."""
    item, module = found.item, found.module
    if not isinstance(item, FnItem):
        return ()
    place = Place(module.file, found.chunk, Span(item.start, item.end))
    run.looks_at(found)
    run.record.handlers[place] = found
    handler = Handler(item.name, item_key(module.file, found.qualified), place, found)
    steps: list[Register] = []
    for name, macro in route_macros(run, found):
        run.record.site((module.file, found.chunk, macro.start), "resolved", "")
        step = _route(macro, name, handler, module.scope)
        if step is not None:
            steps.append(step)
    return tuple(steps)


def _route(macro: Attribute, name: str, handler: Handler, scope: str) -> Register | None:
    place = Place(handler.place.file, handler.place.chunk, Span(macro.start, macro.end))
    methods: list[str] = [] if name == "route" else [name.upper()]
    guards: list[str] = []
    layers: list[Layer] = []
    path: str | None = None
    for part in split(uncommented(macro.arguments)[1:].rstrip(") \n")):
        key, equals, given = part.partition("=")
        text = unquote((given if equals and not part.startswith(('"', "r")) else part).strip())
        if text is None:
            continue
        key = key.strip()
        if key == "method":
            methods.append(text.upper())
        elif key == "guard":
            guards.append(text)
        elif key == "wrap":
            layers.append(Layer(text, place))
        elif key != "name":
            path = text if path is None else path
    if path is None:
        return None
    full = scope + path if not path or path.startswith("/") or not scope else f"{scope}/{path}"
    step = register(handler, tuple(methods) or (ANY,), place, full)
    return replace(step, guards=tuple(guards), layers=tuple(layers))
