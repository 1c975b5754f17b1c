"""Puts one more route among a router's registrations.

axum: `.route("/x", get(handler))`, or joined to the `.route` of the same path (axum's docs,
`Router::route`: a path's methods are chained on one `MethodRouter`). actix-web:
`.route("/x", web::get().to(handler))`, or one more `.route` of the `web::resource` of that path.
"""

from __future__ import annotations

from port_lsp.facts.source import Record
from port_lsp.rust.chains import Chain, Link, body_of, chain_at, routers_of
from port_lsp.text import Edit, Span
from port_lsp.writing.printer.layout import CALL, CHAIN, STEP, WIDTH, pad
from port_lsp.writing.printer.names import Names
from port_lsp.writing.routecalls import (
    CannotRegisterError,
    ChainText,
    Framework,
    Route,
    axum_method,
    broken,
    call_of,
    on_a_line,
    symbols_of,
)

__all__ = [
    "BEFORE_LAYERS",
    "CannotRegisterError",
    "Framework",
    "Route",
    "Spot",
    "layer_edit",
    "registration_edit",
    "symbols_of",
]


# What adds to a router, so that a layer must come behind it.
BEFORE_LAYERS = frozenset(
    ("route", "route_service", "nest", "nest_service", "merge", "fallback", "fallback_service",
     "method_not_allowed_fallback", "route_layer", "with_state")
)  # fmt: skip


class Spot(Record, frozen=True):
    """Where: behind the call whose name begins at `neighbour`, or joined to it (`join`: it is the
    same path) or in front of it (`before`); without a neighbour as the first one of the function
    whose name, `function`, begins at `function_at`. Offsets are bytes of the file."""

    neighbour: int | None = None
    join: bool = False
    function: str = ""
    function_at: int = 0
    before: bool = False


def registration_edit(
    data: bytes, spot: Spot, route: Route, framework: Framework, names: Names
) -> Edit:
    """The edit that registers a route. Raises CannotRegisterError."""
    if spot.neighbour is None:
        return _first_edit(data, spot, route, framework, names)
    chain = chain_at(data, spot.neighbour)
    if chain is None:
        raise CannotRegisterError("the neighbouring registration isn't a call in a chain")
    if spot.join and (edit := _join(data, chain, route, framework, names)) is not None:
        return edit
    chain = _whole(data, chain)
    link = call_of(route, framework, names)
    behind = chain.at if spot.before else chain.at + 1
    return _insert(data, chain, len(chain.links) if chain.at < 0 else behind, link)


def layer_edit(data: bytes, neighbour: int, maker: str, argument: str = "") -> Edit:
    """The edit that puts a layer around the router with the registering call at an offset: behind
    its routes, and inside the layers that it has (axum: docs of `Router::layer`). `maker` is the
    function that makes the layer, as it is written there, `argument` what it is given: a state,
    which the router must not have got before. Raises CannotRegisterError."""
    chain = chain_at(data, neighbour)
    if chain is None or chain.at < 0:
        raise CannotRegisterError("the neighbouring registration isn't a call in a chain")
    index = chain.at if argument else chain.at + 1
    while index < len(chain.links) and chain.links[index].name in BEFORE_LAYERS:
        if argument and chain.links[index].name == "with_state":
            break
        index += 1
    return _insert(data, chain, index, ("layer", (f"{maker}({argument})",)))


def _whole(data: bytes, chain: Chain) -> Chain:
    """The chain of the router itself: a resource's registration stands in one of its calls."""
    root = _text(data, chain.root)
    inner = root.rpartition("(")[0].rpartition("::")[2]
    if inner in ("resource",) and chain.outer is not None:
        return chain.outer
    return chain


def _join(
    data: bytes, chain: Chain, route: Route, framework: Framework, names: Names
) -> Edit | None:
    """The route as one more method of the call that registers its path; None where that call is
    of another form."""
    if chain.at < 0:
        return None
    link = chain.links[chain.at]
    if framework == "axum":
        if link.name != "route" or len(link.args) < 2:
            return None
        value = on_a_line(_text(data, link.args[1]))
        joined = f"{value}.{axum_method(route.method)}({names(route.handler)})"
        return _rewrite(data, chain, link, (_text(data, link.args[0]), joined))
    root = _text(data, chain.root)
    if "resource" not in root.partition("(")[0]:
        return None
    verb, args = call_of(route, framework, names)
    return _insert(data, chain, chain.at + 1, (verb, args[1:]))


def _rewrite(data: bytes, chain: Chain, link: Link, args: tuple[str, ...]) -> Edit:
    """A call with other arguments, laid out anew where they are on a line each."""
    if any("\n" in arg for arg in args):
        last = link.args[-1]
        return Edit(last, args[-1])
    indent = _indent(data, link.dot)
    start = link.dot - _line_start(data, link.dot)
    if not _text(data, Span(_line_start(data, link.dot), link.dot)).isspace():
        # The call stands behind others on their line: only what is added is written.
        return Edit(link.args[-1], args[-1])
    return Edit(Span(link.dot, link.end), _laid(link.name, args, indent, start))


def _insert(data: bytes, chain: Chain, index: int, call: tuple[str, tuple[str, ...]]) -> Edit:
    """One more call in a chain, as its `index`-th."""
    name, args = call
    if _is_tall(data, chain):
        if index == 0 and (edit := _in_front(data, chain, call)) is not None:
            return edit
        at = chain.links[index - 1].end if index else chain.root.end
        reference = chain.links[min(index, len(chain.links) - 1)]
        if data[_line_start(data, reference.dot) : reference.dot].strip():
            reference = chain.links[-1]
        indent = _indent(data, reference.dot)
        return Edit(Span(at, at), f"\n{pad(indent)}{_laid(name, args, indent, indent)}")
    return _retold(data, chain, index, call)


