"""What holds for a backend's whole application and isn't in a new crate: its handlers of
exceptions, and its middleware but CORS. Each endpoint answers otherwise without them, and none of
them says so by itself."""

from __future__ import annotations

from collections.abc import Iterator

from port_lsp.facts.items import ApplicationPart, Side


def unported(side: Side | None) -> tuple[str, ...]:
    """A line for each, once."""
    parts = side.parts if side is not None else ()
    return tuple(dict.fromkeys(line for one in parts for line in _line(one)))


def _line(part: ApplicationPart) -> Iterator[str]:
    name = part.name.rpartition(".")[2]
    if part.kind == "exception-handler":
        what = part.detail.rpartition(".")[2] or "an exception"
        yield f"{part.place.file}: `{name}` isn't ported: {what} is answered as without it"
    elif part.kind == "middleware" and name != "CORSMiddleware":
        yield f"{part.place.file}: the middleware `{name}` isn't ported"
