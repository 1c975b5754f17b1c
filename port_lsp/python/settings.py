"""What a backend reads of its environment: pydantic's BaseSettings, and `os.environ` in modules.

Rules: pydantic-settings' docs, "Environment variable names"; Pydantic 1's, "Settings management".
Read on demand; it costs the index nothing.
"""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING

from port_lsp.facts.items import Model
from port_lsp.facts.source import SourceFile, item_key
from port_lsp.python.classes import external_bases
from port_lsp.python.parsing import parsed
from port_lsp.python.schema import model_schema
from port_lsp.types.schema import FieldSchema
from port_lsp.types.settings import Setting, SettingKind

if TYPE_CHECKING:
    from port_lsp.python.interpret import Interpreter

_READS = re.compile(rb"\benviron\b|\bgetenv\b")
_CASTS: dict[str, SettingKind] = {"int": "int", "float": "float", "bool": "bool", "str": "str"}
_KINDS: dict[str, SettingKind] = {"int": "int", "float": "float", "bool": "bool"}


class ModuleSettings:
    """Names of modules that are set by a variable each; each version of a file is read once."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[SourceFile, tuple[Setting, ...]]] = {}

    def of(self, file: SourceFile) -> tuple[Setting, ...]:
        """Those of one file."""
        known = self._known.get(file.path)
        if known is None or known[0] is not file:
            reads = _READS.search(file.text.data) is not None
            known = self._known[file.path] = file, tuple(_of_module(file)) if reads else ()
        return known[1]


def settings_of(
    run: Interpreter,
    files: Mapping[str, SourceFile],
    models: Iterable[Model],
    modules: ModuleSettings,
) -> tuple[Setting, ...]:
    """The settings of a backend, each variable once: those of classes come first."""
    found: dict[str, Setting] = {}
    for model in models:
        cls = run.classes.get(model.key)
        if cls is None or model.kind != "pydantic":
            continue
        if any(name.endswith("BaseSettings") for name in external_bases(run, cls)):
            for one in _of_class(run, files, model):
                found.setdefault(one.env, one)
    for path in sorted(files):
        for one in modules.of(files[path]):
            found.setdefault(one.env, one)
    return tuple(found.values())


# Classes


def _of_class(run: Interpreter, files: Mapping[str, SourceFile], model: Model) -> Iterator[Setting]:
    words = {one.name: one.value for one in model.attributes}
    prefix = _literal(words.get("env_prefix", ""))
    given = {
        field.name: _literal(one.value)
        for field in model.fields
        for one in field.constraints
        if one.name == "env"
    }
    for field in model_schema(run, files, model, {}).fields:
        if field.wire.kind == "ref" and "::" in field.wire.name:
            continue  # a model inside of it has variables of its own
        alias = next((name for name in field.read_as if name != field.name), None)
        env = given.get(field.name) or alias or f"{prefix or ''}{field.name}".upper()
        yield _of_field(field, env, item_key(model.key.partition("::")[0], model.name))


def _of_field(field: FieldSchema, env: str, key: str) -> Setting:
    """A field of a settings class; what is more than a text, a number or a truth is taken as the
    JSON that pydantic-settings reads."""
    kind = _KINDS.get(field.wire.kind, "str")
    default = None
    if field.default.kind == "value":
        value: object = json.loads(field.default.text)
        if isinstance(value, (str, int, float)):
            default = value if kind == "str" or not isinstance(value, str) else None
        elif value is not None:
            default = field.default.text
    elif field.default.kind in ("empty-list", "empty-set", "empty-map"):
        default = "{}" if field.default.kind == "empty-map" else "[]"
    if kind == "str" and default is not None and not isinstance(default, str):
        default = json.dumps(default)
    return Setting(field.name, env, key, kind, default, needed=field.required)


def _literal(text: str) -> str | None:
    try:
        value: object = ast.literal_eval(text)
    except (ValueError, SyntaxError):
        return None
    return value if isinstance(value, str) else None


# Modules


def _of_module(file: SourceFile) -> Iterator[Setting]:
    """The module's names that are set by a variable each."""
    for chunk in file.chunks:
        data = file.chunk_bytes(chunk)
        if chunk.kind in ("function", "class") or _READS.search(data) is None:
            continue
        yield from _of_chunk(file.path, data)


