"""What makes the crate's application for tests: functions of its library, or of its program."""

from __future__ import annotations

from port_lsp.facts.source import Place, Record
from port_lsp.rust.cargo import Package
from port_lsp.testing.own import Own
from port_lsp.writing.ir import body as b
from port_lsp.writing.ir.types import AnyType, Symbol


class NoHarnessError(Exception):
    """Tests can't get at the application: the reason."""


class Mounted(Record, frozen=True):
    """A function that makes a part of the application (axum: a router; actix-web: what configures
    it), the prefix that it stands under, and what is wrapped around that part alone."""

    function: Symbol
    prefix: str = ""
    is_async: bool = False
    fails: bool = False
    layers: tuple[b.Expr, ...] = ()


class Harness(Record, frozen=True):
    """The functions that make the application, by their paths from `library`, as tests call it:
    "crate" where they are part of the program, which `root` is the first file of.

    `state` is the application's, None where there is none; `takes` says that the functions are
    given it, else the router is (`with_state`), or `app_data`. `layers` are wrapped around the
    whole; `configured` says that the program sets how wrong requests are answered. `missing` says
    of places where something is registered why the tests' application hasn't got it.

    With `own`, it is begun by that function of the crate's own tests, and nothing else is said."""

    package: Package
    library: str
    mounts: tuple[Mounted, ...]
    state: AnyType | None
    takes: bool
    root: str = ""
    layers: tuple[b.Expr, ...] = ()
    configured: bool = False
    missing: tuple[tuple[Place, str], ...] = ()
    own: Own | None = None
