"""`#[utoipa::path(get, path = "/x")]`: the path and methods that utoipa-axum registers."""

from __future__ import annotations

import re

from port_lsp.rust.declared import FnItem
from port_lsp.rust.literals import split, uncommented, unquote

_VERBS = frozenset({"get", "post", "put", "delete", "patch", "head", "options", "trace"})
_METHOD = re.compile(r"method\s*\((?P<verbs>[^)]*)\)", re.S)
_PATH = re.compile(r"(?P<context>context_)?path\s*=\s*(?P<text>.+)", re.S)


def documented_routes(item: FnItem) -> list[tuple[str, tuple[str, ...]]]:
    """Path and methods of each `#[utoipa::path]`; a path that isn't a literal is left out.

    utoipa's `Path::path()`, by which utoipa-axum registers, begins with the `context_path`.
    """
    found: list[tuple[str, tuple[str, ...]]] = []
    for macro in item.macros:
        if macro.name.rpartition("::")[2] != "path" or not macro.arguments.startswith("("):
            continue
        verbs: list[str] = []
        path: str | None = None
        context: str | None = ""
        for part in split(uncommented(macro.arguments)[1:].rstrip(") \n")):
            if part in _VERBS:
                verbs.append(part.upper())
            elif match := _METHOD.fullmatch(part if part.endswith(")") else part + ")"):
                verbs += (
                    verb.strip().upper() for verb in match["verbs"].split(",") if verb.strip()
                )
            elif match := _PATH.fullmatch(part):
                text = unquote(match["text"].strip())
                if match["context"]:
                    context = text
                else:
                    path = text
        if path is not None and context is not None and verbs:
            found.append((context + path, tuple(verbs)))
    return found
