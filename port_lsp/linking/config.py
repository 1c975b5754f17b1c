"""What the configuration says about links (contract.md, "Configuration")."""

from port_lsp.facts.source import Record


class Ignore(Record, frozen=True):
    """What won't be ported, and why.

    `pattern` is an item key, an endpoint's id, a file or a glob over any of them (`*` within one
    part of a path, `**` over several); one that begins with "/" is a glob over routes' paths.
    """

    pattern: str
    reason: str = ""


class LinkConfig(Record, frozen=True):
    """The settings that linking obeys. Items are named by key or id, or by a unique suffix.

    `prefixes` maps a route prefix of the backend to the one the crate has instead of it, longest
    first. `pin` and `unpin` are pairs (backend item, crate item).
    """

    prefixes: tuple[tuple[str, str], ...] = ()
    pin: tuple[tuple[str, str], ...] = ()
    unpin: tuple[tuple[str, str], ...] = ()
    ignore: tuple[Ignore, ...] = ()