def _in_front(data: bytes, chain: Chain, call: tuple[str, tuple[str, ...]]) -> Edit | None:
    """One more call as the first one, where the first so far stands on its root's line."""
    first, last = chain.links[0], chain.links[-1]
    if not data[_line_start(data, first.dot) : first.dot].strip() or first is last:
        return None
    indent = _indent(data, last.dot)
    at = chain.root.end
    text = _laid(call[0], call[1], indent, at - _line_start(data, at))
    return Edit(Span(at, at), f"{text}\n{pad(indent)}")


def _is_tall(data: bytes, chain: Chain) -> bool:
    """Whether a chain has a call a line already."""
    if len(chain.links) < 1:
        return False
    tail = chain.links[-1]
    return not data[_line_start(data, tail.dot) : tail.dot].strip()


def _retold(data: bytes, chain: Chain, index: int, call: tuple[str, tuple[str, ...]]) -> Edit:
    """A chain that was on one line, with one more call: on one line again or a call a line."""
    root = _text(data, chain.root)
    texts = [data[link.dot : link.end].decode("utf-8", "replace") for link in chain.links]
    begins = _line_start(data, chain.root.start)
    indent = _indent(data, chain.root.start)
    start = chain.root.start - begins
    flat = f".{call[0]}({', '.join(call[1])})"
    whole = root + "".join([*texts[:index], flat, *texts[index:]])
    if len(texts) + 1 <= 1 or (len(whole) <= CHAIN and "\n" not in whole):
        fits = start + len(whole) < WIDTH and "\n" not in whole
        if fits:
            return Edit(chain.span, whole)
    outer = _outer_call(chain)
    if outer is not None and begins == _line_start(data, outer.dot):
        inner = indent + STEP  # the call around it begins on the same line: its argument goes below
        text = _tall(root, [*texts[:index], _laid(call[0], call[1], inner + STEP, inner + STEP),
                            *texts[index:]], inner, inner)  # fmt: skip
        edge = Span(outer.args[0].start, outer.end)
        return Edit(edge, f"\n{pad(inner)}{text},\n{pad(indent)})")
    inner = indent + STEP
    laid = [*texts[:index], _laid(call[0], call[1], inner, inner), *texts[index:]]
    return Edit(chain.span, _tall(root, laid, indent, start))


def _tall(root: str, calls: list[str], indent: int, start: int) -> str:
    """A chain with a call a line; behind a short start the first one stands on its line."""
    head = root
    if len(root) <= STEP - (start - indent) and len(calls) > 1:
        head += calls.pop(0)
    return head + "".join(f"\n{pad(indent + STEP)}{text}" for text in calls)


def _outer_call(chain: Chain) -> Link | None:
    """The call whose only argument a chain is."""
    if chain.outer is None or chain.outer.at < 0:
        return None
    link = chain.outer.links[chain.outer.at]
    return link if link.args == (chain.span,) else None


def _laid(name: str, args: tuple[str, ...], indent: int, start: int) -> str:
    """A call as rustfmt lays it out."""
    chain = args[0] if len(args) == 1 else ""
    if isinstance(chain, ChainText) and len(chain.calls) > 1 and len(chain) > CHAIN:
        inner = pad(indent + STEP)
        below = "".join(f"\n{inner}{pad(STEP)}{call}" for call in chain.calls)
        return f".{name}(\n{inner}{chain.root}{below},\n{pad(indent)})"
    inside = ", ".join(args)
    text = f".{name}({inside})"
    wide = len(args) > 1 and len(inside) > CALL
    if not wide and start + len(text) < WIDTH:
        return text
    inner = pad(indent + STEP)
    lines = "".join(f"{inner}{broken(arg, indent + STEP)},\n" for arg in args)
    return f".{name}(\n{lines}{pad(indent)})"


def _first_edit(data: bytes, spot: Spot, route: Route, framework: Framework, names: Names) -> Edit:
    """The first registration of a function: behind a new router, else as a statement on its
    parameter."""
    call = call_of(route, framework, names)
    chains = routers_of(data, spot.function, spot.function_at)
    if chains:
        chain = chains[-1]
        # Before everything else: what is layered around a router's routes comes behind them.
        index = 0 if framework == "axum" else len(chain.links)
        return _insert(data, chain, index, call)
    body = body_of(data, spot.function, spot.function_at)
    if body is None or not body.params or framework != "actix-web":
        raise CannotRegisterError(f"{spot.function} makes no router that could take the route")
    indent = _indent(data, body.span.start) + STEP
    line = f"{body.params[0]}{_laid(call[0], call[1], indent, indent)};"
    inside = data[body.span.start + 1 : body.span.end - 1]
    if not inside.strip():
        closing = pad(indent - STEP)
        return Edit(body.span, f"{{\n{pad(indent)}{line}\n{closing}}}")
    at = body.span.start + 1 + len(inside.rstrip())
    return Edit(Span(at, at), f"\n{pad(indent)}{line}")


def _line_start(data: bytes, offset: int) -> int:
    return data.rfind(b"\n", 0, offset) + 1


def _indent(data: bytes, offset: int) -> int:
    line = data[_line_start(data, offset) : offset]
    return len(line) - len(line.lstrip(b" "))


def _text(data: bytes, span: Span) -> str:
    return data[span.start : span.end].decode("utf-8", "replace")
