"""What expressions come to: routers, handlers, texts, and what we don't follow.

`Some(x)`, `Ok(x)`, `Arc::new(x)` and references are what they hold: only routers matter here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypeAlias

import msgspec

from port_lsp.facts.routing import UNKNOWN_PATH, Layer, Mount, Register, Slashes
from port_lsp.facts.source import Place, Record
from port_lsp.rust import expressions as ir
from port_lsp.rust.module import Found

if TYPE_CHECKING:
    from port_lsp.rust.frames import Frame

Step: TypeAlias = Register | Mount | Layer
UNKNOWN_TEXT = UNKNOWN_PATH


class Unknown(Record, frozen=True):
    """Something that we don't follow. `diverges` says that nothing comes after it: a panic."""

    diverges: bool = False


class Nothing(Record, frozen=True):
    """`None` and `()`."""


class Text(Record, frozen=True):
    """A string; what isn't known of it is `{?}`."""

    value: str

    @property
    def known(self) -> bool:
        """Whether all of it is known."""
        return UNKNOWN_TEXT not in self.value


class Name(Record, frozen=True):
    """A path into a foreign crate: ("axum", "routing", "get")."""

    path: tuple[str, ...]


class Foreign(Record, frozen=True):
    """What a function of a foreign crate gives back; `text` is its first argument that is one."""

    path: tuple[str, ...]
    text: str | None = None


class Many(msgspec.Struct, frozen=True, eq=False):
    """A tuple, an array or a vector."""

    items: tuple[Value, ...]


class Function(msgspec.Struct, frozen=True, eq=False):
    """A function or method of the tree; `generics` are its arguments as written, `type_name` the
    type whose method it is, `caller` where it was named."""

    found: Found
    caller: Frame
    generics: tuple[str, ...] = ()
    type_name: str | None = None


class Lambda(msgspec.Struct, frozen=True, eq=False):
    """A closure and the frame whose variables it sees."""

    closure: ir.Closure
    frame: Frame


class Struct(msgspec.Struct, eq=False):
    """A value of a type of the tree, its fields as far as they are known; of an enum its variant,
    where that holds nothing."""

    type_name: str
    type: Found | None
    fields: dict[str, Value]
    variant: str = ""


class LayerStack(Record, frozen=True):
    """Several layers in one, outermost first: tower's ServiceBuilder, a tuple of layers."""

    layers: tuple[Layer, ...]


class Handler(msgspec.Struct, frozen=True, eq=False):
    """What answers: its bare name, its item key, where it stands; the function, where known."""

    name: str
    key: str
    place: Place
    found: Found | None = None


RouterKind = Literal["axum", "methods", "app", "scope", "resource", "route", "config"]


class Routes(msgspec.Struct, eq=False):
    """A router of any kind, or a part of one, as a value: steps are only ever added.

    `key` and `place` say where it was made. `paths` are those of a scope or resource, `methods`
    and `guards` those of an actix route, scope or resource. A `config` is changed in place, under
    the conditions that came up since it was made (`depth` of them were there before); every other
    kind gives a new value.
    """

    kind: RouterKind
    key: str
    place: Place
    steps: tuple[Step, ...] = ()
    paths: tuple[str, ...] = ("",)
    methods: tuple[str, ...] = ()
    guards: tuple[str, ...] = ()
    layers: tuple[Layer, ...] = ()
    slashes: Slashes = "keep"
    handler: Handler | None = None
    openapi: bool = False
    depth: int = 0


UNKNOWN = Unknown()
DIVERGED = Unknown(diverges=True)
NOTHING = Nothing()

Value: TypeAlias = (
    Unknown
    | Nothing
    | Text
    | Name
    | Foreign
    | Many
    | Function
    | Lambda
    | Struct
    | LayerStack
    | Routes
)
