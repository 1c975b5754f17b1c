"""The parts of an export that benches compare."""

import msgspec

# `export` asks for a backend, also where only the crate counts; this is the smallest there is.
SMALLEST_BACKEND = "from fastapi import FastAPI\n\napp = FastAPI()\n"


class Spot(msgspec.Struct, frozen=True):
    """A file and a line of an export."""

    file: str
    line: int


class Row(msgspec.Struct, frozen=True):
    """The part of an exported endpoint that is compared; the last three are a backend's."""

    kind: str
    method: str
    path: str
    handler: str
    file: str
    line: int
    registered: Spot
    conditional: str | None = None
    status_code: int | None = None
    dependencies: tuple[str, ...] = ()
    body_models: tuple[str, ...] = ()


class Tree(msgspec.Struct, frozen=True):
    """The part of an exported side that is compared."""

    endpoints: tuple[Row, ...]
    unresolved: tuple[Spot, ...]
