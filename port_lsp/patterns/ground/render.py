"""The files of a new crate, from templates of which a project may have its own."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import msgspec

from port_lsp.patterns.ground.auth import auth_values
from port_lsp.patterns.ground.config import config_items, fields_of, helpers_of
from port_lsp.patterns.ground.cors import cors_items, names_headers
from port_lsp.patterns.ground.facts import GroundFacts
from port_lsp.patterns.ground.sandbox import TemplateFailedError, Templates

__all__ = ["TemplateFailedError", "ground"]

_GROUND = Path(__file__).parents[1] / "templates" / "ground"
_END = ".jinja"
_EMPTY = re.compile(r"\n{3,}")  # where a template's conditions left out what was between
# What a file of the auth module is there for.
_AUTH = {"src/auth/token.rs.jinja": "auth_tokens", "src/auth/users.rs.jinja": "auth_users"}
# The errors that every ground has: variant, constant of StatusCode.
_ERRORS = (
    ("BadRequest", "BAD_REQUEST"),
    ("Unauthorized", "UNAUTHORIZED"),
    ("Forbidden", "FORBIDDEN"),
    ("NotFound", "NOT_FOUND"),
    ("Conflict", "CONFLICT"),
    ("InternalError", "INTERNAL_SERVER_ERROR"),
)


def ground(facts: GroundFacts, templates: str | None = None) -> dict[str, str]:
    """The files of a new crate: paths relative to its root, and texts.

    `templates` is a folder (absolute path) whose files stand for ours of the same name, such as
    `src/error.rs.jinja`. Raises TemplateFailedError.
    """
    folders = [*([templates] if templates else []), *map(str, _folders(facts))]
    known = Templates(folders)
    values = _values(facts)
    return {
        name.removesuffix(_END): _EMPTY.sub("\n\n", known.render(name, values))
        for name in names(facts)
        if _is_wanted(name, facts, values)
    }


def names(facts: GroundFacts) -> list[str]:
    """The names of the templates of a framework."""
    return sorted({name for folder in _folders(facts) for name in _below(folder)})


def _folders(facts: GroundFacts) -> tuple[Path, ...]:
    """Where our templates are, the nearest first."""
    return _GROUND / facts.framework, _GROUND / "common"


def _below(folder: Path) -> Iterator[str]:
    for path in folder.rglob(f"*{_END}"):
        yield str(path.relative_to(folder)).replace(os.sep, "/")


def _is_wanted(name: str, facts: GroundFacts, values: Mapping[str, object]) -> bool:
    if name.startswith("src/database."):
        return facts.database is not None
    if name.startswith("src/auth/"):
        return bool(values[_AUTH.get(name, "has_auth")])
    if name.startswith("src/cors."):
        return facts.cors is not None
    if name.startswith("src/shared."):
        return facts.shared
    if name.startswith("src/handshake."):
        return facts.websockets
    if name.startswith("build."):
        return facts.has_tables
    return True


def _values(facts: GroundFacts) -> dict[str, object]:
    """What a template may name: every fact, and what follows from them."""
    given = (
        name for name in facts.__struct_fields__ if name not in ("auth", "auth_models", "auth_rows")
    )
    values = {name: getattr(facts, name) for name in given}
    fields = fields_of(facts.settings)
    field_of = {one.env: name for one, name in zip(facts.settings, fields, strict=True)}
    return {
        **{name: msgspec.to_builtins(value) for name, value in values.items()},
        "library": facts.library,
        "config_items": config_items(facts.settings),
        "config_helpers": helpers_of(facts.settings),
        "listen_field": field_of["LISTEN"],
        "database_field": field_of.get(facts.database_setting, ""),
        **_cors(facts, field_of),
        **_auth(facts, field_of),
        "errors": [{"variant": variant, "constant": name} for variant, name in _ERRORS],
        "challenge": None,
        "lenient": False,
        "strict_content_type": False,
    }


def _auth(facts: GroundFacts, field_of: Mapping[str, str]) -> dict[str, object]:
    if facts.auth is None or "src/auth/mod.rs.jinja" not in names(facts):
        return {"has_auth": False, "auth_tokens": False, "auth_users": ""}
    return auth_values(
        facts.framework, facts.auth, facts.settings, field_of, facts.auth_models, facts.auth_rows
    )


def _cors(facts: GroundFacts, field_of: Mapping[str, str]) -> dict[str, object]:
    if facts.cors is None:
        return {}
    setting = next((one for one in facts.settings if one.env == facts.cors_setting), None)
    optional = setting is not None and setting.default is None and not setting.needed
    field = field_of.get(facts.cors_setting, "")
    return {
        "cors_items": cors_items(facts.cors, facts.framework, field, optional=optional),
        "cors_names_headers": names_headers(facts.cors),
    }