@lru_cache(maxsize=4096)
def _of_chunk(path: str, data: bytes) -> tuple[Setting, ...]:
    """Those of one chunk's text; remembered, for after an edit most texts are what they were."""
    tree = parsed(data.decode("utf-8", "replace"))
    if tree is None:
        return ()
    found: list[Setting] = []
    for node in ast.walk(tree):
        value = node.value if isinstance(node, (ast.Assign, ast.AnnAssign)) else None
        if value is None or not isinstance(node, (ast.Assign, ast.AnnAssign)):
            continue
        target = node.targets[0] if isinstance(node, ast.Assign) else node.target
        if isinstance(target, ast.Name):
            setting = _read(value, target.id, item_key(path, target.id))
            if setting is not None:
                found.append(setting)
    return tuple(found)


def _read(value: ast.expr, name: str, key: str) -> Setting | None:
    """A setting that a value is made of, if that is of one variable."""
    reads = [node for node in ast.walk(value) if _is_read(node)]
    if not reads or any(one not in ast.walk(reads[0]) for one in reads):
        return None
    read = reads[0]
    env, given = _parts(read)
    for other in reads[1:]:  # another variable is looked at where this one isn't set
        _, given = _parts(other)
    if env is None:
        return None
    kind, truth = _meant(value, read)
    default = _default(given, kind, truth)
    if default is None and given is None and kind != "bool" and isinstance(value, ast.BoolOp):
        default = _default(value.values[-1], kind, truth)  # os.environ.get("A") or "b"
    needed = isinstance(read, ast.Subscript)
    return Setting(name.lower(), env, key, kind, default, needed, truth)


def _is_read(node: ast.AST) -> bool:
    if isinstance(node, ast.Subscript):
        return ast.unparse(node.value).endswith("environ")
    return isinstance(node, ast.Call) and ast.unparse(node.func).endswith(("environ.get", "getenv"))


def _parts(read: ast.AST) -> tuple[str | None, ast.expr | None]:
    """The variable's name and its default."""
    if isinstance(read, ast.Subscript):
        name, default = read.slice, None
    elif isinstance(read, ast.Call) and read.args:
        keyword = next((one.value for one in read.keywords if one.arg == "default"), None)
        name, default = read.args[0], read.args[1] if len(read.args) > 1 else keyword
    else:
        return None, None
    constant = isinstance(name, ast.Constant) and isinstance(name.value, str)
    return (str(name.value) if constant and isinstance(name, ast.Constant) else None), default


def _meant(value: ast.expr, read: ast.AST) -> tuple[SettingKind, str]:
    """What a variable's text is made into, and the text that means true."""
    kind: SettingKind = "str"
    for node in ast.walk(value):
        if not any(inner is read for inner in ast.walk(node)) or node is read:
            continue
        if isinstance(node, ast.Compare) and isinstance(node.ops[0], ast.Eq):
            other = node.comparators[0]
            if isinstance(other, ast.Constant) and isinstance(other.value, str):
                return "bool", other.value.lower()
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            kind = _CASTS.get(node.func.id, kind)
    return (kind, "") if kind != "bool" else ("str", "")  # bool("False") is true


def _default(
    given: ast.expr | None, kind: SettingKind, truth: str
) -> str | int | float | bool | None:
    if not isinstance(given, ast.Constant):
        return None
    value = given.value
    if kind == "bool":
        return str(value).lower() == truth
    if kind == "str":
        return str(value) if isinstance(value, (str, int, float)) else None
    try:
        return int(value) if kind == "int" else float(value)  # pyright: ignore[reportArgumentType] (its kind was asked for)
    except (TypeError, ValueError):
        return None
