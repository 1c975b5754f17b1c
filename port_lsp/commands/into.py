"""What `port --into` names: a file of the crate, or a function in one."""

import os

from port_lsp.index.naming import nearest
from port_lsp.index.snapshot import Snapshot


def placed(snapshot: Snapshot, named: str) -> tuple[str, str]:
    """The place as `Target.into` says it, and why it can't be one ("" where it can).

    A file may be named from the working directory or from the crate's root, and may be new; a
    function must be there.
    """
    name, _, function = named.partition("::")
    root = snapshot.root("crate") or "."
    file = name.replace(os.sep, "/")
    if file not in snapshot.crate_files:
        here = os.path.relpath(os.path.abspath(name), root).replace(os.sep, "/")
        file = here if os.path.isabs(name) or not here.startswith("../") else file
    if not file.endswith(".rs") or file.startswith("../"):
        return "", f"{named}: say a Rust file of the crate, or FILE::FUNCTION"
    if not function:
        return file, ""
    known = [one.key for one in snapshot.crate.functions] if snapshot.crate is not None else []
    place = f"{file}::{function}"
    if place in known:
        return place, ""
    near = nearest(place, known)
    hint = f"; did you mean {near}?" if near is not None else ""
    return "", f"{named}: the crate has no such function{hint}"
