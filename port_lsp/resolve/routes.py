"""The one evaluator of the routing tree: from an application to its routes in full.

What differs between frameworks is `paths.join` and the `reach` that each layer names.
"""

from collections.abc import Iterator

from port_lsp.facts.routing import Layer, Mount, Register, Router
from port_lsp.facts.source import Place, Record
from port_lsp.resolve.paths import join


class Resolved(Record, frozen=True):
    """A registration as it is reached from an application.

    `path` is in full. `conditional` are the conditions of the mounts and of the registration,
    outermost first, joined by " and ". `layers` are names, outer to inner, `placed` the layers
    themselves. `trail` are the mounts, outermost first, each with the prefix that it adds. `guards`
    are those of the mounts and of the registration. `address` are the indices of the steps from
    the root to it.
    """

    register: Register
    path: str
    conditional: str | None = None
    layers: tuple[str, ...] = ()
    trail: tuple[tuple[str, Place], ...] = ()
    guards: tuple[str, ...] = ()
    address: tuple[int, ...] = ()
    placed: tuple[Layer, ...] = ()


class _Above(Record, frozen=True):
    """What the mounts above a router add up to."""

    prefix: str = ""
    conditions: tuple[str, ...] = ()
    layers: tuple[Layer, ...] = ()
    fallback_layers: tuple[Layer, ...] = ()
    trail: tuple[tuple[str, Place], ...] = ()
    guards: tuple[str, ...] = ()
    address: tuple[int, ...] = ()


def flatten(root: Router) -> tuple[Resolved, ...]:
    """Every registration below an application, in the order in which the code makes them."""
    return tuple(_walk(root, _Above()))


def _walk(router: Router, above: _Above) -> Iterator[Resolved]:
    layers = [(i, step) for i, step in enumerate(router.steps) if isinstance(step, Layer)]
    every = (*router.layers, *(layer for _, layer in layers if layer.reach == "all"))
    partial = [(i, layer) for i, layer in reversed(layers) if layer.reach == "before"]
    for index, step in enumerate(router.steps):
        if isinstance(step, Layer):
            continue
        here = (*every, *(layer for i, layer in partial if i > index)) if partial else every
        if isinstance(step, Mount):
            yield from _walk(step.router, _below(router, step, here, above, index))
        else:
            yield _resolved(router, step, here, above, index)


def _below(
    router: Router, mount: Mount, here: tuple[Layer, ...], above: _Above, index: int
) -> _Above:
    inner = mount.layers
    return _Above(
        prefix=join(router.join, above.prefix, mount.prefix),
        conditions=(*above.conditions, *((mount.conditional,) if mount.conditional else ())),
        layers=(*above.layers, *here, *inner),
        fallback_layers=(*above.fallback_layers, *_for_fallback(here), *inner),
        trail=(*above.trail, (mount.prefix, mount.place)),
        guards=(*above.guards, *mount.guards),
        address=(*above.address, index),
    )


def _resolved(
    router: Router, register: Register, here: tuple[Layer, ...], above: _Above, index: int
) -> Resolved:
    path = join(router.join, above.prefix, register.path)
    # A fallback of a router as a whole has no path of its own; of one route, that route's.
    whole = register.kind == "fallback" and not register.path
    layers = (*above.fallback_layers, *_for_fallback(here)) if whole else above.layers
    if not whole:
        layers = (*layers, *here)
    placed = (*layers, *register.layers)
    conditions = (
        *above.conditions,
        *((register.conditional,) if register.conditional else ()),
    )
    return Resolved(
        register=register,
        path=path,
        conditional=" and ".join(dict.fromkeys(conditions)) or None,
        layers=tuple(layer.name for layer in placed),
        trail=above.trail,
        guards=(*above.guards, *register.guards),
        address=(*above.address, index),
        placed=placed,
    )


def _for_fallback(layers: tuple[Layer, ...]) -> tuple[Layer, ...]:
    return tuple(layer for layer in layers if not layer.routes_only)
