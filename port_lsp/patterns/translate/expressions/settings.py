"""What is set from outside: the field of the configuration in the crate's state that is read from
the same environment variable.

Which field that is, the crate's own code says: a line of documentation that names the variable (as
in new crates' config.rs), or the expression that the field is made from.
"""

from __future__ import annotations

import re

from port_lsp.patterns.translate.scene import Scene
from port_lsp.patterns.translate.values import (
    BOOL,
    F64,
    I64,
    STRING,
    UntranslatedError,
    Val,
    inside,
    option_of,
)
from port_lsp.writing.ir import body as b
from port_lsp.writing.ir.types import AnyType, Symbol

_SAID = r"///\s*`{}`\s*\n(?:\s*(?:///|#\[)[^\n]*\n)*\s*pub (\w+)\s*:"
_PLAIN = (STRING, I64, F64, BOOL)


def setting(scene: Scene, env: str) -> Val:
    """The setting of an environment variable. Raises UntranslatedError."""
    state = scene.state
    shape = scene.shapes.of(inside(state.type, "Arc") or state.type) if state is not None else None
    for _, name, kind in shape.fields if shape is not None and state is not None else ():
        field = _field(scene, inside(kind, "Arc") or kind, env)
        if field is not None and state is not None:
            of = b.Access(b.Access(b.Name(state.name), name), field[0])
            return Val(of, field[1], place=True, root=state.name)
    raise UntranslatedError("a setting")


def _field(scene: Scene, kind: AnyType, env: str) -> tuple[str, AnyType] | None:
    """The field of a struct of the crate that holds a variable, and its type."""
    shape = scene.shapes.of(kind)
    found = scene.desk.workshop.scopes.type_item(shape.symbol.path) if shape is not None else None
    source = scene.desk.snapshot.crate_files.get(found[0]) if found is not None else None
    if shape is None or source is None:
        return None
    text = source.text.data.decode("utf-8", "replace")
    quoted = re.escape(env)
    said = re.findall(_SAID.format(quoted), text)
    read = re.findall(rf'^\s*(?:let )?(\w+)\s*[:=][^\n;{{}}]*"{quoted}"', text, re.M)
    names = dict.fromkeys(said or read)
    fields = [one for one in shape.fields if one[1] in names]
    if len(fields) != 1 or (option_of(fields[0][2]) or fields[0][2]) not in _PLAIN:
        return None
    return fields[0][1], fields[0][2]


def is_setting(scene: Scene, struct: Symbol, field: str) -> bool:
    """Whether a field of a struct of the crate says of which environment variable it is."""
    found = scene.desk.workshop.scopes.type_item(struct.path)
    source = scene.desk.snapshot.crate_files.get(found[0]) if found is not None else None
    text = source.text.data.decode("utf-8", "replace") if source is not None else ""
    return field in re.findall(_SAID.format(r"\w+"), text)
