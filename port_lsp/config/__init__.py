"""The configuration: port-lsp.toml, or [tool.port-lsp] in pyproject.toml.

`load` reads a file, `edit` writes the few keys that verdicts change.
"""

from typing import Literal, TypeAlias

from port_lsp.config.library import Library
from port_lsp.facts.links import SEVERITIES, Severity
from port_lsp.facts.source import Record
from port_lsp.linking.config import LinkConfig

FILE_NAME = "port-lsp.toml"
PYPROJECT = "pyproject.toml"
TOOL_TABLE = ("tool", "port-lsp")
LEVELS = ("off", *reversed(SEVERITIES))

Level = Literal["off", "hint", "information", "warning", "error"]
Scalar: TypeAlias = "str | int | float | bool"


class Problem(Record, frozen=True):
    """Something wrong outside the code: a bad setting, a file that can't be read.

    `file` is absolute, `line` 1-based; 0 where the file as a whole is meant.
    """

    file: str
    line: int
    message: str
    severity: Severity = "error"


class RuleLevel(Record, frozen=True):
    """How severe a rule's findings are, in all files or in those that the glob `path` matches."""

    rule: str
    level: Level
    path: str | None = None


class ParityConfig(Record, frozen=True):
    """How both running sides are compared: the places in JSON that may differ (patterns as in
    `parity/comparing.py`), values of parameters that only the user knows, and the absolute path of
    the file that keeps what was found."""

    ignore: tuple[str, ...] = ()
    values: tuple[tuple[str, str], ...] = ()
    results: str | None = None


class Config(Record, frozen=True):
    """The configuration in force. `source` is the absolute path of its file, None without one.

    `backend`, `crate`, `templates` and `plan` are absolute paths. `resolve` are values of names
    that can't be read statically. `exclude` are globs as .gitignore has them. `libraries` come
    before the rows of the table that is shipped.
    """

    source: str | None = None
    backend: str | None = None
    crate: str | None = None
    exclude: tuple[str, ...] = ()
    resolve: tuple[tuple[str, str], ...] = ()
    links: LinkConfig = LinkConfig()
    rules: tuple[RuleLevel, ...] = ()
    conventions: tuple[tuple[str, Scalar], ...] = ()
    templates: str | None = None
    plan: str | None = None
    jump_standard: bool = False
    parity: ParityConfig = ParityConfig()
    libraries: tuple[Library, ...] = ()


# What may be settled of how the crate writes its handlers (`patterns/endpoints/overrides.py`).
CONVENTIONS = (
    "handlers", "state", "result", "user", "role", "body", "query", "path", "form", "visibility",
)  # fmt: skip

NO_CONFIG = Config()


class Setting(Record, frozen=True):
    """A setting that names things of the code, and its line (1-based).

    `names` are a pair (backend, crate); of an `ignore` its pattern alone.
    """

    key: Literal["prefixes", "pin", "unpin", "ignore"]
    names: tuple[str, ...]
    line: int


class Loaded(Record, frozen=True):
    """A configuration, what was wrong in its file, and its settings that name things."""

    config: Config
    problems: tuple[Problem, ...] = ()
    settings: tuple[Setting, ...] = ()
