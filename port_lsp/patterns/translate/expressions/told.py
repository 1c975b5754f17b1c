"""A field of a model that says which of its fields were given, as Python has it: what was given,
else its default.

Pydantic's docs, "Serialization", `exclude_unset`: only a dump tells the two apart, an attribute
doesn't. In Rust such a field is an Option of what was given, which may be null by itself.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from port_lsp.patterns.models.defaults import default_value
from port_lsp.patterns.translate.values import STR, STRING, UntranslatedError, Val, option_of
from port_lsp.types.schema import FieldSchema, ModelSchema
from port_lsp.writing.ir import body as b
from port_lsp.writing.ir.types import Reference, named, symbol
from port_lsp.writing.printer.literals import string

if TYPE_CHECKING:
    from port_lsp.patterns.translate.scene import Scene


def is_told_apart(model: ModelSchema, field: FieldSchema) -> bool:
    """Whether a field is one that says whether it was given."""
    return field.absent or (bool(model.unset) and not field.required)


def told(scene: Scene, raw: Val, field: FieldSchema) -> Val:
    """What Python has as the value of such a field, which in Rust is `raw`. Raises
    UntranslatedError."""
    given = option_of(raw.type)
    if given is None or field.absent or field.default.kind != "value":
        raise UntranslatedError("a model that says what wasn't given")
    inner = option_of(given)
    copied = scene.shapes.has(given, "Copy")
    if field.default.text == "null":
        if inner is None:
            raise UntranslatedError("a model that says what wasn't given")
        if copied:
            return Val(b.Method(raw.expr, "flatten"), given, raw.place, raw.root)
        held = b.Method(raw.expr, "as_ref")
        of = b.Path(symbol("Option"), ("as_ref",))
        made = b.Method(held, "and_then", (of,))
        return Val(made, named("Option", Reference(inner)), raw.place, raw.root)
    if given == STRING:
        text = b.Lit(string(str(json.loads(field.default.text))))
        return Val(b.Method(b.Method(raw.expr, "as_deref"), "unwrap_or", (text,)), STR)
    default = default_value(scene.needs.context("", (field,)), field, given)
    if inner is not None or not copied or default is None:
        raise UntranslatedError("a model that says what wasn't given")
    return Val(b.Method(raw.expr, "unwrap_or", (default,)), given)
